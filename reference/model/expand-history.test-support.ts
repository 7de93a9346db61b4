/** Histories of overlapping calls, and the plainest search there is for an order that explains one. */
import { statuses } from '../../spec/index.ts';
import type { Call, Reply } from './calls.ts';
import type { Context, Readings } from './context.ts';
import { createContext } from './context.ts';
import { infoOf, ok, register, registered, told } from './example-calls.ts';
import type { HistoryEvent, RecordedCall } from './expand-history.ts';
import { expandHistory } from './expand-history.ts';
import type { EntityInfo } from './calls.ts';
import { createModel } from './sequential-model.ts';

export type Recorded = HistoryEvent<RecordedCall, Reply>;

/** `call(1, c)` begins call 1; `back(1, r)` ends it. The process is that of the call's own id. */
export const call = (id: number, made: RecordedCall, process: number = id): Recorded => ({
  kind: 'invoke',
  id,
  process,
  call: made,
});
export const back = (id: number, reply: Reply, process: number = id): Recorded => ({
  kind: 'return',
  id,
  process,
  reply,
});
export const whole = (id: number, made: RecordedCall, reply: Reply): readonly Recorded[] => [
  call(id, made),
  back(id, reply),
];

function isExplained(
  history: readonly Recorded[],
  options: { readonly context?: Context; readonly quiescent?: boolean } = {},
): boolean {
  const context = options.context ?? createContext();
  const model = createModel(context);
  const events = expandHistory(history, { quiescent: true, ...options, context }).history;
  const replies = new Map<number, Reply>();
  for (const event of events) if (event.kind === 'return') replies.set(event.id, event.reply);
  const seen = new Set<string>();
  const search = (
    state: ReturnType<typeof model.initial>,
    at: number,
    open: ReadonlyMap<number, Call>,
    placed: ReadonlySet<number>,
  ): boolean => {
    const key = `${at} ${[...open.keys()].join()} ${model.key(state)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    const event = events[at];
    if (event === undefined) return true;
    if (event.kind === 'invoke') {
      if (search(state, at + 1, new Map([...open, [event.id, event.call]]), placed)) return true;
    } else if (placed.has(event.id)) {
      if (search(state, at + 1, open, placed)) return true;
    }
    for (const [id, made] of open) {
      const rest = new Map([...open].filter(([other]) => other !== id));
      for (const next of model.step(state, made, replies.get(id)))
        if (search(next, at, rest, new Set([...placed, id]))) return true;
    }
    return false;
  };
  return search(model.initial(), 0, new Map(), new Set());
}
interface Client {
  readonly callback: number;
  readonly handle: number;
  readonly info: EntityInfo;
}

export const a: EntityInfo = infoOf(1);
export const b: EntityInfo = infoOf(2);
export const c: EntityInfo = infoOf(3);
export const A: Client = { callback: 101, handle: 1, info: a };
export const B: Client = { callback: 102, handle: 2, info: b };
export const alreadyThere: Reply = { status: statuses.ERROR_ALREADY_EXISTS };

export const arriveA: readonly Recorded[] = whole(90, register(a, 101), registered(1));
export const arriveB: readonly Recorded[] = whole(91, register(b, 102), registered(2));
export const AtoldOfB: readonly Recorded[] = whole(92, told('of arrival', A, B), ok);
export const both: readonly Recorded[] = [...arriveA, ...arriveB, ...AtoldOfB];

export type Row = readonly [
  title: string,
  verdict: 'explained' | 'refused',
  history: readonly Recorded[],
  readings?: Partial<Readings>,
  profile?: 'notes',
];

export const meet = (...inner: readonly Recorded[]): readonly Recorded[] => [
  call(1, register(a, 101)),
  call(2, register(b, 102)),
  ...inner,
];
export const bothBack: readonly Recorded[] = [back(1, registered(1)), back(2, registered(2))];
/** `explained` if there is an order of the moments that the model permits, or else `refused`. */
export function verdictOf([, , history, readings = {}, profile]: Row): Row[1] {
  const context = createContext({ readings, profile: profile ?? 'documented' });
  return isExplained(history, { context }) ? 'explained' : 'refused';
}
