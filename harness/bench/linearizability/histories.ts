/**
 * Histories as real clients make them: each process calls, waits for its effect, waits for its return, and pauses, all for
 * random times. Right by construction, because each effect happens at one moment; or wrong, as a rule, by one swap.
 */
import { type HistoryEvent, RandomSource, type Value } from '../../index.ts';

export interface Overlapping<S, C> {
  readonly calls: number;
  readonly processes: number;
  readonly seed: number;
  readonly initial: S;
  readonly callOf: (choice: number, index: number) => C;
  readonly effect: (state: S, call: C) => { readonly state: S; readonly reply: Value };
}

const RANGE = 2 ** 20;
/** Of the time between two calls of a process, so much is spent outside of a call. */
const PAUSE_SHARE = 0.1;

interface Client<C> {
  readonly process: number;
  at: number;
  phase: 'invoke' | 'effect' | 'return';
  id: number;
  call: C | undefined;
  reply: Value;
}

export function overlappingHistory<S, C>({
  calls,
  processes,
  seed,
  initial,
  callOf,
  effect,
}: Overlapping<S, C>): HistoryEvent<C, Value>[] {
  const random = new RandomSource(seed);
  const wait = (): number => random.below(RANGE) + 1;
  const history: HistoryEvent<C, Value>[] = [];
  let clients = Array.from({ length: processes }, (_, process): Client<C> => {
    return { process, at: wait(), phase: 'invoke', id: -1, call: undefined, reply: null };
  });
  let state = initial;
  let started = 0;
  while (clients.length > 0) {
    const client = clients.reduce((first, other) => (other.at < first.at ? other : first));
    const { process, phase, call } = client;
    if (phase === 'invoke') {
      if (started === calls) {
        clients = clients.filter((other) => other !== client);
        continue;
      }
      client.call = callOf(random.below(RANGE), started);
      client.id = started;
      started += 1;
      history.push({ kind: 'invoke', id: client.id, process, call: client.call });
      client.phase = 'effect';
      client.at += wait();
    } else if (phase === 'effect' && call !== undefined) {
      const done = effect(state, call);
      state = done.state;
      client.reply = done.reply;
      client.phase = 'return';
      client.at += wait();
    } else {
      history.push({ kind: 'return', id: client.id, process, reply: client.reply });
      client.phase = 'invoke';
      client.at += wait() * PAUSE_SHARE;
    }
  }
  return history;
}

/** Two reads of the same key that replied differently swap what they replied. Rarely the result can be explained still. */
export function swapTwoReads<C extends { readonly kind: string; readonly key?: string }>(
  history: readonly HistoryEvent<C, Value>[],
  seed: number,
): HistoryEvent<C, Value>[] {
  const random = new RandomSource(seed);
  const keys = new Map<number, string>();
  for (const event of history) {
    if (event.kind !== 'invoke') continue;
    const { kind, key } = event.call;
    if (kind === 'get' || kind === 'read') keys.set(event.id, key ?? '');
  }
  const replies = history.filter((event) => event.kind === 'return' && keys.has(event.id));
  for (let tries = 0; replies.length > 0 && tries < 1_000; tries += 1) {
    const first = replies[random.below(replies.length)];
    const second = replies[random.below(replies.length)];
    if (first?.kind !== 'return' || second?.kind !== 'return') continue;
    if (keys.get(first.id) !== keys.get(second.id) || first.reply === second.reply) continue;
    return history.map((event) => {
      if (event === first) return { ...first, reply: second.reply };
      return event === second ? { ...second, reply: first.reply } : event;
    });
  }
  return [...history];
}
