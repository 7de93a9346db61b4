/**
 * Exploration as the body of a property: throws when some interleaving of a program fails, with the smallest one as the
 * message. So fast-check makes the program small, and each candidate comes with a schedule made small for it.
 *
 * What is found depends on the program alone, not on what was found in the candidate before: otherwise a seed and a path
 * would not show the same again. So no schedule is carried along from one candidate to the next; instead the schedules
 * with the fewest preemptions are tried first, and those that a smaller program still fails under are among them.
 */
import { monotonicMs } from '../clock.ts';
import { explore } from '../exploration/explore.ts';
import { traceText } from '../exploration/trace-text.ts';
import type { DetectOptions, ExploreOptions, Failure } from '../exploration/types.ts';
import type { Program } from '../runtime/types.ts';
import { type Minimality, minimize, type MinimizedFailure } from '../shrinking/minimize.ts';

/** Half of them by depth-first search, fewest preemptions first, and if that does not end half of them at random. */
const EXECUTIONS_DEFAULT = 200;
/** Many candidates fail, and each is made small. */
const MINIMIZATION_STEPS_DEFAULT = 100_000;

export interface ExploringOptions extends Pick<
  ExploreOptions,
  'strategy' | 'seed' | 'maxSteps' | 'timeMs'
> {
  /** The most executions for one program. Default 200. */
  readonly executions?: number;
  readonly detect?: DetectOptions;
  /** The most steps to spend on making a failure small. Default 100,000. */
  readonly minimizationSteps?: number;
}

/** Some interleaving of a program fails. */
export class InterleavingError extends Error {
  readonly failure: MinimizedFailure;

  constructor(failure: MinimizedFailure) {
    super(describeFailure(failure));
    this.name = 'InterleavingError';
    this.failure = failure;
  }
}

/**
 * Explores `program` and throws `InterleavingError` if some interleaving fails; for use in a property or a test.
 * Throws `HarnessError` when the options contradict each other or the program breaks the rules of the house.
 */
export function exploring(program: Program, options: ExploringOptions = {}): void {
  const failure = findFailure(program, options);
  if (failure === undefined) return;
  const { detect, minimizationSteps = MINIMIZATION_STEPS_DEFAULT } = options;
  const minimized = minimize(program, failure, {
    ...(detect === undefined ? {} : { detect }),
    steps: minimizationSteps,
  });
  throw new InterleavingError(minimized);
}

function findFailure(program: Program, options: ExploringOptions): Failure | undefined {
  const { executions = EXECUTIONS_DEFAULT, minimizationSteps: _, ...others } = options;
  const common: ExploreOptions = { clock: monotonicMs, ...others };
  if (options.strategy !== undefined) return explore(program, { ...common, executions }).failure;
  const first = explore(program, {
    ...common,
    strategy: 'dfs',
    deepen: true,
    executions: Math.ceil(executions / 2),
  });
  if (first.failure !== undefined || first.complete || executions < 2) return first.failure;
  return explore(program, { ...common, executions: Math.floor(executions / 2) }).failure;
}

function describeFailure(failure: MinimizedFailure): string {
  const { kind, message, minimization, token, trace } = failure;
  const { threads, switches, steps, minimal } = minimization;
  const size = [
    counted(threads.to, 'thread', minimal.threads),
    counted(switches.to, 'context switch', minimal.switches),
    counted(steps.to, 'step', minimal.steps),
  ].join(', ');
  return `${kind}: ${message}\n\n${traceText(trace)}\n\n${size}\nToken: ${token}`;
}

function counted(count: number, noun: string, minimality: Minimality): string {
  const plural = noun.endsWith('ch') ? 'es' : 's';
  const words = `${count} ${noun}${count === 1 ? '' : plural}`;
  return minimality === 'proved' ? `${words} (no fewer will do)` : words;
}
