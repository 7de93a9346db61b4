/**
 * Explains why a thread waits for ever: the notification that it waits for has come already, and missed it.
 *
 * A notification is lost on a thread if it woke nobody, the thread began to wait after it, and had not looked in
 * between at anything that had been written before: whoever has seen what a notification announces does not
 * need it, and waits for another one. A `notify` goes astray if it woke another waiter, which went back to waiting
 * without having changed anything. An event's set is lost if it has been reset before the thread came to go on. Of
 * a thread that was never notified nothing is said, nor of semaphores and `waitUntil`, which forget nothing.
 *
 * Fed step by step when a failed execution is run again for its trace, so exploring pays nothing for it.
 */
import { type Operation, OpKind } from '../runtime/operation.ts';
import { isWrite } from '../runtime/semantics.ts';
import { nameOf, NOBODY, type SharedObject } from '../runtime/shared-object.ts';

/** What has to be known of the engine. */
export interface EndedExecution {
  readonly threadCount: number;
  pendingOf(thread: number): Operation | undefined;
  nameOfThread(thread: number): string;
}

interface LoggedStep {
  readonly thread: number;
  readonly op: number;
  readonly object: SharedObject | undefined;
  /** Whether it changes its object. */
  readonly writes: boolean;
  /** Of a notification: whom it wakes. */
  readonly woken: readonly number[];
}

export class LostWakeups {
  private readonly steps: LoggedStep[] = [];

  /** `thread` is about to execute `operation`. */
  add(thread: number, operation: Operation): void {
    const { op, object } = operation;
    const waiters = object?.waiters ?? [];
    this.steps.push({
      thread,
      op,
      object,
      writes: object !== undefined && isWrite(operation),
      woken:
        op === OpKind.notifyAll ? waiters.slice() : waiters.slice(0, op === OpKind.notify ? 1 : 0),
    });
  }

  /** What each thread that waits has missed, if anything. The steps so far must be all of the execution. */
  explain(execution: EndedExecution): string[] {
    const found: string[] = [];
    for (let thread = 0; thread < execution.threadCount; thread += 1) {
      const pending = execution.pendingOf(thread);
      const missed = pending === undefined ? undefined : this.missed(execution, thread, pending);
      if (missed !== undefined) found.push(missed);
    }
    return found;
  }

  private missed(
    execution: EndedExecution,
    thread: number,
    pending: Operation,
  ): string | undefined {
    const { object } = pending;
    if (object === undefined) return undefined;
    if (pending.op === OpKind.waitEvent && object.value !== true) {
      return this.lostSet(execution, thread, object);
    }
    if (pending.op !== OpKind.wake || !object.waiters.includes(thread)) return undefined;
    const wait = this.lastOf(OpKind.wait, object, thread, this.steps.length);
    return (
      this.strayNotify(execution, thread, object, wait) ??
      this.lostNotify(execution, thread, object, wait)
    );
  }

  private lostNotify(
    execution: EndedExecution,
    thread: number,
    condition: SharedObject,
    wait: number,
  ): string | undefined {
    const woken = this.lastOf(OpKind.wake, condition, thread, wait);
    for (let at = wait - 1; at > woken; at -= 1) {
      const step = this.steps[at] as LoggedStep;
      const isNotification = step.op === OpKind.notify || step.op === OpKind.notifyAll;
      if (!isNotification || step.object !== condition || step.woken.length > 0) continue;
      if (this.hasLooked(thread, at)) return undefined;
      const waiter = execution.nameOfThread(thread);
      return `lost wake-up: ${this.describe(execution, at)} woke nobody, and ${waiter} began to wait after it (step ${wait})`;
    }
    return undefined;
  }

  private strayNotify(
    execution: EndedExecution,
    thread: number,
    condition: SharedObject,
    wait: number,
  ): string | undefined {
    for (let at = this.steps.length - 1; at > wait; at -= 1) {
      const step = this.steps[at] as LoggedStep;
      const woken = step.woken[0];
      if (step.op !== OpKind.notify || step.object !== condition || woken === undefined) continue;
      const back = this.wentBack(woken, condition, at);
      if (back === NOBODY) continue;
      const [waiter, other] = [execution.nameOfThread(thread), execution.nameOfThread(woken)];
      return `stray wake-up: ${this.describe(execution, at)} woke ${other}, which went back to waiting (step ${back}), and not ${waiter}`;
    }
    return undefined;
  }

  /** The step at which `thread`, woken by the one at `notify`, waits again without having changed anything; or -1. */
  private wentBack(thread: number, condition: SharedObject, notify: number): number {
    for (let at = notify + 1; at < this.steps.length; at += 1) {
      const step = this.steps[at] as LoggedStep;
      if (step.thread !== thread) continue;
      if (step.op === OpKind.wait && step.object === condition) return at;
      const isLock = step.object?.kind === 'mutex' || step.object?.kind === 'rwLock';
      if (step.op !== OpKind.wake && step.writes && !isLock) return NOBODY;
    }
    return NOBODY;
  }

  private lostSet(
    execution: EndedExecution,
    thread: number,
    event: SharedObject,
  ): string | undefined {
    const end = this.steps.length;
    const set = this.lastOf(OpKind.set, event, undefined, end);
    if (set < 0 || this.lastOf(OpKind.waitEvent, event, thread, end) > set) return undefined;
    if (this.hasLooked(thread, set)) return undefined;
    const reset = this.steps.findIndex(
      (step, at) => at > set && step.op === OpKind.reset && step.object === event,
    );
    const waiter = execution.nameOfThread(thread);
    return `lost wake-up: ${this.describe(execution, set)} was undone by ${this.describe(execution, reset)} before ${waiter} got past its wait`;
  }

  /** Whether `thread` has, after step `since`, looked at something that had been written before. */
  private hasLooked(thread: number, since: number): boolean {
    return this.steps.some((step, at) => {
      if (at <= since || step.thread !== thread || !looks(step)) return false;
      return this.steps.some(
        (other, before) => before < since && other.writes && other.object === step.object,
      );
    });
  }

  /** The last such step before `end`, of `thread` if one is given; or -1. */
  private lastOf(
    op: number,
    object: SharedObject,
    thread: number | undefined,
    end: number,
  ): number {
    for (let at = end - 1; at >= 0; at -= 1) {
      const step = this.steps[at] as LoggedStep;
      if (step.op !== op || step.object !== object) continue;
      if (thread === undefined || step.thread === thread) return at;
    }
    return -1;
  }

  private describe(execution: EndedExecution, at: number): string {
    const { thread, op, object } = this.steps[at] as LoggedStep;
    return `${NAMES[op] ?? ''} of \`${nameOf(object)}\` by ${execution.nameOfThread(thread)} (step ${at})`;
  }
}

const NAMES: Readonly<Record<number, string>> = {
  [OpKind.notify]: 'notify',
  [OpKind.notifyAll]: 'notifyAll',
  [OpKind.set]: 'set',
  [OpKind.reset]: 'reset',
};

/** Whether the step's thread gets to know something of what other threads have written. */
function looks({ op, object }: LoggedStep): boolean {
  switch (object?.kind) {
    case 'cell':
    case 'atomic':
    case 'block':
      return ![OpKind.write, OpKind.store, OpKind.heapWrite, OpKind.free].some(
        (kind) => kind === op,
      );
    case 'semaphore':
      return op !== OpKind.release;
    default:
      return false;
  }
}
