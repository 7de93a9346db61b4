/** Something is made when it is first needed, and should be made once, and whole. */
import type { Program, Runtime } from '../../index.ts';
import type { Bug } from './bug.ts';

const NONE = 0;

/** No lock at all: whoever finds nothing makes one. */
function lazy({ isExchanged }: { readonly isExchanged: boolean }): Program {
  return (rt: Runtime) => {
    const instance = rt.atomic(NONE, 'instance');
    const got: number[] = [];
    for (const id of [1, 2]) {
      rt.spawn(`T${id}`, function* () {
        const found = yield* instance.load();
        if (found !== NONE) {
          got[id] = found;
        } else if (isExchanged) {
          const before = yield* instance.compareExchange(NONE, id);
          got[id] = before === NONE ? id : before;
        } else {
          yield* instance.store(id);
          got[id] = id;
        }
      });
    }
    rt.finally(() => rt.assert(got[1] === got[2], 'all have the same instance'));
  };
}

/** Double-checked locking of which the second check is left out. */
function doubleChecked({ isCheckedAgain }: { readonly isCheckedAgain: boolean }): Program {
  return (rt: Runtime) => {
    const instance = rt.atomic(NONE, 'instance');
    const made = rt.atomic(0, 'made');
    const mutex = rt.mutex('mutex');
    for (const id of [1, 2]) {
      rt.spawn(`T${id}`, function* () {
        if ((yield* instance.load()) !== NONE) return;
        yield* mutex.lock();
        if (!isCheckedAgain || (yield* instance.load()) === NONE) {
          yield* made.fetchAdd(1);
          yield* instance.store(id);
        }
        yield* mutex.unlock();
      });
    }
    rt.finally(() => rt.assert(made.value === 1, 'it is made once'));
  };
}

/** Double-checked locking that shows the instance to others before it has its fields. */
function published({ isWhole }: { readonly isWhole: boolean }): Program {
  return (rt: Runtime) => {
    const instance = rt.atomic(NONE, 'instance');
    const field = rt.atomic(0, 'field');
    const mutex = rt.mutex('mutex');
    for (const id of [1, 2]) {
      rt.spawn(`T${id}`, function* () {
        if ((yield* instance.load()) === NONE) {
          yield* mutex.lock();
          if ((yield* instance.load()) === NONE) {
            if (isWhole) yield* field.store(42);
            yield* instance.store(id);
            if (!isWhole) yield* field.store(42);
          }
          yield* mutex.unlock();
        }
        rt.assert((yield* field.load()) === 42, 'the instance is whole');
      });
    }
  };
}

export const initializationBugs: readonly Bug[] = [
  {
    name: 'lazy initialization',
    kind: 'assertion',
    buggy: lazy({ isExchanged: false }),
    correct: lazy({ isExchanged: true }),
    smallest: { switches: 2, steps: 4 },
  },
  {
    name: 'second check left out',
    kind: 'assertion',
    buggy: doubleChecked({ isCheckedAgain: false }),
    correct: doubleChecked({ isCheckedAgain: true }),
    smallest: { switches: 2, steps: 10 },
  },
  {
    name: 'published before whole',
    kind: 'assertion',
    buggy: published({ isWhole: false }),
    correct: published({ isWhole: true }),
    smallest: { switches: 1, steps: 6 },
  },
];
