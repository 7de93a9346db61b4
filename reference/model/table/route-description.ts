/** RTM_ROUTE_INFO as the RTM fills it: whether it describes a route, and what it tells of it. */
import { constants } from '../../../spec/index.ts';
import { NULL_HANDLE, parseCount, record, type Out } from '../calls.ts';
import { isMisfit, misfit, type Misfit } from '../clause.ts';
import type { Entity, State } from '../state.ts';
import {
  canStandFor,
  deliver,
  deliverAmong,
  deliverEntity,
  lookAtOwner,
  parseToken,
} from './names.ts';
import type { ObjectKey, Route, RouteContent } from './objects.ts';
import { presenceOf } from './presence.ts';
import { learnPreference } from './preferences.ts';
import { put, withTables } from './store.ts';
import { showValueKey } from './values.ts';

const { RTM_ROUTE_STATE_CREATED, RTM_ROUTE_STATE_DELETED } = constants;

export interface Description {
  /** Live data is written in place without anybody noticing, and its handles are no references. */
  readonly isLive?: boolean;
  /** Numbers of next hops that may be delivered if they are not all (RTM-AMB-158). */
  readonly hopCounts?: readonly number[];
}

/** The states after an RTM_ROUTE_INFO of the route was delivered to the reader, or what is wrong with it. */
export function acceptRouteInfo(
  state: State,
  reader: Entity,
  route: Route,
  value: unknown,
  description: Description = {},
): readonly State[] | Misfit {
  const info = record(value);
  if (info === undefined) return misfit('outDefined', 'RouteInfo is not filled');
  const flaw = stateFlaw(state, route, info, description);
  if (flaw !== undefined) return flaw;
  const contents = visibleContents(reader, route, description);
  const results = contents.map((content) =>
    acceptContent(state, reader, route, content, info, description),
  );
  const states = results.flatMap((result) => (isMisfit(result) ? [] : result.slice(0, 1)));
  if (states.length > 0) return states.slice(0, 1);
  const written = route.written === null ? [] : acceptIfHalfWritten(state, reader, route, info);
  const [first] = [...written, ...results.filter(isMisfit)];
  return first ?? misfit('routeContent', 'RouteInfo does not describe the route');
}

/** Others see what was committed, the owner through its pointer what it has written. */
function visibleContents(
  reader: Entity,
  route: Route,
  { isLive = false }: Description,
): readonly RouteContent[] {
  const { content, written } = route;
  if (written === null || route.owner !== reader.key) return [content];
  return isLive ? [written] : [content, written];
}

function acceptIfHalfWritten(
  state: State,
  reader: Entity,
  route: Route,
  info: Out,
): readonly Misfit[] {
  if (route.written === null || route.owner === reader.key) return [];
  const half = acceptContent(state, reader, route, route.written, info, {});
  return isMisfit(half)
    ? []
    : [misfit('lockedWhole', 'RouteInfo shows what was written under a lock and not committed')];
}

/** Live data is looked at when the call returns: it may have been deleted since the call took effect. */
function stateFlaw(
  state: State,
  route: Route,
  info: Out,
  { isLive = false }: Description,
): Misfit | undefined {
  const shown = parseCount(info['State']);
  const presence = presenceOf(state, route);
  const isCreated = shown === RTM_ROUTE_STATE_CREATED;
  if (shown === undefined || shown > RTM_ROUTE_STATE_DELETED)
    return misfit('routeState', `State is ${String(info['State'])}, which is no state of routes`);
  if (presence === 'sure' && !isCreated && !isLive)
    return misfit('routeState', 'State says that a route is deleted that is in the table');
  if (presence === 'gone' && isCreated)
    return misfit('routeState', 'State says that a route is in the table that has been deleted');
  return undefined;
}

function acceptContent(
  state: State,
  reader: Entity,
  route: Route,
  content: RouteContent,
  info: Out,
  description: Description,
): readonly State[] | Misfit {
  const plain = plainFlaw(content, info);
  if (plain !== undefined) return misfit('routeContent', plain);
  const shown = parseCount(record(info['PrefInfo'])?.['Preference']);
  if (shown === undefined) return misfit('routeContent', 'PrefInfo has no Preference');
  const learnt = learnPreference(state.tables, route, content.preference, shown);
  if (learnt === undefined)
    return misfit('routeContent', `Preference is ${shown}, which nothing explains`);
  const counted = description.isLive === true ? lookAt : takeHold;
  return acceptHandles(
    withTables(state, learnt),
    { reader, route, content, info, counted },
    description,
  );
}

/** The members that are no handles. */
function plainFlaw(content: RouteContent, info: Out): string | undefined {
  if (parseCount(record(info['PrefInfo'])?.['Metric']) !== content.metric)
    return 'Metric is not that of the route';
  if (parseCount(info['Flags']) !== content.flags) return 'Flags are not those of the route';
  if (!isViewSet(content, parseCount(info['BelongsToViews'])))
    return 'BelongsToViews are not the views of the route';
  return showValueKey(info['EntitySpecificInfo']) === showValueKey(content.specific)
    ? undefined
    : 'EntitySpecificInfo is not that of the route';
}

function isViewSet({ given, views, perhapsViews }: RouteContent, shown: number | undefined) {
  if (shown === undefined) return false;
  if (shown === given || shown === views) return true;
  return (
    views === 0 && (shown === constants.RTM_VIEW_MASK_ALL || (shown & ~perhapsViews) >>> 0 === 0)
  );
}

interface Delivery {
  readonly reader: Entity;
  readonly route: Route;
  readonly content: RouteContent;
  readonly info: Out;
  readonly counted: Counted;
}

/** What a handle in the structure does for the reader; undefined when it cannot be of that object. */
type Counted = (
  state: State,
  reader: Entity,
  value: unknown,
  kind: 'destination' | 'nexthop',
  key: ObjectKey,
) => State | undefined;

const takeHold: Counted = (state, reader, value, kind, key) =>
  deliver(state, reader.key, value, kind, key);

/** Handles in live data are only looked at: what they are called may be learnt elsewhere. */
const lookAt: Counted = (state, _reader, value, kind, key) => {
  const token = parseToken(value);
  return token !== undefined && canStandFor(state, token, kind, key) ? state : undefined;
};

function acceptHandles(
  state: State,
  delivery: Delivery,
  { isLive = false, hopCounts = [] }: Description,
): readonly State[] | Misfit {
  const { reader, route, content, info, counted } = delivery;
  const placed = counted(state, reader, info['DestHandle'], 'destination', route.destination);
  if (placed === undefined)
    return misfit('routeContent', 'DestHandle is no handle of the destination of the route');
  const owned = isLive
    ? lookAtOwner(placed, info['RouteOwner'], route.owner)
    : deliverEntity(placed, reader.key, info['RouteOwner'], route.owner);
  if (owned === undefined)
    return misfit('routeOwner', 'RouteOwner is no handle of the client that owns the route');
  const beside = acceptNeighbour(owned, delivery, isLive);
  if (beside === undefined)
    return misfit('routeContent', 'Neighbour is not the neighbour of the route');
  const list = record(info['NextHopsList']);
  const handles: unknown = list?.['NextHops'];
  const count = parseCount(list?.['NumNextHops']);
  if (count === undefined || !Array.isArray(handles) || handles.length < count)
    return misfit('routeContent', 'NextHopsList does not hold as many handles as it says');
  if (content.hops === null) return [beside];
  const isWhole = count === content.hops.length || hopCounts.includes(count);
  const hopped = isWhole
    ? acceptHops(beside, reader, content.hops, handles.slice(0, count), counted)
    : undefined;
  return hopped === undefined
    ? misfit('routeContent', 'NextHopsList does not name the next hops of the route')
    : [hopped];
}

function acceptNeighbour(
  state: State,
  { reader, route, content, info }: Delivery,
  isLive: boolean,
): State | undefined {
  const token = parseToken(info['Neighbour']);
  if (token === undefined) return undefined;
  const { neighbours } = content;
  if (neighbours.length === 0) return state;
  if (token === NULL_HANDLE)
    return neighbours.includes(null) ? narrowNeighbours(state, route, content, [null]) : undefined;
  const keys = neighbours.filter((key) => key !== null);
  const named = deliverAmong(state, reader.key, token, 'nexthop', keys);
  if (named === undefined) return undefined;
  // What live data names is only looked at.
  const next = isLive ? state : named.state;
  return narrowNeighbours(next, route, content, named.keys);
}

/** The reply has shown which of the possible neighbours the route may have. */
function narrowNeighbours(
  state: State,
  { key }: Route,
  content: RouteContent,
  neighbours: readonly (ObjectKey | null)[],
): State {
  const current = state.tables.routes.get(key);
  if (content.neighbours.length === neighbours.length || current === undefined) return state;
  if (current.content !== content || current.written !== null) return state;
  const narrowed = { ...current, content: { ...content, neighbours } };
  return withTables(state, put(state.tables, narrowed));
}

/** Each handle is of one of the next hops; those seen for the first time are so in the order of the list. */
function acceptHops(
  state: State,
  reader: Entity,
  hops: readonly ObjectKey[],
  handles: readonly unknown[],
  counted: Counted,
): State | undefined {
  const left = [...hops];
  const taken = handles.map((handle) => {
    const token = parseToken(handle);
    const name = token === undefined ? undefined : state.tables.names.get(token);
    const at = name?.kind === 'nexthop' ? left.indexOf(name.key) : -1;
    return at < 0 ? undefined : left.splice(at, 1)[0];
  });
  return handles.reduce<State | undefined>((next, handle, index) => {
    const key = taken[index] ?? left.shift();
    return next === undefined || key === undefined
      ? undefined
      : counted(next, reader, handle, 'nexthop', key);
  }, state);
}
