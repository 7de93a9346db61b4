/**
 * Several strategies by rounds: no single one finds every bug fastest. In each round every member has one
 * execution: the random walk, partial order sampling, the selectively uniform random walk, and PCT with depths
 * 3, 2 and 1.
 *
 * The first execution is the random walk's, from which PCT learns how long executions are.
 */
import type { StrategyName, StrategyStatistics } from '../exploration/types.ts';
import type { Engine } from '../runtime/engine.ts';
import { Pct } from './pct.ts';
import { PartialOrderSampling } from './pos.ts';
import { RandomWalk } from './random-walk.ts';
import type { Strategy } from './strategy.ts';
import { UniformRandomWalk } from './surw.ts';
import { Tally } from './tally.ts';

const PCT_DEPTHS: readonly number[] = [3, 2, 1];

interface Member {
  readonly strategy: Strategy;
  readonly tally: Tally;
}

export class Portfolio implements Strategy {
  readonly complete = false;
  readonly blocked = 0;
  private readonly members: readonly Member[];
  private readonly pcts: readonly Pct[];
  private turn = -1;

  constructor(seed: number) {
    this.pcts = PCT_DEPTHS.map((depth) => new Pct(seedOf(seed, depth), depth));
    this.members = [
      member('random', new RandomWalk(seedOf(seed, 4))),
      member('pos', new PartialOrderSampling(seedOf(seed, 5))),
      member('surw', new UniformRandomWalk(seedOf(seed, 6), { selective: true })),
      ...this.pcts.map((pct) => member('pct', pct, pct.depth)),
    ];
  }

  get statistics(): readonly StrategyStatistics[] {
    return this.members.map(({ tally }) => tally.statistics);
  }

  begin(): boolean {
    this.turn = (this.turn + 1) % this.members.length;
    return this.present.strategy.begin();
  }

  pick(engine: Engine): number {
    return this.present.strategy.pick(engine);
  }

  end(engine: Engine): void {
    const { strategy, tally } = this.present;
    tally.add(engine);
    strategy.end(engine);
    for (const pct of this.pcts) pct.measure(engine);
  }

  private get present(): Member {
    return this.members[this.turn] as Member;
  }
}

function member(name: StrategyName, strategy: Strategy, depth?: number): Member {
  return { strategy, tally: new Tally(name, depth) };
}

/** Members must not draw the same numbers: what one of them misses the next one should have a fresh chance of. */
function seedOf(seed: number, member: number): number {
  return (seed ^ Math.imul(member, 0x9e3779b9)) >>> 0;
}
