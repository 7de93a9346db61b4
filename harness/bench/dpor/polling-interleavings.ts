/**
 * All interleavings of a program that polls, where a poll is repeated only after a change: a thread that has
 * just given way, and is about to do what it did before that, waits until somebody has changed one of the objects it has
 * touched since it first did it. This is what the reductions take polling for (`dpor-polling.ts`), told in the simplest
 * way, by counting changes; which loops poll and which give up by themselves, it is told by the program.
 */
import type { Engine } from '../../runtime/engine.ts';
import { OpKind } from '../../runtime/operation.ts';
import type { SharedObject } from '../../runtime/shared-object.ts';
import { accessesOf, type Watching } from '../../scheduling/dpor-brute-force.ts';
import { ABANDON, type Strategy } from '../../scheduling/strategy.ts';

interface Write {
  readonly thread: number;
  readonly object: SharedObject;
  readonly before: unknown;
}

interface Touch {
  readonly op: number;
  readonly object: SharedObject;
  /** How often it had been changed. */
  readonly changes: number;
}

/** Who waits for which objects to change. */
export class Polls implements Watching {
  /** How often each object has been changed, and the write whose effect is still to be seen. */
  private readonly changes = new Map<SharedObject, number>();
  private written: Write | undefined = undefined;
  /** By thread: what it has touched since it gave way or changed something; and what it had touched when it gave way. */
  private readonly seen = new Map<number, Touch[]>();
  private readonly waiting = new Map<number, Touch[]>();
  private readonly polls: (thread: string) => boolean;

  /** `polls` tells whether a thread, given by name, is in a loop that does not give up by itself. */
  constructor(polls: (thread: string) => boolean = () => true) {
    this.polls = polls;
  }

  reset(): void {
    for (const map of [this.changes, this.seen, this.waiting]) map.clear();
    this.written = undefined;
  }

  /** What the next step of a thread would repeat, and all it has touched since; empty if it repeats nothing. */
  watchedBy(engine: Engine, id: number): readonly SharedObject[] {
    return this.touchesOf(engine, id).map(({ object }) => object);
  }

  isWaiting(engine: Engine, id: number): boolean {
    this.notice();
    const touches = this.touchesOf(engine, id);
    return (
      touches.length > 0 &&
      touches.every(({ object, changes }) => this.changesOf(object) === changes)
    );
  }

  /** Thread `id` is about to take its step. */
  observe(engine: Engine, id: number): void {
    this.notice();
    const operation = engine.pendingOf(id);
    if (operation === undefined) return;
    const seen = this.seen.get(id) ?? [];
    this.seen.set(id, seen);
    this.waiting.delete(id);
    if (operation.op === OpKind.yieldNow) {
      if (this.polls(engine.nameOfThread(id))) this.waiting.set(id, seen);
      this.seen.delete(id);
      return;
    }
    for (const [object, writes] of accessesOf(operation)) {
      if (writes) this.written = { thread: id, object, before: object.value };
      seen.push({ op: operation.op, object, changes: this.changesOf(object) });
    }
  }

  private touchesOf(engine: Engine, id: number): readonly Touch[] {
    const touches = this.waiting.get(id);
    const operation = engine.pendingOf(id);
    if (touches === undefined || operation === undefined) return [];
    const { op, object } = operation;
    const start = touches.findIndex((touch) => touch.op === op && touch.object === object);
    return start < 0 ? [] : touches.slice(start);
  }

  /** Sees what the last step has changed. */
  private notice(): void {
    if (this.written === undefined) return;
    const { thread, object, before } = this.written;
    this.written = undefined;
    if (Object.is(object.value, before)) return;
    this.changes.set(object, this.changesOf(object) + 1);
    // Who has changed something does not repeat itself.
    this.seen.delete(thread);
  }

  private changesOf(object: SharedObject): number {
    return this.changes.get(object) ?? 0;
  }
}

export class PollingInterleavings implements Strategy {
  complete = false;
  blocked = 0;
  private readonly polls: Polls;
  private readonly choices: { index: number; readonly count: number }[] = [];
  private depth = 0;
  private started = false;

  /** The same `polls` must be among the options of `runAll`, which keeps them up to date. */
  constructor(polls: Polls) {
    this.polls = polls;
  }

  begin(): boolean {
    this.depth = 0;
    if (!this.started) return (this.started = true);
    for (let last = this.choices.at(-1); last !== undefined; last = this.choices.at(-1)) {
      last.index += 1;
      if (last.index < last.count) return true;
      this.choices.pop();
    }
    this.complete = true;
    return false;
  }

  pick(engine: Engine): number {
    engine.unfair = true;
    const candidates = engine.enabled
      .slice(0, engine.enabledCount)
      .filter((id) => !this.polls.isWaiting(engine, id));
    const choice = (this.choices[this.depth] ??= { index: 0, count: candidates.length });
    this.depth += 1;
    const id = candidates[choice.index];
    if (id !== undefined) return id;
    this.blocked += 1;
    return ABANDON;
  }

  end(): void {}
}
