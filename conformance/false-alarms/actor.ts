/**
 * One thread owns everything: callers put a request into its queue and wait for the answer. A second thread,
 * the courier, carries the events. Deregistration waits until the courier is done with the client.
 */
import type { Implementation, ManualEvent, Rtm, RtmHost, Task } from './kit.ts';
import type { Entity, ListReply } from './registry.ts';
import {
  ERROR_INVALID_HANDLE,
  NO_ERROR,
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
  let numbers = 0x100;
  const registry = new Registry({
    mint: () => (numbers += 4),
    identityUntilFreed: true,
    describesDeparted: true,
  });
  const requests: (() => Task)[] = [];
  const letters: Letter[] = [];
  const requested = rt.semaphore(0, 'requests');
  const posted = rt.semaphore(0, 'letters');

  rt.spawn('owner', function* () {
    for (;;) {
      yield* requested.acquire();
      yield* requests.shift()?.() ?? [];
    }
  });
  rt.spawn('courier', function* () {
    for (;;) {
      yield* posted.acquire();
      const letter = letters.shift();
      if (letter === undefined) continue;
      const { receiver, type, subject, handle } = letter;
      let isWanted = false;
      yield* ask(() => {
        isWanted = receiver.state === 'registered';
        if (isWanted) receiver.busy += 1;
      });
      if (isWanted) {
        yield* receiver.callback?.(
          receiver.registration,
          type,
          handle,
          subject.info,
        ) as Task<number>;
        yield* ask(() => {
          receiver.busy -= 1;
        });
      }
      yield* ask(() => {
        registry.takeLent(subject, handle);
        registry.unpin(receiver);
      });
    }
  });

  /** Has the owner do something, and waits until it is done. */
  function* ask<T>(work: () => T): Task<T> {
    const done: ManualEvent = rt.event('answered');
    const answers: T[] = [];
    requests.push(function* () {
      answers.push(work());
      yield* done.set();
    });
    yield* requested.release();
    yield* done.wait();
    return answers[0] as T;
  }

  function* post(type: number, subject: Entity): Task {
    for (const receiver of registry.listeners(subject)) {
      receiver.pins += 1;
      letters.push({ receiver, type, subject, handle: registry.lend(subject) });
      yield* posted.release();
    }
  }

  function withCaller<T>(handle: unknown, work: (caller: Entity) => T, refused: T): Task<T> {
    return ask(() => {
      const caller = registry.caller(handle);
      return caller === undefined ? refused : work(caller);
    });
  }

  const bad = { status: ERROR_INVALID_HANDLE };
  return {
    *RtmRegisterEntity(_thread, args) {
      const entity = yield* ask(() => {
        const made = registry.register(args);
        if (typeof made !== 'number') requests.unshift(() => post(RTM_ENTITY_REGISTERED, made));
        return made;
      });
      if (typeof entity === 'number') return { status: entity };
      yield* requested.release();
      return {
        status: NO_ERROR,
        out: { RtmRegHandle: entity.registration, RtmRegProfile: profile },
      };
    },
    *RtmDeregisterEntity(_thread, { RtmRegHandle }) {
      const entity = yield* ask(() => {
        const caller = registry.caller(RtmRegHandle);
        if (caller === undefined) return undefined;
        caller.state = 'leaving';
        requests.unshift(() => post(RTM_ENTITY_DEREGISTERED, caller));
        return caller;
      });
      if (entity === undefined) return bad;
      yield* requested.release();
      while (yield* ask(() => entity.busy > 0)) yield* rt.sleep(1);
      yield* ask(() => {
        registry.leave(entity);
      });
      return { status: NO_ERROR };
    },
    *RtmGetRegisteredEntities(_thread, args) {
      const refused: ListReply = { ...bad, out: { NumEntities: 0 } };
      return yield* withCaller(args.RtmRegHandle, (caller) => registry.list(caller, args), refused);
    },
    *RtmReleaseEntities(_thread, { RtmRegHandle, EntityHandles }) {
      const release = (caller: Entity): number => registry.release(caller, EntityHandles);
      return { status: yield* withCaller(RtmRegHandle, release, ERROR_INVALID_HANDLE) };
    },
    *RtmGetEntityInfo(_thread, { RtmRegHandle, EntityHandle }) {
      return yield* withCaller(
        RtmRegHandle,
        (caller) => registry.describe(caller, EntityHandle),
        bad,
      );
    },
    *RtmReleaseEntityInfo(_thread, { RtmRegHandle }) {
      return { status: yield* withCaller(RtmRegHandle, () => NO_ERROR, ERROR_INVALID_HANDLE) };
    },
    *RtmReferenceHandles(_thread, { RtmRegHandle, RtmHandles }) {
      const reference = (caller: Entity): number => registry.reference(caller, RtmHandles);
      return { status: yield* withCaller(RtmRegHandle, reference, ERROR_INVALID_HANDLE) };
    },
    census: () => registry.census(),
  };
}

export const actor: Implementation = {
  name: 'actor',
  levels: ['core'],
  profile: 'notes',
  create: createRtm,
};
