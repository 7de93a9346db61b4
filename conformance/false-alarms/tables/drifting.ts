/**
 * An asynchronous RTM: every call awaits its turn and then some, events go out later, by a timer and one after
 * another, and whoever meets a lock or blocked methods awaits the next change and tries anew.
 */
import type { MethodResult } from '../../../harness/adapters/index.ts';
import type { Implementation, Reply, Rtm } from '../kit.ts';
import type { RawRtm } from './calling.ts';
import type { Choices } from './choices.ts';
import * as core from './entity-calls.ts';
import { nextDue, passTime } from './expiry.ts';
import { plainCall, type PlainName, plainNames } from './functions.ts';
import { type Invocation, outputOf, runsOf, targetOf } from './method-calls.ts';
import type { Entity } from './things.ts';
import { mustWait, World } from './world.ts';

const BAD: Reply = { status: 6 };

/** Long enough that a new turn of the loop begins. */
const LATER_MS = 1;

class Turns {
  #last: Promise<void> = Promise.resolve();

  async take<T>(work: () => T): Promise<T> {
    const before = this.#last;
    let done = (): void => {};
    this.#last = new Promise((resolve) => (done = resolve));
    await before;
    await Promise.resolve();
    try {
      return work();
    } finally {
      done();
    }
  }
}

export class Drifting {
  readonly world: World;
  readonly #turns = new Turns();
  #changes: (() => void)[] = [];
  #isPosting = false;
  #wakesAt = Infinity;

  constructor(choices: Choices, now: () => number) {
    this.world = new World(choices, now);
  }

  /** Carries `work` out when it can be, as an operation of the caller. */
  async call(
    handle: unknown,
    work: (caller: Entity) => Reply,
    refused: Reply = BAD,
  ): Promise<Reply> {
    await Promise.resolve();
    const caller = this.world.callerOf(handle);
    if (caller === undefined) return refused;
    caller.busy += 1;
    try {
      for (;;) {
        const reply = await this.#turns.take(() => attempt(() => work(caller)));
        if (reply !== mustWait) return reply;
        await this.changed();
      }
    } finally {
      caller.busy -= 1;
      this.stir();
    }
  }

  async register(args: Parameters<Rtm['RtmRegisterEntity']>[1]): Promise<Reply> {
    const reply = await this.#turns.take(() => core.register(this.world, args));
    this.stir();
    return reply;
  }

  async deregister(handle: unknown): Promise<Reply> {
    const { world } = this;
    const entity = world.callerOf(handle);
    if (entity === undefined) return BAD;
    const status = core.beginLeaving(world, entity);
    if (status !== 0) return { status };
    this.stir();
    while (entity.busy > 0) await this.changed();
    await this.#turns.take(() => {
      core.finishLeaving(world, entity);
    });
    this.stir();
    return { status };
  }

  async invoke(handle: unknown, { EntityHandle, Input, OutputSize }: Invocation): Promise<Reply> {
    const { world } = this;
    await Promise.resolve();
    const caller = world.callerOf(handle);
    const target = caller === undefined ? undefined : targetOf(world, caller, EntityHandle);
    if (caller === undefined || target === undefined) return BAD;
    caller.busy += 1;
    try {
      while (target.blocks > 0 && target.stage === 'registered') await this.changed();
      if (target.stage !== 'registered') return BAD;
      const runs = runsOf(world, target, Input);
      if (runs === undefined) return { status: 87 };
      target.busy += 1;
      const results = [];
      for (const run of runs) {
        const input = { ...Input, MethodType: run.told };
        const result = (await run.method?.(world.valueOf(caller), world.valueOf(target), input)) as
          MethodResult | undefined;
        results.push({ run, status: result?.MethodStatus ?? 50, data: result?.OutputData ?? [] });
      }
      target.busy -= 1;
      return outputOf(OutputSize, results);
    } finally {
      caller.busy -= 1;
      this.stir();
    }
  }

  async changed(): Promise<void> {
    await new Promise<void>((resolve) => this.#changes.push(resolve));
  }

  /** Something has changed: whoever waits tries anew, and what is to be told is told. */
  stir(): void {
    for (const wake of this.#changes.splice(0)) wake();
    if (this.world.events.length > 0 && !this.#isPosting) {
      this.#isPosting = true;
      setTimeout(() => void this.#post(), LATER_MS);
    }
    const due = nextDue(this.world);
    if (due === Infinity || due >= this.#wakesAt) return;
    this.#wakesAt = due;
    setTimeout(
      () => {
        this.#wakesAt = Infinity;
        passTime(this.world);
        this.stir();
      },
      Math.max(0, due - this.world.now()),
    );
  }

  async #post(): Promise<void> {
    for (let event = this.world.events.shift(); event !== undefined;) {
      const { receiver, type, context1 } = event;
      let answer: number | undefined;
      if (event.isDue()) {
        receiver.busy += 1;
        const registration = this.world.registrationOf(receiver);
        answer = (await receiver.callback?.(registration, type, context1, event.context2)) as
          number | undefined;
        receiver.busy -= 1;
      }
      event.done(answer);
      this.stir();
      event = this.world.events.shift();
    }
    this.#isPosting = false;
  }
}

/** What the work returns, or that it has to wait. */
export function attempt<T>(work: () => T): T | typeof mustWait {
  try {
    return work();
  } catch (reason) {
    if (reason === mustWait) return mustWait;
    throw reason;
  }
}

export function createDrifting(choices: Choices, now: () => number): Rtm {
  const drifting = new Drifting(choices, now);
  const { world } = drifting;
  const rtm: RawRtm = {
    RtmRegisterEntity: async (_thread, args) => drifting.register(args),
    RtmDeregisterEntity: async (_thread, { RtmRegHandle }) => drifting.deregister(RtmRegHandle),
    RtmGetRegisteredEntities: async (_thread, args) =>
      drifting.call(args.RtmRegHandle, (caller) => core.list(world, caller, args), {
        ...BAD,
        out: { NumEntities: 0 },
      }),
    RtmReleaseEntities: async (_thread, { RtmRegHandle, EntityHandles }) =>
      drifting.call(RtmRegHandle, (caller) => ({
        status: world.takeAll('entity', EntityHandles, caller),
      })),
    RtmGetEntityInfo: async (_thread, args) =>
      drifting.call(args.RtmRegHandle, (caller) => core.describe(world, caller, args)),
    RtmReleaseEntityInfo: async (_thread, { RtmRegHandle }) =>
      drifting.call(RtmRegHandle, () => ({ status: 0 })),
    RtmReferenceHandles: async (_thread, args) =>
      drifting.call(args.RtmRegHandle, (caller) => core.reference(world, caller, args)),
    RtmInvokeMethod: async (_thread, { RtmRegHandle, ...invocation }) =>
      drifting.invoke(RtmRegHandle, invocation),
    census: () => world.census(),
  };
  const callOf =
    (name: PlainName) =>
    async (thread: { readonly id: number }, args: { readonly RtmRegHandle: unknown }) =>
      drifting.call(args.RtmRegHandle, () => plainCall(world, thread.id, name, args));
  return { ...rtm, ...Object.fromEntries(plainNames.map((name) => [name, callOf(name)])) } as Rtm;
}

/** Refuses what it may refuse. */
export const drifting: Implementation = {
  name: 'drifting tables',
  levels: [
    'core',
    'routes',
    'nexthops',
    'lookup',
    'enumeration',
    'notification',
    'lists',
    'methods',
    'opaque',
    'hold-aging',
    'views',
  ],
  profile: 'notes',
  create: (host) =>
    createDrifting(
      {
        mint: (kind) => Symbol(kind),
        handlesInEnum: 1,
        hopsInRoute: 1,
        givesBack: true,
        cleansUp: true,
        listsCaller: true,
        withBadOnes: 'none',
        changeNew: 'refused',
        changeFirst: 'best-placed',
        updatesNeighbour: true,
        changeBest: 'identity',
        strict: true,
        deletedRefused: true,
        commitNeedsLock: true,
        inactiveNeverBest: true,
        passesOver: true,
        refusesViews: true,
        matchesHops: 'list',
        noViews: 'refused',
        listedStatusesOnly: true,
        memberBlocksOnly: true,
        startWithDest: 'refused',
        zeroFetch: 'refused',
        announces: 'when-drained',
        changedBlocks: 'subscription',
        idleMarks: 'refused',
        unmarkDrops: true,
        uncoveredRefused: true,
        methodCountInsufficient: true,
        missingMethods: 'refused',
        zeroTtl: 'refused',
        orphansExpire: true,
        holdUsedUp: true,
        holdsWhole: true,
      },
      () => host.now(),
    ),
};
