/** Reference counts: the last release against somebody who has just found the object. */
import type { Atomic, Block, Mutex, Runtime, Task } from '../../../harness/index.ts';
import type { AlgorithmLitmus } from '../litmus.ts';

interface Counted {
  readonly count: Atomic<number>;
  readonly memory: Block<string>;
}

/** An object that is in a table, with one reference that the table's owner holds. */
interface Table {
  readonly lock: Mutex;
  readonly place: Atomic<Counted | undefined>;
}

function newTable(rt: Runtime): Table {
  const memory = rt.heap.allocate('in use', 'object');
  const counted: Counted = { count: rt.atomic(1, 'count'), memory };
  return {
    lock: rt.mutex('table lock'),
    place: rt.atomic<Counted | undefined>(counted, 'table[handle]'),
  };
}

function* addReference(rt: Runtime, counted: Counted, amount: 1 | -1): Task<number> {
  const old = yield* counted.count.fetchAdd(amount);
  if (!counted.memory.live) rt.fail('use-after-free', 'count of a freed object is changed');
  return old;
}

/** Takes a reference away, and frees the object with the last one. */
function* release(rt: Runtime, counted: Counted): Task {
  if ((yield* addReference(rt, counted, -1)) === 1) yield* rt.heap.free(counted.memory);
}

export const resurrection: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/references/resurrection',
  title: 'A count goes from zero to one',
  about:
    'One thread finds an object in a table and adds a reference; another one gives back the last ' +
    'reference, takes the object out of the table and frees it. Whoever has found the object, and not ' +
    'yet counted, counts up what is already dead.',
  rules: ['RTM-REF-005', 'RTM-REF-007'],
  program: (rt: Runtime) => {
    const { place } = newTable(rt);
    rt.spawn('acquirer', function* () {
      const counted = yield* place.load();
      if (counted === undefined) return;
      yield* addReference(rt, counted, 1);
      yield* rt.heap.access(counted.memory);
      yield* release(rt, counted);
    });
    rt.spawn('releaser', function* () {
      const counted = yield* place.exchange(undefined);
      if (counted !== undefined) yield* release(rt, counted);
    });
  },
  expected: { verdict: 'fails', kind: 'use-after-free', defect: 'look-up and count are two steps' },
};

export const countedLookUp: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/references/counted-look-up',
  title: 'Finding and counting under one lock',
  about:
    'The repair: the table has a reference of its own, which it gives up under the lock under which ' +
    'others look and count. Whoever finds the object finds it with a count above zero.',
  rules: ['RTM-REF-005', 'RTM-REF-006', 'RTM-REF-007', 'RTM-REF-008'],
  program: (rt: Runtime) => {
    const { lock, place } = newTable(rt);
    rt.spawn('acquirer', function* () {
      yield* lock.lock();
      const counted = yield* place.load();
      if (counted !== undefined) yield* addReference(rt, counted, 1);
      yield* lock.unlock();
      if (counted === undefined) return;
      yield* rt.heap.access(counted.memory);
      yield* release(rt, counted);
    });
    rt.spawn('releaser', function* () {
      yield* lock.lock();
      const counted = yield* place.exchange(undefined);
      yield* lock.unlock();
      if (counted !== undefined) yield* release(rt, counted);
    });
  },
  expected: { verdict: 'holds' },
};

export const lostDecrement: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/references/lost-decrement',
  title: 'Two releases, and nobody sees zero',
  about:
    'Two holders release at the same time, each reading the count and storing it less one. Both may ' +
    'store the same number; then nobody has released the last reference, and the object stays for ever.',
  rules: ['RTM-REF-004', 'RTM-REF-008'],
  program: (rt: Runtime) => {
    const count = rt.atomic(2, 'count');
    const memory = rt.heap.allocate(undefined, 'object');
    for (const name of ['left', 'right']) {
      rt.spawn(name, function* () {
        const left = (yield* count.load()) - 1;
        yield* count.store(left);
        if (left === 0) yield* rt.heap.free(memory);
      });
    }
  },
  expected: { verdict: 'fails', kind: 'leak', defect: 'read and write are two steps' },
};
