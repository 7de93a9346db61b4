/**
 * Depth-first search over the schedules with at most so many context switches, forced ones included, and threads.
 * With the bound rising from zero, the first failure found has the fewest switches possible.
 */
import type { Engine } from '../runtime/engine.ts';
import { isEnabled } from '../scheduling/round-robin.ts';
import { ABANDON, type Strategy } from '../scheduling/strategy.ts';

interface Choice {
  readonly candidates: number[];
  tried: number;
  /** Threads that have taken a step on the path up to here. */
  readonly threads: ReadonlySet<number>;
  /** Switches on the path up to here. */
  switches: number;
  continues: boolean;
}

export class SwitchBounded implements Strategy {
  complete = false;
  blocked = 0;
  /** Executions longer than this are given up. */
  stepsMax: number = Infinity;
  /** The most threads to take steps in one execution. */
  threadsMax: number = Infinity;
  private readonly bound: number;
  private readonly path: Choice[] = [];
  private depth = 0;
  private started = false;

  constructor(bound: number) {
    this.bound = bound;
  }

  begin(): boolean {
    this.depth = 0;
    if (!this.started) {
      this.started = true;
      return true;
    }
    for (;;) {
      const choice = this.path.at(-1);
      if (choice === undefined) break;
      choice.tried += 1;
      const affordable = !choice.continues || choice.switches < this.bound;
      if (choice.tried < choice.candidates.length && affordable) return true;
      this.path.pop();
    }
    this.complete = true;
    return false;
  }

  pick(engine: Engine): number {
    if (this.depth === this.path.length && !this.extend(engine)) {
      this.blocked += 1;
      return ABANDON;
    }
    const choice = this.path[this.depth] as Choice;
    this.depth += 1;
    return choice.candidates[choice.tried] as number;
  }

  end(): void {}

  private extend(engine: Engine): boolean {
    if (engine.steps >= this.stepsMax) return false;
    const last = engine.last;
    const continues = last < 0 || isEnabled(engine, last);
    const previous = this.path.at(-1);
    const switches = previous === undefined ? 0 : previous.switches + (isSwitch(previous) ? 1 : 0);
    if (!continues && switches >= this.bound) return false;
    const threads = previous === undefined ? NOBODY_YET : withChosen(previous);
    const candidates: number[] = [];
    if (last >= 0 && continues) candidates.push(last);
    for (let i = 0; i < engine.enabledCount; i += 1) {
      const id = engine.enabled[i] as number;
      if (id === last) continue;
      if (threads.size < this.threadsMax || threads.has(id)) candidates.push(id);
    }
    if (candidates.length === 0) return false;
    this.path.push({ candidates, tried: 0, threads, switches, continues: last >= 0 && continues });
    // The first step of all is no switch: its choice is paid for by nobody.
    if (last < 0) (this.path[0] as Choice).switches = -1;
    return true;
  }
}

const NOBODY_YET: ReadonlySet<number> = new Set();

function withChosen({ threads, candidates, tried }: Choice): ReadonlySet<number> {
  const chosen = candidates[tried] as number;
  return threads.has(chosen) ? threads : new Set([...threads, chosen]);
}

function isSwitch(choice: Choice): boolean {
  return choice.switches < 0 || !choice.continues || choice.tried > 0;
}
