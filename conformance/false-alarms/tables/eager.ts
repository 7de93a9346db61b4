/**
 * A synchronous RTM with everything done at once: arrays, no indexes, events before the call that causes them
 * returns. Nothing in it can wait, so it claims no level in which calls have to, and its locks keep nobody out.
 */
import type { Implementation, Reply, Rtm } from '../kit.ts';
import type { RawRtm } from './calling.ts';
import type { Choices } from './choices.ts';
import * as core from './entity-calls.ts';
import { plainCall, type PlainName, plainNames } from './functions.ts';
import { World } from './world.ts';

/** All calls are of one thread, who is never kept out by itself. */
const THREAD = 0;

export function createEager(choices: Choices, now: () => number): Rtm {
  const world = new World(choices, now);
  let isDelivering = false;

  const deliver = (): void => {
    if (isDelivering) return;
    isDelivering = true;
    for (let event = world.events.shift(); event !== undefined; event = world.events.shift()) {
      const { receiver, type, context1, context2 } = event;
      const isDue = event.isDue();
      const registration = world.registrationOf(receiver);
      const answer = isDue
        ? receiver.callback?.(registration, type, context1, context2)
        : undefined;
      event.done(typeof answer === 'number' ? answer : undefined);
    }
    isDelivering = false;
  };
  const withCaller = (
    handle: unknown,
    work: (caller: NonNullable<ReturnType<World['callerOf']>>) => Reply,
    refused: Reply = { status: 6 },
  ): Reply => {
    const caller = world.callerOf(handle);
    const reply = caller === undefined ? refused : work(caller);
    deliver();
    return reply;
  };

  const rtm: RawRtm = {
    RtmRegisterEntity(_thread, args) {
      const reply = core.register(world, args);
      deliver();
      return reply;
    },
    RtmDeregisterEntity: (_thread, { RtmRegHandle }) =>
      withCaller(RtmRegHandle, (caller) => {
        const status = core.beginLeaving(world, caller);
        if (status === 0) core.finishLeaving(world, caller);
        return { status };
      }),
    RtmGetRegisteredEntities: (_thread, args) =>
      withCaller(args.RtmRegHandle, (caller) => core.list(world, caller, args), {
        status: 6,
        out: { NumEntities: 0 },
      }),
    RtmReleaseEntities: (_thread, { RtmRegHandle, EntityHandles }) =>
      withCaller(RtmRegHandle, (caller) => ({
        status: world.takeAll('entity', EntityHandles, caller),
      })),
    RtmGetEntityInfo: (_thread, args) =>
      withCaller(args.RtmRegHandle, (caller) => core.describe(world, caller, args)),
    RtmReleaseEntityInfo: (_thread, { RtmRegHandle }) =>
      withCaller(RtmRegHandle, () => ({ status: 0 })),
    RtmReferenceHandles: (_thread, args) =>
      withCaller(args.RtmRegHandle, (caller) => core.reference(world, caller, args)),
    census: () => world.census(),
  };
  const callOf =
    (name: PlainName) =>
    (_thread: unknown, args: { readonly RtmRegHandle: unknown }): Reply => {
      const reply = plainCall(world, THREAD, name, args);
      deliver();
      return reply;
    };
  return { ...rtm, ...Object.fromEntries(plainNames.map((name) => [name, callOf(name)])) } as Rtm;
}

/** Takes the generous reading of most points. */
export const eager: Implementation = {
  name: 'eager tables',
  levels: ['core', 'routes', 'nexthops', 'lookup', 'enumeration', 'notification', 'lists', 'views'],
  create: (host) => {
    let last = 0;
    return createEager(
      {
        mint: () => (last += 4),
        handlesInEnum: 3,
        hopsInRoute: 2,
        oneEntityHandle: true,
        refusesHolders: true,
        withBadOnes: 'all-others',
        changeNew: 'forced',
        changeFirst: 'oldest',
        changeBest: 'touched',
        shadowed: true,
        foreignHops: true,
        newestWins: true,
        countsOfProtocol: true,
        thisCallerOnly: true,
        matchesFirst: true,
        fullHasInterface: true,
        matchesMetric: true,
        matchesHops: 'common',
        emptyMatchesAll: true,
        noViews: 'all-views',
        emptyLingers: true,
        lastChangedAlways: true,
        destFlagsOfRoute: true,
        hopsOfOthersDenied: true,
        startWithDest: 'ignored',
        endWithLast: true,
        zeroFetch: 'end',
        snapshots: true,
        announces: 'each',
        allCounts: true,
        clampsChanged: true,
        changedBlocks: 'table',
        idleMarks: 'kept',
        foreignRoutesListed: true,
        deletedStayListed: true,
        missingMethods: 'skipped',
        zeroTtl: 'at-once',
      },
      () => host.now(),
    );
  },
};
