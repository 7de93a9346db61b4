/**
 * The first defect of the notes' push: after the exchange the entry belongs to everybody, and the push
 * reads its Next again to find out whether the exchange succeeded.
 */
import type { Program, Task } from '../../../harness/index.ts';
import type { AlgorithmLitmus } from '../litmus.ts';
import {
  type Entry,
  entriesOf,
  freeEntry,
  type List,
  newEntry,
  newHeapEntry,
  newList,
  requireEachInOnePlace,
} from './entries.ts';
import { popUntagged, pushAsWritten, pushRepaired } from './macros.ts';

type Push = (rt: Parameters<Program>[0], list: List, entry: Entry) => Task;

/** One thread pushes `x`; the other one pops it and puts it on a list of its own, in front of `y`. */
function pushThenMove(push: Push): Program {
  return (rt) => {
    const y = newEntry(rt, 'y');
    const x = newEntry(rt, 'x');
    const list = newList(rt, null);
    const other = newList(rt, y, 'Other');
    rt.spawn('pusher', () => push(rt, list, x));
    rt.spawn('mover', function* () {
      const entry = yield* popUntagged(rt, list);
      if (entry !== null) yield* pushRepaired(rt, other, entry);
    });
    rt.finally(() => {
      const lists = [list, other].map(({ head }) => entriesOf(head.value));
      requireEachInOnePlace(rt, [x, y], lists, []);
    });
  };
}

/** One thread pushes `x`; the other one pops it and frees it. */
function pushThenFree(push: Push): Program {
  return (rt) => {
    const x = newHeapEntry(rt, 'x');
    const list = newList(rt, null);
    rt.spawn('pusher', () => push(rt, list, x));
    rt.spawn('popper', function* () {
      const entry = yield* popUntagged(rt, list);
      if (entry !== null) yield* freeEntry(rt, entry);
    });
    rt.finally(function* () {
      const entry = yield* popUntagged(rt, list);
      if (entry !== null) yield* freeEntry(rt, entry);
    });
  };
}

const rules = ['RTM-SAFE-009'] as const;

export const pushReRead: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/interlocked-list/push-re-read',
  title: 'Push as written puts an entry into two lists',
  about:
    'The push of the notes compares what the exchange returned with (Entry)->Next, read anew. By then ' +
    'the entry is published: another thread may have popped it and linked it elsewhere. The push ' +
    'takes its success for a failure, goes round again, and pushes an entry that is no longer its own.',
  rules,
  program: pushThenMove(pushAsWritten),
  expected: { verdict: 'fails', kind: 'entry-twice', defect: 're-read after publication' },
};

export const pushReReadFreed: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/interlocked-list/push-re-read-freed',
  title: 'Push as written reads an entry that has been freed',
  about:
    'The same second look at (Entry)->Next, when the thread that popped the entry has freed it: the ' +
    'push reads memory that may be anything by now.',
  rules: [...rules, 'RTM-SAFE-004'],
  program: pushThenFree(pushAsWritten),
  expected: { verdict: 'fails', kind: 'use-after-free', defect: 're-read after publication' },
};

export const pushSaved: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/interlocked-list/push-repaired',
  title: 'A push that compares with the head it saved',
  about:
    'The same program as push-re-read with the repaired push: the old head is kept in a local ' +
    'variable, and once the entry is published the push does not look at it again.',
  rules,
  program: pushThenMove(pushRepaired),
  expected: { verdict: 'holds' },
};

export const pushSavedFreed: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/interlocked-list/push-repaired-freed',
  title: 'A push whose entry may be freed at once',
  about: 'The same program as push-re-read-freed with the repaired push.',
  rules,
  program: pushThenFree(pushRepaired),
  expected: { verdict: 'holds' },
};
