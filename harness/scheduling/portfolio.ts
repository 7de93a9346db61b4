/**
 * Several strategies by rounds: no single one finds every bug fastest. In each round every member has one
 * execution: the random walk, partial order sampling, the selectively uniform random walk, and PCT with depths
 * 3, 2 and 1.
 *
 * The first execution is the random walk's, from which PCT learns how long executions are. Bugs that have not shown
 * after a few rounds are rare ones: from then on reads-from feedback takes part, and members whose executions show
 * something new, a set of reads-from pairs not seen before, have up to half of all executions more than the others
 * (`shares.ts`). Each keeps half of an even share, so that a bound such as PCT's stands for half as many of its own.
 */
import type { StrategyName, StrategyStatistics } from '../exploration/types.ts';
import type { Engine } from '../runtime/engine.ts';
import { Counters } from './counters.ts';
import { Pct } from './pct.ts';
import { PartialOrderSampling } from './pos.ts';
import { RandomWalk } from './random-walk.ts';
import { ReadsFrom } from './reads-from.ts';
import { ReadsFromFuzzing } from './rff.ts';
import { Shares } from './shares.ts';
import type { Strategy } from './strategy.ts';
import { UniformRandomWalk } from './surw.ts';
import { Tally } from './tally.ts';

const PCT_DEPTHS: readonly number[] = [3, 2, 1];
/** Most bugs show within these, which cost nothing beside the executions. */
const EVEN_ROUNDS = 8;
/** Looking at every fourth execution of each member tells their shares as well, at a quarter of the cost. */
const LOOK_EVERY = 4;
const SIGNATURES_SIZE_MAX = 2 ** 17;

interface Member {
  readonly strategy: Strategy;
  readonly tally: Tally;
}

/** What a long campaign has besides. */
interface Campaign {
  readonly readsFrom: ReadsFrom;
  readonly signatures: Counters;
  readonly shares: Shares;
  readonly fuzzing: Strategy;
}

export class Portfolio implements Strategy {
  readonly complete = false;
  readonly blocked = 0;
  private readonly seed: number;
  private readonly members: Member[];
  private readonly pcts: readonly Pct[];
  private executions = 0;
  private turn = 0;
  private campaign: Campaign | undefined = undefined;
  /** Whether the present execution counts for the shares, and whether it is for us to look at it. */
  private isWatched = false;
  private looksOn = false;

  constructor(seed: number) {
    this.seed = seed;
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
    const { members } = this;
    if (this.executions >= EVEN_ROUNDS * members.length) this.campaign ??= this.startCampaign();
    const { campaign } = this;
    this.turn = campaign === undefined ? this.executions % members.length : campaign.shares.next();
    this.executions += 1;
    const { strategy, tally } = this.present;
    this.isWatched = campaign !== undefined && tally.executions % LOOK_EVERY === 0;
    // Reads-from feedback looks at its executions itself.
    this.looksOn = this.isWatched && campaign?.fuzzing !== strategy;
    if (this.looksOn) campaign?.readsFrom.begin();
    return strategy.begin();
  }

  pick(engine: Engine): number {
    const id = this.present.strategy.pick(engine);
    if (this.looksOn) this.campaign?.readsFrom.record(engine, id);
    return id;
  }

  end(engine: Engine): void {
    const { strategy, tally } = this.present;
    tally.add(engine);
    strategy.end(engine);
    for (const pct of this.pcts) pct.measure(engine);
    if (this.campaign === undefined || !this.isWatched) return;
    const { readsFrom, signatures, shares } = this.campaign;
    shares.reward(this.turn, signatures.increment(readsFrom.signature) === 0);
  }

  private get present(): Member {
    return this.members[this.turn] as Member;
  }

  private startCampaign(): Campaign {
    const readsFrom = new ReadsFrom();
    const fuzzing = new ReadsFromFuzzing(seedOf(this.seed, 7), readsFrom);
    this.members.push(member('rff', fuzzing));
    const signatures = new Counters(SIGNATURES_SIZE_MAX);
    return { readsFrom, fuzzing, signatures, shares: new Shares(this.members.length) };
  }
}

function member(name: StrategyName, strategy: Strategy, depth?: number): Member {
  return { strategy, tally: new Tally(name, depth) };
}

/** Members must not draw the same numbers: what one of them misses the next one should have a fresh chance of. */
function seedOf(seed: number, member: number): number {
  return (seed ^ Math.imul(member, 0x9e3779b9)) >>> 0;
}
