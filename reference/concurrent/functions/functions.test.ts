/** The functions beyond level `core` one after another, in one thread. */
import { describe, expect, test } from 'vitest';
import { constants, events, statuses } from '../../../spec/index.ts';
import type { ConcurrentRtm, EventCallback, Handle } from '../rtm.ts';
import { type Body, hopInfo, netAddress, routeInfo, runAlone } from './table-client.ts';

const { NO_ERROR, ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE, ERROR_NOT_FOUND } = statuses;
const { ERROR_INVALID_PARAMETER, ERROR_NO_MORE_ITEMS, ERROR_NOT_SUPPORTED } = statuses;
const { RTM_CHANGE_NOTIFICATION, RTM_ROUTE_EXPIRED } = events;
const NEW = constants.RTM_ROUTE_CHANGE_NEW;
const BEST = constants.RTM_ROUTE_CHANGE_BEST;
const UNICAST = { ProtocolId: 0, TargetViews: 1 };
const net = netAddress([10], 8);

function recorder(
  log: (readonly [number, Handle, unknown])[],
  answer: number = NO_ERROR,
): EventCallback {
  // oxlint-disable-next-line require-yield -- a callback is a task, also when it takes no step
  return function* (_handle, type, context1, context2) {
    if (type === RTM_CHANGE_NOTIFICATION || type === RTM_ROUTE_EXPIRED) {
      log.push([type, context1, context2]);
    }
    return answer;
  };
}

function sum(rtm: ConcurrentRtm, kind: string): number {
  return (rtm.census()[kind] ?? []).reduce((total, count) => total + count, 0);
}

const rows: Record<string, Body> = {
  *'adds, updates and deletes routes'({ a, b }) {
    yield* a.register();
    yield* b.register();
    const added = yield* a.add(net);
    expect(added).toMatchObject({ status: NO_ERROR, out: { ChangeFlags: NEW | BEST } });
    const route = added.out?.RouteHandle;
    const again = yield* a.add(net, { PrefInfo: { Metric: 7, Preference: 1 } });
    expect(again.out).toEqual({ RouteHandle: route, ChangeFlags: 0 });
    const theirs = yield* b.add(net, { PrefInfo: { Metric: 1, Preference: 1 } });
    expect(theirs.out?.ChangeFlags).toBe(NEW | BEST);
    expect(yield* b.status('RtmDeleteRouteToDest', { RouteHandle: route })).toBe(
      ERROR_ACCESS_DENIED,
    );
    expect((yield* b.add(net, {}, { RouteHandle: route })).status).toBe(ERROR_ACCESS_DENIED);
    const best = { RouteHandle: theirs.out?.RouteHandle };
    expect(yield* a.get('RtmIsBestRoute', best)).toEqual({ BestInViews: 1 });
    expect(yield* b.get('RtmDeleteRouteToDest', best)).toEqual({ ChangeFlags: BEST });
    expect(yield* b.status('RtmDeleteRouteToDest', best)).toBe(ERROR_INVALID_HANDLE);
    const gone = { RouteHandle: route };
    expect(yield* a.get('RtmDeleteRouteToDest', gone)).toEqual({ ChangeFlags: BEST });
    expect(yield* a.status('RtmDeleteRouteToDest', gone)).toBe(ERROR_NOT_FOUND);
    const info = yield* a.get('RtmGetRouteInfo', gone);
    expect(info.RouteInfo?.State).toBe(constants.RTM_ROUTE_STATE_DELETED);
    expect(yield* a.lookUp(net)).toBeUndefined();
  },

  *'gives and takes back the references of information'({ rtm, a, b }) {
    yield* a.register();
    yield* b.register();
    const hop = (yield* a.get('RtmAddNextHop', { NextHopInfo: hopInfo(1) })).NextHopHandle;
    const hops = { NextHopsList: { NumNextHops: 2, NextHops: [hop, hop] }, Neighbour: hop };
    const route = (yield* a.add(net, hops)).out?.RouteHandle;
    const before = JSON.stringify(rtm.census());
    const { RouteInfo, DestAddress } = yield* b.get('RtmGetRouteInfo', { RouteHandle: route });
    expect(DestAddress).toEqual(net);
    expect(sum(rtm, 'nexthop')).toBe(2 + 3 + 3);
    const DestInfo = yield* b.lookUp(net);
    expect(DestInfo?.ViewInfo[0]).toMatchObject({ Route: route, Owner: RouteInfo?.RouteOwner });
    if (RouteInfo === undefined || DestInfo === undefined) throw new Error('information');
    const { DestHandle } = DestInfo;
    expect(yield* b.status('RtmReleaseDestInfo', { DestInfo })).toBe(NO_ERROR);
    expect(yield* b.status('RtmReleaseDestInfo', { DestInfo })).toBe(ERROR_INVALID_HANDLE);
    expect(yield* b.reference([DestHandle, route])).toBe(NO_ERROR);
    expect(yield* b.reference([DestHandle, 2 ** 50])).toBe(ERROR_INVALID_HANDLE);
    const kept = { ...DestInfo, NumberOfViews: 0, ViewInfo: [] };
    expect(yield* b.status('RtmReleaseDests', { NumDests: 1, DestInfos: [kept] })).toBe(NO_ERROR);
    const back = { NumRoutes: 1, RouteHandles: [route] };
    expect(yield* b.status('RtmReleaseRoutes', back)).toBe(NO_ERROR);
    expect(yield* b.status('RtmReleaseRoutes', back)).toBe(ERROR_INVALID_HANDLE);
    expect(yield* b.status('RtmReleaseRouteInfo', { RouteInfo })).toBe(NO_ERROR);
    expect(JSON.stringify(rtm.census())).toBe(before);
  },

  *'changes routes in place, when it is committed'({ rtm, a, b }) {
    yield* a.register();
    yield* b.register();
    const one = (yield* a.get('RtmAddNextHop', { NextHopInfo: hopInfo(1) })).NextHopHandle;
    const two = (yield* a.get('RtmAddNextHop', { NextHopInfo: hopInfo(2) })).NextHopHandle;
    const withHop = (hop: Handle): Parameters<typeof routeInfo>[0] => ({
      NextHopsList: { NumNextHops: 1, NextHops: [hop] },
    });
    const RouteHandle = (yield* a.add(net, withHop(one))).out?.RouteHandle;
    const lock = { RouteHandle, Exclusive: true, LockRoute: true };
    const commit = { RouteHandle, TimeToLive: 9, RouteListHandle: null, NotifyType: 0 };
    const update = { ...commit, NotifyHandle: null };
    expect(yield* a.status('RtmUpdateAndUnlockRoute', update)).toBe(ERROR_ACCESS_DENIED);
    expect(yield* b.status('RtmLockRoute', lock)).toBe(ERROR_ACCESS_DENIED);
    const pointer = (yield* a.get('RtmLockRoute', lock)).RoutePointer;
    if (pointer === undefined) throw new Error('pointer');
    pointer.PrefInfo = { Metric: 5, Preference: 5 };
    yield* a.get('RtmLockRoute', { ...lock, LockRoute: false });
    expect(pointer.PrefInfo.Metric).toBe(1);
    yield* a.get('RtmLockRoute', lock);
    const references = sum(rtm, 'nexthop');
    expect(yield* a.reference([two])).toBe(NO_ERROR);
    Object.assign(pointer, withHop(two), { PrefInfo: { Metric: 6, Preference: 6 } });
    expect((yield* b.get('RtmGetRouteInfo', { RouteHandle })).RouteInfo?.PrefInfo.Metric).toBe(1);
    expect(yield* a.status('RtmUpdateAndUnlockRoute', update)).toBe(NO_ERROR);
    expect(yield* a.status('RtmReleaseNextHops', { NumNextHops: 1, NextHopHandles: [one] })).toBe(
      NO_ERROR,
    );
    expect(sum(rtm, 'nexthop')).toBe(references + 1);
    const { RouteInfo } = yield* b.get('RtmGetRouteInfo', { RouteHandle });
    expect(RouteInfo).toMatchObject({ PrefInfo: { Metric: 6 }, ...withHop(two) });
    expect((yield* a.get('RtmGetRoutePointer', { RouteHandle })).RoutePointer).toBe(pointer);
  },

  *'finds destinations by prefix'({ a }) {
    yield* a.register();
    for (const length of [0, 8, 16, 32]) yield* a.add(netAddress([10, 1, 2, 3], length));
    yield* a.add(netAddress([10, 1, 2, 3], 24), { BelongsToViews: 2 });
    const query = { DestAddress: netAddress([10, 1, 2, 3], 30), ...UNICAST };
    const found = yield* a.get('RtmGetMostSpecificDestination', query);
    const lengths = [found.DestInfo.DestAddress.NumBits];
    for (let { DestHandle } = found.DestInfo; ;) {
      const next = yield* a.call('RtmGetLessSpecificDestination', { DestHandle, ...UNICAST });
      if (next.out === undefined) {
        expect(next.status).toBe(ERROR_NOT_FOUND);
        break;
      }
      lengths.push(next.out.DestInfo.DestAddress.NumBits);
      ({ DestHandle } = next.out.DestInfo);
    }
    expect(lengths).toEqual([16, 8, 0]);
    expect(yield* a.status('RtmGetExactMatchDestination', query)).toBe(ERROR_NOT_FOUND);
    const criteria = { MatchingFlags: constants.RTM_MATCH_PREF, RouteInfo: routeInfo() };
    const exact = { DestAddress: net, ...criteria, InterfaceIndex: 0, TargetViews: 0 };
    expect((yield* a.get('RtmGetExactMatchRoute', exact)).RouteInfo.DestHandle).not.toBeNull();
    const other = routeInfo({ PrefInfo: { Metric: 9, Preference: 9 } });
    const none = { ...exact, RouteInfo: other };
    expect(yield* a.status('RtmGetExactMatchRoute', none)).toBe(ERROR_NOT_FOUND);
  },

  *'keeps next hops by address and interface'({ a, b }) {
    yield* a.register();
    yield* b.register();
    const added = yield* a.get('RtmAddNextHop', { NextHopInfo: hopInfo(1) });
    expect(added.ChangeFlags).toBe(constants.RTM_NEXTHOP_CHANGE_NEW);
    const changed = { ...hopInfo(1), EntitySpecificInfo: 5 };
    const again = yield* a.get('RtmAddNextHop', { NextHopInfo: changed, NextHopHandle: null });
    expect(again).toEqual({ ChangeFlags: 0 });
    const NextHopHandle = added.NextHopHandle;
    const info = yield* a.get('RtmGetNextHopInfo', { NextHopHandle });
    expect(info.NextHopInfo).toMatchObject({ ...changed, NextHopOwner: expect.anything() });
    expect(yield* a.status('RtmReleaseNextHopInfo', info)).toBe(NO_ERROR);
    const wanted = { NextHopInfo: hopInfo(1) };
    expect(yield* b.status('RtmFindNextHop', wanted)).toBe(ERROR_NOT_FOUND);
    const found = yield* a.get('RtmFindNextHop', wanted);
    expect(found.NextHopHandle).toBe(NextHopHandle);
    const lock = { NextHopHandle, Exclusive: true, LockNextHop: true };
    const { NextHopPointer } = yield* a.get('RtmLockNextHop', lock);
    expect(NextHopPointer).toBe(found.NextHopPointer);
    NextHopPointer.Flags = 2;
    yield* a.get('RtmLockNextHop', { ...lock, LockNextHop: false });
    expect((yield* a.get('RtmGetNextHopInfo', { NextHopHandle })).NextHopInfo.Flags).toBe(2);
    const gone = { NextHopHandle, NextHopInfo: null };
    expect(yield* b.status('RtmDeleteNextHop', gone)).toBe(ERROR_ACCESS_DENIED);
    expect(yield* a.status('RtmDeleteNextHop', gone)).toBe(NO_ERROR);
    const byInfo = { NextHopHandle: null, NextHopInfo: hopInfo(1) };
    expect(yield* a.status('RtmDeleteNextHop', byInfo)).toBe(ERROR_NOT_FOUND);
  },

  *'enumerates in batches'({ a, b }) {
    yield* a.register();
    yield* b.register();
    for (let i = 1; i <= 5; i += 1) yield* a.add(netAddress([i], 8));
    yield* b.add(netAddress([3], 8), { PrefInfo: { Metric: 0, Preference: 0 } });
    const whole = { TargetViews: 1, EnumFlags: 0, NetAddress: null, ProtocolId: 0 };
    const own = { ...whole, EnumFlags: constants.RTM_ENUM_OWN_DESTS };
    const firsts: number[][] = [];
    for (const wanted of [whole, own]) {
      const { RtmEnumHandle: EnumHandle } = yield* a.get('RtmCreateDestEnum', wanted);
      expect(yield* a.status('RtmGetEnumDests', { EnumHandle, NumDests: 65 })).toBe(
        ERROR_INVALID_PARAMETER,
      );
      expect(yield* b.status('RtmGetEnumDests', { EnumHandle, NumDests: 1 })).toBe(
        ERROR_INVALID_HANDLE,
      );
      const seen: number[] = [];
      for (;;) {
        const { status, out } = yield* a.call('RtmGetEnumDests', { EnumHandle, NumDests: 2 });
        if (status === ERROR_NO_MORE_ITEMS) break;
        const DestInfos = out?.DestInfos ?? [];
        seen.push(...DestInfos.map(({ DestAddress }) => DestAddress.AddrBits[0] ?? 0));
        yield* a.get('RtmReleaseDests', { NumDests: DestInfos.length, DestInfos });
      }
      expect(yield* a.status('RtmDeleteEnumHandle', { EnumHandle })).toBe(NO_ERROR);
      expect(yield* a.status('RtmDeleteEnumHandle', { EnumHandle })).toBe(ERROR_INVALID_HANDLE);
      firsts.push(seen);
    }
    expect(firsts).toEqual([
      [1, 2, 3, 4, 5],
      [1, 2, 4, 5],
    ]);
    const bad = { ...whole, TargetViews: 4 };
    expect(yield* a.status('RtmCreateDestEnum', bad)).toBe(ERROR_NOT_SUPPORTED);
  },

  *'lists routes'({ rtm, a, b }) {
    yield* a.register();
    yield* b.register();
    const { RouteListHandle } = yield* a.get('RtmCreateRouteList', {});
    const one = (yield* a.add(net, {}, { RouteListHandle })).out?.RouteHandle;
    const two = (yield* a.add(netAddress([11], 8))).out?.RouteHandle;
    const insert = { RouteListHandle, NumRoutes: 2, RouteHandles: [one, two] };
    expect(yield* a.status('RtmInsertInRouteList', insert)).toBe(NO_ERROR);
    const { RtmEnumHandle } = yield* a.get('RtmCreateRouteListEnum', { RouteListHandle });
    const fetch = { EnumHandle: RtmEnumHandle, NumRoutes: 1 };
    expect((yield* a.get('RtmGetListEnumRoutes', fetch)).RouteHandles).toEqual([one]);
    yield* a.get('RtmInsertInRouteList', { ...insert, NumRoutes: 1, RouteListHandle: null });
    expect((yield* a.get('RtmGetListEnumRoutes', fetch)).RouteHandles).toEqual([two]);
    expect((yield* a.get('RtmGetListEnumRoutes', fetch)).NumRoutes).toBe(0);
    expect(yield* b.status('RtmDeleteRouteList', { RouteListHandle })).toBe(ERROR_INVALID_HANDLE);
    expect(yield* a.status('RtmDeleteRouteList', { RouteListHandle })).toBe(NO_ERROR);
    expect(rtm.census()['route-list']).toEqual([]);
  },

  *'announces changes once and delivers them until they are fetched'({ a, b }) {
    const log: (readonly [number, Handle, unknown])[] = [];
    yield* a.register();
    yield* b.register({ callback: recorder(log) });
    const wanted = { TargetViews: 1, NotifyFlags: constants.RTM_CHANGE_TYPE_BEST };
    const subscription = { ...wanted, NotifyContext: 'mine' };
    const { NotifyHandle } = yield* b.get('RtmRegisterForChangeNotification', subscription);
    yield* a.add(net);
    yield* a.add(netAddress([11], 8));
    expect(log).toEqual([[RTM_CHANGE_NOTIFICATION, NotifyHandle, 'mine']]);
    const fetch = { NotifyHandle, NumDests: 1 };
    const [first] = (yield* b.get('RtmGetChangedDests', fetch)).ChangedDests;
    expect(first?.DestAddress.AddrBits[0]).toBe(10);
    const DestHandle = first?.DestHandle;
    const status = { NotifyHandle, DestHandle };
    expect(yield* b.get('RtmGetChangeStatus', status)).toEqual({ ChangeStatus: false });
    yield* a.add(net, { PrefInfo: { Metric: 2, Preference: 3 } });
    expect(yield* b.get('RtmGetChangeStatus', status)).toEqual({ ChangeStatus: true });
    yield* b.get('RtmIgnoreChangedDests', {
      NotifyHandle,
      NumDests: 1,
      ChangedDests: [DestHandle],
    });
    expect((yield* b.get('RtmGetChangedDests', fetch)).NumDests).toBe(1);
    expect(yield* b.status('RtmGetChangedDests', fetch)).toBe(ERROR_NO_MORE_ITEMS);
    expect(log.length).toBe(1);
    yield* a.add(net, { PrefInfo: { Metric: 2, Preference: 4 } });
    expect(log.length).toBe(2);
    expect(yield* b.status('RtmDeregisterFromChangeNotification', { NotifyHandle })).toBe(NO_ERROR);
    yield* a.add(net);
    expect(log.length).toBe(2);
  },

  *'lets routes expire'({ rt, a, b }) {
    const log: (readonly [number, Handle, unknown])[] = [];
    yield* a.register({ callback: recorder(log, ERROR_NOT_SUPPORTED) });
    yield* b.register();
    const { out } = yield* a.add(net, {}, { TimeToLive: 1000 });
    yield* b.add(net, { PrefInfo: { Metric: 9, Preference: 9 } }, { TimeToLive: 400 });
    yield* b.add(netAddress([11], 8), {}, { TimeToLive: 2000 });
    yield* rt.sleep(500);
    expect((yield* a.lookUp(net))?.ViewInfo[0]?.NumRoutes).toBe(1);
    yield* rt.sleep(499);
    expect(log).toEqual([]);
    yield* rt.sleep(2);
    expect(log.map(([type, handle]) => [type, handle])).toEqual([
      [RTM_ROUTE_EXPIRED, out?.RouteHandle],
    ]);
    expect(yield* a.lookUp(net)).toBeUndefined();
    expect(yield* a.lookUp(netAddress([11], 8))).toBeDefined();
    yield* rt.sleep(1000);
    expect(yield* a.lookUp(netAddress([11], 8))).toBeUndefined();
  },

  *'holds the last route down'({ rt, a, b }) {
    yield* a.register();
    yield* b.register();
    const RouteHandle = (yield* a.add(net)).out?.RouteHandle;
    const { DestHandle } = (yield* b.lookUp(net)) ?? {};
    const hold = { DestHandle, TargetViews: 1, HoldTime: 0 };
    expect(yield* b.status('RtmHoldDestination', hold)).toBe(ERROR_INVALID_PARAMETER);
    expect(yield* b.status('RtmHoldDestination', { ...hold, HoldTime: 100 })).toBe(NO_ERROR);
    yield* a.get('RtmDeleteRouteToDest', { RouteHandle });
    const info = yield* b.get('RtmGetDestInfo', { DestHandle, ...UNICAST });
    expect(info.DestInfo.ViewInfo[0]).toMatchObject({ Route: null, HoldRoute: RouteHandle });
    expect(yield* b.lookUp(net)).toBeUndefined();
    expect((yield* b.lookUp(net, 0))?.DestHandle).toBe(DestHandle);
    yield* a.deregister();
    yield* rt.sleep(101);
    expect(yield* b.lookUp(net, 0)).toBeUndefined();
    const later = yield* b.get('RtmGetDestInfo', { DestHandle, ...UNICAST });
    expect(later.DestInfo.ViewInfo[0]?.HoldRoute).toBeNull();
  },

  *'keeps opaque pointers and locks of destinations'({ a, b }) {
    yield* a.register({ opaque: true });
    yield* b.register();
    yield* b.add(net);
    const { DestHandle } = (yield* a.lookUp(net)) ?? {};
    const none = { DestHandle };
    expect(yield* b.status('RtmGetOpaqueInformationPointer', none)).toBe(ERROR_NOT_FOUND);
    const lock = { DestHandle, Exclusive: true, LockDest: true };
    yield* a.get('RtmLockDestination', lock);
    const { OpaqueInfoPointer } = yield* a.get('RtmGetOpaqueInformationPointer', none);
    OpaqueInfoPointer.value = 7;
    yield* a.get('RtmLockDestination', { ...lock, LockDest: false });
    const again = { ...lock, LockDest: false };
    expect(yield* a.status('RtmLockDestination', again)).toBe(ERROR_INVALID_HANDLE);
    const { OpaqueInfoPointer: same } = yield* a.get('RtmGetOpaqueInformationPointer', none);
    expect(same.value).toBe(7);
  },
};

describe('monitor', () => {
  test.each(Object.entries(rows))('%s', (_, body) => {
    expect(runAlone(body)).toBeUndefined();
  });
});
