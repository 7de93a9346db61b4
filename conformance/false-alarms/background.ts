/**
 * Async implementations: no lock, as what lies between two awaits is atomic. They differ in how events go out:
 * all at once and awaited together, one after another behind a promise that nobody awaits, by timers, or by a
 * loop that waits for work and never ends.
 */
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

type Deliver = () => Promise<void>;
/** Sees to it that all of these run; awaited by the call that caused them, for as long as it likes. */
type Send = (deliveries: readonly Deliver[]) => Promise<void>;

class AsyncRtm implements Rtm {
  readonly #registry: Registry;
  readonly #send: Send;
  #waiting: { readonly entity: Entity; readonly wake: () => void }[] = [];

  readonly #waits: boolean;

  /** Without `waits`, a deregistration leaves callbacks that are running to themselves. */
  constructor(choices: Choices, send: Send, { waits = true }: { readonly waits?: boolean } = {}) {
    this.#registry = new Registry(choices);
    this.#send = send;
    this.#waits = waits;
  }

  async RtmRegisterEntity(_thread: unknown, args: Parameters<Rtm['RtmRegisterEntity']>[1]) {
    await Promise.resolve();
    const entity = this.#registry.register(args);
    if (typeof entity === 'number') return { status: entity };
    await this.#tell(RTM_ENTITY_REGISTERED, entity);
    return { status: NO_ERROR, out: { RtmRegHandle: entity.registration, RtmRegProfile: profile } };
  }

  async RtmDeregisterEntity(
    _thread: unknown,
    { RtmRegHandle }: { readonly RtmRegHandle: unknown },
  ) {
    const entity = this.#registry.caller(RtmRegHandle);
    if (entity === undefined) return { status: ERROR_INVALID_HANDLE };
    entity.state = 'leaving';
    await this.#tell(RTM_ENTITY_DEREGISTERED, entity);
    if (this.#waits && entity.busy > 0) {
      await new Promise<void>((wake) => {
        this.#waiting.push({ entity, wake });
      });
    }
    this.#registry.leave(entity);
    return { status: NO_ERROR };
  }

  async RtmGetRegisteredEntities(
    _thread: unknown,
    args: Parameters<Rtm['RtmGetRegisteredEntities']>[1],
  ) {
    const caller = this.#registry.caller(args.RtmRegHandle);
    if (caller === undefined) return { status: ERROR_INVALID_HANDLE, out: { NumEntities: 0 } };
    return this.#inside(caller, () => this.#registry.list(caller, args));
  }

  async RtmReleaseEntities(_thread: unknown, args: Parameters<Rtm['RtmReleaseEntities']>[1]) {
    return this.#call(args.RtmRegHandle, (caller) =>
      this.#registry.release(caller, args.EntityHandles),
    );
  }

  async RtmGetEntityInfo(_thread: unknown, args: Parameters<Rtm['RtmGetEntityInfo']>[1]) {
    const caller = this.#registry.caller(args.RtmRegHandle);
    if (caller === undefined) return { status: ERROR_INVALID_HANDLE };
    return this.#inside(caller, () => this.#registry.describe(caller, args.EntityHandle));
  }

  async RtmReleaseEntityInfo(_thread: unknown, args: Parameters<Rtm['RtmReleaseEntityInfo']>[1]) {
    return this.#call(args.RtmRegHandle, () => this.#registry.releaseInfo(args.EntityInfo));
  }

  async RtmReferenceHandles(_thread: unknown, args: Parameters<Rtm['RtmReferenceHandles']>[1]) {
    return this.#call(args.RtmRegHandle, (caller) =>
      this.#registry.reference(caller, args.RtmHandles),
    );
  }

  census() {
    return this.#registry.census();
  }

  async #call(handle: unknown, work: (caller: Entity) => number) {
    const caller = this.#registry.caller(handle);
    if (caller === undefined) return { status: ERROR_INVALID_HANDLE };
    return { status: await this.#inside(caller, () => work(caller)) };
  }

  /** A call of `caller`, for which its deregistration waits. */
  async #inside<T>(caller: Entity, work: () => T): Promise<T> {
    caller.busy += 1;
    await Promise.resolve();
    const result = work();
    await Promise.resolve();
    this.#ended(caller);
    return result;
  }

  #ended(entity: Entity): void {
    entity.busy -= 1;
    if (entity.busy > 0) return;
    for (const { wake } of this.#waiting.filter((waiting) => waiting.entity === entity)) wake();
    this.#waiting = this.#waiting.filter((waiting) => waiting.entity !== entity);
  }

  async #tell(type: number, subject: Entity): Promise<void> {
    const registry = this.#registry;
    const deliveries = registry.listeners(subject).map((receiver) => {
      const handle = registry.lend(subject);
      return async () => {
        if (receiver.state === 'registered') {
          receiver.busy += 1;
          await receiver.callback?.(receiver.registration, type, handle, subject.info);
          this.#ended(receiver);
        }
        registry.takeLent(subject, handle);
      };
    });
    await this.#send(deliveries);
  }
}

/** Callbacks all begin at once, and the call ends when they have. */
export const fanOut: Implementation = {
  name: 'fan-out',
  levels: ['core'],
  profile: 'notes',
  create: async () => {
    const choices: Choices = {
      mint: () => Symbol('handle'),
      callerListed: true,
      describesDeparted: true,
    };
    return new AsyncRtm(choices, async (deliveries) => {
      await Promise.all(deliveries.map(async (deliver) => deliver()));
    });
  },
};

/** Events go out one after another behind a promise that nobody awaits. */
export const chained: Implementation = {
  name: 'chained',
  levels: ['core'],
  profile: 'notes',
  create: () => {
    const names = new Pool((n) => `#${n}`);
    let chain: Promise<void> = Promise.resolve();
    const choices: Choices = {
      mint: () => names.take(),
      recycle: (handle) => {
        names.give(handle as string);
      },
      overflow: 'part',
      countsStructures: true,
    };
    return new AsyncRtm(choices, async (deliveries) => {
      for (const deliver of deliveries) chain = chain.then(deliver);
    });
  },
};

/** Events go out when a timer fires. */
export const timed: Implementation = {
  name: 'timed',
  levels: ['core'],
  profile: 'notes',
  create: () => {
    let last = 0;
    const choices: Choices = {
      mint: () => ({ id: (last += 1) }),
      freshHandles: true,
      givesBack: true,
    };
    return new AsyncRtm(choices, async (deliveries) => {
      for (const deliver of deliveries) setTimeout(() => void deliver(), 1);
    });
  },
};

/** A loop that waits for work and never ends carries the events. */
export const looping: Implementation = {
  name: 'looping',
  levels: ['core'],
  profile: 'notes',
  create: () => {
    let last = 7n;
    const work: Deliver[] = [];
    let wake = (): void => {};
    void (async () => {
      for (;;) {
        const deliver = work.shift();
        if (deliver !== undefined) await deliver();
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    })();
    const choices: Choices = {
      mint: () => (last += 2n),
      identityUntilFreed: true,
      oneHandle: true,
    };
    return new AsyncRtm(choices, async (deliveries) => {
      work.push(...deliveries);
      wake();
    });
  },
};

/** By the pages alone nobody has to wait for a callback that is running. */
export const hasty: Implementation = {
  name: 'hasty',
  levels: ['core'],
  create: () => {
    let last = 0;
    const choices: Choices = { mint: () => (last += 1), overflow: 'nothing' };
    return new AsyncRtm(
      choices,
      async (deliveries) => {
        for (const deliver of deliveries) void deliver();
      },
      { waits: false },
    );
  },
};
