/** Each access is right by itself, and together they are not: somebody else comes in between. */
import type { Mutex, Program, Runtime, Task } from '../../index.ts';
import type { Bug } from './bug.ts';

/** Each access under the mutex, or all of them under it once. */
interface Locking {
  readonly isCoarse: boolean;
}

function* around(mutex: Mutex, isWanted: boolean, task: () => Task<unknown>): Task {
  if (isWanted) yield* mutex.lock();
  yield* task();
  if (isWanted) yield* mutex.unlock();
}

/** One seat left and two who look before they book. */
function checkThenAct({ isCoarse }: Locking): Program {
  return (rt: Runtime) => {
    const seats = rt.atomic(1, 'seats');
    const mutex = rt.mutex('mutex');
    for (const name of ['first', 'second']) {
      rt.spawn(name, () =>
        around(mutex, isCoarse, function* () {
          if ((yield* seats.load()) > 0) yield* seats.fetchSub(1);
        }),
      );
    }
    rt.finally(() => rt.assert(seats.value >= 0, 'no seat is booked twice'));
  };
}

/** Money is taken from one cell and put into another; an audit in between misses it. */
function twoCells({ isCoarse }: Locking): Program {
  return (rt: Runtime) => {
    const [from, to] = [rt.cell(10, 'from'), rt.cell(0, 'to')];
    const mutex = rt.mutex('mutex');
    const access = (task: () => Task<unknown>): Task => around(mutex, !isCoarse, task);
    rt.spawn('transfer', () =>
      around(mutex, isCoarse, function* () {
        yield* access(() => from.write(0));
        yield* access(() => to.write(10));
      }),
    );
    rt.spawn('audit', () =>
      around(mutex, isCoarse, function* () {
        let sum = 0;
        for (const cell of [from, to]) {
          yield* access(function* () {
            sum += yield* cell.read();
          });
        }
        rt.assert(sum === 10, 'no money is missing');
      }),
    );
  };
}

/** `stringbuffer` of the JDK 1.4: the length is read, then that many characters, each under the lock. */
function stringBuffer({ isCoarse }: Locking): Program {
  return (rt: Runtime) => {
    const length = rt.cell(3, 'length');
    const mutex = rt.mutex('mutex');
    const access = (task: () => Task<unknown>): Task => around(mutex, !isCoarse, task);
    rt.spawn('append', () =>
      around(mutex, isCoarse, function* () {
        let wanted = 0;
        yield* access(function* () {
          wanted = yield* length.read();
        });
        yield* access(function* () {
          rt.assert(wanted <= (yield* length.read()), 'the characters are there');
        });
      }),
    );
    rt.spawn('delete', () => around(mutex, true, () => length.write(0)));
  };
}

/** A sequence lock: odd while the writer is at work. The buggy reader does not look again when it is done. */
function staleSnapshot({ isCheckedAgain }: { readonly isCheckedAgain: boolean }): Program {
  return (rt: Runtime) => {
    const sequence = rt.atomic(0, 'sequence');
    const [x, y] = [rt.atomic(0, 'x'), rt.atomic(0, 'y')];
    rt.spawn('writer', function* () {
      yield* sequence.fetchAdd(1);
      yield* x.store(1);
      yield* y.store(1);
      yield* sequence.fetchAdd(1);
    });
    rt.spawn('reader', function* () {
      const before = yield* sequence.load();
      if (before % 2 === 1) return;
      const [seenX, seenY] = [yield* x.load(), yield* y.load()];
      if (isCheckedAgain && (yield* sequence.load()) !== before) return;
      rt.assert(seenX === seenY, 'the snapshot is of one moment');
    });
  };
}

/** Empty, then done: but the last item came in between, and nobody takes it. */
function doneTooSoon({ isDoneReadFirst }: { readonly isDoneReadFirst: boolean }): Program {
  return (rt: Runtime) => {
    const [items, done] = [rt.atomic(0, 'items'), rt.atomic(0, 'done')];
    rt.spawn('consumer', function* () {
      let isDone = isDoneReadFirst && (yield* done.load()) === 1;
      const isEmpty = (yield* items.load()) === 0;
      if (!isDoneReadFirst) isDone = (yield* done.load()) === 1;
      if (isEmpty && isDone) rt.assert((yield* items.load()) === 0, 'nothing is left behind');
    });
    rt.spawn('producer', function* () {
      yield* items.fetchAdd(1);
      yield* done.store(1);
    });
  };
}

export const atomicityBugs: readonly Bug[] = [
  {
    name: 'check, then act',
    kind: 'assertion',
    buggy: checkThenAct({ isCoarse: false }),
    correct: checkThenAct({ isCoarse: true }),
    smallest: { switches: 2, steps: 4 },
  },
  {
    name: 'two cells, locked one by one',
    kind: 'assertion',
    buggy: twoCells({ isCoarse: false }),
    correct: twoCells({ isCoarse: true }),
    smallest: { switches: 1, steps: 9 },
  },
  {
    name: 'string buffer',
    kind: 'assertion',
    buggy: stringBuffer({ isCoarse: false }),
    correct: stringBuffer({ isCoarse: true }),
    smallest: { switches: 2, steps: 8 },
  },
  {
    name: 'stale snapshot',
    kind: 'assertion',
    buggy: staleSnapshot({ isCheckedAgain: false }),
    correct: staleSnapshot({ isCheckedAgain: true }),
    smallest: { switches: 2, steps: 5 },
  },
  {
    name: 'done before empty',
    kind: 'assertion',
    buggy: doneTooSoon({ isDoneReadFirst: false }),
    correct: doneTooSoon({ isDoneReadFirst: true }),
    smallest: { switches: 2, steps: 5 },
  },
];
