/** Locks taken in a circle. */
import type { Mutex, Program } from '../../index.ts';
import type { Bug } from './bug.ts';

/** Each thread works under two of the locks, one after the other; pairs of places tell which. */
function locking(locks: number, pairs: readonly (readonly [number, number])[]): Program {
  return (rt) => {
    const mutexes = Array.from({ length: locks }, (_, id) => rt.mutex(`lock ${id}`));
    for (const [id, places] of pairs.entries()) {
      const [first, second] = places.map((place) => mutexes[place] as Mutex) as [Mutex, Mutex];
      rt.spawn(`T${id}`, function* () {
        yield* rt.point('think');
        yield* first.lock();
        yield* second.lock();
        yield* second.unlock();
        yield* first.unlock();
      });
    }
  };
}

/** Everybody takes the fork on the left first, but for the last one if there is a left-hander. */
function philosophers(
  count: number,
  { hasLeftHander }: { readonly hasLeftHander: boolean },
): Program {
  const pairs = Array.from({ length: count }, (_, id): [number, number] => {
    const right = (id + 1) % count;
    return hasLeftHander && id === count - 1 ? [right, id] : [id, right];
  });
  return locking(count, pairs);
}

export function philosophersOf(count: number): Bug {
  return {
    name: `dining philosophers, ${count}`,
    kind: 'deadlock',
    buggy: philosophers(count, { hasLeftHander: false }),
    correct: philosophers(count, { hasLeftHander: true }),
    smallest: { switches: count - 1, steps: 2 * count },
  };
}

export const lockOrderBugs: readonly Bug[] = [
  {
    name: 'lock order, 2 locks',
    kind: 'deadlock',
    buggy: locking(2, [
      [0, 1],
      [1, 0],
    ]),
    correct: locking(2, [
      [0, 1],
      [0, 1],
    ]),
    smallest: { switches: 1, steps: 4 },
  },
  {
    name: 'lock order, 3 locks',
    kind: 'deadlock',
    buggy: locking(3, [
      [0, 1],
      [2, 0],
      [0, 1],
      [1, 2],
    ]),
    correct: locking(3, [
      [0, 1],
      [0, 2],
      [0, 1],
      [1, 2],
    ]),
    smallest: { switches: 3, steps: 7 },
  },
  philosophersOf(3),
  philosophersOf(4),
];
