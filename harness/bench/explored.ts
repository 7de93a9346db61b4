/** Our own runs: `explore` with the random walk and all detection on. */
import {
  type Atomic,
  type Block,
  explore,
  type Program,
  type Runtime,
  type Task,
} from '../index.ts';
import type { Peer } from './peer.ts';

/** `mistakes` tells how many executions showed the mistake since it was last called. */
function explored(program: Program, mistakes: () => number): Peer {
  let seed = 0;
  const done = { executions: 0, steps: 0 };
  return {
    name: 'explore',
    done,
    run(executions) {
      seed += 1;
      const { failure, steps } = explore(program, { strategy: 'random', seed, executions });
      done.executions += executions;
      done.steps += steps;
      if (failure !== undefined) throw new Error(`${failure.kind}: ${failure.message}`);
      return mistakes();
    },
  };
}

export function exploredLostUpdate(threads: number): Peer {
  let lost = 0;
  const program: Program = (rt) => {
    const counter = rt.atomic(0);
    for (let id = 0; id < threads; id += 1) rt.spawn('T', () => increment(counter));
    rt.finally(() => {
      if (counter.value !== threads) lost += 1;
    });
  };
  return explored(program, () => {
    const count = lost;
    lost = 0;
    return count;
  });
}

function* increment(counter: Atomic<number>): Task {
  const value = yield* counter.load();
  yield* counter.store(value + 1);
}

const DEREGISTERED = 1_000;

export function exploredDeregistration(clients: number): Peer {
  const program: Program = (rt) => {
    const entity = rt.heap.allocate(1);
    const state = rt.atomic(0);
    for (let id = 0; id < clients; id += 1) {
      rt.spawn('client', () => useEntity(rt, state, entity));
    }
    rt.spawn('deregisterer', () => deregister(rt, state, entity));
  };
  return explored(program, () => 0);
}

function* useEntity(rt: Runtime, state: Atomic<number>, entity: Block<number>): Task {
  const before = yield* state.fetchAdd(1);
  if (before < DEREGISTERED) yield* rt.heap.access(entity);
  yield* state.fetchSub(1);
}

function* deregister(rt: Runtime, state: Atomic<number>, entity: Block<number>): Task {
  yield* state.fetchAdd(DEREGISTERED);
  while ((yield* state.load()) !== DEREGISTERED) yield* rt.yieldNow();
  yield* rt.heap.free(entity);
}
