/**
 * The programs that dynamic partial order reduction has been measured with since Flanagan and Godefroid (POPL 2005), in
 * the sizes of Abdulla, Aronis, Jonsson and Sagonas, "Optimal dynamic partial order reduction" (POPL 2014), table 1.
 *
 * Counts are worked out by hand, from which orders of dependent steps can go together:
 *
 * - readers: each reader is before or after the write, 2^n.
 * - lastzero: each of the n - 1 pairs of neighbours in one of two orders. The search stops at the last element (2^(n - 1)),
 *   at the first (2^(n - 1)), or at one of n - 1 between; then one pair's order follows (2^(n - 2) each): (n + 3) · 2^(n - 2).
 * - indexer: each thread from the 12th on has three words in common with one other thread: 8^(n - 11).
 * - filesystem: each thread from the 14th on begins its search at the block of one other thread: 2^(n - 13).
 *
 * The authors' own tool expects the same in its tests: readers(2) 4, readers(6) 64, last_zero(5) 64, file_system(16) 8
 * (github.com/parapluu/Concuerror, tests/suites/dpor_tests/results).
 */
import type { Program } from '../../../index.ts';
import { at, type CountedProgram, times } from './program.ts';

/** A writer of `x`, and readers that look at something of their own first. */
const readers =
  (count: number): Program =>
  (rt) => {
    const x = rt.atomic(0, 'x');
    rt.spawn('writer', function* () {
      yield* x.store(1);
    });
    times(count, (i) => {
      const own = rt.atomic(0, `own${i}`);
      rt.spawn(`reader${i}`, function* () {
        yield* own.load();
        yield* x.load();
      });
    });
  };

/** Each thread makes its element one greater than the one before it; another looks for the last zero. */
const lastZero =
  (count: number): Program =>
  (rt) => {
    const array = times(count + 1, (i) => rt.atomic(0, `array${i}`));
    rt.spawn('search', function* () {
      let i = count;
      while ((yield* at(array, i).load()) !== 0) i -= 1;
    });
    for (let j = 1; j <= count; j += 1) {
      rt.spawn(`increment${j}`, function* () {
        yield* at(array, j).store((yield* at(array, j - 1).load()) + 1);
      });
    }
  };

/** Threads insert four words each into a hash table, whose size keeps the first eleven threads apart. */
const indexer =
  (count: number): Program =>
  (rt) => {
    const size = 128;
    const table = times(size, (i) => rt.atomic(0, `table${i}`));
    times(count, (thread) => {
      rt.spawn(`indexer${thread}`, function* () {
        for (let m = 1; m <= 4; m += 1) {
          const word = m * 11 + thread;
          let hash = (word * 7) % size;
          while ((yield* at(table, hash).compareExchange(0, word)) !== 0) hash = (hash + 1) % size;
        }
      });
    });
  };

/** Threads give their inode a block; thread 13 is the first to begin its search where another one does. */
const fileSystem =
  (count: number): Program =>
  (rt) => {
    const inodes = 32;
    const blocks = 26;
    const inodeLocks = times(inodes, (i) => rt.mutex(`inodeLock${i}`));
    const inode = times(inodes, (i) => rt.cell(0, `inode${i}`));
    const blockLocks = times(blocks, (i) => rt.mutex(`blockLock${i}`));
    const isBusy = times(blocks, (i) => rt.cell(false, `isBusy${i}`));
    times(count, (thread) => {
      rt.spawn(`file${thread}`, function* () {
        const i = thread % inodes;
        yield* at(inodeLocks, i).lock();
        if ((yield* at(inode, i).read()) === 0) {
          let block = (i * 2) % blocks;
          for (let found = false; !found; block = (block + 1) % blocks) {
            yield* at(blockLocks, block).lock();
            found = !(yield* at(isBusy, block).read());
            if (found) {
              yield* at(isBusy, block).write(true);
              yield* at(inode, i).write(block + 1);
            }
            yield* at(blockLocks, block).unlock();
          }
        }
        yield* at(inodeLocks, i).unlock();
      });
    });
  };

/** One read that floats along a thread's writes: before them all, between any two, or after them all. */
const floatingRead =
  (count: number): Program =>
  (rt) => {
    const x = rt.atomic(0, 'x');
    rt.spawn('writer', function* () {
      for (let value = 1; value <= count; value += 1) yield* x.store(value);
    });
    rt.spawn('reader', function* () {
      yield* x.load();
    });
  };

/** The same with a thread for each write: their order counts as well, although nobody else sees it. */
const floatingReadAmongThreads =
  (count: number): Program =>
  (rt) => {
    const x = rt.atomic(0, 'x');
    times(count, (i) => {
      const own = rt.atomic(0, `own${i}`);
      rt.spawn(`writer${i}`, function* () {
        yield* own.store(1);
        yield* x.store(i + 1);
      });
    });
    rt.spawn('reader', function* () {
      yield* x.load();
    });
  };

const CONCUERROR = ', Concuerror';

export const FROM_PAPERS: readonly CountedProgram[] = [
  { name: 'readers(2)', program: readers(2), traces: 4, source: `2^n${CONCUERROR}` },
  { name: 'readers(6)', program: readers(6), traces: 64, source: `2^n${CONCUERROR}` },
  { name: 'readers(8)', program: readers(8), traces: 256, source: '2^n' },
  { name: 'readers(13)', program: readers(13), traces: 8192, source: '2^n', isLarge: true },
  { name: 'lastzero(3)', program: lastZero(3), traces: 12, source: 'counted' },
  {
    name: 'lastzero(5)',
    program: lastZero(5),
    traces: 64,
    source: `(n + 3) · 2^(n - 2)${CONCUERROR}`,
  },
  { name: 'lastzero(10)', program: lastZero(10), traces: 3328, source: '(n + 3) · 2^(n - 2)' },
  {
    name: 'lastzero(15)',
    program: lastZero(15),
    traces: 147_456,
    source: '(n + 3) · 2^(n - 2)',
    isLarge: true,
  },
  { name: 'indexer(12)', program: indexer(12), traces: 8, source: '8^(n - 11)' },
  { name: 'indexer(15)', program: indexer(15), traces: 4096, source: '8^(n - 11)', isLarge: true },
  { name: 'filesystem(14)', program: fileSystem(14), traces: 2, source: '2^(n - 13)' },
  {
    name: 'filesystem(16)',
    program: fileSystem(16),
    traces: 8,
    source: `2^(n - 13)${CONCUERROR}`,
  },
  { name: 'filesystem(18)', program: fileSystem(18), traces: 32, source: '2^(n - 13)' },
  { name: 'filesystem(19)', program: fileSystem(19), traces: 64, source: '2^(n - 13)' },
  { name: 'floating read(10)', program: floatingRead(10), traces: 11, source: 'n + 1' },
  {
    name: 'floating read among threads(3)',
    program: floatingReadAmongThreads(3),
    traces: 24,
    source: '(n + 1)!',
  },
  {
    name: 'floating read among threads(6)',
    program: floatingReadAmongThreads(6),
    traces: 5040,
    source: '(n + 1)!',
    isLarge: true,
  },
];
