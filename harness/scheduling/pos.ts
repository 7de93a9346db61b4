/**
 * Partial order sampling: Yuan, Yang and Gu, "Partial order aware concurrency sampling" (CAV 2018).
 *
 * Every pending event has a random priority and the highest enabled one is executed. Afterwards
 * only the events that race with it, and the next event of its thread, draw anew.
 */
import type { Engine } from '../runtime/engine.ts';
import { type Operation, OpKind } from '../runtime/operation.ts';
import { isWrite } from '../runtime/semantics.ts';
import type { SharedObject } from '../runtime/shared-object.ts';
import { RandomSource } from './random-source.ts';
import type { Strategy } from './strategy.ts';

export class PartialOrderSampling implements Strategy {
  readonly complete = false;
  readonly blocked = 0;
  private readonly seed: number;
  private readonly random: RandomSource;
  private execution = 0;
  /** By thread: the priority of its pending event; -1 where it must be drawn. */
  private readonly priorities: number[] = [];
  private known = 0;

  constructor(seed: number) {
    this.seed = seed;
    this.random = new RandomSource(seed);
  }

  begin(): boolean {
    this.random.reseed(this.seed, this.execution);
    this.execution += 1;
    this.known = 0;
    return true;
  }

  pick(engine: Engine): number {
    return this.pickAmong(engine, engine.enabled, engine.enabledCount);
  }

  /** One of the first `count` threads of `ids`, which can all run. */
  pickAmong(engine: Engine, ids: readonly number[], count: number): number {
    for (; this.known < engine.threadCount; this.known += 1) this.priorities[this.known] = -1;
    let best = -1;
    let highest = -2;
    for (let i = 0; i < count; i += 1) {
      const id = ids[i] as number;
      let priority = this.priorities[id] as number;
      if (priority < 0) {
        priority = this.random.unit();
        this.priorities[id] = priority;
      }
      if (priority > highest) {
        highest = priority;
        best = id;
      }
    }
    this.redraw(engine, best);
    return best;
  }

  end(): void {}

  private redraw(engine: Engine, chosen: number): void {
    const executed = engine.pendingOf(chosen) as Operation;
    this.priorities[chosen] = -1;
    if (executed.object === undefined) return;
    const writes = isWrite(executed);
    const mutex = mutexOf(executed);
    for (let id = 0; id < engine.threadCount; id += 1) {
      const other = engine.pendingOf(id);
      if (other?.object === undefined || id === chosen) continue;
      const isSame =
        other.object === executed.object ||
        other.object === mutex ||
        mutexOf(other) === executed.object ||
        (mutex !== undefined && mutexOf(other) === mutex);
      if (isSame && (writes || isWrite(other))) this.priorities[id] = -1;
    }
  }
}

/** What waiting on a condition releases, and waking up takes, besides. */
function mutexOf({ op, object }: Operation): SharedObject | undefined {
  return op === OpKind.wait || op === OpKind.wake ? object?.mutex : undefined;
}
