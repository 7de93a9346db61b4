/** RTM_DEST_INFO as the RTM fills it: whether it describes a destination, and what it tells of it. */
import { constants } from '../../../spec/index.ts';
import { type Out, parseCount, record } from '../calls.ts';
import { type Misfit, misfit } from '../clause.ts';
import { bindingOf, type Entity, type State } from '../state.ts';
import { type Best, observeBest, possibleBests, possibleBestsAmong } from './best-routes.ts';
import { andThen, type Result } from './choices.ts';
import { profileOf } from './contents.ts';
import { possibleHolds } from './holds.ts';
import { deliver, deliverAmong, deliverOwner, parseToken } from './names.ts';
import type { Destination, ObjectKey, Route } from './objects.ts';
import { parseAddress, prefixBitsOf } from './prefixes.ts';
import { bitOf, isInView, routesOf, sureViewsOf, viewsIn } from './presence.ts';
import { put, withTables } from './store.ts';

const { RTM_BEST_PROTOCOL, RTM_THIS_PROTOCOL, RTM_VIEW_MASK_ALL, RTM_VIEW_MASK_ANY } = constants;

/** What a query asks to be told of. */
export interface Query {
  readonly protocol: number;
  readonly views: number;
}

/** The states after an RTM_DEST_INFO of the destination was delivered, or what is wrong with it. */
export function acceptDestInfo(
  state: State,
  reader: Entity,
  destination: Destination,
  value: unknown,
  query: Query,
): Result {
  const info = record(value);
  if (info === undefined) return misfit('outDefined', 'DestInfo is not filled');
  const address = parseAddress(info['DestAddress']);
  if (address === undefined) return misfit('outDefined', 'DestAddress is not filled');
  if (prefixBitsOf(address, reader.info.AddressFamily) !== destination.prefix)
    return misfit('destContent', 'DestAddress is not the prefix of the destination');
  const shownViews = parseCount(info['BelongsToViews']);
  if (shownViews === undefined) return misfit('outDefined', 'BelongsToViews is not filled');
  if ((sureViewsOf(state, destination) & ~shownViews) !== 0)
    return misfit('viewsCovered', 'BelongsToViews lacks a view in which there is a route');
  const elements = readElements(state, reader, destination, info, query);
  if ('kind' in elements) return elements;
  const moved = observeLastChanged(state, destination, info['LastChanged']);
  if ('kind' in moved) return moved;
  const named = deliver(moved, reader.key, info['DestHandle'], 'destination', destination.key);
  if (named === undefined)
    return misfit('destContent', 'DestHandle is no handle of the destination with this prefix');
  return elements.reduce<Result>(
    (result, element) =>
      andThen(result, (next) => acceptElement(next, reader, destination, element, query)),
    [named],
  );
}

interface Element {
  readonly view: number;
  readonly fields: Out;
}

/** The elements of ViewInfo, each about another of the views asked for. */
function readElements(
  state: State,
  reader: Entity,
  destination: Destination,
  info: Out,
  query: Query,
): readonly Element[] | Misfit {
  const count = parseCount(info['NumberOfViews']);
  const all: unknown = info['ViewInfo'];
  if (count === undefined) return misfit('viewsCounted', 'NumberOfViews is not filled');
  if (query.views === RTM_VIEW_MASK_ANY) {
    return count === 0
      ? []
      : misfit('viewsNone', 'RTM_VIEW_MASK_ANY was asked for, but views are described');
  }
  if (!Array.isArray(all) || all.length < count)
    return misfit('viewsCounted', 'ViewInfo does not have as many elements as NumberOfViews says');
  const elements: Element[] = [];
  for (const entry of all.slice(0, count)) {
    const fields = record(entry);
    const view = parseCount(fields?.['ViewId']);
    if (fields === undefined || view === undefined || view > 31)
      return misfit('viewsCounted', 'an element of ViewInfo is about no view');
    if ((query.views & bitOf(view)) === 0)
      return misfit('viewsTargeted', `view ${view} is described, but not in TargetViews`);
    if (elements.some((other) => other.view === view))
      return misfit('viewsCounted', `view ${view} is described twice`);
    elements.push({ view, fields });
  }
  // Those without a route are not known to be described.
  const { views } = profileOf(state.tables, reader);
  const wanted = sureViewsOf(state, destination) & query.views & views;
  const missing = viewsIn(wanted >>> 0).find((view) => elements.every((e) => e.view !== view));
  if (missing === undefined) return elements;
  const rule = query.views === RTM_VIEW_MASK_ALL ? 'viewsAll' : 'viewsFirst';
  return misfit(rule, `view ${missing} was asked for and has routes, but is not described`);
}

/** LastChanged never moves back, and moves on with the best route once time has passed. */
function observeLastChanged(
  state: State,
  destination: Destination,
  value: unknown,
): State | Misfit {
  if (typeof value !== 'number' && typeof value !== 'bigint') return state;
  const { tables } = state;
  const before = destination.lastChanged;
  if (before !== null && value < before.value)
    return misfit('lastChanged', 'LastChanged has moved back');
  // oxlint-disable-next-line eqeqeq -- a FILETIME may be a number once and a bigint another time
  if (before?.moved === true && value == before.value)
    return misfit('lastChanged', 'LastChanged has not moved, but a best route has changed');
  const current = tables.destinations.get(destination.key);
  if (current === undefined) return state;
  const lastChanged = { value, readAt: tables.now, moved: false };
  return withTables(state, put(tables, { ...current, lastChanged }));
}

function acceptElement(
  state: State,
  reader: Entity,
  { key }: Destination,
  { view, fields }: Element,
  query: Query,
): Result {
  const destination = state.tables.destinations.get(key);
  if (destination === undefined) return [state];
  const counted = countFlaw(state, reader, destination, view, fields, query);
  if (counted !== undefined) return counted;
  const routes = routesFor(state, reader, destination, query);
  const isOfAll = query.protocol === RTM_BEST_PROTOCOL;
  const possible = isOfAll
    ? possibleBests(state, destination, view)
    : [...new Set(routes.flatMap((some) => possibleBestsAmong(state, some, view)))];
  const accepted = acceptBest(state, reader, key, possible, { view, fields }, query);
  return andThen(accepted, (next) => acceptHold(next, reader, destination, view, fields));
}

function bestFlaw(view: number, shown: number | undefined, query: Query): Misfit {
  const rule = ruleOfQuery(query);
  return shown === 0
    ? misfit(rule, `Route of view ${view} is NULL, but there is a route`)
    : misfit(rule, `Route of view ${view} is filled, but there is no such route`);
}

function ruleOfQuery({ protocol }: Query): 'bestOfAll' | 'bestOfCaller' | 'bestOfProtocol' {
  if (protocol === RTM_BEST_PROTOCOL) return 'bestOfAll';
  return protocol === RTM_THIS_PROTOCOL ? 'bestOfCaller' : 'bestOfProtocol';
}

/** The routes that a query is about, for each way to understand it (RTM-AMB-152). */
function routesFor(
  state: State,
  reader: Entity,
  destination: Destination,
  { protocol }: Query,
): readonly (readonly Route[])[] {
  const all = routesOf(state.tables, destination);
  const own = reader.info.EntityId.EntityProtocolId;
  if (protocol === RTM_BEST_PROTOCOL) return [all];
  if (protocol !== RTM_THIS_PROTOCOL) return [all.filter((route) => route.protocol === protocol)];
  return [
    all.filter((route) => route.protocol === own),
    all.filter(({ owner }) => owner === reader.key),
  ];
}

function countFlaw(
  state: State,
  reader: Entity,
  destination: Destination,
  view: number,
  fields: Out,
  query: Query,
): Misfit | undefined {
  const count = parseCount(fields['NumRoutes']);
  if (count === undefined) return misfit('viewsRoutes', 'NumRoutes is not filled');
  const all = routesOf(state.tables, destination);
  // Whether only the routes of the protocol count is open (RTM-AMB-151), and whether held ones do (-141).
  const held = possibleHolds(state, destination, view).filter((hold) => hold !== null).length;
  const isRight = [all, ...routesFor(state, reader, destination, query)].some((routes) => {
    const certainties = routes.map((route) => isInView(state, route, view));
    const least = certainties.filter((certainty) => certainty === 'sure').length;
    const most = certainties.filter((certainty) => certainty !== 'no').length;
    return count >= least && count <= most + Math.min(held, 1);
  });
  return isRight
    ? undefined
    : misfit('viewsRoutes', `NumRoutes of view ${view} is ${count}, which is wrong`);
}

/** Route and Owner name one of these routes, or none. */
function acceptBest(
  state: State,
  reader: Entity,
  key: ObjectKey,
  possible: readonly Best[],
  { view, fields }: Element,
  query: Query,
): Result {
  const shown = parseToken(fields['Route']);
  const routes = possible
    .map((best) => (best === null ? undefined : state.tables.routes.get(best)))
    .filter((route) => route !== undefined);
  if (shown === 0) {
    if (!possible.includes(null)) return bestFlaw(view, shown, query);
    if (parseToken(fields['Owner']) !== 0)
      return misfit('viewsElement', `Owner of view ${view} is filled, but there is no route`);
    const none = observe(state, key, view, [null], query);
    return none === undefined ? bestFlaw(view, shown, query) : [none];
  }
  if (routes.length === 0) return bestFlaw(view, shown, query);
  const owned = ownedBy(state, routes, fields['Owner']);
  const keys = owned.map((route) => route.key);
  const named = deliverAmong(state, reader.key, fields['Route'], 'route', keys);
  const observed =
    named === undefined ? undefined : observe(named.state, key, view, named.keys, query);
  if (named === undefined || observed === undefined)
    return misfit(ruleOfQuery(query), `Route of view ${view} is not the route asked for`);
  const owners = owned.filter((route) => named.keys.includes(route.key)).map(({ owner }) => owner);
  const delivered = deliverOwner(observed, reader.key, fields['Owner'], [...new Set(owners)]);
  return delivered === undefined
    ? misfit('viewsElement', `Owner of view ${view} is not the owner of Route`)
    : [delivered];
}

/** Those whose owner is known by this handle, if any is. */
function ownedBy(state: State, routes: readonly Route[], value: unknown): readonly Route[] {
  const token = parseToken(value);
  const owner = token === undefined ? undefined : bindingOf(state, token)?.entity;
  const known = routes.filter((route) => route.owner === owner);
  return known.length === 0 ? routes : known;
}

/** What is shown is the best of all only where the best of all is asked for. */
function observe(
  state: State,
  key: ObjectKey,
  view: number,
  among: readonly Best[],
  { protocol }: Query,
): State | undefined {
  if (protocol !== RTM_BEST_PROTOCOL) return state;
  return observeBest(state, key, view, (best) => among.includes(best));
}

function acceptHold(
  state: State,
  reader: Entity,
  { key }: Destination,
  view: number,
  fields: Out,
): Result {
  const destination = state.tables.destinations.get(key);
  if (destination === undefined) return [state];
  const possible = possibleHolds(state, destination, view);
  const shown = parseToken(fields['HoldRoute']);
  if (shown === 0) {
    return possible.includes(null)
      ? [state]
      : misfit('holdShown', `HoldRoute of view ${view} is NULL, but its last route is held down`);
  }
  const held = possible.filter((hold) => hold !== null);
  const named = deliverAmong(state, reader.key, fields['HoldRoute'], 'route', held);
  if (named !== undefined) return [named.state];
  return held.length > 0
    ? misfit('holdShown', `HoldRoute of view ${view} is not the route that is held down`)
    : misfit('holdNone', `HoldRoute of view ${view} is filled, but no route is held down`);
}
