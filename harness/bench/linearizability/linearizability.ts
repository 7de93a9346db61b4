/**
 * `npm run bench -- linearizability`: verdict, configurations and time as histories grow to 2,000 calls by 50
 * processes: of a key-value store and of a register, good ones and ones with one reply broken late.
 */
import {
  checkLinearizability,
  type HistoryEvent,
  keyValueModel,
  type KeyValueCall,
  RandomSource,
  type RegisterCall,
  registerModel,
  type SequentialModel,
  type SimulatedHistory,
  simulateHistory,
  type Value,
} from '../../index.ts';
import { grouped, printTable } from '../table.ts';

const SIZES: readonly { readonly calls: number; readonly processes: number }[] = [
  { calls: 100, processes: 5 },
  { calls: 500, processes: 10 },
  { calls: 1_000, processes: 25 },
  { calls: 2_000, processes: 50 },
];
/** One register that fifty processes write at once is hard: without a hint the search gives up here. */
const CONFIGURATIONS_MAX = 1_000_000;
const SEED = 7;

export async function linearizability(): Promise<void> {
  const rows: string[][] = [];
  for (const size of SIZES) {
    const { history: store } = storeHistory(size);
    rows.push(row('key-value store', size, keyValueModel(''), store));
    rows.push(row('same, broken', size, keyValueModel(''), broken(store)));
    const { history: register, order } = registerHistory(size);
    rows.push(row('register', size, registerModel(0), register));
    rows.push(row('same, broken', size, registerModel(0), broken(register)));
    rows.push(row('same, order known', size, registerModel(0), register, order));
  }
  printTable(
    ['history', 'calls', 'processes', 'verdict', 'configurations', 'ms', 'KiB at most'],
    rows,
  );
}

type Size = (typeof SIZES)[number];

function row<S, C>(
  name: string,
  size: Size,
  model: SequentialModel<S, C, Value>,
  history: readonly HistoryEvent<C, Value>[],
  preferredOrder: readonly number[] = [],
): string[] {
  const start = performance.now();
  const { verdict, configurations, peakBytes } = checkLinearizability(model, [...history], {
    configurations: CONFIGURATIONS_MAX,
    preferredOrder,
  });
  const ms = performance.now() - start;
  return [
    name,
    grouped(size.calls),
    size.processes.toString(),
    verdict,
    grouped(configurations),
    ms.toFixed(1),
    grouped(Math.round(peakBytes / 1_024)),
  ];
}

function storeHistory(size: Size): SimulatedHistory<KeyValueCall, Value> {
  const random = new RandomSource(SEED);
  const call = (index: number): KeyValueCall => {
    const key = `key${random.below(10)}`;
    if (random.below(2) === 0) return { kind: 'get', key };
    return { kind: random.below(2) === 0 ? 'put' : 'append', key, value: `${index};` };
  };
  return simulated<KeyValueCall, ReadonlyMap<string, string>>(size, random, call, {
    initial: new Map(),
    effect(state, call) {
      const before = state.get(call.key) ?? '';
      if (call.kind === 'get') return { state, reply: before };
      const after = new Map(state);
      if (call.kind === 'put') after.set(call.key, call.value as string);
      if (call.kind === 'append') after.set(call.key, before + call.value);
      return { state: after, reply: null };
    },
  });
}

function registerHistory(size: Size): SimulatedHistory<RegisterCall, Value> {
  const random = new RandomSource(SEED);
  const call = (index: number): RegisterCall =>
    random.below(2) === 0 ? { kind: 'read' } : { kind: 'write', value: index };
  return simulated<RegisterCall, Value>(size, random, call, {
    initial: 0,
    effect: (state, call) =>
      call.kind === 'write' ? { state: call.value, reply: null } : { state, reply: state },
  });
}

function simulated<C, S>(
  { calls, processes }: Size,
  random: RandomSource,
  callOf: (index: number) => C,
  object: {
    readonly initial: S;
    readonly effect: (state: S, call: C) => { readonly state: S; readonly reply: Value };
  },
): SimulatedHistory<C, Value> {
  const all = Array.from({ length: calls }, (_, index) => callOf(index + 1));
  const programs = Array.from({ length: processes }, (_, process) =>
    all.filter((_call, index) => index % processes === process),
  );
  const schedule = Array.from({ length: 3 * calls }, () => random.below(2 ** 30));
  return simulateHistory({ ...object, programs, schedule });
}

/** The last read but a few replies what nobody has written. */
function broken<C extends { readonly kind: string }>(
  history: readonly HistoryEvent<C, Value>[],
): HistoryEvent<C, Value>[] {
  const reads = new Set<number>();
  for (const event of history) {
    if (event.kind === 'invoke' && (event.call.kind === 'get' || event.call.kind === 'read')) {
      reads.add(event.id);
    }
  }
  const replies = history.filter((event) => event.kind === 'return' && reads.has(event.id));
  const last = replies.at(-5);
  return history.map((event) =>
    event === last && event.kind === 'return' ? { ...event, reply: 'never written' } : event,
  );
}
