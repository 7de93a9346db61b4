/**
 * The quiescent deregistration of the implementer's notes (note `quiescent-deregistration`): one state
 * word counts the operations in progress, and holds a large constant once the entity is deregistered.
 */
import type { Atomic, Block, Runtime, Task } from '../../../harness/index.ts';

/** Larger than any count of operations. The notes do not give its value. */
export const ENTITY_STATE_DEREGISTERED = 1000;

export interface Entity {
  readonly state: Atomic<number>;
  /** What an operation works on, and deregistration cleans up. */
  readonly routes: Block<number>;
  /** What the entity itself lives in; undefined where it is never freed. */
  readonly memory: Block<undefined> | undefined;
}

export function newEntity(rt: Runtime, lifetime: 'kept' | 'freed'): Entity {
  return {
    state: rt.atomic(0, 'Entity->State'),
    routes: rt.heap.allocate(0, 'routes'),
    memory: lifetime === 'kept' ? undefined : rt.heap.allocate(undefined, 'Entity'),
  };
}

/** InterlockedExchangeAdd(&Entity->State, amount): a use after free if the entity has been freed. */
export function* addToState(rt: Runtime, entity: Entity, amount: number): Task<number> {
  const old = yield* entity.state.fetchAdd(amount);
  if (entity.memory?.live === false) {
    rt.fail('use-after-free', 'State of `Entity` is changed after the entity has been freed');
  }
  return old;
}

/** Enters an operation as written: counts it, and backs off if that was too late. Whether it may go on. */
export function* enter(rt: Runtime, entity: Entity): Task<boolean> {
  if ((yield* addToState(rt, entity, 1)) + 1 < ENTITY_STATE_DEREGISTERED) return true;
  yield* addToState(rt, entity, -1);
  return false;
}

export function* leave(rt: Runtime, entity: Entity): Task {
  yield* addToState(rt, entity, -1);
}

/** An operation that looks at the entity's routes. Whether it was let in. */
export function* operate(rt: Runtime, entity: Entity): Task<boolean> {
  if (!(yield* enter(rt, entity))) return false;
  yield* rt.heap.access(entity.routes);
  yield* leave(rt, entity);
  return true;
}

/** RtmDeregisterEntity as written. Whether it succeeded. */
export function* deregister(rt: Runtime, entity: Entity): Task<boolean> {
  if (!(yield* flag(rt, entity))) return false;
  yield* drain(rt, entity);
  yield* cleanUp(rt, entity);
  return true;
}

/** Keeps new operations out; false if another call was first. */
export function* flag(rt: Runtime, entity: Entity): Task<boolean> {
  const old = yield* addToState(rt, entity, ENTITY_STATE_DEREGISTERED);
  if (old < ENTITY_STATE_DEREGISTERED) return true;
  yield* addToState(rt, entity, -ENTITY_STATE_DEREGISTERED);
  return false;
}

/** `while (Entity->State != ENTITY_STATE_DEREGISTERED) Sleep(0);` */
export function* drain(rt: Runtime, entity: Entity): Task {
  while ((yield* entity.state.load()) !== ENTITY_STATE_DEREGISTERED) yield* rt.yieldNow();
}

export function* cleanUp(rt: Runtime, entity: Entity): Task {
  yield* rt.heap.free(entity.routes);
  if (entity.memory !== undefined) yield* rt.heap.free(entity.memory);
}
