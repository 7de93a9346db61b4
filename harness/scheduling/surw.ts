/**
 * Uniform and selectively uniform random walk: Zhao, Wolff, Mathur and Roychoudhury, "Selectively uniform
 * concurrency testing" (ASPLOS 2025).
 *
 * A thread weighs as much as it, and all it will yet spawn, have events left. To draw the next thread in
 * proportion to its weight is to draw all interleavings with the same probability, as long as threads do not
 * block one another: of a forest of events each linear extension is then as likely as any other. A blocked
 * thread keeps its weight and cannot be chosen. The counts come from earlier executions, the first of which is a
 * random walk (`surw-profile.ts`), so that where a program branches they are an estimate.
 *
 * Selectively: only events on one shared object, drawn for each execution, have weight, and their order is
 * uniform. Whose turn it is among them is drawn beforehand; the others stop before such an event, and everything
 * else is scheduled by a random walk. Departures: where the thread whose turn it is spawns another one, the
 * turn is drawn again among the two, without which children would come too late; and where no object is
 * shared, all events have weight.
 */
import type { Engine } from '../runtime/engine.ts';
import type { Operation } from '../runtime/operation.ts';
import { NOBODY } from '../runtime/shared-object.ts';
import { RandomSource } from './random-source.ts';
import type { Strategy } from './strategy.ts';
import { ALL_OBJECTS, SurwProfile } from './surw-profile.ts';

export class UniformRandomWalk implements Strategy {
  readonly complete = false;
  readonly blocked = 0;
  private readonly seed: number;
  private readonly selective: boolean;
  private readonly random: RandomSource;
  private readonly profile = new SurwProfile();
  private execution = 0;
  /** The object whose events have weight in this execution. */
  private chosen = ALL_OBJECTS;
  private readonly shared: number[] = [];
  /** By thread: events left to be expected. */
  private readonly weights: number[] = [];
  /** Entries of `weights` in use. */
  private weighed = 0;
  /** The thread to execute the next event that has weight, or -1. */
  private turn: number = NOBODY;
  private readonly free: number[] = [];

  /** `selective`: one object at a time, as in SURW; otherwise all events, as in URW. */
  constructor(seed: number, { selective }: { readonly selective: boolean }) {
    this.seed = seed;
    this.selective = selective;
    this.random = new RandomSource(seed);
  }

  begin(): boolean {
    const { profile, random } = this;
    random.reseed(this.seed, this.execution);
    this.execution += 1;
    profile.begin();
    this.weighed = 0;
    this.turn = NOBODY;
    if (profile.executions === 0) return true;
    this.chosen = ALL_OBJECTS;
    if (this.selective) {
      profile.sharedObjects(this.shared);
      if (this.shared.length > 0) {
        this.chosen = this.shared[random.below(this.shared.length)] as number;
      }
    }
    profile.weigh(this.chosen);
    return true;
  }

  pick(engine: Engine): number {
    const { profile } = this;
    profile.update(engine);
    const thread = profile.executions === 0 ? this.walk(engine) : this.choose(engine);
    profile.record(thread, engine.pendingOf(thread) as Operation);
    return thread;
  }

  end(engine: Engine): void {
    this.profile.end(engine);
  }

  private walk(engine: Engine): number {
    const count = engine.enabledCount;
    return engine.enabled[count === 1 ? 0 : this.random.below(count)] as number;
  }

  private choose(engine: Engine): number {
    for (; this.weighed < this.profile.known; this.weighed += 1) this.weighSpawned(this.weighed);
    if (this.turn === NOBODY || engine.pendingOf(this.turn) === undefined) {
      this.turn = this.drawLive(engine);
    }
    const { free } = this;
    let count = 0;
    for (let i = 0; i < engine.enabledCount; i += 1) {
      const id = engine.enabled[i] as number;
      if (id !== this.turn && this.hasWeight(engine, id)) continue;
      free[count] = id;
      count += 1;
    }
    let thread: number;
    if (count > 0) {
      thread = free[count === 1 ? 0 : this.random.below(count)] as number;
    } else {
      // The thread whose turn it is waits for one of those that stopped for it.
      thread = this.draw(engine, engine.enabled, engine.enabledCount);
    }
    if (this.hasWeight(engine, thread)) {
      this.weights[thread] = Math.max(0, (this.weights[thread] as number) - 1);
      this.turn = NOBODY;
    }
    return thread;
  }

  /** A thread spawned takes its weight from its parent, and with that share the turn. */
  private weighSpawned(thread: number): void {
    const weight = this.profile.weightOf(thread);
    this.weights[thread] = weight;
    const parent = this.profile.parents[thread] as number;
    if (parent === NOBODY) return;
    const left = Math.max(0, (this.weights[parent] as number) - this.profile.shareOf(thread));
    this.weights[parent] = left;
    if (parent !== this.turn || weight === 0) return;
    if (this.random.unit() * (left + weight) < weight) this.turn = thread;
  }

  private hasWeight(engine: Engine, thread: number): boolean {
    if (this.chosen === ALL_OBJECTS) return true;
    const object = engine.pendingOf(thread)?.object;
    return object !== undefined && this.profile.identities.objectNumber(object) === this.chosen;
  }

  private drawLive(engine: Engine): number {
    const { free } = this;
    let count = 0;
    for (let id = 0; id < engine.threadCount; id += 1) {
      if (engine.pendingOf(id) === undefined) continue;
      free[count] = id;
      count += 1;
    }
    return this.draw(engine, free, count);
  }

  /** One of the first `count` threads of `ids`, by weight. */
  private draw(engine: Engine, ids: readonly number[], count: number): number {
    if (count === 1) return ids[0] as number;
    let total = 0;
    for (let i = 0; i < count; i += 1) total += this.weightNow(engine, ids[i] as number);
    if (total === 0) return ids[this.random.below(count)] as number;
    let left = this.random.unit() * total;
    for (let i = 0; i < count; i += 1) {
      left -= this.weightNow(engine, ids[i] as number);
      if (left < 0) return ids[i] as number;
    }
    return ids[count - 1] as number;
  }

  /** Whatever was expected of it, a thread before such an event has at least that one left. */
  private weightNow(engine: Engine, thread: number): number {
    const expected = this.weights[thread] as number;
    return expected < 1 && this.hasWeight(engine, thread) ? 1 : expected;
  }
}
