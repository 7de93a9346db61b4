/** Synchronous implementations: what calls back in from a callback is refused, queued, or carried out. */
import type { Implementation, Rtm } from './kit.ts';
import type { Choices, Entity } from './registry.ts';
import {
  ERROR_INVALID_HANDLE,
  NO_ERROR,
  Pool,
  profile,
  Registry,
  RTM_ENTITY_DEREGISTERED,
  RTM_ENTITY_REGISTERED,
} from './registry.ts';

const ERROR_BUSY = 170;

interface Style {
  /** What is forbidden in a callback is refused there. */
  readonly refusesInside?: boolean;
  /** Events wait until the call that caused them is over, and those before them have been handled. */
  readonly queues?: boolean;
}

function createRtm(choices: Choices, style: Style): Rtm {
  const registry = new Registry(choices);
  const queue: (() => void)[] = [];
  let isCalling = false;

  const tell = (type: number, subject: Entity): void => {
    for (const receiver of registry.listeners(subject)) {
      const handle = registry.lend(subject);
      const deliver = (): void => {
        if (receiver.state === 'registered')
          void receiver.callback?.(receiver.registration, type, handle, subject.info);
        registry.takeLent(subject, handle);
      };
      if (style.queues === true) queue.push(deliver);
      else calling(deliver);
    }
    if (isCalling) return;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) calling(next);
  };
  const calling = (deliver: () => void): void => {
    const before = isCalling;
    isCalling = true;
    deliver();
    isCalling = before;
  };
  const isRefused = (): boolean => style.refusesInside === true && isCalling;
  const withCaller = (handle: unknown, work: (caller: Entity) => number): { status: number } => {
    const caller = registry.caller(handle);
    return { status: caller === undefined ? ERROR_INVALID_HANDLE : work(caller) };
  };

  return {
    RtmRegisterEntity(_thread, args) {
      if (isRefused()) return { status: ERROR_BUSY };
      const entity = registry.register(args);
      if (typeof entity === 'number') return { status: entity };
      tell(RTM_ENTITY_REGISTERED, entity);
      return {
        status: NO_ERROR,
        out: { RtmRegHandle: entity.registration, RtmRegProfile: profile },
      };
    },
    RtmDeregisterEntity(_thread, { RtmRegHandle }) {
      if (isRefused()) return { status: ERROR_BUSY };
      return withCaller(RtmRegHandle, (entity) => {
        entity.state = 'leaving';
        tell(RTM_ENTITY_DEREGISTERED, entity);
        registry.leave(entity);
        return NO_ERROR;
      });
    },
    RtmGetRegisteredEntities(_thread, args) {
      if (isRefused()) return { status: ERROR_BUSY, out: { NumEntities: 0 } };
      const caller = registry.caller(args.RtmRegHandle);
      if (caller === undefined) return { status: ERROR_INVALID_HANDLE, out: { NumEntities: 0 } };
      return registry.list(caller, args);
    },
    RtmReleaseEntities: (_thread, { RtmRegHandle, EntityHandles }) =>
      withCaller(RtmRegHandle, (caller) => registry.release(caller, EntityHandles)),
    RtmGetEntityInfo(_thread, { RtmRegHandle, EntityHandle }) {
      const caller = registry.caller(RtmRegHandle);
      if (caller === undefined) return { status: ERROR_INVALID_HANDLE };
      return registry.describe(caller, EntityHandle);
    },
    RtmReleaseEntityInfo: (_thread, { RtmRegHandle, EntityInfo }) =>
      withCaller(RtmRegHandle, () => registry.releaseInfo(EntityInfo)),
    RtmReferenceHandles: (_thread, { RtmRegHandle, RtmHandles }) =>
      withCaller(RtmRegHandle, (caller) => registry.reference(caller, RtmHandles)),
    census: () => registry.census(),
  };
}

/** Refuses what is forbidden; every list gives out new values. */
export const refusing: Implementation = {
  name: 'refusing',
  levels: ['core'],
  create: () => {
    let last = 0n;
    const choices: Choices = {
      mint: () => (last += 3n),
      freshHandles: true,
      overflow: 'nothing',
      givesBack: true,
      describesDeparted: true,
    };
    return createRtm(choices, { refusesInside: true });
  },
};

/** Carries out everything, at once and nested; values are slots, given out again at once. */
export const nesting: Implementation = {
  name: 'nesting',
  levels: ['core'],
  profile: 'notes',
  create: () => {
    const slots = new Pool((n) => n);
    const choices: Choices = {
      mint: () => slots.take(),
      recycle: (handle) => {
        slots.give(handle as number);
      },
      oneHandle: true,
      callerListed: true,
      countsStructures: true,
    };
    return createRtm(choices, {});
  },
};

/** Events wait for the callbacks before them to end. */
export const queueing: Implementation = {
  name: 'queueing',
  levels: ['core'],
  create: () => {
    const registrations = new Pool((n) => `client ${n}`);
    let last = 0;
    const choices: Choices = {
      mint: (role) => (role === 'registration' ? registrations.take() : (last += 1)),
      recycle: (handle) => {
        if (typeof handle === 'string') registrations.give(handle);
      },
      identityUntilFreed: true,
      overflow: 'part',
      countsClientsOnly: true,
      releasesTheRest: true,
    };
    return createRtm(choices, { queues: true });
  },
};
