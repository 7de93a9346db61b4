/** Defects of the notes' pop that need no second thread, or hardly one: its comparison and its loop. */
import type { AlgorithmLitmus } from '../litmus.ts';
import { type Entry, entriesOf, newEntry, newList, requireEachInOnePlace } from './entries.ts';
import { popAsMeant, popAsWritten, popAsWrittenOnce, popUntagged } from './macros.ts';

const rules = ['RTM-SAFE-009'] as const;

export const popComparesWithNull: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/interlocked-list/pop-compares-with-null',
  title: 'Pop as written never takes an entry',
  about:
    'The comparison of the pop cannot compile as meant: a parenthesis is missing. Completed at the end ' +
    'of the line, its comparand is the value of (Entry) != (Entry), which is 0. A list that has an ' +
    'entry never compares equal to NULL, so that one thread alone goes round for ever.',
  rules: [...rules, 'RTM-SAFE-001'],
  program: (rt) => {
    const list = newList(rt, newEntry(rt, 'a'));
    rt.spawn('popper', () => popAsWritten(rt, list));
  },
  bounds: { maxSteps: 12 },
  expected: { verdict: 'fails', kind: 'livelock', defect: 'misplaced parenthesis: comparand NULL' },
};

export const popRevives: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/interlocked-list/pop-revives-entries',
  title: 'Pop as written puts entries back that others have taken',
  about:
    'The one moment at which the comparison with NULL succeeds is when others have emptied the list ' +
    'since the pop looked. It then stores the Next it remembers: entries that have owners are in the ' +
    'list again. Here the pop goes round its loop only once.',
  rules,
  program: (rt) => {
    const b = newEntry(rt, 'b');
    const a = newEntry(rt, 'a', b);
    const list = newList(rt, a);
    const owned: Entry[] = [];
    rt.spawn('popper', () => popAsWrittenOnce(rt, list));
    rt.spawn('taker', function* () {
      for (let count = 0; count < 2; count += 1) {
        const entry = yield* popUntagged(rt, list);
        if (entry !== null) owned.push(entry);
      }
    });
    rt.finally(() => requireEachInOnePlace(rt, [a, b], [entriesOf(list.head.value)], owned));
  },
  expected: {
    verdict: 'fails',
    kind: 'entry-twice',
    defect: 'misplaced parenthesis: comparand NULL',
  },
};

export const popNeverLeaves: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/interlocked-list/pop-never-leaves',
  title: 'Pop never leaves its loop with an entry',
  about:
    'With the parenthesis where it was meant there is still no break after a success. The pop takes ' +
    'one entry after another, forgets each, and ends only at the empty list, with NULL: every entry is ' +
    'lost. It takes one thread to see that.',
  rules,
  program: (rt) => {
    const b = newEntry(rt, 'b');
    const a = newEntry(rt, 'a', b);
    const list = newList(rt, a);
    const owned: Entry[] = [];
    rt.spawn('popper', function* () {
      const entry = yield* popAsMeant(rt, list);
      if (entry !== null) owned.push(entry);
    });
    rt.finally(() => requireEachInOnePlace(rt, [a, b], [entriesOf(list.head.value)], owned));
  },
  expected: { verdict: 'fails', kind: 'entry-lost', defect: 'no break after success' },
};
