/**
 * Depth-first search with bound 0, then 1, then 2, and so on, so that the first failure found is one of those
 * that cost least: Musuvathi and Qadeer, "Iterative context bounding for systematic testing of multithreaded programs" (PLDI 2007).
 *
 * A search with the next bound comes by the executions of those before again, for only they show where more
 * can be spent. Remembering those places instead, as the paper does, takes memory for each execution; running
 * them again takes time that is small beside that of the next bound, and they are told apart by `isRepeat`.
 */
import type { Engine } from '../runtime/engine.ts';
import { DepthFirst } from './depth-first.ts';
import type { ScheduleBound } from './schedule-bound.ts';
import type { Strategy } from './strategy.ts';

export class IterativeDeepening implements Strategy {
  complete = false;
  readonly blocked = 0;
  isRepeat = false;
  private readonly bounded: (limit: number) => ScheduleBound;
  private readonly limitMax: number;
  private limit = 0;
  private search: DepthFirst;

  /** Goes on to bound `limitMax`, or until a bound has cut nothing off. */
  constructor(bounded: (limit: number) => ScheduleBound, limitMax: number) {
    this.bounded = bounded;
    this.limitMax = limitMax;
    this.search = new DepthFirst(bounded(0));
  }

  begin(): boolean {
    while (!this.search.begin()) {
      if (!this.search.hasCut || this.limit >= this.limitMax) {
        this.complete = true;
        return false;
      }
      this.limit += 1;
      this.search = new DepthFirst(this.bounded(this.limit));
    }
    return true;
  }

  pick(engine: Engine): number {
    return this.search.pick(engine);
  }

  end(): void {
    this.search.end();
    this.isRepeat = this.search.spent < this.limit;
  }
}
