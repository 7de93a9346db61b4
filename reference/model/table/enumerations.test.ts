import { expect, test } from 'vitest';
import { constants, statuses } from '../../../spec/index.ts';
import type { TableCallOf } from './calls.ts';
import { A, addition, B, C, entry, MADE_UP, Session } from './walks-session.ts';
import { addressOf } from './walks-naive.ts';

const { ERROR_NO_MORE_ITEMS, ERROR_INVALID_PARAMETER, ERROR_INVALID_HANDLE } = statuses;
const { ERROR_NOT_SUPPORTED } = statuses;
const { RTM_ENUM_NEXT, RTM_ENUM_RANGE, RTM_ENUM_OWN_DESTS, RTM_ENUM_OWN_ROUTES } = constants;

function destEnum(
  by: number,
  flags = 0,
  prefix?: string,
  views = 1,
): TableCallOf<'RtmCreateDestEnum'> {
  return {
    name: 'RtmCreateDestEnum',
    RtmRegHandle: by,
    TargetViews: views,
    EnumFlags: flags,
    NetAddress: prefix === undefined ? null : addressOf(prefix),
    ProtocolId: 0,
  };
}

function routeEnum(
  by: number,
  flags = 0,
  prefix?: string,
  views = 1,
): TableCallOf<'RtmCreateRouteEnum'> {
  return {
    name: 'RtmCreateRouteEnum',
    RtmRegHandle: by,
    DestHandle: null,
    TargetViews: views,
    EnumFlags: flags,
    StartDest: prefix === undefined ? null : addressOf(prefix),
    MatchingFlags: 0,
    CriteriaRoute: null,
    CriteriaInterface: 0,
  };
}

function getDests(EnumHandle: number, NumDests: number): TableCallOf<'RtmGetEnumDests'> {
  return { name: 'RtmGetEnumDests', RtmRegHandle: C, EnumHandle, NumDests };
}

function getRoutes(EnumHandle: number, NumRoutes: number): TableCallOf<'RtmGetEnumRoutes'> {
  return { name: 'RtmGetEnumRoutes', RtmRegHandle: C, EnumHandle, NumRoutes };
}

const none = { NumRoutes: 0, RouteHandles: [] };

function routes(...RouteHandles: readonly number[]): object & Record<string, unknown> {
  return { NumRoutes: RouteHandles.length, RouteHandles };
}

/** Routes to three destinations, and an enumeration of all. */
function begun(): { s: Session; r0: number; r1: number; r2: number; walk: number } {
  const s = new Session();
  const [r1, r2, r0] = [s.addRoute(A, '01'), s.addRoute(B, '1'), s.addRoute(A, '00')];
  const walk = s.fresh();
  s.ok(routeEnum(C), { RtmEnumHandle: walk });
  return { s, r0, r1, r2, walk };
}

test('destinations come in order, in batches, and end', () => {
  const s = new Session();
  const [r0, r1] = [s.addRoute(A, '00'), s.addRoute(B, '1')];
  const [walk, d0, d1] = [s.fresh(), s.fresh(), s.fresh()];
  s.ok(destEnum(C), { RtmEnumHandle: walk });
  const [e0, e1] = [entry(d0, '00', [[r0, A]]), entry(d1, '1', [[r1, B]])];
  expect(s.wrong(getDests(walk, 2), { NumDests: 2, DestInfos: [e1, e0] })).toBe('RTM-ENUM-038');
  expect(s.wrong(getDests(walk, 2), { NumDests: 0, DestInfos: [] }, ERROR_NO_MORE_ITEMS)).toBe(
    'RTM-ENUM-017',
  );
  expect(s.wrong(getDests(walk, 2), { NumDests: 0, DestInfos: [] })).toBe('RTM-ENUM-017');
  expect(s.wrong(getDests(walk, 1), { NumDests: 2, DestInfos: [e0, e1] })).toBe('RTM-ENUM-013');
  expect(s.wrong(getDests(walk, 5), { NumDests: 2, DestInfos: [e0, e1] })).toBe('RTM-ENUM-016');
  s.fails(getDests(walk, 5), ERROR_INVALID_PARAMETER);
  s.ok(getDests(walk, 1), { NumDests: 1, DestInfos: [e0] });
  expect(s.wrong(getDests(walk, 1), { NumDests: 1, DestInfos: [e0] })).toBe('RTM-ENUM-038');
  s.ok(getDests(walk, 2), { NumDests: 1, DestInfos: [e1] }, ERROR_NO_MORE_ITEMS);
  s.ok(getDests(walk, 2), { NumDests: 0, DestInfos: [] }, ERROR_NO_MORE_ITEMS);
  const release = { name: 'RtmReleaseDests', RtmRegHandle: C } as const;
  expect(s.wrong({ ...release, NumDests: 1, DestInfos: [e0] }, undefined, 87)).toBe('RTM-ENUM-020');
  s.ok({ ...release, NumDests: 2, DestInfos: [e0, e1] });
  s.ok({ ...release, NumDests: 0, DestInfos: [] });
  const bad = { ...e0, DestHandle: MADE_UP };
  expect(s.wrong({ ...release, NumDests: 1, DestInfos: [bad] })).toBe('RTM-ENUM-021');
});

test('views, parts and owners restrict destinations', () => {
  const s = new Session();
  const [r0, r1] = [s.addRoute(A, '00'), s.addRoute(B, '01', { views: 2 })];
  const only = (
    flags: number,
    prefix?: string,
    views = 1,
  ): ((out: object) => string | undefined) => {
    const walk = s.fresh();
    s.ok(destEnum(A, flags, prefix, views), { RtmEnumHandle: walk });
    return (item) =>
      s.wrong({ ...getDests(walk, 1), RtmRegHandle: A }, { NumDests: 1, DestInfos: [item] });
  };
  const [e0, e1] = [
    entry(s.fresh(), '00', [[r0, A]]),
    { ...entry(s.fresh(), '01', []), ViewInfo: [block(1, r1, B)], NumberOfViews: 1 },
  ];
  expect(only(0)(e0)).toBeUndefined();
  expect(only(0)(e1)).toBe('RTM-ENUM-038');
  expect(only(RTM_ENUM_RANGE, '01', 3)(e0)).toBe('RTM-ENUM-007');
  expect(only(RTM_ENUM_RANGE, '0', 1)(e0)).toBeUndefined();
  expect(only(RTM_ENUM_NEXT, '01', 3)(e0)).toBe('RTM-ENUM-006');
  expect(only(RTM_ENUM_NEXT, '01', 2)(e1)).toBeUndefined();
  expect(only(RTM_ENUM_NEXT, '01', 1)(e1)).toBe('RTM-ENUM-002');
  expect(only(RTM_ENUM_NEXT | RTM_ENUM_OWN_DESTS, '01', 2)(e1)).toBe('RTM-ENUM-005');
});

function block(view: number, Route: number, Owner: number) {
  return { ViewId: view, NumRoutes: 1, Route, Owner, DestFlags: 0, HoldRoute: null };
}

test('wrong arguments start nothing', () => {
  const s = new Session();
  const started = { RtmEnumHandle: s.fresh() };
  expect(s.wrong(destEnum(A, 0, undefined, 4), started)).toBe('RTM-ENUM-004');
  s.fails(destEnum(A, 0, undefined, 4), ERROR_NOT_SUPPORTED);
  const long = { AddressFamily: 2, NumBits: 33, AddrBits: [] };
  const wrong = { ...destEnum(A, RTM_ENUM_RANGE), NetAddress: long };
  expect(s.wrong(wrong, started)).toBe('RTM-ENUM-031');
  s.fails(wrong, ERROR_INVALID_PARAMETER);
  // Without an address the call may be refused, or mean the whole table.
  s.fails(destEnum(A, RTM_ENUM_NEXT), ERROR_INVALID_PARAMETER);
  s.ok(destEnum(A, RTM_ENUM_NEXT), started);
  expect(s.wrong(destEnum(A), {})).toBe('RTM-ENUM-001');
  expect(s.wrong(destEnum(A), started)).toBe('RTM-REG-003');
});

test('an enumeration that has been deleted is refused, and one that never was', () => {
  const { s, walk } = begun();
  const end = { name: 'RtmDeleteEnumHandle', RtmRegHandle: C } as const;
  expect(s.wrong({ ...end, EnumHandle: walk }, undefined, ERROR_INVALID_HANDLE)).toBe(
    'RTM-ENUM-034',
  );
  s.ok({ ...end, EnumHandle: walk });
  expect(s.wrong(getRoutes(walk, 1), none)).toBe('RTM-ENUM-031');
  expect(s.wrong({ ...end, EnumHandle: MADE_UP })).toBe('RTM-ENUM-036');
  s.fails({ ...end, EnumHandle: MADE_UP }, ERROR_INVALID_HANDLE);
});

test('what is there all the time is delivered once, also while the table changes', () => {
  const { s, r0, r1, r2, walk } = begun();
  s.ok(getRoutes(walk, 1), routes(r0));
  s.deleteRoute(A, r1);
  const r3 = s.addRoute(C, '011');
  for (const out of [routes(r1, r2), routes(r3, r2), routes(r2)])
    expect(s.wrong(getRoutes(walk, 4), out)).toBeUndefined();
  expect(s.wrong(getRoutes(walk, 4), routes(r2, r3))).toBe('RTM-ENUM-008');
  expect(s.wrong(getRoutes(walk, 4), routes(r0, r2))).toBe('RTM-ENUM-038');
  expect(s.wrong(getRoutes(walk, 4), none, ERROR_NO_MORE_ITEMS)).toBe('RTM-ENUM-017');
  s.ok(getRoutes(walk, 4), routes(r3), undefined);
  expect(s.wrong(getRoutes(walk, 4), none, ERROR_NO_MORE_ITEMS)).toBe('RTM-ENUM-017');
});

test('what was deleted may be delivered though nobody has held it', () => {
  const s = new Session();
  const route = s.fresh();
  s.ok({ ...addition(A, '0', {}), RouteHandle: null }, { ChangeFlags: 0x10002 });
  const walk = s.fresh();
  s.ok(routeEnum(C), { RtmEnumHandle: walk });
  const other = s.fresh();
  s.ok(routeEnum(C), { RtmEnumHandle: other });
  s.ok(getRoutes(walk, 1), routes(route));
  s.ok({ name: 'RtmReleaseRoutes', RtmRegHandle: C, NumRoutes: 1, RouteHandles: [route] });
  const own = s.addRoute(A, '0', { update: s.fresh(), best: false });
  s.deleteRoute(A, own);
  const late = s.fresh();
  s.ok(getRoutes(other, 1), routes(late));
  const given = { RtmRegHandle: C, NumRoutes: 1, RouteHandles: [late] };
  expect(s.wrong({ name: 'RtmReleaseRoutes', ...given }, undefined, ERROR_INVALID_HANDLE)).toBe(
    'RTM-ROUTE-028',
  );
  s.ok({ name: 'RtmReleaseRoutes', ...given });
  const third = s.fresh();
  s.ok(routeEnum(C), { RtmEnumHandle: third });
  expect(s.wrong(getRoutes(third, 1), routes(s.fresh()))).toBe('RTM-ENUM-039');
});

test('routes of one destination come in order of preference, own ones and those of a view alone', () => {
  const s = new Session();
  const better = s.addRoute(A, '0', { preference: 1 });
  const worse = s.addRoute(B, '0', { preference: 1, metric: 2, best: false });
  const begin = (flags: number, views = 1): number => {
    const walk = s.fresh();
    s.ok({ ...routeEnum(C, flags, undefined, views), RtmRegHandle: B }, { RtmEnumHandle: walk });
    return walk;
  };
  const fetch = (walk: number, ...handles: readonly number[]) =>
    s.wrong({ ...getRoutes(walk, 2), RtmRegHandle: B }, routes(...handles));
  expect(fetch(begin(0), better, worse)).toBeUndefined();
  expect(fetch(begin(0), worse, better)).toBe('RTM-ENUM-009');
  expect(fetch(begin(RTM_ENUM_OWN_ROUTES), worse)).toBeUndefined();
  expect(fetch(begin(RTM_ENUM_OWN_ROUTES), better)).toBe('RTM-ENUM-025');
  expect(fetch(begin(0, 2), better)).toBe('RTM-ENUM-003');
  expect(fetch(begin(0), better, better)).toBe('RTM-ENUM-038');
});

test('criteria restrict routes', () => {
  const s = new Session();
  const [r0, r1] = [s.addRoute(A, '0'), s.addRoute(B, '1')];
  const walk = s.fresh();
  const CriteriaRoute = { ...addition(A, '', {}).RouteInfo, RouteOwner: A };
  const call = { ...routeEnum(C), MatchingFlags: constants.RTM_MATCH_OWNER, CriteriaRoute };
  s.ok(call, { RtmEnumHandle: walk });
  expect(s.wrong(getRoutes(walk, 2), routes(r0, r1))).toBe('RTM-ENUM-026');
  s.ok(getRoutes(walk, 2), routes(r0), ERROR_NO_MORE_ITEMS);
});

test('next hops are the caller’s', () => {
  const s = new Session();
  const hop = (by: number, address: string): number => {
    const handle = s.fresh();
    const NextHopInfo = {
      NextHopAddress: addressOf(address.padEnd(32, '0')),
      NextHopOwner: null,
      InterfaceIndex: 1,
      State: 0,
      Flags: 0,
      EntitySpecificInfo: null,
      RemoteNextHop: null,
    };
    s.ok(
      { name: 'RtmAddNextHop', RtmRegHandle: by, NextHopInfo },
      { ChangeFlags: 1, NextHopHandle: handle },
    );
    return handle;
  };
  const [mine, mine2, other] = [hop(A, '0001'), hop(A, '11'), hop(B, '01')];
  const walk = s.fresh();
  s.ok(
    { name: 'RtmCreateNextHopEnum', RtmRegHandle: A, EnumFlags: 0, NetAddress: null },
    { RtmEnumHandle: walk },
  );
  const fetch = {
    name: 'RtmGetEnumNextHops',
    RtmRegHandle: A,
    EnumHandle: walk,
    NumNextHops: 3,
  } as const;
  const list = (...NextHopHandles: readonly number[]) => ({
    NumNextHops: NextHopHandles.length,
    NextHopHandles,
  });
  expect(s.wrong(fetch, list(mine, other, mine2))).toBe('RTM-ENUM-039');
  expect(s.wrong(fetch, list(mine2))).toBe('RTM-ENUM-038');
  s.ok(fetch, list(mine, mine2), ERROR_NO_MORE_ITEMS);
});

test('step shows what a fetch may deliver', () => {
  const { s, walk } = begun();
  expect(s.outcomes(getRoutes(walk, 2))).toBe(1);
  expect(s.outcomes(routeEnum(C))).toBe(1);
});
