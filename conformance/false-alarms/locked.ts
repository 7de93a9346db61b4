/**
 * One lock around the bookkeeping; how it is taken, how events get to their receivers, and how a deregistration
 * waits, is left to a carrier. Memory is the heap's, freed with the last reference or when all is closed.
 */
import type { Rtm, RtmHost, Task } from './kit.ts';
import type { Choices, Entity, ListReply } from './registry.ts';
import {
  ERROR_INVALID_HANDLE,
  NO_ERROR,
  profile,
  Registry,
  RTM_ENTITY_DEREGISTERED,
  RTM_ENTITY_REGISTERED,
} from './registry.ts';

export interface Letter {
  readonly receiver: Entity;
  readonly type: number;
  readonly subject: Entity;
  readonly handle: unknown;
}

export interface Lock {
  lock(): Task;
  unlock(): Task;
}

/** How letters travel, and how to wait. Called with the lock held, which `wait` may leave meanwhile. */
export interface Carrier {
  readonly lock: Lock;
  post(letters: readonly Letter[]): Task;
  wait(until: () => boolean): Task;
  /** A callback has ended. */
  ended(): Task;
}

type Deliver = (letter: Letter) => Task;

export function createLocked(
  { rt }: RtmHost,
  choices: Choices,
  carrierOf: (deliver: Deliver) => Carrier,
): Rtm {
  const registry = new Registry(choices);
  const blocks = new Map<Entity, ReturnType<typeof rt.heap.allocate>>();

  const carrier = carrierOf(function* ({ receiver, type, subject, handle }) {
    yield* lock.lock();
    if (receiver.state === 'registered') {
      receiver.busy += 1;
      yield* lock.unlock();
      yield* receiver.callback?.(receiver.registration, type, handle, subject.info) as Task<number>;
      yield* lock.lock();
      receiver.busy -= 1;
      yield* carrier.ended();
    }
    registry.takeLent(subject, handle);
    registry.unpin(receiver);
    yield* sweep();
    yield* lock.unlock();
  });
  const { lock } = carrier;

  function* sweep(): Task {
    for (const entity of registry.freed.splice(0)) {
      const block = blocks.get(entity);
      if (block !== undefined) yield* rt.heap.free(block);
    }
  }

  function* post(type: number, subject: Entity): Task {
    const letters = registry.listeners(subject).map((receiver) => {
      receiver.pins += 1;
      return { receiver, type, subject, handle: registry.lend(subject) };
    });
    yield* carrier.post(letters);
  }

  function* entering<T>(handle: unknown, work: (caller: Entity) => T, refused: T): Task<T> {
    yield* lock.lock();
    const caller = registry.caller(handle);
    const result = caller === undefined ? refused : work(caller);
    yield* sweep();
    yield* lock.unlock();
    return result;
  }

  const bad = { status: ERROR_INVALID_HANDLE };
  return {
    *RtmRegisterEntity(_thread, args) {
      yield* lock.lock();
      const entity = registry.register(args);
      if (typeof entity !== 'number') {
        blocks.set(entity, rt.heap.allocate(undefined, 'entity'));
        yield* post(RTM_ENTITY_REGISTERED, entity);
      }
      yield* lock.unlock();
      if (typeof entity === 'number') return { status: entity };
      return {
        status: NO_ERROR,
        out: { RtmRegHandle: entity.registration, RtmRegProfile: profile },
      };
    },
    *RtmDeregisterEntity(_thread, { RtmRegHandle }) {
      yield* lock.lock();
      const entity = registry.caller(RtmRegHandle);
      if (entity === undefined) {
        yield* lock.unlock();
        return bad;
      }
      entity.state = 'leaving';
      yield* carrier.wait(() => entity.busy === 0);
      yield* post(RTM_ENTITY_DEREGISTERED, entity);
      registry.leave(entity);
      yield* sweep();
      yield* lock.unlock();
      return { status: NO_ERROR };
    },
    *RtmGetRegisteredEntities(_thread, args) {
      const refused: ListReply = { ...bad, out: { NumEntities: 0 } };
      return yield* entering(args.RtmRegHandle, (caller) => registry.list(caller, args), refused);
    },
    *RtmReleaseEntities(_thread, { RtmRegHandle, EntityHandles }) {
      const release = (caller: Entity): number => registry.release(caller, EntityHandles);
      return { status: yield* entering(RtmRegHandle, release, ERROR_INVALID_HANDLE) };
    },
    *RtmGetEntityInfo(_thread, { RtmRegHandle, EntityHandle }) {
      return yield* entering(
        RtmRegHandle,
        (caller) => registry.describe(caller, EntityHandle),
        bad,
      );
    },
    *RtmReleaseEntityInfo(_thread, { RtmRegHandle, EntityInfo }) {
      const release = (): number => registry.releaseInfo(EntityInfo);
      return { status: yield* entering(RtmRegHandle, release, ERROR_INVALID_HANDLE) };
    },
    *RtmReferenceHandles(_thread, { RtmRegHandle, RtmHandles }) {
      const reference = (caller: Entity): number => registry.reference(caller, RtmHandles);
      return { status: yield* entering(RtmRegHandle, reference, ERROR_INVALID_HANDLE) };
    },
    census: () => registry.census(),
    *close() {
      yield* lock.lock();
      for (const entity of [...registry.entities]) {
        const block = blocks.get(entity);
        if (block !== undefined) yield* rt.heap.free(block);
      }
      yield* lock.unlock();
    },
  };
}
