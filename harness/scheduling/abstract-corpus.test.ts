import { expect, it } from 'vitest';
import { AbstractCorpus } from './abstract-corpus.ts';
import type { AbstractSchedule } from './abstract-schedule.ts';

/** A schedule that is told from others by `name`. */
function schedule(name: number): AbstractSchedule {
  return [{ object: 0, read: name, write: 0, writtenBy: 'step', isPositive: true }];
}

function nameOf([constraint]: AbstractSchedule): number | undefined {
  return constraint?.read;
}

/** How often each of the schedules 1, 2, ... comes up in so many turns. */
function turns(corpus: AbstractCorpus, count: number): Map<number | undefined, number> {
  const had = new Map<number | undefined, number>();
  for (let i = 0; i < count; i += 1) {
    const name = nameOf(corpus.next());
    had.set(name, (had.get(name) ?? 0) + 1);
  }
  return had;
}

it('has nothing to go on from at first', () => {
  expect(new AbstractCorpus().next()).toEqual([]);
});

it('gives more mutants with every turn', () => {
  const corpus = new AbstractCorpus();
  for (const name of [1, 2]) {
    corpus.count(name);
    corpus.add(schedule(name), name);
  }
  const order = Array.from({ length: 14 }, () => nameOf(corpus.next()));
  expect(order).toEqual([1, 2, 1, 1, 2, 2, 1, 1, 1, 1, 2, 2, 2, 2]);
});

it('passes over what is commoner than the average', () => {
  const corpus = new AbstractCorpus();
  for (const name of [1, 2, 3]) {
    corpus.count(name);
    corpus.add(schedule(name), name);
  }
  for (let i = 0; i < 10; i += 1) corpus.count(2);
  const had = turns(corpus, 300);
  expect(had.get(2)).toBeUndefined();
  expect(had.get(1)).toBeGreaterThan(100);
  expect(had.get(3)).toBeGreaterThan(100);
});

it('drops the commonest when it is full', () => {
  const corpus = new AbstractCorpus();
  for (let name = 1; name <= 256; name += 1) {
    corpus.count(name);
    corpus.add(schedule(name), name);
  }
  corpus.count(100);
  for (let name = 257; name <= 1_000; name += 1) {
    corpus.count(name);
    corpus.add(schedule(name), name);
  }
  const had = turns(corpus, 100_000);
  expect(had.size).toBe(256);
  expect(had.has(100)).toBe(false);
  expect(had.has(1_000)).toBe(true);
});
