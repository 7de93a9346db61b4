/** What has come from lanes: events, from the requests of the adapter too, and in which order they are seen. */
import type { LaneEvent } from './lane.ts';
import type { AdapterMethod, AdapterRequests, CallbackParams, MethodParams } from './messages.ts';

export interface Arrival {
  readonly lane: number;
  readonly event: LaneEvent;
}

/** The event that a request of the adapter is; `answer` is told what the client's code returns. */
export function requestEvent<M extends AdapterMethod>(
  method: M,
  params: AdapterRequests[M]['params'],
  answer: (result: unknown) => void,
): LaneEvent {
  // By the method, which TypeScript does not follow.
  if (method === 'event.method') {
    return { kind: 'method', params: params as MethodParams, answer };
  }
  return {
    kind: 'callback',
    params: params as CallbackParams,
    answer: (status) => {
      answer({ status });
    },
  };
}

/** What any request is answered with when nobody is there any more to be called. */
export const LATE_ANSWER: {
  readonly status: number;
  readonly MethodStatus: number;
  readonly OutputData: readonly number[];
} = { status: 0, MethodStatus: 0, OutputData: [] };

/**
 * Events of one moment in an order that depends on nothing but themselves. Callbacks come first: one that
 * begins before a call returns may be told after it, and must not be taken for one that came too late.
 */
export function inOrder(arrived: readonly Arrival[]): Arrival[] {
  const rank = ({ event }: Arrival): number =>
    event.kind === 'callback' || event.kind === 'method' ? 0 : 1;
  return arrived.toSorted((a, b) => rank(a) - rank(b) || a.lane - b.lane);
}
