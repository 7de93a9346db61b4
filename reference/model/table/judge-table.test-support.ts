/** Calls on routes, destinations and next hops, and scenes to make them in: for tests of single replies. */
import { constants, events, statuses } from '../../../spec/index.ts';
import type { Call, Reply } from '../calls.ts';
import { infoOf, ok, register, registered, told } from '../example-calls.ts';
import { blame, follow, step } from '../judge.ts';
import { initialState, type State } from '../state.ts';
import type { TableCallOf } from './calls.ts';
import { addressOf } from './naive-rtm.ts';

export type Exchange = readonly [Call, Reply];

const { INFINITE } = constants;
export const BEST: number = constants.RTM_ROUTE_CHANGE_BEST;
export const NEW: number = constants.RTM_ROUTE_CHANGE_NEW;
export const failed = (status: number): Reply => ({ status });
export const gave = (out: Record<string, unknown>): Reply => ({ status: 0, out });
export const INVALID: Reply = failed(statuses.ERROR_INVALID_HANDLE);
export const DENIED: Reply = failed(statuses.ERROR_ACCESS_DENIED);
export const NOT_FOUND: Reply = failed(statuses.ERROR_NOT_FOUND);

export const TEN: string = '00001010';
export const TEN_ONE: string = '0000101000000001';
export const HOST: string = TEN_ONE.padEnd(32, '0');

/** Registrations are 1 and 2, of different protocols; 3 is a next hop of the first. */
export function routeInfo(
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

export function add(by: number, prefix: string, fields: Record<string, unknown> = {}): Call {
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

export const added = (RouteHandle: number, ChangeFlags: number = NEW | BEST): Reply =>
  gave({ RouteHandle, ChangeFlags });
export const remove = (by: number, RouteHandle: number): Call => ({
  name: 'RtmDeleteRouteToDest',
  RtmRegHandle: by,
  RouteHandle,
});
export const removed = (ChangeFlags: number = BEST): Reply => gave({ ChangeFlags });
export const getRoute = (by: number, RouteHandle: number): Call => ({
  name: 'RtmGetRouteInfo',
  RtmRegHandle: by,
  RouteHandle,
  DestAddress: null,
});
export const shownRoute = (fields: Record<string, unknown> = {}): Reply =>
  gave({ RouteInfo: { ...routeInfo(fields), DestHandle: 60, RouteOwner: 1, ...fields } });

export type Query = { readonly ProtocolId?: number; readonly TargetViews?: number };
export const exact = (by: number, prefix: string, query: Query = {}): Call => ({
  name: 'RtmGetExactMatchDestination',
  RtmRegHandle: by,
  DestAddress: addressOf(prefix),
  ProtocolId: 0,
  TargetViews: 1,
  ...query,
});
export const longest = (by: number, prefix: string): Call => ({
  ...(exact(by, prefix) as TableCallOf<'RtmGetExactMatchDestination'>),
  name: 'RtmGetMostSpecificDestination',
});
export const shorter = (by: number, DestHandle: number): Call => ({
  name: 'RtmGetLessSpecificDestination',
  RtmRegHandle: by,
  DestHandle,
  ProtocolId: 0,
  TargetViews: 1,
});
export const view = (
  Route: number | null,
  fields: Record<string, unknown> = {},
): Record<string, unknown> => ({
  ViewId: 0,
  NumRoutes: Route === null ? 0 : 1,
  Route,
  Owner: Route === null ? null : 1,
  DestFlags: 0,
  HoldRoute: null,
  ...fields,
});
export const shownDest = (
  prefix: string,
  DestHandle: number,
  ...ViewInfo: readonly unknown[]
): Reply =>
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

export function hopInfo(
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
export const addHop = (by: number, fields: Record<string, unknown> = {}): Call => ({
  name: 'RtmAddNextHop',
  RtmRegHandle: by,
  NextHopInfo: hopInfo(fields),
});
export const hopAdded = (NextHopHandle: number, ChangeFlags: number = 1): Reply =>
  gave({ NextHopHandle, ChangeFlags });
export const findHop = (by: number, fields: Record<string, unknown> = {}): Call => ({
  name: 'RtmFindNextHop',
  RtmRegHandle: by,
  NextHopInfo: hopInfo(fields),
  NextHopPointer: null,
});
export const removeHop = (
  by: number,
  NextHopHandle: number | null,
  described: boolean = false,
): Call => ({
  name: 'RtmDeleteNextHop',
  RtmRegHandle: by,
  NextHopHandle,
  NextHopInfo: described ? hopInfo() : null,
});
export const hold = (by: number, DestHandle: number, HoldTime: number = 100): Call => ({
  name: 'RtmHoldDestination',
  RtmRegHandle: by,
  DestHandle,
  TargetViews: 1,
  HoldTime,
});
export const at = (now: number): Exchange => [{ name: 'time', now }, ok];
export const expired = (
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
export const lock = (
  by: number,
  RouteHandle: number,
  LockRoute: boolean,
  process: number = 1,
): Call => ({
  name: 'RtmLockRoute',
  RtmRegHandle: by,
  RouteHandle,
  Exclusive: true,
  LockRoute,
  RoutePointer: null,
  process,
});
export const write = (RouteHandle: number, Metric: number): Exchange => [
  {
    name: 'write.route',
    RtmRegHandle: 1,
    RouteHandle,
    fields: { PrefInfo: { Metric, Preference: 5 } },
  },
  ok,
];
export const commit = (by: number, RouteHandle: number): Call => ({
  name: 'RtmUpdateAndUnlockRoute',
  RtmRegHandle: by,
  RouteHandle,
  TimeToLive: INFINITE,
  RouteListHandle: null,
  NotifyType: 0,
  NotifyHandle: null,
});
export const isBest = (by: number, RouteHandle: number): Call => ({
  name: 'RtmIsBestRoute',
  RtmRegHandle: by,
  RouteHandle,
});
export const quiet: Exchange = [{ name: 'quiesce' }, ok];

export const scene: readonly Exchange[] = [
  [register(infoOf(1), 100), registered(1)],
  [register(infoOf(2)), registered(2)],
  [told('of arrival', { callback: 100, handle: 1 }, { handle: 2, info: infoOf(2) }), ok],
  [addHop(1), hopAdded(3)],
];
/** Preferences are seen to be what they were given as, so that they can be compared. */
export const asGiven: readonly Exchange[] = [
  [add(1, '1', { Preference: 6 }), added(15)],
  [getRoute(1, 15), shownRoute({ Preference: 6, DestHandle: 62 })],
  [add(1, '11', { Preference: 7 }), added(16)],
  [getRoute(1, 16), shownRoute({ Preference: 7, DestHandle: 63 })],
];
export const ten: Exchange = [add(1, TEN), added(11)];
export const tenOne: Exchange = [add(1, TEN_ONE), added(12)];
export const second: Exchange = [add(2, TEN, { hops: [], Metric: 2 }), added(21, NEW)];
export const tenKnown: Exchange = [exact(1, TEN), shownDest(TEN, 60, view(11))];

export type Row = readonly [
  title: string,
  history: readonly Exchange[],
  call: Call,
  reply: Reply,
  verdict: string,
];

/** All states that explain the scene. */
export function after(history: readonly Exchange[]): readonly State[] {
  let states: readonly State[] = [initialState];
  for (const [call, reply] of [...scene, ...history]) {
    const [before = initialState] = states;
    states = follow(states, call, reply);
    if (states.length > 0) continue;
    throw new Error(`setting the scene: ${JSON.stringify(blame(before, call, reply))}`);
  }
  return states;
}

/** `permitted`, or the rule that is blamed. */
export function verdictOf([, history, call, reply]: Row): string {
  const states = after(history);
  const judged = states.map((state) => blame(state, call, reply)?.rule ?? 'permitted');
  const isPermitted = follow(states, call, reply).length > 0;
  if (isPermitted !== judged.includes('permitted')) return 'blamed although it is permitted';
  return isPermitted ? 'permitted' : (judged[0] ?? 'unknown');
}

/** What is wrong with the replies that the model gives as examples. */
export function wrongExamples([, history, call]: Row): readonly unknown[] {
  return after(history).flatMap((state) =>
    step(state, call).flatMap(({ status, out }) => {
      const found = blame(state, call, out === undefined ? { status } : { status, out });
      return found === undefined ? [] : [found];
    }),
  );
}
