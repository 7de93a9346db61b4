/** Ways to get the protocol of the notes wrong that its text leaves open, or comes close to. */
import type { Atomic, Runtime, Task } from '../../../harness/index.ts';
import type { AlgorithmLitmus } from '../litmus.ts';
import {
  addToState,
  cleanUp,
  deregister,
  drain,
  enter,
  ENTITY_STATE_DEREGISTERED,
  flag,
  leave,
  newEntity,
  operate,
} from './entity.ts';

export const checkThenCount: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/quiescence/check-then-count',
  title: 'Looking for the flag before counting oneself in',
  about:
    'It seems tidier not to touch the count of an entity that is leaving: look at the state first, and ' +
    'count only if there is no flag. Between the two the deregistration can run from start to end.',
  rules: ['RTM-DEREG-007', 'RTM-DEREG-010'],
  program: (rt) => {
    const entity = newEntity(rt, 'kept');
    const gone = rt.atomic(false, 'cleaned up');
    rt.spawn('client', function* () {
      if ((yield* entity.state.load()) >= ENTITY_STATE_DEREGISTERED) return;
      yield* addToState(rt, entity, 1);
      if (yield* gone.load())
        rt.fail('operation-after-clean-up', 'an operation finds nothing left');
      yield* leave(rt, entity);
    });
    rt.spawn('deregister', function* () {
      yield* flag(rt, entity);
      yield* drain(rt, entity);
      yield* gone.store(true);
      yield* cleanUp(rt, entity);
    });
  },
  expected: {
    verdict: 'fails',
    kind: 'operation-after-clean-up',
    defect: 'check and count are two steps',
  },
};

export const hoistedRead: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/quiescence/hoisted-read',
  title: 'The wait reads the state only once',
  about:
    'The wait of the notes reads Entity->State as plain memory. Nothing tells the compiler that it ' +
    'changes, unless it cannot see into Sleep, so that it may read once and go round for ever. The state ' +
    'must be volatile or atomic.',
  rules: ['RTM-DEREG-009', 'RTM-SAFE-002'],
  program: (rt) => {
    const entity = newEntity(rt, 'kept');
    rt.spawn('client', () => operate(rt, entity));
    rt.spawn('deregister', function* () {
      yield* flag(rt, entity);
      const state = yield* entity.state.load();
      for (;;) {
        if (state === ENTITY_STATE_DEREGISTERED) break;
        yield* rt.yieldNow();
      }
      yield* cleanUp(rt, entity);
    });
  },
  bounds: { maxSteps: 20 },
  expected: { verdict: 'fails', kind: 'livelock', defect: 'plain read in a waiting loop' },
};

export const withinOperation: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/quiescence/deregister-within-operation',
  title: 'Deregistering from within an operation waits for itself',
  about:
    'A callback that is delivered while the operation of its entity is counted, and deregisters that ' +
    'entity, waits for an operation that waits for it. That is why the notes forbid it to clients.',
  rules: ['RTM-EVENT-017', 'RTM-EVENT-018'],
  program: (rt) => {
    const entity = newEntity(rt, 'kept');
    rt.spawn('client', function* () {
      yield* enter(rt, entity);
      yield* deregister(rt, entity);
      yield* leave(rt, entity);
    });
  },
  bounds: { maxSteps: 12 },
  expected: { verdict: 'fails', kind: 'livelock', defect: 'waits for its own operation' },
};

/** The largest power of two that a LONG holds; the sum of two is negative. */
const LARGE_FLAG = 0x4000_0000;

function addAsLong(state: Atomic<number>, amount: number): Task<number> {
  return state.update((value) => (value + amount) | 0);
}

function* deregisterWithLargeFlag(
  rt: Runtime,
  state: Atomic<number>,
  gone: Atomic<boolean>,
): Task<boolean> {
  if ((yield* addAsLong(state, LARGE_FLAG)) >= LARGE_FLAG) {
    yield* addAsLong(state, -LARGE_FLAG);
    return false;
  }
  while ((yield* state.load()) !== LARGE_FLAG) yield* rt.yieldNow();
  yield* gone.store(true);
  return true;
}

export const flagOverflow: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/quiescence/flag-overflow',
  title: 'Two flags at once do not fit into a LONG',
  about:
    'The notes do not give the value of the flag. With 0x40000000 the second deregistration makes the ' +
    'state negative for as long as it takes to back off: less than the flag, so that an operation that ' +
    'comes in that moment finds nothing in its way, with the entity cleaned up already.',
  rules: ['RTM-DEREG-003', 'RTM-DEREG-007'],
  program: (rt) => {
    const state = rt.atomic(0, 'Entity->State');
    const gone = rt.atomic(false, 'cleaned up');
    rt.spawn('client', function* () {
      if ((yield* addAsLong(state, 1)) + 1 >= LARGE_FLAG) {
        yield* addAsLong(state, -1);
        return;
      }
      if (yield* gone.load())
        rt.fail('operation-after-clean-up', 'an operation finds nothing left');
      yield* addAsLong(state, -1);
    });
    rt.spawn('deregister 1', () => deregisterWithLargeFlag(rt, state, gone));
    rt.spawn('deregister 2', () => deregisterWithLargeFlag(rt, state, gone));
  },
  expected: {
    verdict: 'fails',
    kind: 'operation-after-clean-up',
    defect: 'temporary double flag overflows',
  },
};
