/**
 * Who is next, when some are more worth their turns than others. Half of the turns are dealt out evenly, so that
 * nobody has fewer than half of an even share; the other half goes by how many of their recent turns were
 * rewarded. Turns are interleaved as evenly as the shares allow.
 */

/** Shares are worked out anew after so many turns, and what was before counts half. */
const PERIOD = 256;
/** Added to every rate of rewards, so that a single one does not count when hardly any turn is rewarded. */
const RATE_LEAST = 0.02;

export class Shares {
  private readonly turns: number[] = [];
  private readonly rewards: number[] = [];
  private readonly weights: number[] = [];
  private readonly claims: number[] = [];
  private taken = 0;

  constructor(count: number) {
    for (let i = 0; i < count; i += 1) {
      this.turns.push(0);
      this.rewards.push(0);
      this.weights.push(1);
      this.claims.push(0);
    }
  }

  /** The one with the largest claim; everybody else's grows meanwhile by their weight. */
  next(): number {
    if (this.taken === PERIOD) this.weigh();
    this.taken += 1;
    const { claims, weights } = this;
    let best = 0;
    let total = 0;
    for (let i = 0; i < claims.length; i += 1) {
      claims[i] = (claims[i] as number) + (weights[i] as number);
      total += weights[i] as number;
      if ((claims[i] as number) > (claims[best] as number)) best = i;
    }
    claims[best] = (claims[best] as number) - total;
    return best;
  }

  /** Tells whether a turn of `i` was worth it. */
  reward(i: number, isWorthIt: boolean): void {
    this.turns[i] = (this.turns[i] as number) + 1;
    if (isWorthIt) this.rewards[i] = (this.rewards[i] as number) + 1;
  }

  private weigh(): void {
    this.taken = 0;
    const { turns, rewards, weights } = this;
    const rateOf = (i: number): number =>
      RATE_LEAST + (rewards[i] as number) / Math.max(1, turns[i] as number);
    let sum = 0;
    for (let i = 0; i < turns.length; i += 1) sum += rateOf(i);
    for (let i = 0; i < turns.length; i += 1) {
      weights[i] = 1 + (turns.length * rateOf(i)) / sum;
      turns[i] = (turns[i] as number) / 2;
      rewards[i] = (rewards[i] as number) / 2;
    }
  }
}
