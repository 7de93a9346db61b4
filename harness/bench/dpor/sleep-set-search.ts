/**
 * The other oracle: depth-first search with sleep sets and nothing else (Godefroid, "Partial-order methods for
 * the verification of concurrent systems", 1996, chapter 5). It completes one execution for each trace, and is
 * simple enough to be believed: no race is looked for, every enabled thread is tried everywhere. What it cannot do is
 * avoid to begin what it then gives up, of which there may be a hundred times as much.
 *
 * Threads and objects go by their names, as in `dpor-brute-force.ts`, from which it has what a step touches.
 * Not for programs that fail before their end, sleep, or have daemons: there a step may keep another from happening
 * without touching what it touches.
 */
import type { Engine } from '../../runtime/engine.ts';
import { nameOf } from '../../runtime/shared-object.ts';
import { accessesOf } from '../../scheduling/dpor-brute-force.ts';
import { ABANDON, type Strategy } from '../../scheduling/strategy.ts';

interface Move {
  readonly thread: string;
  /** By name of the object: whether it is written. */
  readonly touches: ReadonlyMap<string, boolean>;
}

interface Point {
  readonly asleep: readonly Move[];
  /** Moves tried before the present one, which is undefined when the point has just been reached. */
  readonly tried: Move[];
  present: Move | undefined;
}

export class SleepSetSearch implements Strategy {
  complete = false;
  blocked = 0;
  private readonly path: Point[] = [];
  private depth = 0;
  private started = false;

  begin(): boolean {
    this.depth = 0;
    if (!this.started) return (this.started = true);
    for (let point = this.path.at(-1); point !== undefined; point = this.path.at(-1)) {
      if (point.present !== undefined) {
        point.tried.push(point.present);
        point.present = undefined;
        return true;
      }
      this.path.pop();
    }
    this.complete = true;
    return false;
  }

  pick(engine: Engine): number {
    const depth = this.depth;
    this.depth += 1;
    let point = this.path[depth];
    if (point === undefined) {
      point = { asleep: this.asleepAfter(depth - 1), tried: [], present: undefined };
      this.path.push(point);
    }
    const candidates = engine.enabled.slice(0, engine.enabledCount);
    const wanted = point.present?.thread;
    const taken = [...point.asleep, ...point.tried].map((move) => move.thread);
    const id = candidates.find((candidate) => {
      const name = engine.nameOfThread(candidate);
      return wanted === undefined ? !taken.includes(name) : name === wanted;
    });
    if (id === undefined) {
      if (point.tried.length === 0) this.blocked += 1;
      return ABANDON;
    }
    point.present ??= moveOf(engine, id);
    return id;
  }

  end(): void {}

  private asleepAfter(depth: number): Move[] {
    const point = this.path[depth];
    const { present } = point ?? {};
    if (point === undefined || present === undefined) return [];
    return [...point.asleep, ...point.tried].filter((move) => !depend(move, present));
  }
}

function moveOf(engine: Engine, id: number): Move {
  const touches = new Map<string, boolean>();
  const operation = engine.pendingOf(id);
  if (operation !== undefined) {
    for (const [object, writes] of accessesOf(operation)) touches.set(nameOf(object), writes);
  }
  return { thread: engine.nameOfThread(id), touches };
}

function depend(one: Move, other: Move): boolean {
  if (one.thread === other.thread) return true;
  return [...one.touches].some(
    ([object, writes]) => other.touches.has(object) && (writes || other.touches.get(object)),
  );
}
