/** What is looked at once all threads are done: the program's `finally` checks, and blocks never freed. */
import { HarnessError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { describeWait, foreignStep } from './fault.ts';
import { FIRST_BLOCKING, Operation, OpKind } from './operation.ts';
import { execute, isEnabled } from './semantics.ts';
import { isIterator, isPromise } from './shapes.ts';
import { NOBODY } from './shared-object.ts';

/** Nobody else takes steps any more, so that a check which waits by polling waits for ever. */
const STEPS_MAX = 200_000;

/** Runs the first `count` of the checks, until one of them fails. */
export function runFinalChecks(
  engine: Engine,
  checks: readonly (() => unknown)[],
  count: number,
): void {
  for (let i = 0; i < count; i += 1) {
    try {
      runFinalCheck(engine, checks[i] as () => unknown);
    } catch (error) {
      engine.caught(error);
    }
    if (engine.isOver()) return;
  }
}

/** Runs a check, and if it is a task that to its end, as one last thread whose accesses race with nothing. */
function runFinalCheck(engine: Engine, check: () => unknown): void {
  const task = check();
  if (isPromise(task)) {
    // What it fails of is not to be reported a second time, by the platform.
    (task as PromiseLike<unknown>).then(undefined, () => {});
    throw new HarnessError(
      'not-a-task',
      'A final check returned a promise, and nobody waits for what it comes to. Write it as a plain function, or as a generator function if it takes steps.',
    );
  }
  if (!isIterator(task)) return;
  for (let steps = 0; ; steps += 1) {
    if (steps > STEPS_MAX)
      engine.fail('livelock', `the final check does not end within ${STEPS_MAX} steps`);
    const result = task.next();
    if (result.done === true) return;
    const operation = result.value;
    if (!(operation instanceof Operation && operation.isPendingIn(engine))) {
      throw foreignStep('A final check', operation);
    }
    if (operation.op === OpKind.sleep) engine.now = operation.b as number;
    if (operation.op >= FIRST_BLOCKING && !isEnabled(engine, NOBODY, operation)) {
      engine.fail('deadlock', `the final check waits for ${describeWait(engine, operation)}`);
    }
    const { races } = engine;
    engine.races = undefined;
    execute(engine, NOBODY, operation);
    operation.executed();
    engine.races = races;
    if (engine.isOver()) return;
  }
}
