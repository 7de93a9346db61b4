/**
 * Families of SCTBench in larger sizes, to see how strategies bear more threads. They stand beside the corpus
 * because nobody explores their correct twins in full, nor searches them breadth first.
 */
import type { Program, Runtime, Task } from '../../index.ts';
import type { Bug } from './bug.ts';
import { philosophersOf } from './lock-order.ts';
import { byMutex, byWrongMutex, counting } from './lost-updates.ts';
import { twoStage } from './ordering.ts';

/**
 * `reorder` as it is there: a main thread starts one setter after the other, each of which writes a, then b, and
 * at last the checker, which must see both or neither. By then most setters are through.
 */
function reorder(setters: number, { isLocked }: { readonly isLocked: boolean }): Program {
  return (rt: Runtime) => {
    const [a, b] = [rt.atomic(0, 'a'), rt.atomic(0, 'b')];
    const mutex = rt.mutex('mutex');
    function* setter(): Task {
      if (isLocked) yield* mutex.lock();
      yield* a.store(1);
      yield* b.store(-1);
      if (isLocked) yield* mutex.unlock();
    }
    function* checker(): Task {
      if (isLocked) yield* mutex.lock();
      const [seenA, seenB] = [yield* a.load(), yield* b.load()];
      if (isLocked) yield* mutex.unlock();
      rt.assert(seenA + seenB === 0, 'a and b are set together');
    }
    rt.spawn('main', function* () {
      for (let id = 0; id < setters; id += 1) {
        yield* rt.point('start');
        rt.spawn(`setter ${id}`, setter);
      }
      yield* rt.point('start');
      rt.spawn('checker', checker);
    });
  };
}

function reorderOf(setters: number): Bug {
  return {
    name: `reorder, started in turn, ${setters}`,
    kind: 'assertion',
    buggy: reorder(setters, { isLocked: false }),
    correct: reorder(setters, { isLocked: true }),
    smallest: { switches: 2, steps: setters + 4 },
  };
}

function twoStageOf(readers: number): Bug {
  return {
    name: `two stages, ${readers} readers`,
    kind: 'assertion',
    buggy: twoStage(readers, { isNested: false }),
    correct: twoStage(readers, { isNested: true }),
    smallest: { switches: 1, steps: 9 },
  };
}

function wrongLockOf(threads: number): Bug {
  return {
    name: `wrong lock, ${threads} threads`,
    kind: 'assertion',
    buggy: counting(threads, byWrongMutex(threads)),
    correct: counting(threads, byMutex),
    smallest: { switches: threads, steps: 4 * threads },
  };
}

export const SCALED_BUGS: readonly Bug[] = [
  ...[3, 4, 5, 10, 20, 50].map(reorderOf),
  ...[20, 50].map(twoStageOf),
  ...[3, 8].map(wrongLockOf),
  ...[5, 8].map(philosophersOf),
];
