/**
 * Threads that poll: `while ((yield* x.load()) !== v) yield* rt.yieldNow()` is treated as waiting.
 *
 * A thread that has given way and is about to repeat a step that it has taken before, having changed
 * nothing since, is not scheduled before another thread has changed something that it has touched since:
 * what it would see is what it has seen. Such a step also reads everything watched, so that the change comes
 * before it. When nothing else can happen, time passes; when no time can pass, the pollers are let go.
 * So a poll loop that fails counts once for each state of what it looks at, and ends.
 *
 * That is so for loops that do not give up by themselves; `dpor-poll-trial.ts` finds out which do. All other uses of
 * `yieldNow`, in loops with so many tries or in no loop at all, are plain steps that depend on nothing: any thread may
 * come next, the same one too, and each try counts. Where we lose something: a thread that first tries a few times and
 * then waits in the very same way is taken to wait from the beginning, since nothing of what it does tells when it has
 * stopped trying; and so is one that tries more than `ROUNDS` times. They give up only when nothing else can happen.
 * A loop that changes something in every round, as one that takes a lock to look, is not known for one: it
 * has executions without end, and the search is not complete.
 * Compare Kokologiannakis, Ren and Vafeiadis, "Dynamic partial order reductions for spinloops" (FMCAD 2021).
 */
import type { Engine } from '../runtime/engine.ts';
import { type Operation, OpKind } from '../runtime/operation.ts';
import { objectOf } from './dpor-dependence.ts';
import { type EventLog, NONE } from './dpor-event-log.ts';
import { historyOf, PollTrial, shapeOf } from './dpor-poll-trial.ts';

/** The event that `operation`, next of `thread`, repeats after giving way; -1 if it does not, or does not wait for a change. */
export function watchStart(log: EventLog, thread: number, operation: Operation): number {
  const yielded = log.lastOf(thread);
  if (yielded === NONE || log.op[yielded] !== OpKind.yieldNow) return NONE;
  if (log.leaves[yielded] === 1) return NONE;
  const object = objectOf(operation);
  if (object === undefined) return NONE;
  let start = NONE;
  for (
    let event = log.previous[yielded] as number;
    event !== NONE && log.op[event] !== OpKind.yieldNow && !changesSomething(log, event);
    event = log.previous[event] as number
  ) {
    const access = log.accessStart(event);
    if (access === log.accessEnd[event] || log.op[event] !== operation.op) continue;
    const sameObject = log.objects[log.object[access] as number] === object;
    if (sameObject && isSameOperand(log.operand[event], operation.a)) start = event;
  }
  return start;
}

/**
 * Called after the last event if that is a `yieldNow`: the trial that is needed to know whether its thread waits for a
 * change now, or undefined if that is known.
 */
export function trialOf(log: EventLog, engine: Engine): PollTrial | undefined {
  const yielded = log.length - 1;
  const thread = log.thread[yielded] as number;
  const id = log.id[yielded] as number;
  const operation = engine.pendingOf(id);
  const start = operation === undefined ? NONE : watchStart(log, thread, operation);
  if (start === NONE) return undefined;
  const history = historyOf(log, thread);
  const leaves = log.loops.leaves(history);
  log.leaves[yielded] = leaves === true ? 1 : 0;
  if (leaves !== undefined) return undefined;
  const from = hasChanged(log, thread, start) ? start : log.length;
  const shape = shapeOf(log, start, yielded);
  return new PollTrial(log, { id, yielded, start, from, history, shape });
}

/**
 * Whether another thread has changed something since `thread` first touched it from event `start` on; event `except`
 * does not count. Since it first did, not since it last did: a loop that reads twice and compares may end the next
 * time although nothing changes any more.
 */
export function hasChanged(
  log: EventLog,
  thread: number,
  start: number,
  except: number = NONE,
): boolean {
  for (let event = log.lastOf(thread); event >= start; event = log.previous[event] as number) {
    const end = log.accessEnd[event] as number;
    for (let access = log.accessStart(event); access < end; access += 1) {
      const last = log.lastAccessTo(log.object[access] as number);
      if (isChangedByOthers(log, event, last, except)) return true;
    }
  }
  return false;
}

/** Makes `event`, which polls, read all that its thread has touched from `start` on. */
export function watchAll(log: EventLog, event: number, start: number): void {
  log.watch[event] = start;
  const first = log.accessStart(event);
  for (
    let earlier = log.previous[event] as number;
    earlier >= start;
    earlier = log.previous[earlier] as number
  ) {
    const end = log.accessEnd[earlier] as number;
    for (let access = log.accessStart(earlier); access < end; access += 1) {
      const object = log.object[access] as number;
      if (!touches(log, event, first, object)) log.watchObject(event, object);
    }
  }
}

function touches(log: EventLog, event: number, first: number, object: number): boolean {
  const end = log.accessEnd[event] as number;
  for (let access = first; access < end; access += 1)
    if (log.object[access] === object) return true;
  return false;
}

/** Walks back from an access to the one by event `own`, looking for changes by others. */
function isChangedByOthers(log: EventLog, own: number, from: number, except: number): boolean {
  const thread = log.thread[own];
  for (let access = from; access !== NONE; access = log.before[access] as number) {
    const event = log.event[access] as number;
    if (event === own) return false;
    if (event === except || log.thread[event] === thread) continue;
    if (log.writes[access] === 1 && log.silent[access] === 0) return true;
  }
  return false;
}

function changesSomething(log: EventLog, event: number): boolean {
  const end = log.accessEnd[event] as number;
  for (let access = log.accessStart(event); access < end; access += 1) {
    if (log.writes[access] === 1 && log.silent[access] === 0) return true;
  }
  return false;
}

/** Functions are taken for the same: a loop makes a new one each time round. */
function isSameOperand(one: unknown, other: unknown): boolean {
  return Object.is(one, other) || (typeof one === 'function' && typeof other === 'function');
}
