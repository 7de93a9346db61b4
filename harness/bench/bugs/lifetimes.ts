/** Something is freed, or stopped, while somebody still uses it. */
import type { Program, Runtime } from '../../index.ts';
import type { Bug } from './bug.ts';

/** `bluetooth` driver of KISS: a request looks at the flag before it counts itself as pending. */
function bluetooth({ isCountedFirst }: { readonly isCountedFirst: boolean }): Program {
  return (rt: Runtime) => {
    const stopping = rt.atomic(false, 'stopping');
    const stopped = rt.atomic(false, 'stopped');
    const pending = rt.atomic(1, 'pending');
    const idle = rt.event('idle');
    function* leave() {
      if ((yield* pending.fetchSub(1)) === 1) yield* idle.set();
    }
    rt.spawn('request', function* () {
      if (!isCountedFirst && (yield* stopping.load())) return;
      yield* pending.fetchAdd(1);
      if (!isCountedFirst || !(yield* stopping.load())) {
        rt.assert(!(yield* stopped.load()), 'the driver is not stopped during a request');
      }
      yield* leave();
    });
    rt.spawn('stop', function* () {
      yield* stopping.store(true);
      yield* leave();
      yield* idle.wait();
      yield* stopped.store(true);
    });
  };
}

/** A reference is taken though the last one has been given back. */
function resurrection({ isCheckedFirst }: { readonly isCheckedFirst: boolean }): Program {
  return (rt: Runtime) => {
    const entity = rt.heap.allocate(1, 'entity');
    const references = rt.atomic(1, 'references');
    rt.spawn('owner', function* () {
      if ((yield* references.fetchSub(1)) === 1) yield* rt.heap.free(entity);
    });
    rt.spawn('finder', function* () {
      const before = isCheckedFirst
        ? yield* references.update((count) => (count === 0 ? 0 : count + 1))
        : yield* references.fetchAdd(1);
      if (isCheckedFirst && before === 0) return;
      yield* rt.heap.access(entity);
    });
  };
}

const LEAVING = 100;

type ClientCheck = 'never' | 'before counting in' | 'after counting in';

/** Clients count themselves in and out; the deregisterer adds a flag and waits until only the flag is left. */
function deregistration(clients: number, { check }: { readonly check: ClientCheck }): Program {
  return (rt: Runtime) => {
    const entity = rt.heap.allocate(1, 'entity');
    const state = rt.atomic(0, 'state');
    for (let id = 0; id < clients; id += 1) {
      rt.spawn(`client ${id}`, function* () {
        if (check === 'before counting in' && (yield* state.load()) >= LEAVING) return;
        const before = yield* state.fetchAdd(1);
        if (check !== 'after counting in' || before < LEAVING) yield* rt.heap.access(entity);
        yield* state.fetchSub(1);
      });
    }
    rt.spawn('deregisterer', function* () {
      yield* state.fetchAdd(LEAVING);
      yield* state.waitUntil((value) => value === LEAVING);
      yield* rt.heap.free(entity);
    });
  };
}

/** The way out after an error unlocks, and so does what follows. */
function releasedTwice({ isReturning }: { readonly isReturning: boolean }): Program {
  return (rt: Runtime) => {
    const mutex = rt.mutex('mutex');
    const closed = rt.atomic(false, 'closed');
    rt.spawn('user', function* () {
      yield* mutex.lock();
      if (yield* closed.load()) {
        yield* mutex.unlock();
        if (isReturning) return;
      }
      yield* mutex.unlock();
    });
    rt.spawn('closer', function* () {
      yield* mutex.lock();
      yield* closed.store(true);
      yield* mutex.unlock();
    });
  };
}

const HEAP = { races: false, leaks: false };

export const lifetimeBugs: readonly Bug[] = [
  {
    name: 'bluetooth driver',
    kind: 'assertion',
    buggy: bluetooth({ isCountedFirst: false }),
    correct: bluetooth({ isCountedFirst: true }),
    smallest: { switches: 2, steps: 8 },
  },
  {
    name: 'reference count resurrected',
    kind: 'use-after-free',
    buggy: resurrection({ isCheckedFirst: false }),
    correct: resurrection({ isCheckedFirst: true }),
    smallest: { switches: 1, steps: 4 },
    detect: HEAP,
  },
  {
    name: 'deregistration, no check',
    kind: 'use-after-free',
    buggy: deregistration(2, { check: 'never' }),
    correct: deregistration(2, { check: 'after counting in' }),
    smallest: { switches: 1, steps: 5 },
    detect: HEAP,
  },
  {
    name: 'deregistration, check too soon',
    kind: 'use-after-free',
    buggy: deregistration(2, { check: 'before counting in' }),
    correct: deregistration(2, { check: 'after counting in' }),
    smallest: { switches: 2, steps: 6 },
    detect: HEAP,
  },
  {
    name: 'lock released twice',
    kind: 'lock-misuse',
    buggy: releasedTwice({ isReturning: false }),
    correct: releasedTwice({ isReturning: true }),
    smallest: { switches: 1, steps: 7 },
  },
];
