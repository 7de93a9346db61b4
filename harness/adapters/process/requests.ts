/** The requests of one session, counted while they are open. */
import type { ParamsOf, ResultOf, RunnerMethod } from './messages.ts';
import type { AdapterLink } from './types.ts';

export class Requests {
  /** Those that have not been answered. */
  open = 0;
  private readonly link: AdapterLink;

  constructor(link: AdapterLink) {
    this.link = link;
  }

  async ask<M extends RunnerMethod>(method: M, params: ParamsOf<M>): Promise<ResultOf<M>> {
    this.open += 1;
    try {
      return await this.link.request(method, params);
    } finally {
      this.open -= 1;
    }
  }
}
