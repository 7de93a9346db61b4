import { describe, expect, it } from 'vitest';
import type { Program } from '../runtime/types.ts';
import { AllInterleavings, runAll } from './dpor-brute-force.ts';
import { DporSearch } from './dpor-search.ts';

const readers =
  (n: number): Program =>
  (rt) => {
    const x = rt.atomic(0, 'x');
    rt.spawn('writer', function* () {
      yield* x.store(1);
    });
    for (let i = 0; i < n; i += 1) {
      const y = rt.atomic(0, `y${i}`);
      rt.spawn(`reader${i}`, function* () {
        yield* y.load();
        yield* x.load();
      });
    }
  };

const lastZero =
  (n: number): Program =>
  (rt) => {
    const array = Array.from({ length: n + 1 }, (_, i) => rt.atomic(0, `array${i}`));
    const at = (i: number) => array[i] as (typeof array)[0];
    rt.spawn('0', function* () {
      let i = n;
      while ((yield* at(i).load()) !== 0) i -= 1;
    });
    for (let j = 1; j <= n; j += 1) {
      rt.spawn(`${j}`, function* () {
        yield* at(j).store((yield* at(j - 1).load()) + 1);
      });
    }
  };

const indexer =
  (n: number): Program =>
  (rt) => {
    const size = 128;
    const table = Array.from({ length: size }, (_, i) => rt.atomic(0, `table${i}`));
    for (let thread = 0; thread < n; thread += 1) {
      rt.spawn(`${thread}`, function* () {
        for (let m = 1; m <= 4; m += 1) {
          const w = m * 11 + thread;
          let h = (w * 7) % size;
          while ((yield* (table[h] as (typeof table)[0]).compareExchange(0, w)) !== 0)
            h = (h + 1) % size;
        }
      });
    }
  };

const fileSystem =
  (n: number): Program =>
  (rt) => {
    const inodes = 32;
    const blocks = 26;
    const locki = Array.from({ length: inodes }, (_, i) => rt.mutex(`locki${i}`));
    const inode = Array.from({ length: inodes }, (_, i) => rt.cell(0, `inode${i}`));
    const lockb = Array.from({ length: blocks }, (_, i) => rt.mutex(`lockb${i}`));
    const busy = Array.from({ length: blocks }, (_, i) => rt.cell(false, `busy${i}`));
    for (let tid = 0; tid < n; tid += 1) {
      rt.spawn(`${tid}`, function* () {
        const i = tid % inodes;
        const li = locki[i] as (typeof locki)[0];
        const node = inode[i] as (typeof inode)[0];
        yield* li.lock();
        if ((yield* node.read()) === 0) {
          let b = (i * 2) % blocks;
          for (;;) {
            const lb = lockb[b] as (typeof lockb)[0];
            const bb = busy[b] as (typeof busy)[0];
            yield* lb.lock();
            if (!(yield* bb.read())) {
              yield* bb.write(true);
              yield* node.write(b + 1);
              yield* lb.unlock();
              break;
            }
            yield* lb.unlock();
            b = (b + 1) % blocks;
          }
        }
        yield* li.unlock();
      });
    }
  };

const floatingRead =
  (n: number): Program =>
  (rt) => {
    const x = rt.atomic(0, 'x');
    for (let i = 0; i < n; i += 1) {
      rt.spawn(`w${i}`, function* () {
        yield* rt.point('w');
        if (i === 0) yield* x.store(1);
      });
    }
    rt.spawn('r', function* () {
      yield* x.load();
    });
  };

describe('the classics', () => {
  const rows: [string, Program, number][] = [
    ['readers(5)', readers(5), 32],
    ['readers(8)', readers(8), 256],
    ['lastzero(5)', lastZero(5), 64],
    ['lastzero(10)', lastZero(10), 3328],
    ['indexer(11)', indexer(11), 1],
    ['indexer(12)', indexer(12), 8],
    ['indexer(13)', indexer(13), 64],
    ['filesystem(13)', fileSystem(13), 1],
    ['filesystem(14)', fileSystem(14), 2],
    ['filesystem(16)', fileSystem(16), 8],
    ['filesystem(18)', fileSystem(18), 32],
    ['filesystem(19)', fileSystem(19), 64],
    ['floating', floatingRead(4), 2],
  ];
  it.each(rows)('%s', (_, program, expected) => {
    const optimal = runAll(program, new DporSearch('optimal'));
    expect([optimal.executions, optimal.traces.size, optimal.blocked, optimal.complete]).toEqual([
      expected,
      expected,
      0,
      true,
    ]);
    const source = runAll(program, new DporSearch('source'));
    expect([
      source.traces.size,
      [...source.traces].every((trace) => optimal.traces.has(trace)),
    ]).toEqual([expected, true]);
  });
});
void AllInterleavings;
