/**
 * `npm run bench -- linearizability [<Porcupine's test_data>]`: verdict, configurations and time as histories grow to
 * 2,000 calls by 50 processes, good ones and ones in which two reads have swapped their replies; of stores and
 * registers, with the models of the library and with bare ones that tell nothing but `step`. Given a copy of Porcupine's
 * test data, each of its histories is judged too, and held against the verdict its own tests expect.
 *
 * Deciding a register is NP-complete when values repeat (Gibbons and Korach, 1997), so some of these histories end
 * `unknown` however clever the search; with values that tell their writers it is not, and all are decided.
 */
import { performance } from 'node:perf_hooks';
import {
  checkLinearizability,
  type HistoryEvent,
  keyValueModel,
  type KeyValueCall,
  monotonicMs,
  type RegisterCall,
  registerModel,
  type SequentialModel,
  type Value,
} from '../../index.ts';
import { grouped, printTable } from '../table.ts';
import { overlappingHistory, swapTwoReads } from './histories.ts';
import { readEtcdLogs, readStoreHistories } from './porcupine-data.ts';

const CALLS = [10, 100, 500, 1_000, 2_000];
const PROCESSES = [5, 10, 25, 50];
const TIME_MS = 5_000;
const SEED = 7;

export async function linearizability(args: readonly string[]): Promise<void> {
  const [folder] = args;
  if (folder !== undefined && !folder.startsWith('--')) judgePorcupineData(folder);
  for (const subject of SUBJECTS) {
    console.log(`\n${subject.name}`);
    const rows: string[][] = [];
    for (const processes of PROCESSES) {
      for (const calls of CALLS) {
        if (calls >= processes) rows.push(subject.row(calls, processes));
      }
    }
    printTable(
      [
        'processes',
        'calls',
        'verdict',
        'configurations',
        'ms',
        'MB',
        'swapped',
        'configurations',
        'ms',
        'MB',
      ],
      rows,
    );
  }
}

interface Subject {
  readonly name: string;
  row(calls: number, processes: number): string[];
}

type Reads = { readonly kind: string; readonly key?: string };

function subject<S, C extends Reads>(
  name: string,
  model: SequentialModel<S, C, Value>,
  { initial, callOf, effect }: Pick<Object<S, C>, 'initial' | 'callOf' | 'effect'>,
): Subject {
  return {
    name,
    row(calls, processes) {
      const history = overlappingHistory({ calls, processes, seed: SEED, initial, callOf, effect });
      const good = judge(model, history);
      const swapped = judge(model, swapTwoReads(history, SEED));
      return [processes.toString(), grouped(calls), ...good, ...swapped];
    },
  };
}

type Object<S, C> = Parameters<typeof overlappingHistory<S, C>>[0];

function judge<S, C>(
  model: SequentialModel<S, C, Value>,
  history: readonly HistoryEvent<C, Value>[],
): string[] {
  const { verdict, configurations, elapsedMs, peakBytes } = checkLinearizability(model, history, {
    clock: monotonicMs,
    timeMs: TIME_MS,
  });
  return [verdict, grouped(configurations), elapsedMs.toFixed(1), (peakBytes / 1e6).toFixed(1)];
}

const registerEffect = (state: Value, call: RegisterCall): { state: Value; reply: Value } => {
  switch (call.kind) {
    case 'read':
      return { state, reply: state };
    case 'write':
      return { state: call.value, reply: null };
    case 'compare-and-set':
      return state === call.expected ? { state: call.value, reply: true } : { state, reply: false };
  }
};

type Store = ReadonlyMap<string, Value>;

const storeEffect = (state: Store, call: KeyValueCall): { state: Store; reply: Value } => {
  const before = state.get(call.key) ?? '';
  switch (call.kind) {
    case 'get':
      return { state, reply: before };
    case 'put':
      return { state: new Map(state).set(call.key, call.value), reply: null };
    case 'append':
      return { state: new Map(state).set(call.key, `${before}${call.value}`), reply: null };
    case 'delete':
      return { state: new Map([...state].filter(([key]) => key !== call.key)), reply: null };
  }
};

/** A model without what is optional: what any user's model is like at first. */
function bare<S, C>(model: SequentialModel<S, C, Value>): SequentialModel<S, C, Value> {
  const { key, partition } = {
    key: model.key?.bind(model),
    partition: model.partition?.bind(model),
  };
  return {
    initial: () => model.initial(),
    step: (state, call, reply) => model.step(state, call, reply),
    ...(key === undefined ? {} : { key }),
    ...(partition === undefined ? {} : { partition }),
  };
}

const register = { initial: 0 as Value, effect: registerEffect };
const differentValues = {
  ...register,
  callOf: (choice: number, index: number): RegisterCall =>
    choice % 2 === 0 ? { kind: 'read' } : { kind: 'write', value: index + 1 },
};
const fewValues = {
  ...register,
  callOf: (choice: number): RegisterCall => {
    const [value, expected] = [(choice >>> 2) % 5, (choice >>> 6) % 5];
    if (choice % 3 === 0) return { kind: 'read' };
    return choice % 3 === 1
      ? { kind: 'write', value }
      : { kind: 'compare-and-set', expected, value };
  },
};
const store = (keys: number, appends: boolean) => ({
  initial: new Map() as Store,
  effect: storeEffect,
  callOf: (choice: number, index: number): KeyValueCall => {
    const key = `k${(choice >>> 8) % keys}`;
    if (choice % 2 === 0) return { kind: 'get', key };
    return {
      kind: appends && (choice >>> 1) % 3 > 0 ? 'append' : 'put',
      key,
      value: `x ${index} y`,
    };
  },
});

const SUBJECTS: readonly Subject[] = [
  subject('register, values all different', registerModel(0), differentValues),
  subject('the same, model bare', bare(registerModel(0)), differentValues),
  subject('register of five values, with compare-and-set', registerModel(0), fewValues),
  subject('store of ten keys: put, get', bare(keyValueModel('')), store(10, false)),
  subject('store of ten keys: put, append, get', keyValueModel(''), store(10, true)),
  subject('the same, model bare', bare(keyValueModel('')), store(10, true)),
];

function judgePorcupineData(folder: string): void {
  const rows: string[][] = [];
  let wrong = 0;
  const take = <S, C>(
    model: SequentialModel<S, C, Value>,
    name: string,
    history: readonly HistoryEvent<C, Value>[],
    isLinearizable: boolean,
  ): number => {
    const start = performance.now();
    const { verdict, configurations } = checkLinearizability(model, history);
    const ms = performance.now() - start;
    if (verdict !== (isLinearizable ? 'linearizable' : 'violation')) wrong += 1;
    if (ms >= 1) rows.push([name, verdict, grouped(configurations), ms.toFixed(1)]);
    return ms;
  };
  let total = 0;
  const logs = readEtcdLogs(folder);
  for (const { name, history, isLinearizable } of logs) {
    total += take(registerModel(null), name, history, isLinearizable);
  }
  const stores = readStoreHistories(folder);
  for (const { name, history, isLinearizable } of stores) {
    total += take(keyValueModel(''), name, history, isLinearizable);
  }
  console.log(
    `Porcupine's data: ${logs.length + stores.length} histories, ${wrong} verdicts wrong,`,
  );
  console.log(`${total.toFixed(0)} ms in all; those that took a millisecond or more:`);
  printTable(['history', 'verdict', 'configurations', 'ms'], rows);
}
