/**
 * Abstract schedules: what a schedule should come to, said as constraints "this step reads from that one" and
 * "this step does not read from that one", and a way to steer an execution towards them.
 *
 * Steering is by putting steps off. A step that should read from another one is put off until that one was the
 * last to write, and that one until the first is the next of its thread; then other writes are put off until it has read; and a step that should not read what is there
 * now is put off until somebody overwrites it. Among the other steps, and among all where all should be put
 * off, partial order sampling decides. Constraints that cannot be met any more are dropped.
 */
import type { Engine } from '../runtime/engine.ts';
import type { Operation } from '../runtime/operation.ts';
import { isWrite } from '../runtime/semantics.ts';
import type { PartialOrderSampling } from './pos.ts';
import { INITIAL, type ObjectState, type PendingStep, type ReadsFrom } from './reads-from.ts';

export interface Constraint {
  /** Number of the object, and the step that reads it: see `reads-from.ts`. */
  readonly object: number;
  readonly read: number;
  /** The step that it should read from, or the site of any such step, or `INITIAL`. */
  readonly write: number;
  readonly writtenBy: 'step' | 'site';
  /** False: it should not. */
  readonly isPositive: boolean;
}

export type AbstractSchedule = readonly Constraint[];

/** How far a step is put off. */
const NOW = 0;
const LATER = 1;
const NEVER = 2;

export class Steering {
  private constraints: AbstractSchedule = [];
  /** By constraint: the step that should read has done so; the one to read from has been taken. */
  private readonly isRead: boolean[] = [];
  private readonly isWritten: boolean[] = [];
  /** Constraints of which neither is so, or only the latter. */
  private open = 0;
  private readonly readsFrom: ReadsFrom;
  private readonly sampling: PartialOrderSampling;
  private readonly free: number[] = [];

  /** `readsFrom` and `sampling` are begun, and `readsFrom` is told of steps, by whoever made them. */
  constructor(readsFrom: ReadsFrom, sampling: PartialOrderSampling) {
    this.readsFrom = readsFrom;
    this.sampling = sampling;
  }

  begin(schedule: AbstractSchedule): void {
    this.constraints = schedule;
    this.open = schedule.length;
    for (let i = 0; i < schedule.length; i += 1) {
      this.isRead[i] = false;
      this.isWritten[i] = false;
    }
  }

  pick(engine: Engine): number {
    if (this.open === 0) return this.sampling.pick(engine);
    const { free, readsFrom } = this;
    let count = 0;
    let least = NEVER;
    for (let i = 0; i < engine.enabledCount; i += 1) {
      const id = engine.enabled[i] as number;
      const operation = engine.pendingOf(id) as Operation;
      const delay =
        operation.object === undefined
          ? NOW
          : this.delayOf(engine, readsFrom.pendingOf(engine, id), isWrite(operation));
      if (delay > least) continue;
      if (delay < least) count = 0;
      least = delay;
      free[count] = id;
      count += 1;
    }
    return this.sampling.pickAmong(engine, free, count);
  }

  /** Takes note of a step that is about to be taken. */
  taken(pending: PendingStep): void {
    if (pending.object === undefined) return;
    for (let i = 0; i < this.constraints.length; i += 1) {
      const constraint = this.constraints[i] as Constraint;
      if (pending.step === constraint.write) this.isWritten[i] = true;
      if (pending.step !== constraint.read || this.isRead[i] === true) continue;
      this.isRead[i] = true;
      this.open -= 1;
    }
  }

  /** Whether it is the next step of some thread, which may or may not be able to take it. */
  private isNext(engine: Engine, step: number): boolean {
    for (let id = 0; id < engine.threadCount; id += 1) {
      if (engine.pendingOf(id)?.object === undefined) continue;
      if (this.readsFrom.pendingOf(engine, id).step === step) return true;
    }
    return false;
  }

  /** How far it is better to put the step off; `writes`: whether it would change its object. */
  private delayOf(engine: Engine, pending: PendingStep, writes: boolean): number {
    const object = pending.object as ObjectState;
    let delay = NOW;
    for (let i = 0; i < this.constraints.length; i += 1) {
      const constraint = this.constraints[i] as Constraint;
      if (constraint.object !== object.number || this.isRead[i] === true) continue;
      const { read, write, writtenBy, isPositive } = constraint;
      const bySite = writtenBy === 'site';
      const isThere = (bySite ? object.writerSite : object.writer) === write;
      if (pending.step === read) {
        if (!isPositive ? isThere : !isThere && this.canCome(i, constraint)) return NEVER;
      } else if (isPositive && writes) {
        if (isThere) return NEVER;
        const isWanted = (bySite ? pending.site : pending.step) === write;
        if (isWanted && !this.isNext(engine, read)) delay = LATER;
      }
    }
    return delay;
  }

  /** What an object held at first does not come back, nor does what a step wrote that has been taken. */
  private canCome(i: number, { write, writtenBy }: Constraint): boolean {
    return write !== INITIAL && (writtenBy === 'site' || this.isWritten[i] !== true);
  }
}
