/**
 * What is looked for while executions run: data races, the order of locks, the atomicity of declared
 * operations. Each is looked for from the first moment on at which it could matter, so that a program
 * without locks or plain accesses pays nothing for them.
 */
import { Atomicity } from '../detectors/atomicity.ts';
import { HappensBefore } from '../detectors/data-race.ts';
import { LockOrder } from '../detectors/lock-order.ts';
import type { Engine } from './engine.ts';
import type { EngineOptions } from './engine-options.ts';
import { NOBODY } from './shared-object.ts';

export class Detection {
  /** Of all executions together. */
  readonly lockOrder: LockOrder | undefined;
  /** The same, once there is a lock in this execution. */
  locks: LockOrder | undefined = undefined;

  private readonly options: EngineOptions;
  private readonly happensBefore = new HappensBefore();
  private atomicity: Atomicity | undefined = undefined;

  constructor(options: EngineOptions) {
    this.options = options;
    this.lockOrder = options.lockOrder === true ? new LockOrder() : undefined;
  }

  /** A new execution begins. */
  reset(): void {
    this.locks = undefined;
  }

  /**
   * Starts to keep clocks, at the first access. What was ordered before need not be known: only accesses
   * can race, and those to come are ordered by what happens between them.
   */
  watchRaces(threadCount: number): HappensBefore | undefined {
    if (!this.options.races) return undefined;
    this.happensBefore.reset();
    for (let id = 0; id < threadCount; id += 1) this.happensBefore.startThread(id, NOBODY);
    return this.happensBefore;
  }

  /** Starts to keep locks, at the first one. */
  watchLocks({ links, linkCount }: Engine): void {
    const { lockOrder } = this;
    if (lockOrder === undefined || this.locks !== undefined) return;
    lockOrder.reset();
    // Without a mutex nobody is notified: so far the links are of starts, which come in order, and of joins.
    for (let i = 0, started = 0; i < linkCount; i += 2) {
      const from = links[i] as number;
      const to = links[i + 1] as number;
      if (to < started) {
        lockOrder.joinThread(to, from);
      } else {
        lockOrder.startThread(to, from);
        started += 1;
      }
    }
    this.locks = lockOrder;
  }

  /** Starts to look at steps, at the first operation that is declared to be atomic. */
  watchAtomicity(engine: Engine): Atomicity | undefined {
    if (this.options.atomicity !== true) return undefined;
    this.atomicity ??= new Atomicity();
    this.atomicity.reset(engine);
    return this.atomicity;
  }
}
