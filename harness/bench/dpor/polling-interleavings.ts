/**
 * All interleavings of a program that polls, where a poll is repeated only after a change: a thread that has
 * just given way waits until somebody has changed one of the objects it has touched since it gave way before. This is
 * what the reductions take polling for (`dpor-polling.ts`), told in the simplest way, by counting writes.
 */
import type { Engine } from '../../runtime/engine.ts';
import { OpKind } from '../../runtime/operation.ts';
import type { SharedObject } from '../../runtime/shared-object.ts';
import { accessesOf } from '../../scheduling/dpor-brute-force.ts';
import { ABANDON, type Strategy } from '../../scheduling/strategy.ts';

interface Write {
  readonly thread: number;
  readonly object: SharedObject;
  readonly before: unknown;
}

export class PollingInterleavings implements Strategy {
  complete = false;
  blocked = 0;
  private readonly choices: { index: number; readonly count: number }[] = [];
  private depth = 0;
  private started = false;
  /** How often each object has been changed, and the write whose effect is still to be seen. */
  private readonly changes = new Map<SharedObject, number>();
  private written: Write | undefined = undefined;
  /** By thread: what it has touched since it gave way, with the changes until then; and whether it has given way. */
  private readonly seen = new Map<number, Map<SharedObject, number>>();
  private readonly waiting = new Map<number, Map<SharedObject, number>>();

  begin(): boolean {
    this.depth = 0;
    for (const map of [this.changes, this.seen, this.waiting]) map.clear();
    this.written = undefined;
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
    this.notice();
    const candidates = engine.enabled
      .slice(0, engine.enabledCount)
      .filter((id) => !this.isWaiting(id));
    const choice = (this.choices[this.depth] ??= { index: 0, count: candidates.length });
    this.depth += 1;
    const id = candidates[choice.index];
    if (id === undefined) {
      this.blocked += 1;
      return ABANDON;
    }
    this.observe(engine, id);
    return id;
  }

  end(): void {}

  private isWaiting(id: number): boolean {
    const watched = this.waiting.get(id);
    return (
      watched !== undefined &&
      [...watched].every(([object, changes]) => this.changesOf(object) === changes)
    );
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

  private observe(engine: Engine, id: number): void {
    const operation = engine.pendingOf(id);
    if (operation === undefined) return;
    const seen = this.seen.get(id) ?? new Map<SharedObject, number>();
    this.seen.set(id, seen);
    this.waiting.delete(id);
    if (operation.op === OpKind.yieldNow) {
      this.waiting.set(id, seen);
      this.seen.delete(id);
      return;
    }
    for (const [object, writes] of accessesOf(operation)) {
      if (writes) this.written = { thread: id, object, before: object.value };
      if (!seen.has(object)) seen.set(object, this.changesOf(object));
    }
  }

  private changesOf(object: SharedObject): number {
    return this.changes.get(object) ?? 0;
  }
}
