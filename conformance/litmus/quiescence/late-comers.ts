/**
 * What the protocol of the notes does not say: when the memory of the entity may go. Its state word is
 * the first thing that every call touches, also the call that comes too late.
 */
import type { Atomic, Mutex, Runtime, Task } from '../../../harness/index.ts';
import type { AlgorithmLitmus } from '../litmus.ts';
import { addToState, cleanUp, deregister, type Entity, newEntity, operate } from './entity.ts';

const rules = ['RTM-DEREG-003', 'RTM-SAFE-004'] as const;

export const lateClient: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/quiescence/late-client',
  title: 'A late operation counts itself into freed memory',
  about:
    'Deregistration frees the entity once the operations have drained. A client that read its handle ' +
    'before, and comes after, increments the state of an entity that is gone; one that came just in ' +
    'time to be turned away still has to take its count back. The exception handler of the notes helps ' +
    'only if the memory is unmapped by then, and not if it has another use.',
  rules,
  program: (rt) => {
    const entity = newEntity(rt, 'freed');
    rt.spawn('client', () => operate(rt, entity));
    rt.spawn('deregister', () => deregister(rt, entity));
  },
  expected: {
    verdict: 'fails',
    kind: 'use-after-free',
    defect: 'state word freed with the entity',
  },
};

export const lateDeregistration: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/quiescence/late-deregistration',
  title: 'A second deregistration takes its flag back from freed memory',
  about:
    'The same with two deregistrations: between the moment the second one adds its flag and the moment ' +
    'it takes it back the first one waits, but nothing keeps the second one from coming after the wait.',
  rules: [...rules, 'RTM-DEREG-006'],
  program: (rt) => {
    const entity = newEntity(rt, 'freed');
    rt.spawn('deregister 1', () => deregister(rt, entity));
    rt.spawn('deregister 2', () => deregister(rt, entity));
  },
  expected: {
    verdict: 'fails',
    kind: 'use-after-free',
    defect: 'state word freed with the entity',
  },
};

/** Handles are places in a table, and the way from handle to counted entity is one critical section. */
class HandleTable {
  private readonly rt: Runtime;
  private readonly lock: Mutex;
  private readonly place: Atomic<Entity | undefined>;

  constructor(rt: Runtime, entity: Entity) {
    this.rt = rt;
    this.lock = rt.mutex('table');
    this.place = rt.atomic<Entity | undefined>(entity, 'table[handle]');
  }

  *operate(): Task<boolean> {
    yield* this.lock.lock();
    const entity = yield* this.place.load();
    if (entity !== undefined) yield* addToState(this.rt, entity, 1);
    yield* this.lock.unlock();
    if (entity === undefined) return false;
    yield* this.rt.heap.access(entity.routes);
    yield* addToState(this.rt, entity, -1);
    return true;
  }

  *deregister(): Task<boolean> {
    yield* this.lock.lock();
    const entity = yield* this.place.exchange(undefined);
    yield* this.lock.unlock();
    if (entity === undefined) return false;
    yield* entity.state.waitUntil((operations) => operations === 0);
    yield* cleanUp(this.rt, entity);
    return true;
  }
}

export const handleTable: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/quiescence/handle-table',
  title: 'Late comers find an empty place in a table',
  about:
    'The repair: a handle names a place in a table. Looking there and counting oneself in happen under ' +
    'one lock, and deregistration empties the place under the same lock. Nobody can count himself in ' +
    'any more, no flag is needed, and once the count is zero the entity may be freed.',
  rules: [...rules, 'RTM-DEREG-006', 'RTM-DEREG-010'],
  program: (rt: Runtime) => {
    const table = new HandleTable(rt, newEntity(rt, 'freed'));
    let successes = 0;
    rt.spawn('client', () => table.operate());
    for (const name of ['deregister 1', 'deregister 2']) {
      rt.spawn(name, function* () {
        if (yield* table.deregister()) successes += 1;
      });
    }
    rt.finally(() => rt.assert(successes === 1, 'exactly one deregistration succeeds'));
  },
  expected: { verdict: 'holds' },
};
