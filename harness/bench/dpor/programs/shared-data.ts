/** Threads that read and write what they share, with no lock or with too few. */
import type { Program, Runtime, Task } from '../../../index.ts';
import { at, type CountedProgram, times } from './program.ts';

const lostUpdate =
  (count: number): Program =>
  (rt) => {
    const x = rt.atomic(0, 'x');
    times(count, (i) => {
      rt.spawn(`thread${i}`, function* () {
        yield* x.store((yield* x.load()) + 1);
      });
    });
  };

/** Adds by compare-exchange until it succeeds. */
const lockFreeCounter =
  (count: number): Program =>
  (rt) => {
    const x = rt.atomic(0, 'x');
    times(count, (i) => {
      rt.spawn(`thread${i}`, function* () {
        let seen = yield* x.load();
        for (;;) {
          const found = yield* x.compareExchange(seen, seen + 1);
          if (found === seen) return;
          seen = found;
        }
      });
    });
  };

/** Deposit and withdraw below a lock, and a check that takes it twice. */
const account: Program = (rt) => {
  const mutex = rt.mutex('mutex');
  const balance = rt.cell(10, 'balance');
  const change = function* (amount: number): Task {
    yield* mutex.lock();
    yield* balance.write((yield* balance.read()) + amount);
    yield* mutex.unlock();
  };
  rt.spawn('deposit', () => change(5));
  rt.spawn('withdraw', () => change(-3));
  rt.spawn('check', function* () {
    yield* change(0);
    yield* change(0);
  });
};

const storeBuffering: Program = (rt) => {
  const x = rt.atomic(0, 'x');
  const y = rt.atomic(0, 'y');
  rt.spawn('left', function* () {
    yield* x.store(1);
    yield* y.load();
  });
  rt.spawn('right', function* () {
    yield* y.store(1);
    yield* x.load();
  });
};

const independentReads: Program = (rt) => {
  const x = rt.atomic(0, 'x');
  const y = rt.atomic(0, 'y');
  rt.spawn('writes x', function* () {
    yield* x.store(1);
  });
  rt.spawn('writes y', function* () {
    yield* y.store(1);
  });
  rt.spawn('reads x, y', function* () {
    yield* x.load();
    yield* y.load();
  });
  rt.spawn('reads y, x', function* () {
    yield* y.load();
    yield* x.load();
  });
};

/** Push and pop on a stack whose top carries a tag. */
const taggedStack: Program = (rt) => {
  const top = rt.atomic('0:', 'top');
  const replace = function* (change: (items: string) => string): Task {
    for (;;) {
      const seen = yield* top.load();
      const [tag, items] = seen.split(':') as [string, string];
      const next = `${Number(tag) + 1}:${change(items)}`;
      if ((yield* top.compareExchange(seen, next)) === seen) return;
    }
  };
  rt.spawn('pushes a', () => replace((items) => `a${items}`));
  rt.spawn('pushes b', () => replace((items) => `b${items}`));
  rt.spawn('pops', () => replace((items) => items.slice(1)));
};

/** Both may find the instance missing. */
const lazyInitialisation: Program = (rt) => {
  const instance = rt.atomic(0, 'instance');
  const mutex = rt.mutex('mutex');
  times(2, (i) => {
    rt.spawn(`user${i}`, function* () {
      if ((yield* instance.load()) === 0) {
        yield* mutex.lock();
        if ((yield* instance.load()) === 0) yield* instance.store(i + 1);
        yield* mutex.unlock();
      }
      yield* instance.load();
    });
  });
};

/** Which variable the last step touches depends on what the first has seen. */
const indirection: Program = (rt) => {
  const index = rt.atomic(0, 'index');
  const items = times(3, (i) => rt.atomic(0, `item${i}`));
  times(3, (i) => {
    rt.spawn(`thread${i}`, function* () {
      const mine = yield* index.fetchAdd(1);
      yield* at(items, mine).store(i);
      yield* at(items, i).load();
    });
  });
};

/** One thread of a seqlock writes two words, another one reads them until it has them unharmed. */
const seqlock: Program = (rt) => {
  const version = rt.atomic(0, 'version');
  const words = [rt.atomic(0, 'word0'), rt.atomic(0, 'word1')];
  rt.spawn('writer', function* () {
    yield* version.store(1);
    yield* at(words, 0).store(1);
    yield* at(words, 1).store(1);
    yield* version.store(2);
  });
  rt.spawn('reader', function* () {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const before = yield* version.waitUntil((value) => value % 2 === 0);
      yield* at(words, 0).load();
      yield* at(words, 1).load();
      if ((yield* version.load()) === before) return;
    }
  });
};

/** The first that fails ends the execution, whatever else was to come. */
const failing: Program = (rt: Runtime) => {
  const x = rt.atomic(0, 'x');
  const y = rt.atomic(0, 'y');
  rt.spawn('writer', function* () {
    yield* x.store(1);
    yield* y.store(1);
  });
  rt.spawn('checker', function* () {
    const seen = yield* x.load();
    rt.assert((yield* y.load()) >= seen, 'y lags behind');
    yield* x.store(2);
  });
};

export const SHARED_DATA: readonly CountedProgram[] = [
  { name: 'lost update(2)', program: lostUpdate(2), traces: 4, source: 'counted' },
  { name: 'lost update(3)', program: lostUpdate(3), traces: 36, source: 'counted' },
  { name: 'lost update(4)', program: lostUpdate(4), traces: 576, source: 'counted' },
  { name: 'lock-free counter(2)', program: lockFreeCounter(2), traces: 4, source: 'counted' },
  { name: 'lock-free counter(3)', program: lockFreeCounter(3), traces: 48, source: 'counted' },
  { name: 'account', program: account, traces: 12, source: '4! / 2' },
  { name: 'store buffering', program: storeBuffering, traces: 3, source: 'counted' },
  { name: 'independent reads', program: independentReads, traces: 15, source: 'counted' },
  { name: 'tagged stack', program: taggedStack, traces: 60, source: 'counted' },
  { name: 'lazy initialisation', program: lazyInitialisation, traces: 4, source: 'counted' },
  { name: 'indirection', program: indirection, traces: 24, source: 'counted' },
  { name: 'seqlock', program: seqlock, traces: 10, source: 'counted' },
  { name: 'failing', program: failing, traces: 5, source: 'counted' },
];
