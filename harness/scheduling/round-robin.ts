/**
 * Threads in turn. The n-th execution gives each thread n steps at a time, so that a few
 * executions show a program under coarse and fine turns; one quantum is fair and deterministic.
 */
import type { Engine } from '../runtime/engine.ts';
import type { Strategy } from './strategy.ts';

export class RoundRobin implements Strategy {
  readonly complete = false;
  readonly blocked = 0;
  private quantum = 0;
  private used = 0;

  begin(): boolean {
    this.quantum += 1;
    this.used = 0;
    return true;
  }

  pick(engine: Engine): number {
    if (this.used < this.quantum && isEnabled(engine, engine.last)) {
      this.used += 1;
      return engine.last;
    }
    this.used = 1;
    return nextInTurn(engine);
  }

  end(): void {}
}

/** The first enabled thread after the one that ran last, going round. */
export function nextInTurn(engine: Engine): number {
  for (let i = 0; i < engine.enabledCount; i += 1) {
    const id = engine.enabled[i] as number;
    if (id > engine.last) return id;
  }
  return engine.enabled[0] as number;
}

/** Whether thread `id` is among those that can take the next step. */
export function isEnabled(engine: Engine, id: number): boolean {
  for (let i = 0; i < engine.enabledCount; i += 1) if (engine.enabled[i] === id) return true;
  return false;
}
