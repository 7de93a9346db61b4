/**
 * The thread of an instance that tells clients of changes and of routes that have expired, and ends holds.
 *
 * It is started with the first thing there is to do, and sleeps until it is called: by whoever has changed
 * something, or by an alarm, which is a thread that sleeps until one moment and ends with it. It holds no lock
 * while it calls anybody back.
 */
import type { Atomic, ManualEvent, Runtime, Task } from '../../../harness/index.ts';

export class Worker {
  private readonly rt: Runtime;
  /** Does all there is to do, and returns when there will be something next; `Infinity` for never. */
  private readonly work: () => Task<number>;
  private readonly isStarted: Atomic<boolean>;
  private readonly called: ManualEvent;
  /** The moments that alarms sleep for; the worker's own. */
  private alarms: readonly number[] = [];

  constructor(rt: Runtime, work: () => Task<number>) {
    this.rt = rt;
    this.work = work;
    this.isStarted = rt.atomic(false, 'worker started');
    this.called = rt.event('worker called');
  }

  /** There is something to do. */
  *call(): Task {
    yield* this.called.set();
    const wasStarted = yield* this.isStarted.exchange(true);
    if (!wasStarted) this.rt.spawn('worker', () => this.run(), { daemon: true });
  }

  private *run(): Task {
    for (;;) {
      yield* this.called.wait();
      // Taken back first: who calls from here on may have come too late to be seen to.
      yield* this.called.reset();
      const next = yield* this.work();
      this.alarms = this.alarms.filter((moment) => moment > this.rt.now());
      if (next < Infinity && !this.alarms.some((moment) => moment <= next)) this.setAlarm(next);
    }
  }

  private setAlarm(moment: number): void {
    const { rt, called } = this;
    this.alarms = [...this.alarms, moment];
    rt.spawn(
      'alarm',
      function* () {
        const rest = moment - rt.now();
        if (rest > 0) yield* rt.sleep(rest);
        yield* called.set();
      },
      { daemon: true },
    );
  }
}
