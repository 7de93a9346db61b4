/**
 * Runs one execution to its end.
 *
 * An execution that does not end within `maxSteps` goes on round-robin for `fairSteps`. One
 * that ends under that fair schedule was merely led astray by an unfair strategy; one that does not is a
 * livelock. See Musuvathi and Qadeer, "Fair stateless model checking" (PLDI 2008).
 */
import type { Engine } from '../runtime/engine.ts';
import type { Program, Runtime } from '../runtime/types.ts';
import { nextInTurn } from '../scheduling/round-robin.ts';
import { ABANDON, type Strategy } from '../scheduling/strategy.ts';

export interface RunLimits {
  readonly maxSteps: number;
  /** Steps of the fair schedule after `maxSteps`. */
  readonly fairSteps: number;
  readonly livelock: boolean;
}

/**
 * The strategy must have begun the execution. Returns how many steps it decided; further ones, if any,
 * were round-robin. -1: the strategy has given the execution up.
 */
export function runExecution(
  engine: Engine,
  rt: Runtime,
  program: Program,
  strategy: Strategy,
  limits: RunLimits,
): number {
  engine.begin(program, rt);
  while (engine.computeEnabled()) {
    if (engine.steps >= limits.maxSteps) return runFairly(engine, limits);
    const thread = strategy.pick(engine);
    if (thread === ABANDON) return ABANDON;
    engine.step(thread);
  }
  engine.finish();
  return engine.steps;
}

function runFairly(engine: Engine, limits: RunLimits): number {
  const decided = engine.steps;
  const end = decided + limits.fairSteps;
  do {
    if (engine.steps >= end) {
      if (limits.livelock) engine.failNow('livelock', livelockMessage(engine, limits.fairSteps));
      return decided;
    }
    engine.step(nextInTurn(engine));
  } while (engine.computeEnabled());
  engine.finish();
  return decided;
}

function livelockMessage(engine: Engine, steps: number): string {
  const names: string[] = [];
  for (let id = 0; id < engine.threadCount; id += 1) {
    if (engine.pendingOf(id) !== undefined) names.push(engine.nameOfThread(id));
  }
  const verb = names.length === 1 ? 'does' : 'do';
  return `${names.join(', ')} ${verb} not end within ${steps} further steps of a fair schedule`;
}
