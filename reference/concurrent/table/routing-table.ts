/**
 * The routing table of one RTM instance and address family: destinations, their routes, next hops, and who
 * wants to hear of changes.
 *
 * Every operation looks first, and is refused or has to wait before it has changed anything. Destinations stay
 * while anything refers to them, and are found by nobody while they have no route.
 */
import { constants, statuses } from '../../../spec/index.ts';
import { bestByView, insertRoute, removeRoute } from './best-routes.ts';
import { changesBest, hasSamePreference, isWanted, kindsByView } from './changes.ts';
import type { Deadlines } from './deadlines.ts';
import { beginHolds, endHolds, nextEnd } from './holds.ts';
import { requireWritable } from './locks.ts';
import type {
  Actor,
  Destination,
  Member,
  NextHop,
  NextHopContent,
  Route,
  RouteContent,
  RouteList,
  Subscription,
  TableObject,
} from './objects.ts';
import { NO_LOCKS } from './objects.ts';
import type { Prefix } from './prefix.ts';
import { PrefixTree } from './prefix-tree.ts';
import { refuse } from './refusal.ts';
import type { References } from './references.ts';
import { joinList, leaveList } from './route-lists.ts';

/** What the tables of an RTM have in common. */
export interface Shared {
  readonly references: References;
  readonly deadlines: Deadlines<Route | Destination>;
  /** Virtual milliseconds. */
  now: number;
  /** Subscriptions with something to announce, in order. */
  announcements: Subscription[];
  /** Brings what direct pointers lead to up to date. */
  readonly refresh: (object: Route | NextHop) => void;
}

export interface RouteRequest {
  readonly prefix: Prefix;
  readonly content: RouteContent;
  readonly timeToLive: number;
  readonly list: RouteList | undefined;
  /** Which route of the caller is updated if it is there: an equal one, the first one, or none. */
  readonly updates: 'equal' | 'first' | 'none';
}

const TICKS_PER_MS = 10_000;

export class RoutingTable {
  readonly family: number;
  readonly destinations: PrefixTree<Destination> = new PrefixTree();
  readonly members: Set<Member> = new Set();
  readonly subscriptions: Set<Subscription> = new Set();
  private readonly shared: Shared;

  constructor(family: number, shared: Shared) {
    this.family = family;
    this.shared = shared;
  }

  // --- Routes ------------------------------------------------------------------------------------------

  /** Adds a route, or updates the one that the request names. */
  add(
    actor: Actor,
    request: RouteRequest,
  ): { readonly route: Route; readonly isNew: boolean; readonly isBest: boolean } {
    const known = this.destinations.get(request.prefix);
    const found = known === undefined ? undefined : findRoute(known, actor.member, request);
    if (found !== undefined) {
      const isBest = this.update(actor, found, request);
      return { route: found, isNew: false, isBest };
    }
    if (known !== undefined) requireWritable(known, actor);
    const destination = known ?? this.newDestination(request.prefix);
    const route = this.newRoute(destination, actor.member, request.content);
    const isBest = this.alter(route, undefined, request.content);
    this.setTimeToLive(route, request.timeToLive);
    if (request.list !== undefined) joinList(request.list, route);
    return { route, isNew: true, isBest };
  }

  /** Gives a route other content. Whether another route is the best one of a view now. */
  update(
    actor: Actor,
    route: Route,
    request: Pick<RouteRequest, 'content' | 'timeToLive' | 'list'>,
  ): boolean {
    requireWritable(route.destination, actor);
    requireWritable(route, actor);
    const isBest = this.alter(route, route.content, request.content);
    this.setTimeToLive(route, request.timeToLive);
    if (request.list !== undefined) joinList(request.list, route);
    return isBest;
  }

  /** Takes a route out of the table, perhaps into hold-down. Whether another one is the best of a view now. */
  delete(actor: Actor, route: Route): boolean {
    if (route.state !== 'created') refuse(statuses.ERROR_NOT_FOUND);
    requireWritable(route.destination, actor);
    requireWritable(route, actor);
    return this.takeOut(route, { isHeld: true });
  }

  takeOut(route: Route, { isHeld }: { readonly isHeld: boolean }): boolean {
    const { references, deadlines, now } = this.shared;
    const { destination } = route;
    const bestBefore = bestByView(destination);
    route.state = 'deleted';
    if (route.aging !== undefined) route.aging.deadline = Infinity;
    leaveList(route);
    const isBest = this.alter(route, route.content, undefined);
    const bestAfter = bestByView(destination);
    const lost = bestBefore.map((best, index) => best !== undefined && !bestAfter[index]);
    if (isHeld && beginHolds(references, route, lost, now)) {
      deadlines.add(nextEnd(destination), destination);
    }
    if (route.live !== undefined) this.shared.refresh(route);
    route.owner.routes.delete(route);
    references.unpin(route);
    return isBest;
  }

  /** Ends what is held at a destination and whose time is over. */
  endHolds(destination: Destination): void {
    const { references, deadlines, now } = this.shared;
    references.pin(destination);
    endHolds(references, destination, now);
    if (nextEnd(destination) < Infinity) deadlines.add(nextEnd(destination), destination);
    references.unpin(destination);
  }

  /** INFINITE is for ever, and 0 is over at once. */
  private setTimeToLive(route: Route, timeToLive: number): void {
    if (timeToLive === constants.INFINITE && route.aging === undefined) return;
    const { deadlines, now } = this.shared;
    route.aging ??= { deadline: Infinity, isExpired: false, alarm: Infinity };
    const { aging } = route;
    aging.isExpired = false;
    aging.deadline = timeToLive === constants.INFINITE ? Infinity : now + timeToLive;
    if (aging.deadline >= aging.alarm) return;
    aging.alarm = aging.deadline;
    deadlines.add(aging.alarm, route);
  }

  /** The only place that changes what routes a destination has, and so the one that knows of changes. */
  private alter(
    route: Route,
    before: RouteContent | undefined,
    after: RouteContent | undefined,
  ): boolean {
    const { destination } = route;
    const bestBefore = bestByView(destination);
    if (after !== undefined) this.exchangeContent(route, before, after);
    const staysInPlace =
      before !== undefined && after !== undefined && hasSamePreference(before, after);
    if (!staysInPlace) {
      const others =
        before === undefined ? destination.routes : removeRoute(destination.routes, route);
      const where = bestBefore.includes(route) ? 'before-equals' : 'behind-equals';
      destination.routes = after === undefined ? others : insertRoute(others, route, where);
    }
    const bestAfter = bestByView(destination);
    const change = { destination, route, before, after, bestBefore, bestAfter };
    const isBest = changesBest(change);
    if (isBest) this.touch(destination);
    if (this.subscriptions.size > 0) this.note(destination, kindsByView(change));
    return isBest;
  }

  private exchangeContent(
    route: Route,
    before: RouteContent | undefined,
    after: RouteContent,
  ): void {
    const { references, refresh } = this.shared;
    route.content = after;
    for (const hop of hopsOf(after)) references.pin(hop);
    if (before !== undefined) for (const hop of hopsOf(before)) references.unpin(hop);
    if (route.live !== undefined) refresh(route);
  }

  /** The time of the change, and later than that of the last one. */
  private touch(destination: Destination): void {
    const now = this.shared.now * TICKS_PER_MS;
    destination.lastChanged = Math.max(now, destination.lastChanged + 1);
  }

  /** Writes a change down for everybody who asked for changes of these kinds. */
  private note(destination: Destination, kinds: readonly number[]): void {
    for (const subscription of this.subscriptions) {
      const { pending } = subscription;
      if (!isWanted(subscription, destination, kinds) || pending.has(destination)) continue;
      if (pending.size === 0) this.shared.announcements.push(subscription);
      pending.add(destination);
      this.shared.references.pin(destination);
    }
  }

  private newDestination(prefix: Prefix): Destination {
    const destination = this.shared.references.enter<Destination>({
      kind: 'destination',
      slot: -1,
      references: 0,
      memory: undefined,
      home: this,
      prefix,
      routes: [],
      lastChanged: 0,
      hold: undefined,
      locks: NO_LOCKS,
    });
    this.destinations.set(prefix, destination);
    return destination;
  }

  private newRoute(destination: Destination, owner: Member, content: RouteContent): Route {
    const { references } = this.shared;
    const route = references.enter<Route>({
      kind: 'route',
      slot: -1,
      references: 0,
      memory: undefined,
      home: this,
      destination,
      owner,
      content,
      state: 'created',
      aging: undefined,
      list: undefined,
      locks: NO_LOCKS,
      live: undefined,
    });
    references.pin(route);
    references.pin(destination);
    owner.routes.add(route);
    return route;
  }

  // --- Next hops ---------------------------------------------------------------------------------------

  /** Adds a next hop to the caller's list, or updates the one with this address and interface. */
  addHop(
    actor: Actor,
    place: { readonly address: Prefix; readonly interfaceIndex: number },
    content: NextHopContent,
  ): { readonly hop: NextHop; readonly isNew: boolean } {
    const { references } = this.shared;
    const found = actor.member.hops.find(place.address, place.interfaceIndex);
    if (found !== undefined) {
      this.updateHop(actor, found, content);
      return { hop: found, isNew: false };
    }
    const hop = references.enter<NextHop>({
      ...blank(this),
      kind: 'nexthop',
      owner: actor.member,
      ...place,
      content,
      isListed: true,
      locks: NO_LOCKS,
      live: undefined,
    });
    references.pin(hop);
    if (content.remote !== undefined) references.pin(content.remote);
    actor.member.hops.add(hop);
    return { hop, isNew: true };
  }

  updateHop(actor: Actor, hop: NextHop, content: NextHopContent): void {
    requireWritable(hop, actor);
    const { references, refresh } = this.shared;
    const { remote } = hop.content;
    hop.content = content;
    if (content.remote !== undefined) references.pin(content.remote);
    if (remote !== undefined) references.unpin(remote);
    if (hop.live !== undefined) refresh(hop);
  }

  /** Takes a next hop out of its owner's list. Routes that use it keep it. */
  deleteHop(actor: Actor, hop: NextHop): void {
    if (!hop.isListed) refuse(statuses.ERROR_NOT_FOUND);
    requireWritable(hop, actor);
    this.unlist(hop);
  }

  unlist(hop: NextHop): void {
    hop.isListed = false;
    hop.owner.hops.remove(hop);
    if (hop.live !== undefined) this.shared.refresh(hop);
    this.shared.references.unpin(hop);
  }

  // --- Destinations ------------------------------------------------------------------------------------

  /** Nobody refers to the destination any more. */
  forget(destination: Destination): void {
    this.destinations.delete(destination.prefix);
    for (const { pointers } of this.members) pointers.delete(destination);
    for (const { marked } of this.subscriptions) marked.delete(destination);
  }
}

function findRoute(
  { routes }: Destination,
  owner: Member,
  { updates, content }: RouteRequest,
): Route | undefined {
  if (updates === 'none') return undefined;
  return routes.find(
    (route) =>
      route.owner === owner &&
      (updates === 'first' || route.content.neighbour === content.neighbour),
  );
}

function hopsOf({ neighbour, hops }: RouteContent): readonly NextHop[] {
  return neighbour === undefined ? hops : [neighbour, ...hops];
}

/** How every object begins. */
export function blank(
  home: RoutingTable,
): Pick<TableObject, 'slot' | 'references' | 'memory' | 'home'> {
  return { slot: -1, references: 0, memory: undefined, home };
}
