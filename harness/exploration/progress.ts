/** How far an exploration has come: whether to run another execution, and what those so far have come to. */
import type { Engine } from '../runtime/engine.ts';
import { ABANDON, type Strategy } from '../scheduling/strategy.ts';
import type { Tally } from '../scheduling/tally.ts';
import type { ScheduleSet } from './schedule-set.ts';
import type { SequenceHash } from './sequence-hash.ts';

export interface Bounds {
  readonly executionsMax: number;
  readonly stepsMax: number;
  /** Whether the time is up. */
  readonly deadline: () => boolean;
}

/** What is noted down of each execution; the last two only if wanted. */
export interface Notes {
  readonly tally: Tally;
  readonly hash: SequenceHash | undefined;
  readonly seen: ScheduleSet | undefined;
}

export class Progress {
  executions = 0;
  /** Of all executions together, also those that do not count. */
  steps = 0;
  /** The strategy has begun an execution that has not been added yet. */
  hasBegun = false;
  private readonly engine: Engine;
  private readonly strategy: Strategy;
  private readonly bounds: Bounds;
  private readonly notes: Notes;

  constructor(engine: Engine, strategy: Strategy, bounds: Bounds, notes: Notes) {
    this.engine = engine;
    this.strategy = strategy;
    this.bounds = bounds;
    this.notes = notes;
  }

  /** Begins another execution. False if none is wanted. */
  begin(): boolean {
    const { executionsMax, stepsMax, deadline } = this.bounds;
    this.hasBegun =
      this.executions < executionsMax &&
      this.steps < stepsMax &&
      !deadline() &&
      this.strategy.begin();
    return this.hasBegun;
  }

  /** Adds the execution that has just ended, of which the strategy has `decided` so many steps. Whether it counts. */
  add(decided: number): boolean {
    const { engine, strategy } = this;
    const { tally, hash, seen } = this.notes;
    this.hasBegun = false;
    strategy.end(engine);
    this.steps += engine.steps;
    hash?.add(engine);
    if (decided === ABANDON || strategy.isRepeat === true) return false;
    this.executions += 1;
    tally.add(engine);
    seen?.add(engine.schedule, engine.steps);
    return true;
  }

  /** Adds an execution and begins the next one, if there is no more to it than that: see `RunRequest`. */
  goOn(decided: number): boolean {
    if (this.engine.fault !== undefined) return false;
    this.add(decided);
    return this.begin();
  }
}
