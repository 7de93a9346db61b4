/**
 * A thread drawn evenly from those that can run, at every step. Simple, and biased: long threads start
 * early and short ones late, so it is not a uniform choice of interleavings.
 */
import type { Engine } from '../runtime/engine.ts';
import { RandomSource } from './random-source.ts';
import type { Strategy } from './strategy.ts';

export class RandomWalk implements Strategy {
  readonly complete = false;
  readonly blocked = 0;
  private readonly random: RandomSource;
  private readonly seed: number;
  private execution = 0;

  constructor(seed: number) {
    this.seed = seed;
    this.random = new RandomSource(seed);
  }

  begin(): boolean {
    this.random.reseed(this.seed, this.execution);
    this.execution += 1;
    return true;
  }

  pick(engine: Engine): number {
    const count = engine.enabledCount;
    return engine.enabled[count === 1 ? 0 : this.random.below(count)] as number;
  }

  end(): void {}
}
