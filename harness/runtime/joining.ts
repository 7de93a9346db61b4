/** Waiting for the end of a thread, which is no step: whoever waits goes on with the last step of the other. */
import type { Engine } from './engine.ts';
import type { Operation } from './operation.ts';
import { NOBODY } from './shared-object.ts';
import type { ThreadState } from './thread-state.ts';

/** Whether a `join` need not wait; if so it is taken note of. */
export function isJoinable(engine: Engine, operation: Operation): boolean {
  const target = operation.a as ThreadState;
  if (!target.done) return false;
  if (engine.runningId !== NOBODY) joined(engine, engine.runningId, target.id);
  return true;
}

/** Runs on whoever waits for the end of `ended`, and if that ends too whoever waits for that, depth first. */
export function releaseJoiners(engine: Engine, ended: ThreadState): void {
  const path = [ended];
  for (let target = path.at(-1); target !== undefined; target = path.at(-1)) {
    const waiter = target.nextJoiner();
    if (waiter === undefined) {
      path.pop();
      continue;
    }
    joined(engine, waiter.id, target.id);
    engine.runningId = waiter.id;
    (waiter.pending as Operation).executed();
    engine.waitingCount -= 1;
    engine.runOn(waiter);
    if (waiter.done) path.push(waiter);
  }
}

/** `waiter` continues after `ended` is done. */
function joined(engine: Engine, waiter: number, ended: number): void {
  engine.link(ended, waiter);
  engine.races?.joinThread(waiter, ended);
  engine.detection.locks?.joinThread(waiter, ended);
}
