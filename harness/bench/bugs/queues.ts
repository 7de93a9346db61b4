/** Queues that lose an element or hand it out twice. */
import type { Atomic, Program, Runtime, Task } from '../../index.ts';
import type { Bug } from './bug.ts';

/** Two producers put into the slot at the tail, then move the tail on. */
function circularBuffer({ isLocked }: { readonly isLocked: boolean }): Program {
  return (rt: Runtime) => {
    const size = 4;
    const slots = Array.from({ length: size }, (_, place) => rt.atomic(0, `slot ${place}`));
    const tail = rt.atomic(0, 'tail');
    const mutex = rt.mutex('mutex');
    for (const item of [1, 2]) {
      rt.spawn(`producer ${item}`, function* () {
        if (isLocked) yield* mutex.lock();
        const place = yield* tail.load();
        yield* (slots[place % size] as Atomic<number>).store(item);
        yield* tail.store(place + 1);
        if (isLocked) yield* mutex.unlock();
      });
    }
    rt.finally(() => {
      const items = slots.filter((slot) => slot.value !== 0).length;
      rt.assert(items === 2 && tail.value === 2, 'both items are in the buffer');
    });
  };
}

/** A linked queue: the new node is linked behind the last one, which then is no longer the last. */
function linkedQueue({ isExchanged }: { readonly isExchanged: boolean }): Program {
  return (rt: Runtime) => {
    const next = [0, 1, 2].map((node) => rt.atomic(0, `next of ${node}`));
    const last = rt.atomic(0, 'last');
    for (const node of [1, 2]) {
      rt.spawn(`T${node}`, function* () {
        const before = isExchanged ? yield* last.exchange(node) : yield* last.load();
        yield* (next[before] as Atomic<number>).store(node);
        if (!isExchanged) yield* last.store(node);
      });
    }
    rt.finally(() => {
      let length = 0;
      for (let node = next[0]?.value ?? 0; node !== 0; node = next[node]?.value ?? 0) length += 1;
      rt.assert(length === 2, 'both nodes are in the queue');
    });
  };
}

/**
 * After Chase and Lev: the owner takes from the bottom, the thief from the top. For the last item they have to
 * compete, and the buggy owner does not.
 */
function workStealing({ isContested }: { readonly isContested: boolean }): Program {
  return (rt: Runtime) => {
    const [top, bottom] = [rt.atomic(0, 'top'), rt.atomic(2, 'bottom')];
    const taken: number[][] = [[], []];
    function* takeLast(first: number): Task<boolean> {
      if (isContested) return (yield* top.compareExchange(first, first + 1)) === first;
      yield* top.store(first + 1);
      return true;
    }
    rt.spawn('owner', function* () {
      for (let i = 0; i < 2; i += 1) {
        const place = (yield* bottom.fetchSub(1)) - 1;
        const first = yield* top.load();
        if (first < place) {
          taken[0]?.push(place);
          continue;
        }
        if (first === place && (yield* takeLast(first))) taken[0]?.push(place);
        yield* bottom.store(first + 1);
        return;
      }
    });
    rt.spawn('thief', function* () {
      const first = yield* top.load();
      if (first >= (yield* bottom.load())) return;
      if ((yield* top.compareExchange(first, first + 1)) === first) taken[1]?.push(first);
    });
    rt.finally(() => {
      const all = taken.flat();
      rt.assert(new Set(all).size === all.length, 'no item is taken twice');
    });
  };
}

export const queueBugs: readonly Bug[] = [
  {
    name: 'circular buffer',
    kind: 'assertion',
    buggy: circularBuffer({ isLocked: false }),
    correct: circularBuffer({ isLocked: true }),
    smallest: { switches: 2, steps: 6 },
  },
  {
    name: 'queue that loses an element',
    kind: 'assertion',
    buggy: linkedQueue({ isExchanged: false }),
    correct: linkedQueue({ isExchanged: true }),
    smallest: { switches: 2, steps: 6 },
  },
  {
    name: 'work-stealing queue',
    kind: 'assertion',
    buggy: workStealing({ isContested: false }),
    correct: workStealing({ isContested: true }),
    smallest: { switches: 3, steps: 9 },
  },
];
