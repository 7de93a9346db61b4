/**
 * Working in a table with its lock held. A body that is hindered by a lock of some client begins anew when one has
 * been given up; as it had changed nothing, the whole still takes effect in one moment.
 */
import type { Task } from '../../../harness/index.ts';
import { Hindrance, Refusal } from './refusal.ts';
import type { RoutingTable } from './routing-table.ts';

export type Access = 'read' | 'write';

export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly status: number };

type Attempt<T> = Outcome<T> | { readonly kind: 'hindered' };

export function* inTable<T>(
  table: RoutingTable,
  access: Access,
  body: () => Task<T>,
): Task<Outcome<T>> {
  for (;;) {
    yield* access === 'write' ? openToWrite(table) : openToRead(table);
    const attempt = yield* attemptOf(body);
    const isHindered = attempt.kind === 'hindered';
    const seen = isHindered ? yield* table.unlocks.load() : 0;
    yield* access === 'write' ? closeWritten(table) : table.lock.unlockRead();
    if (!isHindered) return attempt;
    yield* table.unlocks.waitUntil((count) => count !== seen);
  }
}

function* attemptOf<T>(body: () => Task<T>): Task<Attempt<T>> {
  try {
    return { kind: 'done', value: yield* body() };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', status: error.status };
    if (error instanceof Hindrance) return { kind: 'hindered' };
    throw error;
  }
}

function* openToRead(table: RoutingTable): Task {
  yield* table.lock.lockRead();
  yield* table.guarded.read();
}

function* openToWrite(table: RoutingTable): Task {
  yield* table.lock.lockWrite();
  yield* table.guarded.write(undefined);
}

/** Sees to what the writer leaves to be done: memory, those it has hindered, and the worker. */
function* closeWritten(table: RoutingTable): Task {
  const { garbage, rt } = table;
  for (let block = garbage.pop(); block !== undefined; block = garbage.pop()) {
    yield* rt.heap.free(block);
  }
  if (table.unlocked) {
    table.unlocked = false;
    for (const destination of table.postponed.splice(0)) table.remind(rt.now(), destination);
    yield* table.unlocks.fetchAdd(1);
  }
  const { isCalling } = table;
  table.isCalling = false;
  yield* table.lock.unlockWrite();
  if (isCalling) yield* table.callWorker();
}
