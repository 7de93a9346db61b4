/**
 * An RTM with one lock and one condition for everything, a thread of its own that delivers events, and another for
 * what time does. Mean but right: it gives values out again at once, announces twice, goes through tables as they
 * are, and takes the unexpected reading of most points.
 */
import type { MethodResult } from '../../../harness/adapters/index.ts';
import type { Condition, Implementation, Mutex, Reply, Rtm, RtmHost, Task } from '../kit.ts';
import { Pool } from '../registry.ts';
import type { RawRtm } from './calling.ts';
import type { Choices, Kind } from './choices.ts';
import { attempt } from './drifting.ts';
import * as core from './entity-calls.ts';
import { nextDue, passTime } from './expiry.ts';
import { plainCall, type PlainName, plainNames } from './functions.ts';
import { type Invocation, outputOf, runsOf, targetOf } from './method-calls.ts';
import type { Entity } from './things.ts';
import { mustWait, World } from './world.ts';

const BAD: Reply = { status: 6 };

/** Of a method that is not there: that it is not supported. */
function* resultOf(running: unknown): Task<{ status: number; data: readonly number[] }> {
  if (running === undefined) return { status: 50, data: [] };
  const { MethodStatus, OutputData } = yield* running as Task<MethodResult>;
  return { status: MethodStatus, data: OutputData };
}

class Mean {
  readonly world: World;
  readonly #rt: RtmHost['rt'];
  readonly #mutex: Mutex;
  readonly #changed: Condition;
  #wakesAt = Infinity;

  constructor(host: RtmHost, choices: Choices) {
    this.world = new World(choices, () => host.now());
    this.#rt = host.rt;
    this.#mutex = host.rt.mutex('everything');
    this.#changed = host.rt.condition(this.#mutex, 'changed');
    host.rt.spawn('messenger', () => this.#carryEvents());
  }

  *#carryEvents(): Task {
    const { world } = this;
    yield* this.#mutex.lock();
    for (;;) {
      const event = world.events.shift();
      if (event === undefined) {
        yield* this.#changed.wait();
        continue;
      }
      const { receiver, type, context1 } = event;
      let answer: number | undefined;
      if (event.isDue()) {
        receiver.busy += 1;
        const registration = world.registrationOf(receiver);
        const { context2 } = event;
        yield* this.#mutex.unlock();
        answer = yield* receiver.callback?.(registration, type, context1, context2) as Task<number>;
        yield* this.#mutex.lock();
        receiver.busy -= 1;
      }
      event.done(answer);
      yield* this.#changed.notifyAll();
    }
  }

  *#wakeAt(due: number): Task {
    yield* this.#rt.sleep(Math.max(1, due - this.world.now()));
    yield* this.#mutex.lock();
    this.#wakesAt = Infinity;
    passTime(this.world);
    yield* this.#leave();
  }

  /** Lets go of the lock, having changed something. */
  *#leave(): Task {
    yield* this.#changed.notifyAll();
    const due = nextDue(this.world);
    if (due < this.#wakesAt) {
      this.#wakesAt = due;
      this.#rt.spawn('clock', () => this.#wakeAt(due));
    }
    yield* this.#mutex.unlock();
  }

  /** Carries `work` out when it can be, as an operation of the caller. */
  *call(handle: unknown, work: (caller: Entity) => Reply, refused: Reply = BAD): Task<Reply> {
    yield* this.#mutex.lock();
    const caller = this.world.callerOf(handle);
    let reply: Reply | typeof mustWait = refused;
    if (caller !== undefined) {
      caller.busy += 1;
      for (reply = mustWait; reply === mustWait;) {
        reply = attempt(() => work(caller));
        if (reply === mustWait) yield* this.#changed.wait();
      }
      caller.busy -= 1;
    }
    yield* this.#leave();
    return reply;
  }

  *invoke(handle: unknown, { EntityHandle, Input, OutputSize }: Invocation): Task<Reply> {
    const { world } = this;
    yield* this.#mutex.lock();
    const caller = world.callerOf(handle);
    const target = caller === undefined ? undefined : targetOf(world, caller, EntityHandle);
    let reply = BAD;
    if (caller !== undefined && target !== undefined) {
      caller.busy += 1;
      while (target.blocks > 0 && target.stage === 'registered') yield* this.#changed.wait();
      const runs = runsOf(world, target, Input)?.toReversed();
      if (target.stage === 'registered' && runs !== undefined) {
        target.busy += 1;
        const names = [world.valueOf(caller), world.valueOf(target)] as const;
        yield* this.#mutex.unlock();
        const results = [];
        for (const run of runs) {
          const input = { ...Input, MethodType: run.told };
          const result = yield* resultOf(run.method?.(...names, input));
          results.push({ run, ...result });
        }
        yield* this.#mutex.lock();
        target.busy -= 1;
        reply = outputOf(OutputSize, results);
      }
      caller.busy -= 1;
    }
    yield* this.#leave();
    return reply;
  }

  *register(args: Parameters<Rtm['RtmRegisterEntity']>[1]): Task<Reply> {
    yield* this.#mutex.lock();
    const reply = core.register(this.world, args);
    yield* this.#leave();
    return reply;
  }

  *deregister(handle: unknown): Task<Reply> {
    const { world } = this;
    yield* this.#mutex.lock();
    const entity = world.callerOf(handle);
    const status = entity === undefined ? BAD.status : core.beginLeaving(world, entity);
    if (entity !== undefined && status === 0) {
      yield* this.#changed.notifyAll();
      while (entity.busy > 0) yield* this.#changed.wait();
      core.finishLeaving(world, entity);
    }
    yield* this.#leave();
    return { status };
  }
}

export function createMean(host: RtmHost, choices: Choices): Rtm {
  const mean = new Mean(host, choices);
  const { world } = mean;
  const rtm: RawRtm = {
    RtmRegisterEntity: (_thread, args) => mean.register(args),
    RtmDeregisterEntity: (_thread, { RtmRegHandle }) => mean.deregister(RtmRegHandle),
    RtmGetRegisteredEntities: (_thread, args) =>
      mean.call(args.RtmRegHandle, (caller) => core.list(world, caller, args), {
        ...BAD,
        out: { NumEntities: 0 },
      }),
    RtmReleaseEntities: (_thread, { RtmRegHandle, EntityHandles }) =>
      mean.call(RtmRegHandle, (caller) => ({
        status: world.takeAll('entity', EntityHandles, caller),
      })),
    RtmGetEntityInfo: (_thread, args) =>
      mean.call(args.RtmRegHandle, (caller) => core.describe(world, caller, args)),
    RtmReleaseEntityInfo: (_thread, { RtmRegHandle }) =>
      mean.call(RtmRegHandle, () => ({ status: 0 })),
    RtmReferenceHandles: (_thread, args) =>
      mean.call(args.RtmRegHandle, (caller) => core.reference(world, caller, args)),
    RtmInvokeMethod: (_thread, { RtmRegHandle, ...invocation }) =>
      mean.invoke(RtmRegHandle, invocation),
  };
  const callOf =
    (name: PlainName) =>
    (thread: { readonly id: number }, args: { readonly RtmRegHandle: unknown }): Task<Reply> =>
      mean.call(args.RtmRegHandle, () => plainCall(world, thread.id, name, args));
  return {
    ...rtm,
    ...Object.fromEntries(plainNames.map((name) => [name, callOf(name)])),
  } as Rtm;
}

/** Takes the reading that nobody expects. */
export const mean: Implementation = {
  name: 'mean tables',
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
  create: (host) => {
    const pools = new Map<Kind | 'registration', Pool<string>>();
    const poolOf = (kind: Kind | 'registration'): Pool<string> => {
      const pool = pools.get(kind) ?? new Pool((n) => `${kind}:${n}`);
      pools.set(kind, pool);
      return pool;
    };
    return createMean(host, {
      mint: (kind) => poolOf(kind).take(),
      recycle: (kind, handle) => {
        poolOf(kind).give(handle as string);
      },
      handlesInEnum: 2,
      hopsInRoute: 3,
      withBadOnes: 'up-to-the-bad-one',
      changeNew: 'ignored',
      changeFirst: 'best-placed',
      changeBest: 'content',
      updateTakesReference: true,
      heldIsDeleting: true,
      sharedForAll: true,
      unlockKeeps: true,
      foreignHops: true,
      newestWins: true,
      countsHeld: true,
      findsHeld: true,
      matchesHops: 'set',
      noViews: 'no-view',
      startWithDest: 'any',
      zeroFetch: 'empty',
      endWithLast: true,
      announces: 'twice',
      showsAtChange: true,
      changedBlocks: 'subscription',
      idleMarks: 'ignored',
      updateLeavesList: true,
      methodsDelivered: true,
      wholeMask: true,
      missingMethods: 'skipped',
      countsBlocks: true,
      holdsEverywhere: true,
      holdReplaced: true,
      zeroTtl: 'unchanged',
      allHearOfExpiry: true,
      expiresAgain: true,
      expiryHandsOver: true,
    });
  },
};
