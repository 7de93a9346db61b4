/** Treiber's stack, popped without care or with a head that comes back: ABA. */
import type { Atomic, Program, Runtime, Task } from '../../index.ts';
import type { Bug } from './bug.ts';

/** Nodes go by numbers; none is 0. */
const NONE = 0;
const BOTTOM = 1;
const TOP = 2;
/** The head holds a node and, in multiples of this, the tag: one that has come back is not what it was. */
const TAG = 4;

/**
 * One thread pops; meanwhile another pops two and pushes the first again, so that the head is what it was and
 * what lies below is not.
 */
function aba({ isTagged }: { readonly isTagged: boolean }): Program {
  return (rt: Runtime) => {
    const next = [NONE, NONE, BOTTOM].map((node, id) => rt.atomic(node, `next of ${id}`));
    const head = rt.atomic(TOP, 'head');
    const nextOf = (node: number): Atomic<number> => next[node] as Atomic<number>;
    const changed = (old: number, node: number): number =>
      isTagged ? old - (old % TAG) + TAG + node : node;
    function* pop(): Task<number> {
      for (;;) {
        const old = yield* head.load();
        const node = old % TAG;
        if (node === NONE) return NONE;
        const below = yield* nextOf(node).load();
        if ((yield* head.compareExchange(old, changed(old, below))) === old) return node;
      }
    }
    function* push(node: number): Task {
      for (;;) {
        const old = yield* head.load();
        yield* nextOf(node).store(old % TAG);
        if ((yield* head.compareExchange(old, changed(old, node))) === old) return;
      }
    }
    const popped: number[] = [];
    rt.spawn('pops one', function* () {
      popped[0] = yield* pop();
    });
    rt.spawn('pops two, pushes one', function* () {
      const first = yield* pop();
      popped[1] = yield* pop();
      if (first !== NONE) yield* push(first);
    });
    rt.finally(() => {
      const isLost = popped.includes(BOTTOM) && head.value % TAG === BOTTOM;
      rt.assert(!isLost, 'what has been popped is not in the stack');
    });
  };
}

/** The head is read and written in two steps, or exchanged in one. */
function pops({ isAtomic }: { readonly isAtomic: boolean }): Program {
  return (rt: Runtime) => {
    const depth = rt.atomic(3, 'depth');
    const got: number[] = [];
    for (const id of [0, 1]) {
      rt.spawn(`T${id}`, function* () {
        got[id] = yield* isAtomic ? depth.fetchSub(1) : popOne(depth);
      });
    }
    rt.finally(() => rt.assert(got[0] !== got[1], 'no element is popped twice'));
  };
}

function* popOne(depth: Atomic<number>): Task<number> {
  const top = yield* depth.load();
  yield* depth.store(top - 1);
  return top;
}

export const stackBugs: readonly Bug[] = [
  {
    name: 'ABA stack',
    kind: 'assertion',
    buggy: aba({ isTagged: false }),
    correct: aba({ isTagged: true }),
    smallest: { switches: 2, steps: 12 },
  },
  {
    name: 'stack popped in two steps',
    kind: 'assertion',
    buggy: pops({ isAtomic: false }),
    correct: pops({ isAtomic: true }),
    smallest: { switches: 2, steps: 4 },
  },
];
