/** What the tables of the notes' protocol make of points that the documents leave open, one call after the other. */
import { describe, expect, test } from 'vitest';
import type { Runtime, Task } from '../../../harness/index.ts';
import { explore } from '../../../harness/index.ts';
import { constants, events, statuses } from '../../../spec/index.ts';
import { infoOf } from '../client.ts';
import { hopInfo, netAddress, routeInfo, TableClient } from '../functions/table-client.ts';
import { notesProtocol } from '../notes-protocol.ts';
import type { ConcurrentRtm, EventCallback, Handle } from '../rtm.ts';

const { NO_ERROR, ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE, ERROR_NOT_FOUND } = statuses;
const { ERROR_INVALID_PARAMETER, ERROR_NO_MORE_ITEMS, ERROR_NOT_SUPPORTED } = statuses;
const { RTM_ROUTE_CHANGE_BEST: BEST, RTM_ROUTE_CHANGE_NEW: NEW } = constants;
const { RTM_ROUTE_CHANGE_FIRST: FIRST, RTM_CHANGE_TYPE_ALL: ALL } = constants;
const UNICAST = { ProtocolId: 0, TargetViews: 1 };
const net = netAddress([10], 8);
const START = { TargetViews: 0, EnumFlags: 0, NetAddress: null, ProtocolId: 0 };

interface Scene {
  readonly rt: Runtime;
  readonly rtm: ConcurrentRtm;
  readonly a: TableClient;
  readonly b: TableClient;
  /** Types and Context1 of the events that `a` was told of. */
  readonly told: (readonly [number, Handle])[];
}

/** Two clients are registered, the first one with a callback; in the end both leave, and nothing is left over. */
function run(body: (scene: Scene) => Task, answer: number = NO_ERROR): void {
  const result = explore(
    (rt: Runtime) => {
      const rtm = notesProtocol.create({ rt });
      const [a, b] = [new TableClient(rt, rtm, infoOf(1)), new TableClient(rt, rtm, infoOf(2))];
      const told: (readonly [number, Handle])[] = [];
      // oxlint-disable-next-line require-yield -- a callback is a task, also when it takes no step
      const callback: EventCallback = function* (_, type, context1) {
        if (type >= events.RTM_ROUTE_EXPIRED) told.push([type, context1]);
        return answer;
      };
      rt.spawn('client', function* () {
        yield* a.register({ callback, opaque: true });
        yield* b.register();
        yield* body({ rt, rtm, a, b, told });
        yield* a.deregister();
        yield* b.deregister();
        const left = JSON.stringify(rtm.census());
        rt.assert(Object.values(rtm.census()).flat().length === 0, `left over: ${left}`);
      });
    },
    { strategy: 'round-robin', executions: 1, detect: { leaks: true } },
  );
  expect(result.failure?.message).toBeUndefined();
}

function* addHop(client: TableClient, last: number): Task<Handle> {
  return (yield* client.get('RtmAddNextHop', { NextHopInfo: hopInfo(last) })).NextHopHandle;
}

const rows: Record<string, (scene: Scene) => Task> = {
  *'an equal route is updated whatever the flags, and the newest of equals is the best'({ a, b }) {
    yield* a.add(net, {}, { RouteHandle: null });
    const again = yield* a.add(net, {}, { RouteHandle: null, ChangeFlags: NEW });
    expect(again.out?.ChangeFlags).toBe(BEST);
    const other = yield* b.add(net);
    expect(other.out?.ChangeFlags).toBe(NEW | BEST);
    const RouteHandle = other.out?.RouteHandle;
    expect(yield* b.get('RtmIsBestRoute', { RouteHandle })).toEqual({ BestInViews: 1 });
    expect(yield* b.get('RtmDeleteRouteToDest', { RouteHandle })).toEqual({ ChangeFlags: BEST });
  },

  *'with RTM_ROUTE_CHANGE_FIRST the oldest route is updated and keeps its neighbour'({ a }) {
    const [x, y] = [yield* addHop(a, 1), yield* addHop(a, 2)];
    const first = yield* a.add(net, { Neighbour: x, PrefInfo: { Metric: 9, Preference: 9 } });
    const second = yield* a.add(net, { Neighbour: y });
    const flags = { ChangeFlags: FIRST | NEW };
    const found = yield* a.add(net, { PrefInfo: { Metric: 8, Preference: 8 } }, flags);
    expect(found.out).toEqual({ RouteHandle: first.out?.RouteHandle, ChangeFlags: 0 });
    const info = { RouteHandle: found.out?.RouteHandle };
    const { RouteInfo } = yield* a.get('RtmGetRouteInfo', info);
    expect(RouteInfo).toMatchObject({ Neighbour: x, PrefInfo: { Metric: 8, Preference: 8 } });
    if (RouteInfo !== undefined) yield* a.status('RtmReleaseRouteInfo', { RouteInfo });
    const RouteHandles = [info.RouteHandle, info.RouteHandle, second.out?.RouteHandle];
    expect(yield* a.status('RtmReleaseRoutes', { NumRoutes: 3, RouteHandles })).toBe(NO_ERROR);
    yield* a.status('RtmReleaseNextHops', { NumNextHops: 2, NextHopHandles: [x, y] });
  },

  *'what does not agree with a handle, or is not clear, is refused'({ a, b }) {
    const x = yield* addHop(a, 1);
    const { out } = yield* a.add(net, { Neighbour: x });
    const RouteHandle = out?.RouteHandle;
    const refused = function* (...args: Parameters<TableClient['add']>): Task {
      expect((yield* a.add(...args)).status).toBe(ERROR_INVALID_PARAMETER);
    };
    yield* refused(netAddress([11], 8), { Neighbour: x }, { RouteHandle });
    yield* refused(net, {}, { RouteHandle });
    yield* refused(netAddress([10, 1], 8));
    yield* refused(net, { BelongsToViews: 0 });
    yield* refused(net, {}, { TimeToLive: 0 });
    yield* refused(net, {}, { NotifyType: 1 });
    expect((yield* a.add(net, { RouteOwner: b.handle })).status).toBe(ERROR_ACCESS_DENIED);
    const array = { NumRoutes: 2, RouteHandles: [RouteHandle, null] };
    expect(yield* a.status('RtmReleaseRoutes', array)).toBe(ERROR_INVALID_HANDLE);
    const one = { NumRoutes: 1, RouteHandles: [RouteHandle] };
    expect(yield* a.status('RtmReleaseRoutes', one)).toBe(ERROR_INVALID_HANDLE);
    yield* a.status('RtmReleaseNextHops', { NumNextHops: 1, NextHopHandles: [x] });
  },

  *'handles of what is deleted can be released, and are good for nothing else'({ a }) {
    const RouteHandle = (yield* a.add(net)).out?.RouteHandle;
    expect(yield* a.reference([RouteHandle])).toBe(NO_ERROR);
    const before = yield* a.lookUp(net);
    yield* a.status('RtmDeleteRouteToDest', { RouteHandle });
    expect(yield* a.status('RtmGetRouteInfo', { RouteHandle })).toBe(ERROR_INVALID_HANDLE);
    expect(yield* a.status('RtmIsBestRoute', { RouteHandle })).toBe(ERROR_INVALID_HANDLE);
    const dest = { DestHandle: before?.DestHandle ?? null, ...UNICAST };
    expect(yield* a.status('RtmGetDestInfo', dest)).toBe(ERROR_INVALID_HANDLE);
    expect(yield* a.status('RtmGetLessSpecificDestination', dest)).toBe(ERROR_INVALID_PARAMETER);
    const again = yield* a.add(net);
    const after = yield* a.lookUp(net);
    expect(after?.DestHandle).not.toBe(before?.DestHandle);
    for (const DestInfo of [before, after]) {
      if (DestInfo === undefined) continue;
      expect(yield* a.status('RtmReleaseDestInfo', { DestInfo })).toBe(NO_ERROR);
    }
    const RouteHandles = [RouteHandle, again.out?.RouteHandle];
    expect(yield* a.status('RtmReleaseRoutes', { NumRoutes: 2, RouteHandles })).toBe(NO_ERROR);
  },

  *'enumerations are snapshots, and the last batch says so'({ a }) {
    const nets = [1, 2, 3].map((octet) => netAddress([octet], 8));
    for (const one of nets) yield* a.add(one, {}, { RouteHandle: null });
    const EnumHandle = (yield* a.get('RtmCreateDestEnum', START)).RtmEnumHandle;
    yield* a.add(netAddress([4], 8), {}, { RouteHandle: null });
    const two = yield* a.call('RtmGetEnumDests', { EnumHandle, NumDests: 2 });
    expect(two).toMatchObject({ status: NO_ERROR, out: { NumDests: 2 } });
    const rest = yield* a.call('RtmGetEnumDests', { EnumHandle, NumDests: 2 });
    expect(rest).toMatchObject({ status: ERROR_NO_MORE_ITEMS, out: { NumDests: 1 } });
    const DestInfos = [...(two.out?.DestInfos ?? []), ...(rest.out?.DestInfos ?? [])];
    expect(DestInfos.map(({ DestAddress }) => DestAddress)).toEqual(nets);
    expect(yield* a.status('RtmReleaseDests', { NumDests: 3, DestInfos })).toBe(NO_ERROR);
    const wide = { ...START, TargetViews: constants.RTM_VIEW_MASK_ALL };
    expect(yield* a.status('RtmCreateDestEnum', wide)).toBe(ERROR_NOT_SUPPORTED);
    yield* a.status('RtmDeleteEnumHandle', { EnumHandle });
  },

  *'what was fetched is pending again once it has been given back'({ rt, a, b, told }) {
    const Watch = { TargetViews: 1, NotifyFlags: ALL, NotifyContext: 7 };
    const { NotifyHandle } = yield* a.get('RtmRegisterForChangeNotification', Watch);
    yield* b.add(net, {}, { RouteHandle: null });
    yield* rt.sleep(1);
    expect(told).toEqual([[events.RTM_CHANGE_NOTIFICATION, NotifyHandle]]);
    const wanted = { NotifyHandle, NumDests: 1000 };
    const fetched = yield* a.call('RtmGetChangedDests', wanted);
    expect(fetched).toMatchObject({ status: ERROR_NO_MORE_ITEMS, out: { NumDests: 1 } });
    yield* b.add(net, {}, { RouteHandle: null });
    expect((yield* a.call('RtmGetChangedDests', wanted)).out?.NumDests).toBe(0);
    const ChangedDests = fetched.out?.ChangedDests ?? [];
    const back = { NotifyHandle, NumDests: 1, ChangedDests };
    expect(yield* a.status('RtmReleaseChangedDests', back)).toBe(NO_ERROR);
    const again = yield* a.call('RtmGetChangedDests', wanted);
    expect(again.out?.NumDests).toBe(1);
    yield* a.status('RtmDeregisterFromChangeNotification', { NotifyHandle });
    const late = { ...back, ChangedDests: again.out?.ChangedDests ?? [] };
    expect(yield* a.status('RtmReleaseChangedDests', late)).toBe(NO_ERROR);
    expect(yield* a.status('RtmReleaseChangedDests', late)).toBe(ERROR_INVALID_HANDLE);
  },

  *'what was written in place stays when the route is unlocked'({ a }) {
    const RouteHandle = (yield* a.add(net)).out?.RouteHandle;
    const lock = { RouteHandle, Exclusive: true, LockRoute: true };
    const { RoutePointer } = yield* a.get('RtmLockRoute', lock);
    if (RoutePointer !== undefined) RoutePointer.PrefInfo = { Metric: 5, Preference: 5 };
    const shared = { ...lock, Exclusive: false, LockRoute: false };
    expect(yield* a.status('RtmLockRoute', shared)).toBe(ERROR_INVALID_HANDLE);
    expect(yield* a.status('RtmLockRoute', { ...lock, LockRoute: false })).toBe(NO_ERROR);
    const Criteria = routeInfo({ PrefInfo: { Metric: 0, Preference: 5 } });
    const search = { DestAddress: net, RouteInfo: Criteria, InterfaceIndex: 0, TargetViews: 1 };
    const found = yield* a.get('RtmGetExactMatchRoute', { ...search, MatchingFlags: 4 });
    expect(found.RouteInfo.PrefInfo).toEqual({ Metric: 5, Preference: 5 });
    yield* a.status('RtmReleaseRouteInfo', { RouteInfo: found.RouteInfo });
    const RouteHandles = [RouteHandle, RouteHandle];
    expect(yield* a.status('RtmReleaseRoutes', { NumRoutes: 2, RouteHandles })).toBe(NO_ERROR);
  },

  *'a route is held in all its views, for the longest time asked for'({ rt, a }) {
    const RouteHandle = (yield* a.add(net, { BelongsToViews: 3 })).out?.RouteHandle;
    const DestInfo = yield* a.lookUp(net);
    const DestHandle = DestInfo?.DestHandle ?? null;
    for (const HoldTime of [50, 20]) {
      yield* a.status('RtmHoldDestination', { DestHandle, TargetViews: 1, HoldTime });
    }
    yield* a.status('RtmDeleteRouteToDest', { RouteHandle });
    for (const time of [40, 40]) {
      const { status, out } = yield* a.call('RtmGetDestInfo', {
        DestHandle,
        ...UNICAST,
        TargetViews: 2,
      });
      if (rt.now() < 50)
        expect(out?.DestInfo.ViewInfo[0]).toMatchObject({ NumRoutes: 1, Route: null });
      else expect(status).toBe(ERROR_INVALID_HANDLE);
      if (out !== undefined) yield* a.status('RtmReleaseDestInfo', { DestInfo: out.DestInfo });
      yield* rt.sleep(time);
    }
    expect(rt.now()).toBe(80);
    expect(yield* a.status('RtmGetDestInfo', { DestHandle, ...UNICAST })).toBe(
      ERROR_INVALID_HANDLE,
    );
    if (DestInfo !== undefined) yield* a.status('RtmReleaseDestInfo', { DestInfo });
  },
};

describe('of the readings', () => {
  test.each(Object.entries(rows))('%s', (_, body) => {
    run(body);
  });
});

test.each([
  ['stays, unless its owner wants it gone', NO_ERROR, NO_ERROR],
  ['goes if its owner does not support it', statuses.ERROR_NOT_SUPPORTED, ERROR_NOT_FOUND],
])('a route that has expired %s', (_, answer, found) => {
  run(function* ({ rt, a, told }: Scene) {
    const { out } = yield* a.add(net, {}, { TimeToLive: 30 });
    yield* rt.sleep(29);
    expect(told).toEqual([]);
    yield* rt.sleep(100);
    expect(told).toEqual([[events.RTM_ROUTE_EXPIRED, out?.RouteHandle]]);
    const reply = yield* a.call('RtmGetExactMatchDestination', { DestAddress: net, ...UNICAST });
    expect(reply.status).toBe(found);
    if (reply.out !== undefined)
      yield* a.status('RtmReleaseDestInfo', { DestInfo: reply.out.DestInfo });
    const RouteHandles = [out?.RouteHandle];
    expect(yield* a.status('RtmReleaseRoutes', { NumRoutes: 1, RouteHandles })).toBe(NO_ERROR);
  }, answer);
});
