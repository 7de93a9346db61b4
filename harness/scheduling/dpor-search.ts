/**
 * Dynamic partial order reduction: explores an execution for each Mazurkiewicz trace of a program, instead of
 * one for each interleaving. Two interleavings are the same trace if swapping neighbouring independent steps
 * turns one into the other; they end in the same state and fail in the same way.
 *
 * Source: Abdulla, Aronis, Jonsson and Sagonas, "Optimal dynamic partial order reduction" (POPL 2014) and
 * "Source sets: a foundation for optimal dynamic partial order reduction" (J. ACM 2017). `optimal` is
 * their optimal DPOR with wakeup trees: one execution for each trace, none given up. `source` is
 * source-DPOR: fewer comparisons, but some executions are given up midway as redundant.
 *
 * Departures. Races of operations that can be disabled are looked for further back (`dpor-races.ts`).
 * An execution that ends early, by a failure or because only daemons are left, ends with a step that
 * depends on all others, for it keeps them from happening: what else could have happened before is seen
 * too. Where it takes the last steps of several threads to end one early (daemons, a failure after a join),
 * no trace is missed but some are visited again. Polling is waiting (`dpor-polling.ts`). Memory grows with
 * the length of one execution times its threads, and with what is left to explore along it.
 */
import { HarnessError } from '../errors.ts';
import type { Engine } from '../runtime/engine.ts';
import { OpKind } from '../runtime/operation.ts';
import { NOBODY } from '../runtime/shared-object.ts';
import type { Footprint } from './dpor-dependence.ts';
import { EventLog, NONE } from './dpor-event-log.ts';
import { Identities } from './dpor-identity.ts';
import type { PollTrial } from './dpor-poll-trial.ts';
import { hasChanged, trialOf, watchAll, watchStart } from './dpor-polling.ts';
import { RaceFinder } from './dpor-races.ts';
import { Symmetry } from './dpor-symmetry.ts';
import { EventOrder } from './event-order.ts';
import { isEnabled } from './round-robin.ts';
import { isAsleep, stillAsleep } from './sleep-set.ts';
import { ABANDON, type Strategy } from './strategy.ts';
import { WakeupSequence } from './wakeup-sequence.ts';
import { insertSequence, insertStep, type WakeupNode } from './wakeup-tree.ts';

export type Reduction = 'source' | 'optimal';

const NO_CLOCK = new Int32Array(0);

export class DporSearch implements Strategy {
  complete = false;
  blocked = 0;
  private readonly reduction: Reduction;
  private readonly identities = new Identities();
  private readonly log = new EventLog(this.identities);
  private readonly symmetry: Symmetry;
  private readonly order: EventOrder;
  private readonly sequence: WakeupSequence;
  private readonly races: RaceFinder;
  /** By depth: the steps explored, and what is left to explore. */
  private readonly asleep: Footprint[][] = [[]];
  private readonly todo: WakeupNode[][] = [[]];
  private started = false;
  /** The depth at which this execution leaves the one before. */
  private branch = 0;
  private depth = 0;
  /** Events that are repeated from the execution before: up to where this one leaves it, or a trial broke it off. */
  private known = 0;
  private trial: PollTrial | undefined = undefined;
  private isTrying = false;
  private abandoned = false;
  /** Some execution was longer than the limit on steps. */
  private truncated = false;
  private setupLinks = 0;
  private epoch = 0;
  private now = 0;
  /** Pollers that gave way before this event have been let go. */
  private release = 0;

  /** `symmetric`: see `ExploreOptions`. */
  constructor(reduction: Reduction, symmetric: readonly (readonly string[])[] = []) {
    this.reduction = reduction;
    this.symmetry = new Symmetry(symmetric, this.identities);
    this.order = new EventOrder(this.log, this.identities, this.symmetry.after);
    this.sequence = new WakeupSequence(this.log, this.order);
    this.races = new RaceFinder(this.log, this.order, this.sequence, (from) => {
      this.plan(from);
    });
  }

  /** The last execution was a trial, or was broken off for one. */
  get isRepeat(): boolean {
    return this.isTrying || this.trial !== undefined;
  }

  begin(): boolean {
    this.identities.reset();
    this.depth = 0;
    this.epoch = 0;
    this.now = 0;
    this.release = 0;
    this.abandoned = false;
    this.known = this.log.length;
    this.isTrying = this.trial !== undefined && !this.isTrying;
    if (this.isTrying || this.trial !== undefined) {
      // Goes on where it was broken off, once the trial is over.
      if (!this.isTrying) this.trial = undefined;
      return true;
    }
    if (!this.started) {
      this.started = true;
      return true;
    }
    for (let depth = this.log.length - 1; depth >= 0; depth -= 1) {
      if ((this.todo[depth] as WakeupNode[]).length === 0) continue;
      const done = this.log.footprint(depth, depth === this.races.haltEvent);
      (this.asleep[depth] as Footprint[]).push(done);
      this.log.truncate(depth);
      this.branch = depth;
      this.known = depth;
      return true;
    }
    // Where a daemon puts off the end, what ends before it does so would have to be looked for too.
    this.complete = !this.truncated && !this.identities.hasRevived;
    return false;
  }

  pick(engine: Engine): number {
    const depth = this.depth;
    this.depth += 1;
    if (depth === 0) {
      engine.unfair = true;
      this.setupLinks = engine.linkCount;
    }
    this.identities.update(engine);
    if (depth === 0) this.symmetry.find(engine);
    if (this.isTrying) return this.tryOn(engine, depth);
    if (depth < this.known) return this.repeat(engine, depth);
    if (depth > this.known) this.log.executed(engine);
    else if (depth > 0) this.resumeFrom(depth - 1);
    if (this.needsTrial(engine, depth)) return ABANDON;
    this.letGo(engine, depth);
    const node = (this.todo[depth] as WakeupNode[]).shift();
    const id = node === undefined ? this.choose(engine, depth) : this.follow(engine, depth, node);
    if (id === NOBODY) {
      this.abandoned = true;
      this.blocked += 1;
      return ABANDON;
    }
    this.append(engine, id, depth);
    if (node !== undefined && !this.log.isAsForeseen(depth, node.step)) throw ranElsewhere(depth);
    this.todo[depth + 1] = node === undefined ? this.emptyAt(depth + 1) : node.children;
    return id;
  }

  end(engine: Engine): void {
    const { log, order, races } = this;
    if (this.isTrying) {
      this.trial?.end();
      if (this.trial !== undefined) log.loops.learn(this.trial.poll, this.trial.leaves);
      return;
    }
    if (this.trial !== undefined) return;
    if (log.length < this.branch || this.depth < this.known) throw ranElsewhere(this.depth);
    this.identities.update(engine);
    if (log.length > this.branch) log.executed(engine);
    order.extend(engine, this.branch, this.setupLinks);
    const isCut = engine.steps > log.length;
    if (isCut) this.truncated = true;
    races.setHalt(NONE, NO_CLOCK);
    if (!isCut && !this.abandoned) this.findHalt(engine);
    for (let event = this.branch; event < log.length; event += 1) races.findOfEvent(event);
    if (isCut) return;
    for (let id = 0; id < engine.threadCount; id += 1) {
      if (engine.pendingOf(id) === undefined || this.symmetry.isHeld(engine, log, id)) continue;
      races.findOfPending(engine, id, this.identities);
    }
    if (races.haltEvent === NONE) return;
    const { sequence } = this;
    sequence.isCautious ||= races.haltCauses.length > 1 || this.reduction === 'source';
    races.findOfHalt();
  }

  /** Breaks the execution off for a trial if it has come to a loop that it does not know. */
  private needsTrial(engine: Engine, depth: number): boolean {
    if (depth === 0 || this.log.op[depth - 1] !== OpKind.yieldNow) return false;
    this.trial = trialOf(this.log, engine);
    return this.trial !== undefined;
  }

  private tryOn(engine: Engine, depth: number): number {
    const trial = this.trial as PollTrial;
    const { from, id } = trial.poll;
    if (depth < from) return this.repeat(engine, depth);
    const { now } = this.log;
    while (from < now.length && engine.now < (now[from] as number) && engine.passTime());
    return trial.goesOn(engine) ? id : ABANDON;
  }

  /** The step that the execution before took here. */
  private repeat(engine: Engine, depth: number): number {
    const { log } = this;
    while (engine.now < (log.now[depth] as number) && engine.passTime());
    const id = log.id[depth] as number;
    if (!isEnabled(engine, id) || engine.pendingOf(id)?.op !== log.op[depth]) {
      throw ranElsewhere(depth);
    }
    log.refresh(engine, depth);
    return id;
  }

  /** Takes up what the event before the first new one left behind. */
  private resumeFrom(event: number): void {
    this.epoch = this.log.epoch[event] as number;
    this.now = this.log.now[event] as number;
    this.release = this.log.release[event] as number;
  }

  /** Lets time pass, or else lets the pollers go, when only pollers could run. */
  private letGo(engine: Engine, depth: number): void {
    if (this.log.yields > 0) {
      while (!this.canAnyRun(engine)) {
        if (engine.passTime()) continue;
        this.release = depth;
        this.epoch += 1;
        break;
      }
    }
    if (engine.now === this.now) return;
    this.now = engine.now;
    this.epoch += 1;
  }

  private canAnyRun(engine: Engine): boolean {
    for (let i = 0; i < engine.enabledCount; i += 1) {
      const id = engine.enabled[i] as number;
      if (!this.isPolling(engine, id) && !this.symmetry.isHeld(engine, this.log, id)) return true;
    }
    return false;
  }

  /** Whether the thread waits for a change to what it polls. */
  private isPolling(engine: Engine, id: number): boolean {
    if (this.log.yields === 0) return false;
    const thread = this.identities.numberOf[id] as number;
    const last = this.log.lastOf(thread);
    if (last === NONE || last < this.release || this.log.op[last] !== OpKind.yieldNow) return false;
    const operation = engine.pendingOf(id);
    if (operation === undefined) return false;
    const start = watchStart(this.log, thread, operation);
    return start !== NONE && !hasChanged(this.log, thread, start);
  }

  /** Any step will do: nothing is known yet of what comes here. Goes on with the same thread, or takes turns. */
  private choose(engine: Engine, depth: number): number {
    const { last } = engine;
    const asleep = this.asleep[depth] as Footprint[];
    const gaveWay = depth > 0 && this.log.op[depth - 1] === OpKind.yieldNow;
    let first = NOBODY;
    let next = NOBODY;
    for (let i = 0; i < engine.enabledCount; i += 1) {
      const id = engine.enabled[i] as number;
      if (this.isPolling(engine, id) || this.symmetry.isHeld(engine, this.log, id)) continue;
      if (isAsleep(asleep, this.identities.numberOf[id] as number)) continue;
      if (id === last && !gaveWay) return id;
      if (first === NOBODY) first = id;
      if (next === NOBODY && id > last) next = id;
    }
    return next === NOBODY ? first : next;
  }

  private follow(engine: Engine, depth: number, node: WakeupNode): number {
    const id = this.identities.idOf[node.step.thread] ?? NOBODY;
    if (id === NOBODY || !isEnabled(engine, id)) throw ranElsewhere(depth);
    return id;
  }

  private append(engine: Engine, id: number, depth: number): void {
    const { log } = this;
    const thread = this.identities.numberOf[id] as number;
    const last = log.yields === 0 ? NONE : log.lastOf(thread);
    const operation = engine.pendingOf(id);
    const watch =
      last === NONE || operation === undefined ? NONE : watchStart(log, thread, operation);
    const changed = watch !== NONE && hasChanged(log, thread, watch);
    const event = log.append(engine, id, this.epoch, this.release);
    if (watch !== NONE) {
      watchAll(log, event, watch);
      log.released[event] = changed ? 0 : 1;
    }
    let after = this.asleep[depth + 1];
    if (after === undefined) this.asleep[depth + 1] = after = [];
    if (this.sequence.isCautious) this.asleep[depth + 1] = [];
    else stillAsleep(this.asleep[depth] as Footprint[], log, event, after);
  }

  private emptyAt(depth: number): WakeupNode[] {
    const present = this.todo[depth];
    return present === undefined || present.length > 0 ? [] : present;
  }

  /** Whether the last event ended the execution while others could go on, and what it took. */
  private findHalt(engine: Engine): void {
    const { races, order, log } = this;
    const { fault } = engine;
    const width = order.width;
    if (log.length === 0) return;
    if (fault !== undefined && fault.thread !== NOBODY && fault.kind !== 'data-race') {
      const at = (this.identities.numberOf[fault.thread] as number) * width;
      races.setHalt(log.length - 1, order.threadBases.slice(at, at + width));
      return;
    }
    if (!engine.allDone || !hasDaemon(engine)) return;
    const clock = new Int32Array(width);
    for (let id = 0; id < engine.threadCount; id += 1) {
      if (engine.threads[id]?.daemon === true) continue;
      const at = (this.identities.numberOf[id] as number) * width;
      for (let i = 0; i < width; i += 1) {
        clock[i] = Math.max(clock[i] as number, order.threadBases[at + i] as number);
      }
    }
    races.setHalt(log.length - 1, clock);
  }

  /** Plans to explore the sequence that has just been filled, from before event `from` on. */
  private plan(from: number): void {
    const isWhole = this.reduction === 'optimal' || this.sequence.isCautious || this.sequence.halts;
    const insert = isWhole ? insertSequence : insertStep;
    insert(this.sequence, this.todo[from] as WakeupNode[], this.asleep[from] as Footprint[]);
  }
}

function hasDaemon(engine: Engine): boolean {
  for (let id = 0; id < engine.threadCount; id += 1) {
    if (engine.threads[id]?.daemon === true) return true;
  }
  return false;
}

function ranElsewhere(step: number): HarnessError {
  return new HarnessError(
    'nondeterministic-program',
    `At step ${step} the program offers other threads or operations than the last time it was led here. ` +
      'It must depend on nothing but the schedule: look for a clock, a random number or state that outlives an execution.',
  );
}
