/**
 * All routing tables of an RTM and the clients that use them: sequential, and with no notion of threads beyond
 * the number by which a lock is bound to one.
 */
import type { HandleKind } from '../../../spec/index.ts';
import { Deadlines } from './deadlines.ts';
import { arm } from './holds.ts';
import { Locks } from './locks.ts';
import { NextHopList } from './next-hop-list.ts';
import type {
  Destination,
  Enumeration,
  Member,
  NextHop,
  Route,
  RouteList,
  Subscription,
} from './objects.ts';
import { type Memory, References } from './references.ts';
import { emptyList } from './route-lists.ts';
import { blank, RoutingTable, type Shared } from './routing-table.ts';

export interface MemberInfo {
  readonly instance: number;
  readonly family: number;
  readonly protocol: number;
  readonly isCallable: boolean;
}

export interface TablesOptions {
  readonly memory?: Memory;
  readonly refresh?: (object: Route | NextHop) => void;
}

/** The counts of all kinds but entities. */
export type TableCensus = Readonly<Record<Exclude<HandleKind, 'entity'>, readonly number[]>>;

export class Tables {
  readonly references: References;
  readonly locks: Locks = new Locks();
  private readonly shared: Shared;
  private readonly tables = new Map<string, RoutingTable>();

  constructor({ memory, refresh = () => {} }: TablesOptions = {}) {
    this.references = new References(memory);
    this.shared = {
      references: this.references,
      deadlines: new Deadlines(),
      now: 0,
      announcements: [],
      refresh,
    };
  }

  // --- Clients -----------------------------------------------------------------------------------------

  join({ instance, family, protocol, isCallable }: MemberInfo): Member {
    const name = `${instance}.${family}`;
    const home = this.tables.get(name) ?? new RoutingTable(family, this.shared);
    this.tables.set(name, home);
    const member: Member = {
      home,
      protocol,
      isCallable,
      grips: new Map(),
      routes: new Set(),
      hops: new NextHopList(),
      subscriptions: new Set(),
      enumerations: new Set(),
      lists: new Set(),
      pointers: new Map(),
      locked: new Set(),
      hasLeft: false,
    };
    home.members.add(member);
    return member;
  }

  /** Takes away everything a client has set up, owns or holds. Others keep what they hold of it. */
  leave(member: Member): void {
    member.hasLeft = true;
    const table = member.home;
    this.locks.giveUpAll(member);
    for (const subscription of [...member.subscriptions]) this.unsubscribe(subscription);
    for (const enumeration of [...member.enumerations]) this.endEnumeration(enumeration);
    for (const list of [...member.lists]) this.deleteList(list);
    for (const route of [...member.routes]) table.takeOut(route, { isHeld: false });
    for (const hop of [...member.hops.from(undefined)]) table.unlist(hop);
    this.references.takeAllBack(member);
    member.pointers.clear();
    table.members.delete(member);
    if (table.members.size > 0) return;
    // Nobody is left who could see what is held.
    for (const destination of [...table.destinations.from(undefined)]) this.dropHolds(destination);
    for (const [name, other] of this.tables) if (other === table) this.tables.delete(name);
  }

  // --- What clients set up -----------------------------------------------------------------------------

  subscribe(
    owner: Member,
    wanted: Pick<Subscription, 'flags' | 'views' | 'context'>,
  ): Subscription {
    const subscription = this.references.enter<Subscription>({
      ...blank(owner.home),
      kind: 'notification',
      owner,
      ...wanted,
      marked: new Set(),
      pending: new Set(),
    });
    owner.subscriptions.add(subscription);
    owner.home.subscriptions.add(subscription);
    return subscription;
  }

  unsubscribe(subscription: Subscription): void {
    const { owner } = subscription;
    owner.subscriptions.delete(subscription);
    owner.home.subscriptions.delete(subscription);
    subscription.marked.clear();
    this.references.takeBack(owner, subscription);
  }

  /** What was pending at a destination is no more. */
  settle({ pending }: Subscription, destination: Destination): void {
    if (pending.delete(destination)) this.references.unpin(destination);
  }

  createEnumeration(owner: Member, walk: Enumeration['walk']): Enumeration {
    const enumeration = this.references.enter<Enumeration>({
      ...blank(owner.home),
      kind: 'enumeration',
      owner,
      walk,
    });
    if (walk.over === 'routes' && walk.of !== undefined) this.references.pin(walk.of);
    owner.enumerations.add(enumeration);
    return enumeration;
  }

  endEnumeration(enumeration: Enumeration): void {
    enumeration.owner.enumerations.delete(enumeration);
    this.references.takeBack(enumeration.owner, enumeration);
  }

  createList(owner: Member): RouteList {
    const list = this.references.enter<RouteList>({
      ...blank(owner.home),
      kind: 'list',
      owner,
      routes: new Map(),
      insertions: 0,
    });
    owner.lists.add(list);
    return list;
  }

  deleteList(list: RouteList): void {
    emptyList(list);
    list.owner.lists.delete(list);
    this.references.takeBack(list.owner, list);
  }

  // --- Time --------------------------------------------------------------------------------------------

  get now(): number {
    return this.shared.now;
  }

  set now(now: number) {
    this.shared.now = now;
  }

  /** When something will have to be done next; `Infinity` if nothing will. */
  get nextDeadline(): number {
    return this.shared.deadlines.next;
  }

  hold(destination: Destination, views: number, time: number): void {
    arm(destination, views, time);
  }

  /**
   * Ends the holds whose time is over, and returns the routes whose time is. Each is returned once for
   * each time to live; one that is locked comes back when it has been unlocked.
   */
  takeDue(): Route[] {
    const { deadlines, now } = this.shared;
    const expired: Route[] = [];
    for (let item = deadlines.take(now); item !== undefined; item = deadlines.take(now)) {
      if (item.kind === 'destination') {
        if (item.hold !== undefined) item.home.endHolds(item);
        continue;
      }
      const { aging } = item;
      if (aging === undefined) continue;
      aging.alarm = Infinity;
      if (aging.deadline > now) {
        this.resumeAging(item);
      } else if (item.locks.length === 0) {
        aging.deadline = Infinity;
        aging.isExpired = true;
        expired.push(item);
      }
    }
    return expired;
  }

  /** Sees to it that somebody looks when the time of the route is over. */
  resumeAging(route: Route): void {
    const { aging } = route;
    if (aging === undefined || aging.deadline === Infinity) return;
    if (aging.alarm <= aging.deadline) return;
    aging.alarm = aging.deadline;
    this.shared.deadlines.add(aging.alarm, route);
  }

  /** Takes an expired route out of the table. */
  expire(route: Route): void {
    if (route.state === 'created') route.home.takeOut(route, { isHeld: true });
  }

  // --- For those who look on ---------------------------------------------------------------------------

  /** The subscriptions that have become pending since this was asked last. */
  takeAnnouncements(): readonly Subscription[] {
    const { announcements } = this.shared;
    if (announcements.length > 0) this.shared.announcements = [];
    return announcements;
  }

  /** By kind, the reference counts of all live objects. */
  census(): TableCensus {
    const { references } = this;
    return {
      destination: references.countsOf('destination'),
      route: references.countsOf('route'),
      nexthop: references.countsOf('nexthop'),
      enumeration: references.countsOf('enumeration'),
      'route-list': references.countsOf('list'),
      notification: references.countsOf('notification'),
    };
  }

  private dropHolds(destination: Destination): void {
    if (destination.hold === undefined) return;
    destination.hold.held.forEach((held) => {
      if (held !== undefined) this.references.unpin(held.route);
    });
    destination.hold = undefined;
  }
}
