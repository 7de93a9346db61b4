/**
 * Reads the histories that Porcupine (github.com/anishathalye/porcupine) is tested with, from a copy of its `test_data`
 * folder: logs that Jepsen made of etcd, one register each, and key-value histories of 1, 10 and 50 clients. Nothing of
 * the data is kept here; the verdicts are those that Porcupine's own tests expect.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryEvent, KeyValueCall, RegisterCall, Value } from '../../index.ts';

export interface NamedHistory<C> {
  readonly name: string;
  readonly history: HistoryEvent<C, Value>[];
  readonly isLinearizable: boolean;
}

/** Of the logs `etcd_000` to `etcd_102` these can be explained. In 95 the cluster did not start: the log is empty. */
const EXPLICABLE: ReadonlySet<number> = new Set([
  2, 5, 7, 18, 25, 31, 38, 45, 48, 49, 51, 53, 56, 67, 75, 76, 80, 87, 92, 98, 100, 101, 102,
]);
const EMPTY = 95;

export function readEtcdLogs(folder: string): NamedHistory<RegisterCall>[] {
  const files = readdirSync(join(folder, 'jepsen')).filter((name) => name.endsWith('.log'));
  return files.toSorted().flatMap((name) => {
    const number = Number(/\d+/.exec(name)?.[0]);
    if (number === EMPTY) return [];
    const history = parseEtcdLog(readFileSync(join(folder, 'jepsen', name), 'utf8'));
    return [{ name, history, isLinearizable: EXPLICABLE.has(number) }];
  });
}

export function readStoreHistories(folder: string): NamedHistory<KeyValueCall>[] {
  const files = readdirSync(join(folder, 'kv')).filter((name) => name.endsWith('.txt'));
  return files.toSorted().map((name) => ({
    name,
    history: parseStoreHistory(readFileSync(join(folder, 'kv', name), 'utf8')),
    isLinearizable: name.includes('ok'),
  }));
}

/** Pairs what each process says into calls with ids. */
class Recorder<C> {
  readonly history: HistoryEvent<C, Value>[] = [];
  readonly #open = new Map<number, number>();
  #idNext = 0;

  invoke(process: number, call: C): void {
    this.#open.set(process, this.#idNext);
    this.history.push({ kind: 'invoke', id: this.#idNext, process, call });
    this.#idNext += 1;
  }

  complete(process: number, reply: Value): void {
    const id = this.#open.get(process);
    if (id === undefined) throw new Error(`Process ${process} returns without a call.`);
    this.#open.delete(process);
    this.history.push({ kind: 'return', id, process, reply });
  }

  /** The call never happened. */
  withdraw(process: number): void {
    const id = this.#open.get(process);
    this.#open.delete(process);
    const place = this.history.findIndex((event) => event.id === id);
    if (place >= 0) this.history.splice(place, 1);
  }
}

/** Lines like `INFO  jepsen.util - 4 :invoke :cas [2 4]`; `:info` leaves a call open for ever. */
function parseEtcdLog(text: string): HistoryEvent<RegisterCall, Value>[] {
  const recorder = new Recorder<RegisterCall>();
  const line = /^INFO\s+jepsen\.util\s+-\s+(\d+)\s+:(invoke|ok|fail)\s+:(read|write|cas)\s+(.+)$/gm;
  for (const [, who, kind, what, argument = ''] of text.matchAll(line)) {
    const process = Number(who);
    const [first = 0, second = 0] = (argument.match(/\d+/g) ?? []).map(Number);
    if (kind !== 'invoke') {
      // A read that timed out tells nothing; the process goes on.
      if (argument.startsWith(':timed-out')) recorder.withdraw(process);
      else if (what === 'read') recorder.complete(process, argument === 'nil' ? null : first);
      else recorder.complete(process, what === 'cas' ? kind === 'ok' : null);
    } else if (what === 'read') recorder.invoke(process, { kind: 'read' });
    else if (what === 'write') recorder.invoke(process, { kind: 'write', value: first });
    else recorder.invoke(process, { kind: 'compare-and-set', expected: first, value: second });
  }
  return recorder.history;
}

/** Lines like `{:process 9, :type :invoke, :f :append, :key "0", :value "x 9 0 y"}`. */
function parseStoreHistory(text: string): HistoryEvent<KeyValueCall, Value>[] {
  const recorder = new Recorder<KeyValueCall>();
  const line =
    /^\{:process (\d+), :type :(invoke|ok), :f :(get|put|append), :key "(.*)", :value (?:nil|"(.*)")\}$/gm;
  for (const [, who, type, what, key = '', value = ''] of text.matchAll(line)) {
    const process = Number(who);
    if (type === 'ok') recorder.complete(process, what === 'get' ? value : null);
    else if (what === 'get') recorder.invoke(process, { kind: 'get', key });
    else recorder.invoke(process, { kind: what === 'put' ? 'put' : 'append', key, value });
  }
  return recorder.history;
}
