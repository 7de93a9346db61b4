/** The functions on routes, destinations, next hops and hold-down: what is permitted, and what is blamed. */
import { describe, expect, test } from 'vitest';
import { constants, events, statuses } from '../../../spec/index.ts';
import type { Call, Reply } from '../calls.ts';
import { createContext } from '../context.ts';
import { deregister, infoOf, ok, register, registered, told } from '../example-calls.ts';
import { blame, follow, step } from '../judge.ts';
import { exactKey } from '../keys.ts';
import { initialState, type State } from '../state.ts';
import type { TableCallOf } from './calls.ts';
import { addressOf } from './naive-rtm.ts';

type Exchange = readonly [Call, Reply];

const { INFINITE, RTM_ROUTE_CHANGE_BEST: BEST, RTM_ROUTE_CHANGE_NEW: NEW } = constants;
const failed = (status: number): Reply => ({ status });
const gave = (out: Record<string, unknown>): Reply => ({ status: 0, out });
const INVALID = failed(statuses.ERROR_INVALID_HANDLE);
const DENIED = failed(statuses.ERROR_ACCESS_DENIED);
const NOT_FOUND = failed(statuses.ERROR_NOT_FOUND);

const TEN = '00001010';
const TEN_ONE = '0000101000000001';
const HOST = TEN_ONE.padEnd(32, '0');

/** Registrations are 1 and 2, of different protocols; 3 is a next hop of the first. */
function routeInfo(
  fields: Record<string, unknown> = {},
): TableCallOf<'RtmAddRouteToDest'>['RouteInfo'] {
  const { Metric = 1, Preference = 5, hops = [3], ...rest } = fields;
  const NextHops = hops as number[];
  const info = {
    DestHandle: null,
    RouteOwner: null,
    Neighbour: null,
    State: 0,
    Flags1: 0,
    Flags: 0,
    PrefInfo: { Metric: Number(Metric), Preference: Number(Preference) },
    BelongsToViews: 1,
    EntitySpecificInfo: null,
    NextHopsList: { NumNextHops: NextHops.length, NextHops },
  };
  return { ...info, ...rest };
}

function add(by: number, prefix: string, fields: Record<string, unknown> = {}): Call {
  const { RouteHandle, TimeToLive = INFINITE, ChangeFlags = 0, ...info } = fields;
  const handle = RouteHandle === undefined ? {} : { RouteHandle: RouteHandle as number | null };
  return {
    name: 'RtmAddRouteToDest',
    RtmRegHandle: by,
    ...handle,
    DestAddress: addressOf(prefix),
    RouteInfo: routeInfo(info),
    TimeToLive: Number(TimeToLive),
    RouteListHandle: null,
    NotifyType: 0,
    NotifyHandle: null,
    ChangeFlags: Number(ChangeFlags),
  };
}

const added = (RouteHandle: number, ChangeFlags: number = NEW | BEST) =>
  gave({ RouteHandle, ChangeFlags });
const remove = (by: number, RouteHandle: number): Call => ({
  name: 'RtmDeleteRouteToDest',
  RtmRegHandle: by,
  RouteHandle,
});
const removed = (ChangeFlags: number = BEST) => gave({ ChangeFlags });
const getRoute = (by: number, RouteHandle: number): Call => ({
  name: 'RtmGetRouteInfo',
  RtmRegHandle: by,
  RouteHandle,
  DestAddress: null,
});
const shownRoute = (fields: Record<string, unknown> = {}) =>
  gave({ RouteInfo: { ...routeInfo(fields), DestHandle: 60, RouteOwner: 1, ...fields } });

type Query = { readonly ProtocolId?: number; readonly TargetViews?: number };
const exact = (by: number, prefix: string, query: Query = {}): Call => ({
  name: 'RtmGetExactMatchDestination',
  RtmRegHandle: by,
  DestAddress: addressOf(prefix),
  ProtocolId: 0,
  TargetViews: 1,
  ...query,
});
const longest = (by: number, prefix: string): Call => ({
  ...(exact(by, prefix) as TableCallOf<'RtmGetExactMatchDestination'>),
  name: 'RtmGetMostSpecificDestination',
});
const shorter = (by: number, DestHandle: number): Call => ({
  name: 'RtmGetLessSpecificDestination',
  RtmRegHandle: by,
  DestHandle,
  ProtocolId: 0,
  TargetViews: 1,
});
const view = (Route: number | null, fields: Record<string, unknown> = {}) => ({
  ViewId: 0,
  NumRoutes: Route === null ? 0 : 1,
  Route,
  Owner: Route === null ? null : 1,
  DestFlags: 0,
  HoldRoute: null,
  ...fields,
});
const shownDest = (prefix: string, DestHandle: number, ...ViewInfo: readonly unknown[]) =>
  gave({
    DestInfo: {
      DestHandle,
      DestAddress: addressOf(prefix),
      LastChanged: 1,
      BelongsToViews: 1,
      NumberOfViews: ViewInfo.length,
      ViewInfo,
    },
  });

function hopInfo(
  fields: Record<string, unknown> = {},
): TableCallOf<'RtmAddNextHop'>['NextHopInfo'] {
  return {
    NextHopAddress: addressOf(HOST),
    NextHopOwner: null,
    InterfaceIndex: 1,
    State: 0,
    Flags: 0,
    EntitySpecificInfo: null,
    RemoteNextHop: null,
    ...fields,
  };
}
const addHop = (by: number, fields: Record<string, unknown> = {}): Call => ({
  name: 'RtmAddNextHop',
  RtmRegHandle: by,
  NextHopInfo: hopInfo(fields),
});
const hopAdded = (NextHopHandle: number, ChangeFlags = 1) => gave({ NextHopHandle, ChangeFlags });
const findHop = (by: number, fields: Record<string, unknown> = {}): Call => ({
  name: 'RtmFindNextHop',
  RtmRegHandle: by,
  NextHopInfo: hopInfo(fields),
  NextHopPointer: null,
});
const removeHop = (by: number, NextHopHandle: number | null, described = false): Call => ({
  name: 'RtmDeleteNextHop',
  RtmRegHandle: by,
  NextHopHandle,
  NextHopInfo: described ? hopInfo() : null,
});
const hold = (by: number, DestHandle: number, HoldTime = 100): Call => ({
  name: 'RtmHoldDestination',
  RtmRegHandle: by,
  DestHandle,
  TargetViews: 1,
  HoldTime,
});
const at = (now: number): Exchange => [{ name: 'time', now }, ok];
const expired = (
  RouteHandle: number,
  answer: number,
  fields: Record<string, unknown> = {},
): Call => ({
  name: 'event',
  EventCallback: 100,
  RtmRegHandle: 1,
  EventType: events.RTM_ROUTE_EXPIRED,
  Context1: RouteHandle,
  Context2: { ...routeInfo(fields), DestHandle: 60, RouteOwner: 1 },
  answer,
});
const lock = (by: number, RouteHandle: number, LockRoute: boolean, process = 1): Call => ({
  name: 'RtmLockRoute',
  RtmRegHandle: by,
  RouteHandle,
  Exclusive: true,
  LockRoute,
  RoutePointer: null,
  process,
});
const write = (RouteHandle: number, Metric: number): Exchange => [
  {
    name: 'write.route',
    RtmRegHandle: 1,
    RouteHandle,
    fields: { PrefInfo: { Metric, Preference: 5 } },
  },
  ok,
];
const commit = (by: number, RouteHandle: number): Call => ({
  name: 'RtmUpdateAndUnlockRoute',
  RtmRegHandle: by,
  RouteHandle,
  TimeToLive: INFINITE,
  RouteListHandle: null,
  NotifyType: 0,
  NotifyHandle: null,
});
const isBest = (by: number, RouteHandle: number): Call => ({
  name: 'RtmIsBestRoute',
  RtmRegHandle: by,
  RouteHandle,
});
const quiet: Exchange = [{ name: 'quiesce' }, ok];

const scene: readonly Exchange[] = [
  [register(infoOf(1), 100), registered(1)],
  [register(infoOf(2)), registered(2)],
  [told('of arrival', { callback: 100, handle: 1 }, { handle: 2, info: infoOf(2) }), ok],
  [addHop(1), hopAdded(3)],
];
/** Preferences are seen to be what they were given as, so that they can be compared. */
const asGiven: readonly Exchange[] = [
  [add(1, '1', { Preference: 6 }), added(15)],
  [getRoute(1, 15), shownRoute({ Preference: 6, DestHandle: 62 })],
  [add(1, '11', { Preference: 7 }), added(16)],
  [getRoute(1, 16), shownRoute({ Preference: 7, DestHandle: 63 })],
];
const ten: Exchange = [add(1, TEN), added(11)];
const tenOne: Exchange = [add(1, TEN_ONE), added(12)];
const second: Exchange = [add(2, TEN, { hops: [], Metric: 2 }), added(21, NEW)];
const tenKnown: Exchange = [exact(1, TEN), shownDest(TEN, 60, view(11))];

type Row = readonly [
  title: string,
  history: readonly Exchange[],
  call: Call,
  reply: Reply,
  verdict: string,
];

const rows: readonly Row[] = [
  // Adding and updating
  ['a route', [], add(1, TEN), added(11), 'permitted'],
  ['a route without telling that it is new', [], add(1, TEN), added(11, BEST), 'RTM-ROUTE-006'],
  ['the first route without telling so', [], add(1, TEN), added(11, NEW), 'RTM-ROUTE-007'],
  [
    'a route without its handle',
    [],
    add(1, TEN),
    gave({ ChangeFlags: NEW | BEST }),
    'RTM-ROUTE-011',
  ],
  ['a route by the handle of a next hop', [], add(1, TEN), added(3), 'RTM-ROUTE-011'],
  [
    'no handle where none is wanted',
    [],
    add(1, TEN, { RouteHandle: null }),
    gave({ ChangeFlags: NEW | BEST }),
    'permitted',
  ],
  [
    'a route that is refused',
    [],
    add(1, TEN),
    failed(statuses.ERROR_INVALID_PARAMETER),
    'RTM-ROUTE-001',
  ],
  [
    'a route in no view that is refused',
    [],
    add(1, TEN, { BelongsToViews: 0 }),
    failed(statuses.ERROR_INVALID_PARAMETER),
    'permitted',
  ],
  ['an equal route', [ten], add(1, TEN), added(11, 0), 'permitted'],
  ['an equal route as a new one', [ten], add(1, TEN), added(13), 'RTM-ROUTE-006'],
  ['another neighbour', [ten], add(1, TEN, { Neighbour: 3 }), added(13, NEW), 'permitted'],
  ['a forced route', [ten], add(1, TEN, { ChangeFlags: NEW }), added(13, NEW), 'permitted'],
  [
    'the first route, whatever its neighbour',
    [ten],
    add(1, TEN, { Neighbour: 3, ChangeFlags: 1 }),
    added(11, 0),
    'permitted',
  ],
  [
    'the first route as a new one',
    [ten],
    add(1, TEN, { Neighbour: 3, ChangeFlags: 1 }),
    added(13),
    'RTM-ROUTE-006',
  ],
  ['FIRST as a result', [ten], add(1, TEN, { ChangeFlags: 1 }), added(11, 1), 'RTM-ROUTE-009'],
  ['a worse route', [ten], second[0], second[1], 'permitted'],
  ['a worse route as the best', [...asGiven, ten], second[0], added(21), 'RTM-ROUTE-008'],
  ['a better route', [ten], add(2, TEN, { hops: [], Metric: 0 }), added(21), 'permitted'],
  [
    'a better route in silence',
    [...asGiven, ten],
    add(2, TEN, { hops: [], Metric: 0 }),
    added(21, NEW),
    'RTM-ROUTE-007',
  ],
  ['an update by handle', [ten], add(1, TEN, { RouteHandle: 11 }), added(11, 0), 'permitted'],
  ['a handle that changes', [ten], add(1, TEN, { RouteHandle: 11 }), added(12, 0), 'RTM-ROUTE-010'],
  ['the route of another', [ten], add(2, TEN, { RouteHandle: 11, hops: [] }), DENIED, 'permitted'],
  [
    'the route of another, changed',
    [ten],
    add(2, TEN, { RouteHandle: 11, hops: [] }),
    added(11, 0),
    'RTM-ROUTE-013',
  ],
  [
    'too long a prefix',
    [],
    {
      ...(add(1, TEN) as TableCallOf<'RtmAddRouteToDest'>),
      DestAddress: { AddressFamily: 2, NumBits: 33, AddrBits: [] },
    },
    added(11),
    'RTM-ROUTE-023',
  ],
  // Deleting
  ['a deletion', [ten], remove(1, 11), removed(), 'permitted'],
  ['a deletion in silence', [ten], remove(1, 11), removed(0), 'RTM-ROUTE-007'],
  ['the deletion of the worse one', [ten, second], remove(2, 21), removed(0), 'permitted'],
  ['a deletion by another', [ten], remove(2, 11), DENIED, 'permitted'],
  ['a deletion by another that succeeds', [ten], remove(2, 11), removed(), 'RTM-ROUTE-020'],
  [
    'a second deletion',
    [ten, [getRoute(1, 11), shownRoute()], tenKnown, [remove(1, 11), removed()]],
    remove(1, 11),
    removed(),
    'RTM-ROUTE-021',
  ],
  ['what never was a route', [], remove(1, 99), INVALID, 'permitted'],
  ['what never was a route, deleted', [], remove(1, 99), removed(), 'RTM-ROUTE-022'],
  // Reading
  ['a description', [ten], getRoute(1, 11), shownRoute(), 'permitted'],
  ['another metric', [ten], getRoute(1, 11), shownRoute({ Metric: 7 }), 'RTM-ROUTE-015'],
  ['another next hop', [ten], getRoute(1, 11), shownRoute({ hops: [] }), 'RTM-ROUTE-015'],
  ['another owner', [ten], getRoute(1, 11), shownRoute({ RouteOwner: 2 }), 'RTM-ROUTE-014'],
  ['a preference by policy', [ten], getRoute(1, 11), shownRoute({ Preference: 77 }), 'permitted'],
  [
    'two preferences of one protocol',
    [ten, [getRoute(1, 11), shownRoute({ Preference: 77 })], tenOne],
    getRoute(1, 12),
    shownRoute({ Preference: 78, DestHandle: 61 }),
    'RTM-ROUTE-015',
  ],
  [
    'a route that is not deleted',
    [ten],
    getRoute(1, 11),
    shownRoute({ State: 2 }),
    'RTM-ROUTE-017',
  ],
  ['the best one', [ten], isBest(1, 11), gave({ BestInViews: 1 }), 'permitted'],
  ['the best one, not so', [ten], isBest(1, 11), gave({ BestInViews: 0 }), 'RTM-BEST-005'],
  [
    'a worse one as the best',
    [ten, second],
    isBest(2, 21),
    gave({ BestInViews: 1 }),
    'RTM-BEST-005',
  ],
  [
    'a handle that is held, in a view of the other',
    [ten],
    isBest(1, 11),
    gave({ BestInViews: 3 }),
    'RTM-BEST-005',
  ],
  // Look-ups
  ['an exact match', [ten], exact(1, TEN), shownDest(TEN, 60, view(11)), 'permitted'],
  ['no exact match', [ten], exact(1, TEN_ONE), NOT_FOUND, 'permitted'],
  ['an exact match that is not found', [ten], exact(1, TEN), NOT_FOUND, 'RTM-LOOKUP-001'],
  [
    'a covering one as exact',
    [ten],
    exact(1, TEN_ONE),
    shownDest(TEN, 60, view(11)),
    'RTM-LOOKUP-002',
  ],
  [
    'the longest prefix',
    [ten, tenOne],
    longest(1, HOST),
    shownDest(TEN_ONE, 61, view(12)),
    'permitted',
  ],
  [
    'a shorter prefix',
    [ten, tenOne],
    longest(1, HOST),
    shownDest(TEN, 60, view(11)),
    'RTM-LOOKUP-004',
  ],
  ['nothing covering', [ten], longest(1, '1'), NOT_FOUND, 'permitted'],
  [
    'the route of another destination',
    [ten, tenOne],
    exact(1, TEN),
    shownDest(TEN, 60, view(12)),
    'RTM-LOOKUP-013',
  ],
  [
    'the worse route',
    [ten, second],
    exact(1, TEN),
    shownDest(TEN, 60, view(21, { NumRoutes: 2, Owner: 2 })),
    'RTM-LOOKUP-013',
  ],
  [
    'the best one of its protocol',
    [ten, second],
    exact(1, TEN, { ProtocolId: 2 }),
    shownDest(TEN, 60, view(21, { NumRoutes: 2, Owner: 2 })),
    'permitted',
  ],
  [
    'that of another protocol',
    [ten, second],
    exact(1, TEN, { ProtocolId: 2 }),
    shownDest(TEN, 60, view(11, { NumRoutes: 2 })),
    'RTM-LOOKUP-012',
  ],
  [
    'too many routes',
    [ten],
    exact(1, TEN),
    shownDest(TEN, 60, view(11, { NumRoutes: 2 })),
    'RTM-VIEW-005',
  ],
  [
    'the owner of another route',
    [ten],
    exact(1, TEN),
    shownDest(TEN, 60, view(11, { Owner: 2 })),
    'RTM-VIEW-004',
  ],
  [
    'a view that was not asked for',
    [ten],
    exact(1, TEN),
    shownDest(TEN, 60, view(11), view(null, { ViewId: 1 })),
    'RTM-VIEW-001',
  ],
  [
    'views where none were asked for',
    [ten],
    exact(1, TEN, { TargetViews: 0 }),
    shownDest(TEN, 60, view(11)),
    'RTM-VIEW-002',
  ],
  ['no views where one was asked for', [ten], exact(1, TEN), shownDest(TEN, 60), 'RTM-VIEW-006'],
  [
    'a route held down that is not',
    [ten],
    exact(1, TEN),
    shownDest(TEN, 60, view(11, { HoldRoute: 11 })),
    'RTM-HOLD-004',
  ],
  [
    'the next shorter prefix',
    [ten, tenOne, [exact(1, TEN_ONE), shownDest(TEN_ONE, 61, view(12))]],
    shorter(1, 61),
    shownDest(TEN, 60, view(11)),
    'permitted',
  ],
  [
    'the walk ends too early',
    [ten, tenOne, [exact(1, TEN_ONE), shownDest(TEN_ONE, 61, view(12))]],
    shorter(1, 61),
    NOT_FOUND,
    'RTM-LOOKUP-007',
  ],
  [
    'the walk goes on for ever',
    [ten, tenKnown],
    shorter(1, 60),
    shownDest(TEN, 60, view(11)),
    'RTM-LOOKUP-009',
  ],
  [
    'one handle for two destinations',
    [ten, tenOne, tenKnown],
    exact(1, TEN_ONE),
    shownDest(TEN_ONE, 60, view(12)),
    'RTM-LOOKUP-001',
  ],
  // Next hops
  ['a next hop', [], addHop(1, { InterfaceIndex: 2 }), hopAdded(4), 'permitted'],
  ['a next hop twice', [], addHop(1), hopAdded(4), 'RTM-HOP-008'],
  ['an update', [], addHop(1), hopAdded(3, 0), 'permitted'],
  ['that of another client is another', [], addHop(2), hopAdded(4), 'permitted'],
  ['found', [], findHop(1), gave({ NextHopHandle: 3 }), 'permitted'],
  ['not found although there', [], findHop(1), NOT_FOUND, 'RTM-HOP-012'],
  ['that of another client', [], findHop(2), gave({ NextHopHandle: 3 }), 'RTM-HOP-014'],
  ['deleted', [], removeHop(1, 3), ok, 'permitted'],
  ['deleted by another', [], removeHop(2, 3), ok, 'RTM-HOP-019'],
  ['deleted by description', [], removeHop(1, null, true), ok, 'permitted'],
  ['deleted twice', [[removeHop(1, null, true), ok]], removeHop(1, null, true), ok, 'RTM-HOP-020'],
  [
    'deleted, not found',
    [[removeHop(1, null, true), ok]],
    findHop(1),
    gave({ NextHopHandle: 3 }),
    'RTM-HOP-014',
  ],
  // Locks
  ['a lock', [ten], lock(1, 11, true), ok, 'permitted'],
  [
    'a lock beside that of another thread',
    [ten, [lock(1, 11, true), ok]],
    lock(1, 11, true, 2),
    ok,
    'RTM-ROUTE-034',
  ],
  [
    'a lock of another',
    [ten],
    { ...(lock(2, 11, true) as TableCallOf<'RtmLockRoute'>), Exclusive: true },
    ok,
    'RTM-ROUTE-031',
  ],
  [
    'a commit',
    [ten, [lock(1, 11, true), ok], write(11, 9)],
    commit(1, 11),
    gave({ ChangeFlags: 0 }),
    'permitted',
  ],
  [
    'a commit that changes the best',
    [...asGiven, ten, second, [lock(1, 11, true), ok], write(11, 9)],
    commit(1, 11),
    gave({ ChangeFlags: 0 }),
    'RTM-ROUTE-007',
  ],
  ['a commit by another', [ten], commit(2, 11), gave({ ChangeFlags: 0 }), 'RTM-ROUTE-038'],
  [
    'committed content',
    [ten, [lock(1, 11, true), ok], write(11, 9), [commit(1, 11), gave({ ChangeFlags: BEST })]],
    getRoute(1, 11),
    shownRoute({ Metric: 9 }),
    'permitted',
  ],
  [
    'content as before a commit',
    [ten, [lock(1, 11, true), ok], write(11, 9), [commit(1, 11), gave({ ChangeFlags: BEST })]],
    getRoute(1, 11),
    shownRoute(),
    'RTM-ROUTE-015',
  ],
  [
    'what is written and not committed',
    [ten, [lock(1, 11, true), ok], write(11, 9)],
    getRoute(2, 11),
    shownRoute({ Metric: 9 }),
    'RTM-ROUTE-034',
  ],
  // Hold-down
  ['a mark', [ten, tenKnown], hold(1, 60), ok, 'permitted'],
  ['a hold time of zero', [ten, tenKnown], hold(1, 60, 0), ok, 'RTM-HOLD-006'],
  [
    'the route that is held',
    [ten, tenKnown, [hold(1, 60), ok], [remove(1, 11), removed()]],
    { ...(shorter(1, 60) as TableCallOf<'RtmGetDestInfo'>), name: 'RtmGetDestInfo' },
    shownDest(TEN, 60, view(null, { HoldRoute: 11 })),
    'permitted',
  ],
  [
    'no route that is held',
    [ten, tenKnown, [hold(1, 60), ok], [remove(1, 11), removed()]],
    { ...(shorter(1, 60) as TableCallOf<'RtmGetDestInfo'>), name: 'RtmGetDestInfo' },
    shownDest(TEN, 60, view(null)),
    'RTM-HOLD-002',
  ],
  [
    'a hold that is over',
    [ten, tenKnown, [hold(1, 60), ok], [remove(1, 11), removed()], at(70_000), quiet],
    { ...(shorter(1, 60) as TableCallOf<'RtmGetDestInfo'>), name: 'RtmGetDestInfo' },
    shownDest(TEN, 60, view(null, { HoldRoute: 11 })),
    'RTM-HOLD-004',
  ],
  // Aging
  [
    'an expiry',
    [[add(1, TEN, { TimeToLive: 50 }), added(11)], at(50)],
    expired(11, 0),
    ok,
    'permitted',
  ],
  [
    'an early expiry',
    [[add(1, TEN, { TimeToLive: 50 }), added(11)], at(49)],
    expired(11, 0),
    ok,
    'RTM-AGE-002',
  ],
  ['an expiry of what lasts for ever', [ten, at(50)], expired(11, 0), ok, 'RTM-AGE-003'],
  [
    'an expiry twice',
    [[add(1, TEN, { TimeToLive: 50 }), added(11)], at(60), [expired(11, 0), ok]],
    expired(11, 0),
    ok,
    'RTM-AGE-011',
  ],
  [
    'an expiry after a deletion',
    [
      [add(1, TEN, { TimeToLive: 50 }), added(11)],
      [getRoute(2, 11), shownRoute()],
      [add(1, TEN, { RouteHandle: null, TimeToLive: 50 }), gave({ ChangeFlags: 0 })],
      at(20),
      [{ name: 'RtmReferenceHandles', RtmRegHandle: 1, NumHandles: 1, RtmHandles: [11] }, ok],
      [remove(1, 11), removed()],
      at(60),
    ],
    expired(11, 0),
    ok,
    'RTM-AGE-009',
  ],
  [
    'no expiry',
    [[add(1, TEN, { TimeToLive: 50 }), added(11)], at(60_000)],
    ...quiet,
    'RTM-AGE-004',
  ],
  [
    'given up and still there',
    [
      [add(1, TEN, { TimeToLive: 50 }), added(11)],
      at(60),
      [expired(11, statuses.ERROR_NOT_SUPPORTED), ok],
      at(60_060),
      quiet,
    ],
    longest(2, HOST),
    shownDest(TEN, 60, view(11)),
    'RTM-VIEW-005',
  ],
  [
    'kept and gone',
    [[add(1, TEN, { TimeToLive: 50 }), added(11)], at(60), [expired(11, 0), ok], at(60_060), quiet],
    longest(2, HOST),
    NOT_FOUND,
    'RTM-LOOKUP-004',
  ],
  // Leaving
  [
    'a route left behind that stays',
    [ten, [deregister(1), ok]],
    exact(2, TEN),
    shownDest(TEN, 60, view(11)),
    'permitted',
  ],
  [
    'a route left behind that goes',
    [ten, [deregister(1), ok]],
    exact(2, TEN),
    NOT_FOUND,
    'permitted',
  ],
];

function after(history: readonly Exchange[]): readonly State[] {
  let states: readonly State[] = [initialState];
  for (const [call, reply] of [...scene, ...history]) {
    const before = states[0] ?? initialState;
    states = follow(states, call, reply);
    expect(states, `setting the scene: ${JSON.stringify(blame(before, call, reply))}`).not.toEqual(
      [],
    );
  }
  return states;
}

describe('routing tables', () => {
  test.each(rows)('%s', (_title, history, call, reply, verdict) => {
    const states = after(history);
    const judged = states.map((state) => blame(state, call, reply)?.rule ?? 'permitted');
    expect(judged.includes('permitted') ? 'permitted' : judged[0]).toBe(verdict);
    const isPermitted = follow(states, call, reply).length > 0;
    expect(isPermitted).toBe(verdict === 'permitted');
  });

  test.each(rows)('what step shows for "%s" is permitted', (_title, history, call) => {
    for (const state of after(history)) {
      for (const outcome of step(state, call)) {
        const reply = { status: outcome.status, ...(outcome.out ? { out: outcome.out } : {}) };
        expect(blame(state, call, reply)).toBeUndefined();
      }
    }
  });

  test('the order in which equal tables came about does not matter', () => {
    const [one, other] = [
      [ten, tenOne],
      [tenOne, ten],
    ].map((history) => after(history).map(exactKey));
    expect(one).toEqual(other);
  });

  test('shortage of memory counts only where it may occur', () => {
    const [state = initialState] = after([]);
    const reply = failed(statuses.ERROR_NOT_ENOUGH_MEMORY);
    expect(blame(state, add(1, TEN), reply)?.rule).toBe('RTM-ROUTE-001');
    const short = createContext({ readings: { environment: 'any' } });
    expect(blame(state, add(1, TEN), reply, short)).toBeUndefined();
  });
});
