/**
 * ABA: between its look at the head and its exchange a pop is overtaken by others who take the head
 * and its successor and put the head back. The exchange succeeds, and makes a stranger the head.
 */
import type { Program, Runtime, Task } from '../../../harness/index.ts';
import type { AlgorithmLitmus } from '../litmus.ts';
import { type Entry, entriesOf, newEntry, newList, requireEachInOnePlace } from './entries.ts';
import {
  firstOf,
  newTaggedList,
  popTagged,
  popUntagged,
  pushRepaired,
  pushTagged,
} from './macros.ts';

interface Stack {
  readonly pop: () => Task<Entry | null>;
  readonly push: (entry: Entry) => Task;
  /** Those in it, at rest. */
  readonly content: () => Entry[];
}

function untagged(rt: Runtime, entries: readonly Entry[]): Stack {
  const list = newList(rt, entries[0] ?? null);
  return {
    pop: () => popUntagged(rt, list),
    push: (entry) => pushRepaired(rt, list, entry),
    content: () => entriesOf(list.head.value),
  };
}

function tagged(versions: number): (rt: Runtime, entries: readonly Entry[]) => Stack {
  return (rt, entries) => {
    const list = newTaggedList(rt, entries, versions);
    return {
      pop: () => popTagged(rt, list),
      push: (entry) => pushTagged(rt, list, entry),
      content: () => entriesOf(firstOf(list, list.head.value)),
    };
  };
}

/** One thread pops; the other one pops twice and pushes back what it popped first. */
function popAgainstRecycling(create: (rt: Runtime, entries: readonly Entry[]) => Stack): Program {
  return (rt) => {
    const b = newEntry(rt, 'b');
    const a = newEntry(rt, 'a', b);
    const stack = create(rt, [a, b]);
    const owned: Entry[] = [];
    rt.spawn('popper', function* () {
      const entry = yield* stack.pop();
      if (entry !== null) owned.push(entry);
    });
    rt.spawn('recycler', function* () {
      const first = yield* stack.pop();
      const second = yield* stack.pop();
      if (second !== null) owned.push(second);
      if (first !== null) yield* stack.push(first);
    });
    rt.finally(() => requireEachInOnePlace(rt, [a, b], [stack.content()], owned));
  };
}

const rules = ['RTM-SAFE-009'] as const;

export const popAba: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/interlocked-list/pop-aba',
  title: 'ABA: a pop that compares addresses only',
  about:
    'The pop with its parenthesis and its break repaired. It has read head a and successor b; meanwhile ' +
    'another thread takes a and b and puts a back. The head is a again, the exchange succeeds, and b, ' +
    'which has an owner, becomes the head.',
  rules,
  program: popAgainstRecycling(untagged),
  expected: { verdict: 'fails', kind: 'entry-twice', defect: 'ABA' },
};

export const popTaggedHolds: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/interlocked-list/pop-tagged',
  title: 'A version beside the pointer keeps ABA out',
  about:
    'The same program with a head that carries a version, which every pop advances, in one word with ' +
    'the pointer. The head that came back is another word, and the late exchange fails. Entries must ' +
    'stay readable memory all the same: the pop may read Next of one that has left the list.',
  rules,
  program: popAgainstRecycling(tagged(65_536)),
  expected: { verdict: 'holds' },
};

export const popTagTooNarrow: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/interlocked-list/pop-tag-too-narrow',
  title: 'ABA comes back when the versions repeat',
  about:
    'The same program with versions that repeat after two pops: just as many as overtake the slow one. ' +
    'A version only makes ABA as unlikely as it is wide.',
  rules,
  program: popAgainstRecycling(tagged(2)),
  expected: { verdict: 'fails', kind: 'entry-twice', defect: 'ABA' },
};
