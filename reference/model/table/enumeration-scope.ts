/** What an enumeration leads through: whether an object lies in it, and where in its order. */
import type { NetAddress } from '../../../spec/index.ts';
import type { RuleName } from '../model-rules.ts';
import { type Entity, entityOf, type State } from '../state.ts';
import { type Best, possibleBests } from './best-routes.ts';
import { profileOf } from './contents.ts';
import { meets } from './criteria.ts';
import { possibleHolds } from './holds.ts';
import type { Destination, NextHop, ObjectKey, Presence, PrefixBits, Route } from './objects.ts';
import { prefixBitsOf, tableIdOf } from './prefixes.ts';
import { bitOf, type Certainty, isInView, presenceOf, routesOf, viewsIn } from './presence.ts';
import type { Enumeration, Scope, WalkPart } from './walks.ts';

/** Whether an object is to be delivered, and what says so when it is not. */
export interface Membership {
  readonly certainty: Certainty;
  readonly rule: RuleName;
}

type Walk = Pick<Enumeration, 'owner' | 'scope'>;

const MEMBER: Membership = { certainty: 'sure', rule: 'enumInvented' };

/** Whether an enumeration has to deliver an object, as the table is now. */
export function membershipOf(state: State, walk: Walk, key: ObjectKey): Membership {
  const { tables } = state;
  const caller = entityOf(state, walk.owner);
  const missing: Membership = { certainty: 'no', rule: 'enumInvented' };
  if (caller === undefined) return missing;
  switch (walk.scope.over) {
    case 'destinations': {
      const destination = tables.destinations.get(key);
      if (destination === undefined) return missing;
      return worst(destinationTests(state, caller, walk.scope, destination));
    }
    case 'routes': {
      const route = tables.routes.get(key);
      if (route === undefined) return missing;
      return worst(routeTests(state, caller, walk.scope, route));
    }
    case 'nexthops': {
      const hop = tables.hops.get(key);
      if (hop === undefined || hop.owner !== caller.key) return missing;
      const bits = hopBits(hop, caller);
      const { parts } = walk.scope;
      return worst([
        { certainty: certaintyOf(hop.presence), rule: 'enumInvented' },
        { certainty: partly(parts, bits), rule: partRule(parts, 'enumHopsFrom', 'enumHopsInside') },
      ]);
    }
    case 'list': {
      const [list, route] = [tables.lists.get(walk.scope.list), tables.routes.get(key)];
      if (list?.routes.includes(key) !== true) return { ...missing, rule: 'listMembers' };
      // What a list shows of a deleted member is open (RTM-AMB-244).
      const isSure =
        route !== undefined && presenceOf(state, route) === 'sure' && !list.doubtful.includes(key);
      return { certainty: isSure ? 'sure' : 'perhaps', rule: 'listMembers' };
    }
  }
}

/** All objects that lie or may lie in it, in its order. */
export function membersOf(
  state: State,
  walk: Walk,
): readonly { readonly key: ObjectKey; readonly certainty: Certainty }[] {
  return candidatesOf(state, walk)
    .map((key) => ({ key, ...membershipOf(state, walk, key), place: placeIn(state, walk, key) }))
    .filter(({ certainty }) => certainty !== 'no')
    .toSorted((a, b) => compare(a.place, b.place) || compare(a.key, b.key));
}

function candidatesOf(state: State, { owner, scope }: Walk): readonly ObjectKey[] {
  const { tables } = state;
  const caller = entityOf(state, owner);
  if (caller === undefined) return [];
  const table = tableIdOf(caller.info);
  switch (scope.over) {
    case 'destinations':
      return keysOf(tables.destinations.valueSeq().filter((one) => one.table === table));
    case 'routes':
      return keysOf(
        tables.routes.valueSeq().filter(({ destination }) => destination.startsWith(`${table}/`)),
      );
    case 'nexthops':
      return keysOf(tables.hops.valueSeq().filter((hop) => hop.owner === owner));
    case 'list':
      return tables.lists.get(scope.list)?.routes ?? [];
  }
}

function keysOf(objects: Iterable<{ readonly key: ObjectKey }>): readonly ObjectKey[] {
  return Array.from(objects, ({ key }) => key);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Where an object lies in the order of addresses. As texts, prefixes are in that order. */
export function placeIn(state: State, { owner, scope }: Walk, key: ObjectKey): string {
  switch (scope.over) {
    case 'destinations':
      return key;
    case 'routes':
      return state.tables.routes.get(key)?.destination ?? key;
    case 'nexthops': {
      const [hop, caller] = [state.tables.hops.get(key), entityOf(state, owner)];
      return hop === undefined || caller === undefined ? key : hopBits(hop, caller);
    }
    case 'list':
      // No order of the members is promised (RTM-AMB-246).
      return '';
  }
}

// --- Parts --------------------------------------------------------------------------------------------

function partly(parts: readonly WalkPart[], prefix: PrefixBits): Certainty {
  const answers = parts.map((part) => isInPart(part, prefix));
  if (answers.every((answer) => answer)) return 'sure';
  return answers.includes(true) ? 'perhaps' : 'no';
}

function isInPart(part: WalkPart, prefix: PrefixBits): boolean {
  switch (part.kind) {
    case 'all':
      return true;
    case 'from':
      return prefix >= part.prefix;
    case 'inside':
      return prefix.startsWith(part.prefix);
  }
}

function partRule(parts: readonly WalkPart[], from: RuleName, inside: RuleName): RuleName {
  return parts.some(({ kind }) => kind === 'inside') ? inside : from;
}

/** NextHop addresses are kept as `addressText` writes them. */
function hopBits({ address }: NextHop, caller: Entity): PrefixBits {
  const [family = '', bits = '', bytes = ''] = address.split('.');
  const full: NetAddress = {
    AddressFamily: Number(family),
    NumBits: Number(bits),
    AddrBits: bytes.split('-').map(Number),
  };
  return prefixBitsOf(full, caller.info.AddressFamily) ?? address;
}

// --- Destinations -------------------------------------------------------------------------------------

type DestinationScope = Extract<Scope, { over: 'destinations' }>;

function destinationTests(
  state: State,
  caller: Entity,
  scope: DestinationScope,
  destination: Destination,
): readonly Membership[] {
  const { parts, views, own } = scope;
  const inPart = partly(parts, destination.prefix);
  const tests: Membership[] = [
    { certainty: inPart, rule: partRule(parts, 'enumFrom', 'enumInside') },
    { certainty: isThere(state, destination, views), rule: 'enumDestViews' },
  ];
  if (own) {
    const supported = profileOf(state.tables, caller).views;
    // Without views the best routes of all count (RTM-AMB-250).
    const asked = viewsIn(((views === 0 ? supported : views) & supported) >>> 0);
    const bests = asked.map((view) => possibleBests(state, destination, view));
    tests.push({ certainty: isOwn(state, caller, bests), rule: 'enumOwnDests' });
  }
  return tests;
}

/** One without routes may linger (RTM-AMB-169), or show because of a held route. */
function isThere(state: State, destination: Destination, views: number): Certainty {
  const routes = routesOf(state.tables, destination);
  const isSettled = routes.some((route) => presenceOf(state, route) === 'sure');
  if (!isSettled) return 'perhaps';
  const isOdd = destination.odd;
  if (views === 0) return isOdd ? 'perhaps' : 'sure';
  const answers = viewsIn(views).flatMap((view) =>
    routes.map((route) => isInView(state, route, view)),
  );
  if (answers.includes('sure')) return isOdd ? 'perhaps' : 'sure';
  const isHeld = destination.holds.some(({ view }) => (views & bitOf(view)) !== 0);
  return isHeld || answers.includes('perhaps') ? 'perhaps' : 'no';
}

function isOwn(state: State, caller: Entity, bests: readonly (readonly Best[])[]): Certainty {
  const owns = (best: Best) => best !== null && state.tables.routes.get(best)?.owner === caller.key;
  if (bests.some((among) => among.every(owns))) return 'sure';
  return bests.some((among) => among.some(owns)) ? 'perhaps' : 'no';
}

// --- Routes -------------------------------------------------------------------------------------------

type RouteScope = Extract<Scope, { over: 'routes' }>;

function routeTests(
  state: State,
  caller: Entity,
  scope: RouteScope,
  route: Route,
): readonly Membership[] {
  const destination = state.tables.destinations.get(route.destination);
  const tests: Membership[] = [
    { certainty: isShown(state, caller, scope, route), rule: 'enumRouteViews' },
    { certainty: meets(state, route, scope.criteria), rule: 'enumCriteria' },
  ];
  if (scope.own) {
    tests.push({
      certainty: route.owner === caller.key ? 'sure' : 'no',
      rule: 'enumOwnRoutes',
    });
  }
  const inPart = destination === undefined ? 'no' : partly(scope.parts, destination.prefix);
  const rule = partRule(scope.parts, 'enumFrom', 'enumInside');
  if (scope.destination === null) return [{ certainty: inPart, rule }, ...tests];
  const isOfIt = route.destination === scope.destination;
  const isStart = scope.parts.some(({ kind }) => kind === 'all');
  // Whether a part restricts the routes of one destination, and the reverse, is open (RTM-AMB-258).
  const onlyOne = isOfIt ? (inPart === 'sure' ? 'sure' : 'perhaps') : isStart ? 'perhaps' : 'no';
  return [{ certainty: onlyOne, rule: 'enumOneDest' }, ...tests];
}

function isShown(state: State, caller: Entity, { views }: RouteScope, route: Route): Certainty {
  const presence = presenceOf(state, route);
  if (presence !== 'sure') {
    const held = holdOf(state, caller, route, views);
    return presence === 'perhaps' && held === 'no' ? 'perhaps' : held;
  }
  if (views === 0) return 'sure';
  const answers = viewsIn(views).map((view) => isInView(state, route, view));
  if (answers.includes('sure')) return 'sure';
  return answers.includes('perhaps') ? 'perhaps' : 'no';
}

/** Held routes are shown to who asks for no single view (RTM-AMB-139). */
function holdOf(state: State, caller: Entity, route: Route, views: number): Certainty {
  const supported = profileOf(state.tables, caller).views;
  const destination = state.tables.destinations.get(route.destination);
  const isWide = views === 0 || (supported & ~views) === 0;
  if (destination === undefined || !isWide) return 'no';
  const holds = destination.holds.map(({ view }) => possibleHolds(state, destination, view));
  if (!holds.some((among) => among.includes(route.key))) return 'no';
  const isSure = holds.some((among) => among.every((held) => held === route.key));
  return isSure && views === 0 ? 'sure' : 'perhaps';
}

// --- Both ---------------------------------------------------------------------------------------------

function certaintyOf(presence: Presence): Certainty {
  return presence === 'gone' ? 'no' : presence;
}

/** The first test that is not met, or one that is open, or none. */
function worst(tests: readonly Membership[]): Membership {
  return (
    tests.find(({ certainty }) => certainty === 'no') ??
    tests.find(({ certainty }) => certainty === 'perhaps') ??
    MEMBER
  );
}
