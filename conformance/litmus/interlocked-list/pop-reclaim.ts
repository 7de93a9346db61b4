/** Pop and memory: who may free an entry that somebody else may still be reading? */
import type { Atomic, Runtime, Task } from '../../../harness/index.ts';
import type { AlgorithmLitmus } from '../litmus.ts';
import { type Entry, freeEntry, type List, loadNext, newHeapEntry, newList } from './entries.ts';
import { popUntagged } from './macros.ts';

const rules = ['RTM-SAFE-009', 'RTM-SAFE-004'] as const;

function newHeapList(rt: Runtime): List {
  return newList(rt, newHeapEntry(rt, 'a'));
}

export const popFreed: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/interlocked-list/pop-reads-freed',
  title: 'Pop reads Next of an entry that has been freed',
  about:
    'Two threads pop and free what they get. Between reading the head and reading its Next a pop may be ' +
    'overtaken: the entry has been taken and freed, and what is read is no entry any more. No version ' +
    'in the head helps against that, for the exchange that would fail comes too late.',
  rules,
  program: (rt) => {
    const list = newHeapList(rt);
    for (const name of ['left', 'right']) {
      rt.spawn(name, function* () {
        const entry = yield* popUntagged(rt, list);
        if (entry !== null) yield* freeEntry(rt, entry);
      });
    }
  },
  expected: { verdict: 'fails', kind: 'use-after-free', defect: 'entry freed under a reader' },
};

/**
 * Pops under the protection of a hazard pointer: Michael, "Hazard pointers: safe memory reclamation for
 * lock-free objects" (IEEE TPDS 2004). The head is read again once the entry has been announced.
 */
function* popProtected(rt: Runtime, list: List, hazard: Atomic<Entry | null>): Task<Entry | null> {
  for (;;) {
    const entry = yield* list.head.load();
    yield* hazard.store(entry);
    if (entry === null) return null;
    if ((yield* list.head.load()) !== entry) continue;
    const next = yield* loadNext(rt, entry);
    if ((yield* list.head.compareExchange(entry, next)) !== entry) continue;
    yield* hazard.store(null);
    return entry;
  }
}

export const popHazard: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/interlocked-list/pop-hazard',
  title: 'Announced readers keep an entry alive',
  about:
    'The same program with hazard pointers: a pop announces the entry it is about to read and looks ' +
    'whether it is still the head; who frees an entry first waits until nobody has it announced.',
  rules,
  program: (rt) => {
    const list = newHeapList(rt);
    const hazards = ['left', 'right'].map((name) =>
      rt.atomic<Entry | null>(null, `hazard of ${name}`),
    );
    for (const [index, hazard] of hazards.entries()) {
      rt.spawn(index === 0 ? 'left' : 'right', function* () {
        const entry = yield* popProtected(rt, list, hazard);
        if (entry === null) return;
        const other = hazards[1 - index] ?? hazard;
        yield* other.waitUntil((announced) => announced !== entry);
        yield* freeEntry(rt, entry);
      });
    }
  },
  expected: { verdict: 'holds' },
};
