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
  private clocks: Int32Array<ArrayBuffer> = new Int32Array(8 * 64);
  /** Entries per clock: at least the number of threads. */
  private width = 8;
  private slots = 0;
  private threads = 0;

  /** Forgets all; the first `threads` slots then belong to the threads. */
  reset(): void {
    this.slots = 0;
    this.threads = 0;
  }

  /** Thread ids are given in order, from 0. `parent` is the spawning thread, or -1 for the program itself. */
  startThread(id: number, parent: number): void {
    if (id >= this.width) this.widen();
    this.threads = id + 1;
    const slot = this.allocate();
    this.threadSlots[id] = slot;
    const at = slot * this.width;
    if (parent !== NOBODY) {
      this.join(at, this.threadAt(parent));
      this.tick(parent);
    }
    this.clocks[at + id] = 1;
  }

  private readonly threadSlots: number[] = [];

  private threadAt(thread: number): number {
    return (this.threadSlots[thread] as number) * this.width;
  }

  private tick(thread: number): void {
    const at = this.threadAt(thread) + thread;
    this.clocks[at] = (this.clocks[at] as number) + 1;
  }

  /** `waiter` continues after `ended` is done. */
  joinThread(waiter: number, ended: number): void {
    this.join(this.threadAt(waiter), this.threadAt(ended));
  }

  acquire(thread: number, object: SharedObject): void {
    if (object.clockSlot < 0) return;
    this.join(this.threadAt(thread), object.clockSlot * this.width);
  }

  release(thread: number, object: SharedObject): void {
    if (object.clockSlot < 0) object.clockSlot = this.allocate();
    this.join(object.clockSlot * this.width, this.threadAt(thread));
    this.tick(thread);
  }

  /** As `acquire`, for who excludes readers too. */
  acquireExclusive(thread: number, object: SharedObject): void {
    this.acquire(thread, object);
    if (object.readersSlot >= 0) this.join(this.threadAt(thread), object.readersSlot * this.width);
  }

  /** As `release`, but seen by `acquireExclusive` only: a reader is not ordered after other readers. */
  releaseShared(thread: number, object: SharedObject): void {
    if (object.readersSlot < 0) object.readersSlot = this.allocate();
    this.join(object.readersSlot * this.width, this.threadAt(thread));
    this.tick(thread);
  }

  /** `thread` made the object: whoever touches it must be ordered after that. */
  initialize(thread: number, object: SharedObject): void {
    if (thread === NOBODY) return;
    object.writeThread = thread;
    object.writeClock = this.clocks[this.threadAt(thread) + thread] as number;
  }

  /** Records a read. Returns the thread whose write it races with, or -1. */
  read(thread: number, object: SharedObject): number {
    const mine = this.threadAt(thread);
    const clocks = this.clocks;
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
      this.clocks[object.clockSlot * this.width + thread] = clock;
    } else if (object.readClock <= (clocks[mine + object.readThread] as number)) {
      object.readThread = thread;
      object.readClock = clock;
    } else {
      if (object.clockSlot < 0) object.clockSlot = this.allocate();
      else this.clocks.fill(0, object.clockSlot * this.width, (object.clockSlot + 1) * this.width);
      const at = object.clockSlot * this.width;
      this.clocks[at + object.readThread] = object.readClock;
      this.clocks[at + thread] = clock;
      object.readThread = SHARED;
    }
    return racing;
  }

  /** Records a write. Returns a thread whose read or write it races with, or -1. */
  write(thread: number, object: SharedObject): number {
    const mine = this.threadAt(thread);
    const clocks = this.clocks;
    let racing = NOBODY;
    if (
      object.writeThread !== NOBODY &&
      object.writeClock > (clocks[mine + object.writeThread] as number)
    ) {
      racing = object.writeThread;
    } else if (object.readThread === SHARED) {
      const at = object.clockSlot * this.width;
      for (let other = 0; other < this.threads; other += 1) {
        if ((clocks[at + other] as number) > (clocks[mine + other] as number)) {
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

  private join(into: number, from: number): void {
    const clocks = this.clocks;
    for (let i = 0; i < this.threads; i += 1) {
      const other = clocks[from + i] as number;
      if (other > (clocks[into + i] as number)) clocks[into + i] = other;
    }
  }

  private allocate(): number {
    const slot = this.slots;
    this.slots += 1;
    const end = this.slots * this.width;
    if (end > this.clocks.length) {
      const larger = new Int32Array(Math.max(end, this.clocks.length * 2));
      larger.set(this.clocks);
      this.clocks = larger;
    }
    this.clocks.fill(0, end - this.width, end);
    return slot;
  }

  private widen(): void {
    const width = this.width * 2;
    const wider = new Int32Array((this.clocks.length / this.width) * width);
    for (let slot = 0; slot < this.slots; slot += 1) {
      const from = slot * this.width;
      wider.set(this.clocks.subarray(from, from + this.width), slot * width);
    }
    this.clocks = wider;
    this.width = width;
  }
}
