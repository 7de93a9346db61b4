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

/** One execution wanted; the strategy has begun it. */
export interface RunRequest {
  readonly engine: Engine;
  readonly rt: Runtime;
  readonly program: Program;
  readonly strategy: Strategy;
  readonly limits: RunLimits;
  /**
   * May be called with the answer instead of handing it back: if true, that is taken account of, and the next
   * execution is wanted by the same request and has been begun. Otherwise the answer must be handed back.
   * Saves going through the generator for every one of millions of short executions.
   */
  readonly goOn?: (decided: number) => boolean;
}

/**
 * Something that needs executions, without saying how they are run: each `yield` asks for one and is
 * answered as by `runExecution`. So exploring, replaying and minimizing are written once, for programs
 * whose steps are over at once and for those whose steps have to be awaited.
 */
export type Runs<T> = Generator<RunRequest, T, number>;

/** Runs all executions that are asked for, here and now. */
export function drive<T>(runs: Runs<T>): T {
  let answer = runs.next();
  while (answer.done !== true) {
    const request = answer.value;
    let decided: number;
    try {
      do decided = runExecution(request);
      while (request.goOn?.(decided) === true);
    } catch (error) {
      answer = runs.throw(error);
      continue;
    }
    answer = runs.next(decided);
  }
  return answer.value;
}

/**
 * The strategy must have begun the execution. Returns how many steps it decided; further ones, if any,
 * were round-robin. -1: the strategy has given the execution up.
 */
export function runExecution(request: RunRequest): number {
  const { engine, rt, program, strategy, limits } = request;
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
  engine.unfair = false;
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

export function livelockMessage(engine: Engine, steps: number): string {
  const names: string[] = [];
  for (let id = 0; id < engine.threadCount; id += 1) {
    if (engine.pendingOf(id) !== undefined) names.push(engine.nameOfThread(id));
  }
  const verb = names.length === 1 ? 'does' : 'do';
  return `${names.join(', ')} ${verb} not end within ${steps} further steps of a fair schedule`;
}
