/**
 * Which locks are taken while others are held, over all executions of an exploration: Havelund, "Using
 * runtime analysis to guide model checking of Java programs" (SPIN 2000), known as Goodlock, with the start
 * and join of threads after Bensalem and Havelund, "Dynamic deadlock analysis of multi-threaded programs" (2005).
 *
 * `lock-cycles.ts` looks for circles in what is collected here. Taken into account are mutexes and read-write
 * locks; taking a mutex again after a wait on a condition counts. A try-lock does not wait, so what it takes is
 * held and never wanted. Semaphores have no owner: where one is used as a lock, its order is not looked at.
 *
 * An acquisition seen before costs a few look-ups in a tree and no memory. The tree's branches are what the
 * thread may be ordered by (the starts and joins so far), then what it holds. Threads and locks are known
 * by who made them and in which place, which is the same in all interleavings.
 */
import { nameOf, NOBODY, type SharedObject } from '../runtime/shared-object.ts';

/** By number of thread: how many of its segments, which starting another thread ends, come before or are begun. */
export type Clock = readonly number[];

/** A lock, held or wanted. */
export interface LockUse {
  /** The same number for the same lock in all executions. */
  readonly lock: number;
  /** Others may share it: a read lock. */
  readonly shared: boolean;
  readonly name: string;
  /** `lock`, `lockRead` or `lockWrite`. */
  readonly operation: string;
  /** Which of its thread's steps took it, from 1. */
  readonly step: number;
}

/** A thread took a lock while it held others, when first seen. */
export interface NestedAcquisition {
  /** The same number for the same thread in all executions. */
  readonly thread: number;
  readonly threadName: string;
  readonly clock: Clock;
  /** In the order of taking; one or more. */
  readonly held: readonly LockUse[];
  readonly wanted: LockUse;
}

/** What has to be known of the engine. */
interface Execution {
  readonly steps: number;
  readonly schedule: Int32Array;
  nameOfThread(thread: number): string;
}

/** What one thread holds, in the order of taking. Storage is used again. */
interface HeldLocks {
  readonly objects: SharedObject[];
  readonly shared: boolean[];
  /** The steps of the execution that took them. */
  readonly steps: number[];
  count: number;
}

/** A thread that holds the locks on the way here from the root. */
interface Holding {
  readonly next: Map<number, Holding>;
}

/** The threads of an execution after some starts and joins. All arrays are by thread id in this execution. */
interface Threads {
  readonly numbers: readonly number[];
  readonly children: readonly number[];
  readonly clocks: readonly Clock[];
  /** Holding nothing. */
  readonly roots: readonly Holding[];
  readonly next: Map<number, Threads>;
}

/** Far more than a thread will ever make, and than there will be threads. */
const PLACES = 0x100000;
/** Bounds the memory: acquisitions kept, and numbers kept in all nodes together. */
const ACQUISITIONS_MAX = 2_000;
const ENTRIES_MAX = 1_000_000;

export class LockOrder {
  readonly acquisitions: NestedAcquisition[] = [];

  private readonly held: HeldLocks[] = [];
  /** Starts and joins of the present execution as pairs of what comes before what; looked at once locks are nested. */
  private readonly events: number[] = [];
  private eventCount = 0;
  private eventsSeen = 0;
  private readonly none: Threads = {
    numbers: [],
    children: [0],
    clocks: [],
    roots: [],
    next: new Map(),
  };
  private threads: Threads = this.none;
  private readonly threadNumbers = new Map<number, number>();
  private readonly lockNumbers = new Map<number, number>();
  private readonly roots = new Map<string, Holding>();
  private entries = 0;

  /** A new execution begins. */
  reset(): void {
    this.eventCount = 0;
    this.eventsSeen = 0;
    this.threads = this.none;
  }

  /** Thread ids are given in order, from 0. `parent` is the spawning thread, or -1 for the program itself. */
  startThread(id: number, parent: number): void {
    const held = this.held[id];
    if (held === undefined) this.held[id] = { objects: [], shared: [], steps: [], count: 0 };
    else held.count = 0;
    this.addEvent(parent, id);
  }

  /** `waiter` continues after `ended` is done. */
  joinThread(waiter: number, ended: number): void {
    this.addEvent(ended, waiter);
  }

  /** `thread` has just taken the lock; `waits` if it would have waited for it. */
  acquired(
    execution: Execution,
    thread: number,
    object: SharedObject,
    how: { readonly shared: boolean; readonly waits: boolean },
  ): void {
    if (thread === NOBODY) return;
    const held = this.held[thread] as HeldLocks;
    const at = held.count;
    held.objects[at] = object;
    held.shared[at] = how.shared;
    held.steps[at] = execution.steps - 1;
    held.count = at + 1;
    if (at > 0 && how.waits) this.nested(execution, thread, held);
  }

  released(thread: number, object: SharedObject, shared: boolean): void {
    if (thread === NOBODY) return;
    const { objects, shared: modes, steps, count } = this.held[thread] as HeldLocks;
    let at = count - 1;
    while (at >= 0 && (objects[at] !== object || modes[at] !== shared)) at -= 1;
    if (at < 0) return;
    for (; at < count - 1; at += 1) {
      objects[at] = objects[at + 1] as SharedObject;
      modes[at] = modes[at + 1] as boolean;
      steps[at] = steps[at + 1] as number;
    }
    (this.held[thread] as HeldLocks).count = count - 1;
  }

  /** The last of `held` was taken while the others were held. */
  private nested(execution: Execution, thread: number, held: HeldLocks): void {
    if (!this.catchUp()) return;
    let holding = this.threads.roots[thread] as Holding;
    for (let i = 0; i < held.count; i += 1) {
      const lock = this.lockNumber(held.objects[i] as SharedObject);
      const key = lock * 2 + (held.shared[i] === true ? 1 : 0);
      let next = holding.next.get(key);
      if (next === undefined) {
        if (this.acquisitions.length === ACQUISITIONS_MAX || !this.hasRoomFor(4)) return;
        next = { next: new Map() };
        holding.next.set(key, next);
        if (i === held.count - 1) this.acquisitions.push(this.describe(execution, thread, held));
      }
      holding = next;
    }
  }

  private describe(execution: Execution, thread: number, held: HeldLocks): NestedAcquisition {
    const uses: LockUse[] = [];
    for (let i = 0; i < held.count; i += 1) {
      const object = held.objects[i] as SharedObject;
      const shared = held.shared[i] as boolean;
      const exclusive = object.kind === 'rwLock' ? 'lockWrite' : 'lock';
      uses.push({
        lock: this.lockNumber(object),
        shared,
        name: nameOf(object),
        operation: shared ? 'lockRead' : exclusive,
        step: ownSteps(execution, thread, held.steps[i] as number),
      });
    }
    return {
      thread: this.threads.numbers[thread] as number,
      threadName: execution.nameOfThread(thread),
      clock: this.threads.clocks[thread] as Clock,
      held: uses.slice(0, -1),
      wanted: uses.at(-1) as LockUse,
    };
  }

  private lockNumber(object: SharedObject): number {
    const creator =
      object.creator === NOBODY ? NOBODY : (this.threads.numbers[object.creator] as number);
    return numberFor(this.lockNumbers, (creator + 1) * PLACES + object.serial);
  }

  private addEvent(from: number, to: number): void {
    this.events[this.eventCount] = from;
    this.events[this.eventCount + 1] = to;
    this.eventCount += 2;
  }

  /** Takes note of the starts and joins since the last time. False if there is no more room. */
  private catchUp(): boolean {
    for (; this.eventsSeen < this.eventCount; this.eventsSeen += 2) {
      const from = this.events[this.eventsSeen] as number;
      const to = this.events[this.eventsSeen + 1] as number;
      const key = (from + 1) * PLACES + to;
      let next = this.threads.next.get(key);
      if (next === undefined) {
        if (!this.hasRoomFor(4 * this.threads.numbers.length + 16)) return false;
        next = this.after(this.threads, from, to);
        this.threads.next.set(key, next);
      }
      this.threads = next;
    }
    return true;
  }

  /** What becomes of `threads` when `from` starts `to`, or `to` has joined `from`. */
  private after(threads: Threads, from: number, to: number): Threads {
    const numbers = threads.numbers.slice();
    const children = threads.children.slice();
    const clocks = threads.clocks.slice();
    const roots = threads.roots.slice();
    if (to === numbers.length) {
      const parent = from === NOBODY ? NOBODY : (numbers[from] as number);
      const place = children[from + 1] as number;
      const number = numberFor(this.threadNumbers, (parent + 1) * PLACES + place);
      children[from + 1] = place + 1;
      children[to + 1] = 0;
      numbers[to] = number;
      clocks[to] = withEntry(from === NOBODY ? [] : (clocks[from] as Clock), number, 1);
      if (from !== NOBODY) this.tick(clocks, roots, { id: from, number: parent });
    } else {
      clocks[to] = joined(clocks[to] as Clock, clocks[from] as Clock);
    }
    roots[to] = this.rootFor(numbers[to] as number, clocks[to]);
    return { numbers, children, clocks, roots, next: new Map() };
  }

  private tick(
    clocks: Clock[],
    roots: Holding[],
    { id, number }: { readonly id: number; readonly number: number },
  ): void {
    const clock = clocks[id] as Clock;
    clocks[id] = withEntry(clock, number, (clock[number] ?? 0) + 1);
    roots[id] = this.rootFor(number, clocks[id]);
  }

  private rootFor(thread: number, clock: Clock): Holding {
    const key = `${thread} ${clock.join()}`;
    let root = this.roots.get(key);
    if (root === undefined) {
      root = { next: new Map() };
      this.roots.set(key, root);
      this.entries += clock.length;
    }
    return root;
  }

  private hasRoomFor(entries: number): boolean {
    if (this.entries + entries > ENTRIES_MAX) return false;
    this.entries += entries;
    return true;
  }
}

/** Whether whatever `a` was part of had to be over before `b`, by the start and join of threads alone. */
export function isBefore(a: NestedAcquisition, b: NestedAcquisition): boolean {
  return (a.clock[a.thread] ?? 0) <= (b.clock[a.thread] ?? 0);
}

/** The place of step `index` among the steps of `thread`, from 1. */
function ownSteps({ schedule }: Execution, thread: number, index: number): number {
  let steps = 0;
  for (let i = 0; i <= index; i += 1) if (schedule[i] === thread) steps += 1;
  return steps;
}

function numberFor(numbers: Map<number, number>, key: number): number {
  let number = numbers.get(key);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(key, number);
  }
  return number;
}

function withEntry(clock: Clock, at: number, value: number): number[] {
  const result = clock.slice();
  while (result.length < at) result.push(0);
  result[at] = value;
  return result;
}

function joined(a: Clock, b: Clock): number[] {
  const length = Math.max(a.length, b.length);
  return Array.from({ length }, (_, i) => Math.max(a[i] ?? 0, b[i] ?? 0));
}
