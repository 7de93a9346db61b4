/**
 * A readers–writer lock. Events are queued for their receivers and carried by whoever comes along: each call
 * empties the queue on its way out. Handle values are strings, given out again as soon as they are free.
 */
import type { Implementation, Rtm, RtmHost, Task } from './kit.ts';
import type { Entity } from './registry.ts';
import {
  ERROR_INVALID_HANDLE,
  NO_ERROR,
  Pool,
  profile,
  Registry,
  RTM_ENTITY_DEREGISTERED,
  RTM_ENTITY_REGISTERED,
} from './registry.ts';

interface Letter {
  readonly receiver: Entity;
  readonly type: number;
  readonly subject: Entity;
  readonly handle: unknown;
}

function createRtm({ rt }: RtmHost): Rtm {
  const names = new Pool((n) => `H${n}`);
  const registry = new Registry({
    mint: () => names.take(),
    recycle: (handle) => {
      names.give(handle as string);
    },
    callerListed: true,
    overflow: 'part',
    releasesTheRest: true,
  });
  const lock = rt.rwLock('table');
  const queue = rt.cell<readonly Letter[]>([], 'queue');

  /** With the lock held for writing. */
  function* post(type: number, subject: Entity): Task {
    for (const receiver of registry.listeners(subject)) {
      const letter = { receiver, type, subject, handle: registry.lend(subject) };
      yield* queue.write([...(yield* queue.read()), letter]);
    }
  }

  function* deliver(): Task {
    for (;;) {
      yield* lock.lockWrite();
      const [letter, ...rest] = yield* queue.read();
      if (letter === undefined) break;
      const { receiver, type, subject, handle } = letter;
      yield* queue.write(rest);
      const isWanted = receiver.state === 'registered';
      if (isWanted) {
        receiver.busy += 1;
        yield* lock.unlockWrite();
        yield* receiver.callback?.(
          receiver.registration,
          type,
          handle,
          subject.info,
        ) as Task<number>;
        yield* lock.lockWrite();
        receiver.busy -= 1;
      }
      registry.takeLent(subject, handle);
      yield* lock.unlockWrite();
    }
    yield* lock.unlockWrite();
  }

  function* changing(handle: unknown, work: (caller: Entity) => number): Task<number> {
    yield* lock.lockWrite();
    const caller = registry.caller(handle);
    const status = caller === undefined ? ERROR_INVALID_HANDLE : work(caller);
    yield* lock.unlockWrite();
    yield* deliver();
    return status;
  }

  return {
    *RtmRegisterEntity(_thread, args) {
      yield* lock.lockWrite();
      const entity = registry.register(args);
      if (typeof entity === 'number') {
        yield* lock.unlockWrite();
        return { status: entity };
      }
      yield* post(RTM_ENTITY_REGISTERED, entity);
      yield* lock.unlockWrite();
      yield* deliver();
      return {
        status: NO_ERROR,
        out: { RtmRegHandle: entity.registration, RtmRegProfile: profile },
      };
    },
    *RtmDeregisterEntity(_thread, { RtmRegHandle }) {
      yield* lock.lockWrite();
      const entity = registry.caller(RtmRegHandle);
      if (entity === undefined) {
        yield* lock.unlockWrite();
        return { status: ERROR_INVALID_HANDLE };
      }
      entity.state = 'leaving';
      yield* post(RTM_ENTITY_DEREGISTERED, entity);
      while (entity.busy > 0) {
        yield* lock.unlockWrite();
        yield* rt.yieldNow();
        yield* lock.lockWrite();
      }
      registry.leave(entity);
      yield* lock.unlockWrite();
      yield* deliver();
      return { status: NO_ERROR };
    },
    *RtmGetRegisteredEntities(_thread, args) {
      // Counts change too, so readers of the table alone are those that want no handles.
      const reads = args.EntityHandles === null;
      yield* reads ? lock.lockRead() : lock.lockWrite();
      const caller = registry.caller(args.RtmRegHandle);
      const refused = { status: ERROR_INVALID_HANDLE, out: { NumEntities: 0 } };
      const reply = caller === undefined ? refused : registry.list(caller, args);
      yield* reads ? lock.unlockRead() : lock.unlockWrite();
      return reply;
    },
    *RtmReleaseEntities(_thread, { RtmRegHandle, EntityHandles }) {
      return {
        status: yield* changing(RtmRegHandle, (caller) => registry.release(caller, EntityHandles)),
      };
    },
    *RtmGetEntityInfo(_thread, { RtmRegHandle, EntityHandle }) {
      yield* lock.lockRead();
      const caller = registry.caller(RtmRegHandle);
      yield* rt.point('between two looks');
      const reply =
        caller === undefined
          ? { status: ERROR_INVALID_HANDLE }
          : registry.describe(caller, EntityHandle);
      yield* lock.unlockRead();
      return reply;
    },
    *RtmReleaseEntityInfo(_thread, { RtmRegHandle }) {
      return { status: yield* changing(RtmRegHandle, () => NO_ERROR) };
    },
    *RtmReferenceHandles(_thread, { RtmRegHandle, RtmHandles }) {
      return {
        status: yield* changing(RtmRegHandle, (caller) => registry.reference(caller, RtmHandles)),
      };
    },
    *close() {
      yield* lock.lockWrite();
      yield* queue.write([]);
      yield* lock.unlockWrite();
    },
  };
}

export const rwLock: Implementation = {
  name: 'rw-lock',
  levels: ['core'],
  profile: 'notes',
  create: createRtm,
};
