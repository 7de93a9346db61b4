/**
 * Happens-before data races with epochs: Flanagan and Freund, "FastTrack: efficient and precise
 * dynamic race detection" (PLDI 2009).
 *
 * Clocks live in one typed array that is used again in every execution, so that detection allocates
 * nothing. Departure from the paper: a store to an atomic joins the clock published before instead of
 * replacing it, as a volatile write does in the Java memory model. Every Interlocked operation is a full
 * barrier, so a race that only the weaker C++ reading sees must not be held against an implementation.
 */
import { NOBODY, type SharedObject } from '../runtime/shared-object.ts';

const SHARED = -2;

export class HappensBefore {
  /** Entries per clock: at least the number of threads. */
  private width = 4;
  /** The clock of each thread, by id, then the clocks of objects, by slot; each has `width` entries. */
  private threadClocks: Int32Array<ArrayBuffer> = new Int32Array(4 * 4);
  private objectClocks: Int32Array<ArrayBuffer> = new Int32Array(4 * 16);
  private threads = 0;
  private slots = 0;

  reset(): void {
    this.threads = 0;
    this.slots = 0;
  }

  /** Thread ids are given in order, from 0. `parent` is the spawning thread, or -1 for the program itself. */
  startThread(id: number, parent: number): void {
    if (id >= this.width) this.widen();
    this.threads = id + 1;
    const at = id * this.width;
    this.threadClocks = cleared(this.threadClocks, at, this.width);
    if (parent !== NOBODY) {
      this.joinThread(id, parent);
      this.tick(parent);
    }
    this.threadClocks[at + id] = 1;
  }

  /** `waiter` continues after `ended` is done. */
  joinThread(waiter: number, ended: number): void {
    const into = waiter * this.width;
    join(this.threadClocks, into, this.threadClocks, ended * this.width, this.threads);
  }

  acquire(thread: number, object: SharedObject): void {
    if (object.clockSlot < 0 || this.knows(thread, object)) return;
    const { width } = this;
    join(
      this.threadClocks,
      thread * width,
      this.objectClocks,
      object.clockSlot * width,
      this.threads,
    );
  }

  release(thread: number, object: SharedObject): void {
    const { width, threads } = this;
    const isKnown = object.clockSlot < 0 || this.knows(thread, object);
    if (object.clockSlot < 0) object.clockSlot = this.allocate();
    const into = object.clockSlot * width;
    const from = thread * width;
    if (isKnown) {
      for (let i = 0; i < threads; i += 1)
        this.objectClocks[into + i] = this.threadClocks[from + i] as number;
      object.releaseThread = thread;
      object.releaseClock = this.threadClocks[from + thread] as number;
    } else {
      join(this.objectClocks, into, this.threadClocks, from, threads);
      object.releaseThread = NOBODY;
    }
    this.tick(thread);
  }

  /** Acquires and then releases, at less than the cost of both. */
  exchange(thread: number, object: SharedObject): void {
    if (object.clockSlot < 0 || this.knows(thread, object)) return this.release(thread, object);
    const { width, threads, objectClocks, threadClocks } = this;
    const at = object.clockSlot * width;
    const own = thread * width;
    for (let i = 0; i < threads; i += 1) {
      const latest = later(threadClocks[own + i] as number, objectClocks[at + i] as number);
      threadClocks[own + i] = latest;
      objectClocks[at + i] = latest;
    }
    const now = threadClocks[own + thread] as number;
    object.releaseThread = thread;
    object.releaseClock = now;
    threadClocks[own + thread] = now + 1;
    return undefined;
  }

  /** As `acquire`, for who excludes readers too. */
  acquireExclusive(thread: number, object: SharedObject): void {
    this.acquire(thread, object);
    if (object.readersSlot < 0) return;
    const { width } = this;
    join(
      this.threadClocks,
      thread * width,
      this.objectClocks,
      object.readersSlot * width,
      this.threads,
    );
  }

  /** As `release`, but seen by `acquireExclusive` only: a reader is not ordered after other readers. */
  releaseShared(thread: number, object: SharedObject): void {
    if (object.readersSlot < 0) object.readersSlot = this.allocate();
    const { width } = this;
    join(
      this.objectClocks,
      object.readersSlot * width,
      this.threadClocks,
      thread * width,
      this.threads,
    );
    this.tick(thread);
  }

  /** A thread's own time, which is that of a write of it now. */
  timeOf(thread: number): number {
    return this.threadClocks[thread * this.width + thread] as number;
  }

  /** Records a read. Returns the thread whose write it races with, or -1. */
  read(thread: number, object: SharedObject): number {
    const mine = thread * this.width;
    const clocks = this.threadClocks;
    const clock = clocks[mine + thread] as number;
    const racing =
      object.writeThread !== NOBODY &&
      object.writeClock > (clocks[mine + object.writeThread] as number)
        ? object.writeThread
        : NOBODY;
    if (object.readThread === thread || object.readThread === NOBODY) {
      object.readThread = thread;
      object.readClock = clock;
    } else if (object.readThread === SHARED) {
      this.objectClocks[object.clockSlot * this.width + thread] = clock;
    } else if (object.readClock <= (clocks[mine + object.readThread] as number)) {
      object.readThread = thread;
      object.readClock = clock;
    } else {
      if (object.clockSlot < 0) object.clockSlot = this.allocate();
      const at = object.clockSlot * this.width;
      this.objectClocks = cleared(this.objectClocks, at, this.width);
      this.objectClocks[at + object.readThread] = object.readClock;
      this.objectClocks[at + thread] = clock;
      object.readThread = SHARED;
    }
    return racing;
  }

  /** Records a write. Returns a thread whose read or write it races with, or -1. */
  write(thread: number, object: SharedObject): number {
    const mine = thread * this.width;
    const clocks = this.threadClocks;
    let racing = NOBODY;
    if (
      object.writeThread !== NOBODY &&
      object.writeClock > (clocks[mine + object.writeThread] as number)
    ) {
      racing = object.writeThread;
    } else if (object.readThread === SHARED) {
      const at = object.clockSlot * this.width;
      for (let other = 0; other < this.threads; other += 1) {
        if ((this.objectClocks[at + other] as number) > (clocks[mine + other] as number)) {
          racing = other;
          break;
        }
      }
    } else if (
      object.readThread !== NOBODY &&
      object.readClock > (clocks[mine + object.readThread] as number)
    ) {
      racing = object.readThread;
    }
    object.writeThread = thread;
    object.writeClock = clocks[mine + thread] as number;
    object.readThread = NOBODY;
    return racing;
  }

  private tick(thread: number): void {
    const at = thread * this.width + thread;
    this.threadClocks[at] = (this.threadClocks[at] as number) + 1;
  }

  /**
   * Whether all that the object's clock says is known to the thread, where one look can tell. It can if the
   * clock is what one thread knew when it released: it ticked then, so that who has heard of that tick
   * or a later one has heard all.
   */
  private knows(thread: number, object: SharedObject): boolean {
    const { releaseThread } = object;
    if (releaseThread === NOBODY) return false;
    return (
      (this.threadClocks[thread * this.width + releaseThread] as number) >= object.releaseClock
    );
  }

  private allocate(): number {
    const slot = this.slots;
    this.slots += 1;
    this.objectClocks = cleared(this.objectClocks, slot * this.width, this.width);
    return slot;
  }

  private widen(): void {
    const width = this.width * 2;
    this.threadClocks = spread(this.threadClocks, this.width, width);
    this.objectClocks = spread(this.objectClocks, this.width, width);
    this.width = width;
  }
}

/** The latest of both clocks of `count` entries, written into the first. */
function join(
  into: Int32Array,
  intoAt: number,
  from: Int32Array,
  fromAt: number,
  count: number,
): void {
  for (let i = 0; i < count; i += 1) {
    into[intoAt + i] = later(into[intoAt + i] as number, from[fromAt + i] as number);
  }
}

/** The greater one, without a branch: which it is in a random execution, no processor can foresee. */
function later(a: number, b: number): number {
  return a - ((a - b) & ((a - b) >> 31));
}

/** `clocks`, or a larger copy, with zeros in `count` entries from `at` on. */
function cleared(
  clocks: Int32Array<ArrayBuffer>,
  at: number,
  count: number,
): Int32Array<ArrayBuffer> {
  let result = clocks;
  if (at + count > clocks.length) {
    result = new Int32Array(Math.max(at + count, clocks.length * 2));
    result.set(clocks);
  }
  // Clocks are short: calling `fill` costs more than it saves.
  for (let i = at; i < at + count; i += 1) result[i] = 0;
  return result;
}

/** The same clocks, with `width` entries each instead of `before`. */
function spread(clocks: Int32Array, before: number, width: number): Int32Array<ArrayBuffer> {
  const result = new Int32Array((clocks.length / before) * width);
  for (let from = 0, to = 0; from < clocks.length; from += before, to += width) {
    result.set(clocks.subarray(from, from + before), to);
  }
  return result;
}
