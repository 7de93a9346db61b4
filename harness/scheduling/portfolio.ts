/**
 * Several strategies by turns: no single one finds every bug fastest. Two walks in six are partial order
 * sampling, three are PCT with depths 1, 2 and 3, one is the random walk.
 */
import type { Engine } from '../runtime/engine.ts';
import { Pct } from './pct.ts';
import { PartialOrderSampling } from './pos.ts';
import { RandomWalk } from './random-walk.ts';
import type { Strategy } from './strategy.ts';

export class Portfolio implements Strategy {
  readonly complete = false;
  readonly blocked = 0;
  private readonly members: readonly Strategy[];
  private turn = -1;

  constructor(seed: number) {
    const sampling = new PartialOrderSampling(seed);
    this.members = [
      new RandomWalk(seed),
      sampling,
      new Pct(seed, 2),
      sampling,
      new Pct(seed, 3),
      new Pct(seed, 1),
    ];
  }

  private get present(): Strategy {
    return this.members[this.turn % this.members.length] as Strategy;
  }

  begin(): boolean {
    this.turn += 1;
    return this.present.begin();
  }

  pick(engine: Engine): number {
    return this.present.pick(engine);
  }

  end(engine: Engine): void {
    this.present.end(engine);
  }
}
