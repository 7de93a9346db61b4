/**
 * Daemon threads that sleep until there is something to do.
 *
 * A thread that sleeps cannot be called, so for a moment before all others that somebody sleeps for another
 * thread is needed; one that has done its work waits for the next such moment. No thread is started before there
 * is a moment to wait for, and none looks in between.
 */
import type { Condition, Mutex, Runtime, Task } from '../../../harness/index.ts';

export class AlarmClock {
  private readonly rt: Runtime;
  private readonly lock: Mutex;
  private readonly ring: () => Task;
  /** Waited for by those who have nothing to do. */
  private readonly wanted: Condition;
  /** The moments that somebody sleeps for. */
  private readonly moments: number[] = [];
  /** Moments that nobody sleeps for yet, one for each thread that has been called. */
  private readonly assigned: number[] = [];
  private idle = 0;

  /** @param ring is called with the lock held when the moment has come. */
  constructor(rt: Runtime, lock: Mutex, ring: () => Task) {
    this.rt = rt;
    this.lock = lock;
    this.ring = ring;
    this.wanted = rt.condition(lock, 'alarm wanted');
  }

  /** With the lock held: makes sure that it rings at this moment, or has rung before it. `Infinity` is never. */
  *set(moment: number): Task {
    if (moment === Infinity || this.moments.some((other) => other <= moment)) return;
    this.moments.push(moment);
    if (this.idle === 0) {
      this.rt.spawn('aging', () => this.run(moment), { daemon: true });
      return;
    }
    this.idle -= 1;
    this.assigned.push(moment);
    yield* this.wanted.notify();
  }

  private *run(first: number): Task {
    for (let moment: number | undefined = first; ;) {
      const rest = moment - this.rt.now();
      if (rest > 0) yield* this.rt.sleep(rest);
      yield* this.lock.lock();
      this.moments.splice(this.moments.indexOf(moment), 1);
      yield* this.ring();
      this.idle += 1;
      moment = undefined;
      while (moment === undefined) {
        yield* this.wanted.wait();
        moment = this.assigned.shift();
      }
      yield* this.lock.unlock();
    }
  }
}
