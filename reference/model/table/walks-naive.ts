/**
 * An RTM as simple as can be, for tests of enumerations, change notification, lists, methods and slots: one
 * call at a time, with whatever readings it is told to take. It shares nothing with the model but the
 * shapes of calls.
 */
import { constants, events, type NetAddress, statuses } from '../../../spec/index.ts';
import type { EventCall, Out, Reply } from '../calls.ts';
import type { RecordedCall } from '../expand-history.ts';
import type { TableCall, TableCallOf } from './calls.ts';
import type { WalkChoices } from './walks-choices.ts';

const { NO_ERROR, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER, ERROR_NO_MORE_ITEMS } = statuses;
const { ERROR_NOT_FOUND, ERROR_NOT_SUPPORTED, ERROR_ACCESS_DENIED } = statuses;
const { RTM_CHANGE_TYPE_ALL, RTM_CHANGE_TYPE_BEST, RTM_CHANGE_TYPE_FORWARDING } = constants;
const { RTM_ENUM_NEXT, RTM_ENUM_RANGE, RTM_ENUM_OWN_DESTS, RTM_ENUM_OWN_ROUTES } = constants;
const VIEWS = [0, 1];
export const BATCH_MAX = 4;

interface Member {
  readonly kind: 'entity';
  readonly number: number;
  readonly handle: number;
  readonly methods: readonly number[];
  readonly callback: number | null;
  readonly slots: Map<Dest, { value: unknown }> | null;
  blocks: number;
  readonly hops: Hop[];
}

interface Hop {
  readonly kind: 'nexthop';
  readonly address: NetAddress;
  readonly bits: string;
  readonly index: number;
}

interface Content {
  readonly hops: readonly Hop[];
  readonly flags: number;
  readonly metric: number;
  readonly preference: number;
  readonly views: number;
  readonly specific: unknown;
}

interface Route {
  readonly kind: 'route';
  readonly dest: Dest;
  readonly owner: Member;
  content: Content;
  present: boolean;
  list: List | null;
}

interface Dest {
  readonly kind: 'destination';
  readonly prefix: string;
  routes: Route[];
  best: (Route | null)[];
  stamp: number;
}

interface List {
  readonly kind: 'route-list';
  routes: Route[];
  deleted: boolean;
}

/** What an entry shows. */
interface Shot {
  readonly dest: Dest;
  readonly views: number;
  readonly stamp: number;
  readonly blocks: readonly { readonly route: Route | null; readonly count: number }[];
}

interface Walk {
  readonly kind: 'enumeration';
  readonly over: 'destinations' | 'routes' | 'nexthops' | 'list';
  readonly views: number;
  readonly protocol: number;
  /** All there is to deliver now, in order. */
  readonly now: () => readonly Item[];
  readonly list: List | null;
  /** Those of a snapshot that are left; or null and what was delivered. */
  rest: readonly Item[] | null;
  place: string | null;
  given: Set<unknown>;
}

interface Item {
  readonly thing: Dest | Route | Hop;
  readonly place: string;
  readonly shot: Shot | null;
}

interface Sub {
  readonly kind: 'notification';
  readonly owner: Member;
  readonly call: TableCallOf<'RtmRegisterForChangeNotification'>;
  readonly views: number;
  readonly marks: Map<Dest, number>;
  readonly pending: Map<Dest, Shot>;
  readonly waiting: Map<Dest, Shot>;
  readonly fetched: Dest[];
  handle: number;
  announced: boolean;
  ended: boolean;
}

/** A call of one of several functions. */
type CallOf<Name extends TableCall['name']> = { [One in Name]: TableCallOf<One> }[Name];

type Thing = Member | Hop | Route | Dest | List | Walk | Sub;

export class NaiveWalks {
  readonly choices: WalkChoices;
  readonly members: Member[] = [];
  /** Announcements that are under way. */
  readonly queue: { readonly event: EventCall; readonly isUseful: () => boolean }[] = [];
  /** Changes that nobody has looked at yet. */
  private readonly news: { readonly sub: Sub; readonly shot: Shot }[] = [];
  private dests: Dest[] = [];
  private subs: Sub[] = [];
  private readonly byToken = new Map<number, { readonly thing: Thing; count: number }>();
  private next = 0;
  private stamps = 0;

  constructor(choices: WalkChoices) {
    this.choices = choices;
  }

  register(number: number, options: Extract<RecordedCall, { name: 'RtmRegisterEntity' }>): Reply {
    this.next += 1;
    const member: Member = {
      kind: 'entity',
      number,
      handle: this.next,
      methods: options.Methods ?? [],
      callback: options.EventCallback,
      slots: options.ReserveOpaquePointer === true ? new Map() : null,
      blocks: 0,
      hops: [],
    };
    this.members.push(member);
    this.byToken.set(member.handle, { thing: member, count: 1 });
    const RtmRegProfile = {
      MaxNextHopsInRoute: 3,
      MaxHandlesInEnum: BATCH_MAX,
      ViewsSupported: 3,
      NumberOfViews: 2,
    };
    return done({ RtmRegHandle: member.handle, RtmRegProfile });
  }

  answer(call: TableCall): Reply {
    const caller = this.members.find(({ handle }) => handle === call.RtmRegHandle);
    if (caller === undefined) return bad(ERROR_INVALID_HANDLE);
    switch (call.name) {
      case 'RtmAddRouteToDest':
        return this.addRoute(caller, call);
      case 'RtmDeleteRouteToDest':
        return this.deleteRoute(call.RouteHandle);
      case 'RtmAddNextHop':
        return this.addHop(caller, call);
      case 'RtmGetExactMatchDestination': {
        const dest = this.destAt(call.DestAddress);
        if (dest === undefined || dest.routes.length === 0) return bad(ERROR_NOT_FOUND);
        return done({ DestInfo: this.describe(this.shoot(dest), call.TargetViews) });
      }
      case 'RtmReleaseRoutes':
        return this.giveBack(call.RouteHandles);
      case 'RtmReleaseNextHops':
        return this.giveBack(call.NextHopHandles);
      case 'RtmReleaseDests':
        return this.giveBack(call.DestInfos.flatMap(tokensOf));
      default:
        return this.answerWalk(caller, call);
    }
  }

  private answerWalk(caller: Member, call: TableCall): Reply {
    switch (call.name) {
      case 'RtmCreateDestEnum':
      case 'RtmCreateRouteEnum':
      case 'RtmCreateNextHopEnum':
        return this.create(caller, call);
      case 'RtmGetEnumDests':
        return this.fetch(call.EnumHandle, 'destinations', call.NumDests);
      case 'RtmGetEnumRoutes':
        return this.fetch(call.EnumHandle, 'routes', call.NumRoutes);
      case 'RtmGetEnumNextHops':
        return this.fetch(call.EnumHandle, 'nexthops', call.NumNextHops);
      case 'RtmGetListEnumRoutes':
        return this.fetch(call.EnumHandle, 'list', call.NumRoutes);
      case 'RtmDeleteEnumHandle':
        return this.end(call.EnumHandle, 'enumeration');
      case 'RtmCreateRouteList':
        return done({
          RouteListHandle: this.give({ kind: 'route-list', routes: [], deleted: false }),
        });
      case 'RtmDeleteRouteList': {
        const list = this.find(call.RouteListHandle, 'route-list');
        for (const route of list?.routes ?? []) route.list = null;
        if (list !== undefined) list.deleted = true;
        return this.end(call.RouteListHandle, 'route-list');
      }
      case 'RtmInsertInRouteList':
        return this.insert(caller, call);
      case 'RtmCreateRouteListEnum': {
        const list = this.find(call.RouteListHandle, 'route-list');
        if (list === undefined) return bad(ERROR_INVALID_HANDLE);
        const now = () => list.routes.map((thing): Item => ({ thing, place: '', shot: null }));
        return this.begin({ over: 'list', views: 0, protocol: 0, now, list });
      }
      case 'RtmGetEntityMethods':
      case 'RtmInvokeMethod':
      case 'RtmBlockMethods':
      case 'RtmGetOpaqueInformationPointer':
        return this.answerOffer(caller, call);
      default:
        return this.answerSubscription(caller, call);
    }
  }

  // --- Handles ----------------------------------------------------------------------------------------

  private give(thing: Thing | null): number | null {
    if (thing === null) return null;
    const known = this.tokenOf(thing);
    const entry = known === undefined ? undefined : this.byToken.get(known);
    if (this.choices.handles === 'same' && entry !== undefined && known !== undefined) {
      entry.count += 1;
      return known;
    }
    this.next += 1;
    this.byToken.set(this.next, { thing, count: 1 });
    return this.next;
  }

  private tokenOf(thing: Thing): number | undefined {
    for (const [token, entry] of this.byToken) if (entry.thing === thing) return token;
    return undefined;
  }

  private find<Kind extends Thing['kind']>(
    token: unknown,
    kind: Kind,
  ): Extract<Thing, { kind: Kind }> | undefined {
    const thing = this.byToken.get(Number(token))?.thing;
    return thing?.kind === kind ? (thing as Extract<Thing, { kind: Kind }>) : undefined;
  }

  private giveBack(tokens: readonly unknown[]): Reply {
    if (tokens.some((token) => !this.byToken.has(Number(token)))) return bad(ERROR_INVALID_HANDLE);
    for (const token of tokens) this.take(Number(token));
    return { status: NO_ERROR };
  }

  private take(token: number): void {
    const entry = this.byToken.get(token);
    if (entry === undefined || entry.thing.kind === 'entity') return;
    entry.count -= 1;
    if (entry.count === 0) this.byToken.delete(token);
  }

  private end(handle: unknown, kind: 'enumeration' | 'route-list'): Reply {
    if (this.find(handle, kind) === undefined) return bad(ERROR_INVALID_HANDLE);
    this.byToken.delete(Number(handle));
    return { status: NO_ERROR };
  }

  // --- The table --------------------------------------------------------------------------------------

  private destAt(address: NetAddress): Dest | undefined {
    const prefix = prefixOf(address);
    return this.dests.find((dest) => dest.prefix === prefix);
  }

  private addHop(caller: Member, call: TableCallOf<'RtmAddNextHop'>): Reply {
    const { NextHopAddress: address, InterfaceIndex: index } = call.NextHopInfo;
    const bits = prefixOf(address);
    const known = caller.hops.find((hop) => hop.bits === bits && hop.index === index);
    const hop: Hop = known ?? { kind: 'nexthop', address, bits, index };
    if (known === undefined) caller.hops.push(hop);
    const NextHopHandle = call.NextHopHandle === null ? {} : { NextHopHandle: this.give(hop) };
    return done({ ChangeFlags: known === undefined ? 1 : 0, ...NextHopHandle });
  }

  private addRoute(owner: Member, call: TableCallOf<'RtmAddRouteToDest'>): Reply {
    const info = call.RouteInfo;
    const hops = info.NextHopsList.NextHops.map((token) => this.find(token, 'nexthop'));
    const content: Content = {
      hops: hops.filter((hop) => hop !== undefined),
      flags: info.Flags,
      metric: info.PrefInfo.Metric,
      preference: info.PrefInfo.Preference,
      views: info.BelongsToViews,
      specific: info.EntitySpecificInfo,
    };
    const prefix = prefixOf(call.DestAddress);
    const dest: Dest = this.destAt(call.DestAddress) ?? {
      kind: 'destination',
      prefix,
      routes: [],
      best: [null, null],
      stamp: 0,
    };
    if (!this.dests.includes(dest)) this.dests.push(dest);
    const known = dest.routes.find((route) => route.owner === owner);
    const route: Route = known ?? {
      kind: 'route',
      dest,
      owner,
      content,
      present: true,
      list: null,
    };
    const before = known === undefined ? undefined : known.content;
    if (known === undefined) dest.routes.push(route);
    route.content = content;
    const list =
      call.RouteListHandle === null ? null : this.find(call.RouteListHandle, 'route-list');
    if (list !== null && list !== undefined) this.move(route, list);
    else if (known !== undefined && this.choices.updateNull === 'leaves') this.move(route, null);
    const best = this.settle(dest, route, before, content);
    const handle = call.RouteHandle === null ? {} : { RouteHandle: this.give(route) };
    return done({ ChangeFlags: (known === undefined ? 2 : 0) | best, ...handle });
  }

  private deleteRoute(handle: unknown): Reply {
    const route = this.find(handle, 'route');
    if (route === undefined) return bad(ERROR_INVALID_HANDLE);
    if (!route.present) return bad(ERROR_NOT_FOUND);
    route.present = false;
    const { dest } = route;
    dest.routes = dest.routes.filter((other) => other !== route);
    if (this.choices.deletedMember === 'leaves') this.move(route, null);
    const best = this.settle(dest, route, route.content, undefined);
    if (dest.routes.length === 0) {
      for (const sub of this.subs) if (this.choices.lostMark === 'lost') sub.marks.delete(dest);
      for (const { slots } of this.members)
        if (this.choices.slotAgain === 'cleared') slots?.delete(dest);
    }
    this.take(Number(handle));
    return done({ ChangeFlags: best });
  }

  /** Chooses the best routes anew and tells whoever wants to know. */
  private settle(
    dest: Dest,
    route: Route,
    before: Content | undefined,
    after: Content | undefined,
  ): number {
    const was = dest.best;
    dest.best = VIEWS.map((view) => choose(dest.routes, view, was[view] ?? null));
    const isOther = VIEWS.some((view) => dest.best[view] !== was[view]);
    this.stamps += 1;
    if (isOther) dest.stamp = this.stamps;
    for (const sub of this.subs) {
      if (sub.ended || !this.isServed(sub, dest)) continue;
      const isWanted = VIEWS.some(
        (view) =>
          inView(sub.views, view) &&
          this.isWanted(sub, view, { route, was, is: dest.best, before, after }),
      );
      if (isWanted) this.news.push({ sub, shot: this.shoot(dest) });
    }
    if (this.choices.processing === 'at-once') this.process();
    return isOther ? constants.RTM_ROUTE_CHANGE_BEST : 0;
  }

  private isServed(sub: Sub, dest: Dest): boolean {
    const isMarkedOnly = (sub.call.NotifyFlags & constants.RTM_NOTIFY_ONLY_MARKED_DESTS) !== 0;
    return !isMarkedOnly || (sub.marks.get(dest) ?? 0) > 0;
  }

  private isWanted(
    { call: { NotifyFlags } }: Sub,
    view: number,
    change: {
      readonly route: Route;
      readonly was: readonly (Route | null)[];
      readonly is: readonly (Route | null)[];
      readonly before: Content | undefined;
      readonly after: Content | undefined;
    },
  ): boolean {
    const { route, was, is, before, after } = change;
    const kinds = (NotifyFlags & 7) === 0 && this.choices.noKinds === 'as-all' ? 1 : NotifyFlags;
    const isSeen = [before, after].some((content) => inView(content?.views ?? 0, view));
    const isSame = before !== undefined && after !== undefined && isEqual(before, after);
    if ((kinds & RTM_CHANGE_TYPE_ALL) !== 0 && isSeen)
      if (!isSame || this.choices.noEffect === 'counts') return true;
    if ((kinds & (RTM_CHANGE_TYPE_BEST | RTM_CHANGE_TYPE_FORWARDING)) === 0) return false;
    if (was[view] !== is[view]) return true;
    if (is[view] !== route || before === undefined || after === undefined) return false;
    const isBest = (kinds & RTM_CHANGE_TYPE_BEST) !== 0;
    const hops =
      before.hops.map(({ bits }) => bits).join() !== after.hops.map((h) => h.bits).join();
    const flags = before.flags ^ after.flags;
    if (hops || (flags & 0xf) !== 0 || (isBest && flags !== 0)) return true;
    const prefers = before.preference !== after.preference;
    const metric = before.metric !== after.metric && this.choices.metric === 'counts';
    if ((prefers || metric) && (isBest || this.choices.forwardingPreference === 'counts'))
      return true;
    return before.specific !== after.specific && this.choices.specific === 'counts';
  }

  private shoot(dest: Dest): Shot {
    const views = dest.routes.reduce((mask, { content }) => mask | content.views, 0);
    const blocks = VIEWS.map((view) => ({
      route: dest.best[view] ?? null,
      count: dest.routes.filter(({ content }) => inView(content.views, view)).length,
    }));
    return { dest, views, stamp: dest.stamp, blocks };
  }

  private describe(shot: Shot, asked: number): Out {
    const ViewInfo = VIEWS.filter(
      (view) =>
        inView(asked, view) && (this.choices.elements === 'asked' || inView(shot.views, view)),
    ).map((view) => {
      const { route = null, count = 0 } = shot.blocks[view] ?? {};
      return {
        ViewId: view,
        NumRoutes: count,
        Route: this.give(route),
        Owner: this.give(route?.owner ?? null),
        DestFlags: 0,
        HoldRoute: null,
      };
    });
    return {
      DestHandle: this.give(shot.dest),
      DestAddress: addressOf(shot.dest.prefix),
      LastChanged: shot.stamp,
      BelongsToViews: shot.views,
      NumberOfViews: ViewInfo.length,
      ViewInfo,
    };
  }

  // --- Enumerations -----------------------------------------------------------------------------------

  private create(
    caller: Member,
    call: CallOf<'RtmCreateDestEnum' | 'RtmCreateRouteEnum' | 'RtmCreateNextHopEnum'>,
  ): Reply {
    const { EnumFlags: flags } = call;
    const views = 'TargetViews' in call ? call.TargetViews : 0;
    if ((views & ~3) !== 0) return bad(ERROR_NOT_SUPPORTED);
    const address = 'StartDest' in call ? call.StartDest : call.NetAddress;
    const both = RTM_ENUM_NEXT | RTM_ENUM_RANGE;
    const isStart = (flags & both) === 0;
    if ((flags & both) === both && this.choices.both === 'refused')
      return bad(ERROR_INVALID_PARAMETER);
    if (!isStart && address === null && this.choices.nullAddress === 'refused')
      return bad(ERROR_INVALID_PARAMETER);
    if (!isStart && address !== null && address.NumBits > 32) return bad(ERROR_INVALID_PARAMETER);
    if (isStart && address !== null && this.choices.startAddress === 'refused')
      if (!('StartDest' in call)) return bad(ERROR_INVALID_PARAMETER);
    const prefix = address === null || isStart ? '' : prefixOf(address);
    const isIn = (place: string): boolean => {
      const [from, inside] = [place >= prefix, place.startsWith(prefix)];
      if ((flags & both) === both)
        return { refused: from, next: from, range: inside, both: from && inside }[
          this.choices.both
        ];
      return isStart || ((flags & RTM_ENUM_NEXT) !== 0 ? from : inside);
    };
    if (call.name === 'RtmCreateDestEnum') {
      const own = (flags & RTM_ENUM_OWN_DESTS) !== 0;
      const now = () => this.destItems(caller, views, own).filter(({ place }) => isIn(place));
      const { ProtocolId: protocol } = call;
      return this.begin({ over: 'destinations', views, protocol, now, list: null });
    }
    if (call.name === 'RtmCreateNextHopEnum') {
      const now = () =>
        caller.hops
          .filter(({ bits }) => isIn(bits))
          .map((thing): Item => ({ thing, place: thing.bits, shot: null }))
          .toSorted(byPlace);
      return this.begin({ over: 'nexthops', views: 0, protocol: 0, now, list: null });
    }
    const dest = call.DestHandle === null ? undefined : this.find(call.DestHandle, 'destination');
    if (call.DestHandle !== null && dest === undefined) return bad(ERROR_INVALID_PARAMETER);
    if (dest !== undefined && isStart && this.choices.destAtStart === 'refused')
      return bad(ERROR_INVALID_PARAMETER);
    const isAll = dest === undefined || (isStart && this.choices.destAtStart === 'ignored');
    const now = () =>
      this.routeItems(caller, call, views).filter(
        ({ thing, place }) =>
          isIn(place) && (isAll || (thing.kind === 'route' && thing.dest === dest)),
      );
    return this.begin({ over: 'routes', views, protocol: 0, now, list: null });
  }

  private destItems(caller: Member, views: number, own: boolean): readonly Item[] {
    const asked = VIEWS.filter((view) => views === 0 || inView(views, view));
    return this.dests
      .filter(({ routes }) =>
        routes.some(({ content }) => views === 0 || (content.views & views) !== 0),
      )
      .filter((dest) => !own || asked.some((view) => dest.best[view]?.owner === caller))
      .map((dest): Item => ({ thing: dest, place: dest.prefix, shot: this.shoot(dest) }))
      .toSorted(byPlace);
  }

  private routeItems(
    caller: Member,
    call: TableCallOf<'RtmCreateRouteEnum'>,
    views: number,
  ): readonly Item[] {
    const criteria = call.CriteriaRoute;
    const isPreferred = ({ content }: Route) =>
      (call.MatchingFlags & constants.RTM_MATCH_PREF) === 0 ||
      criteria === null ||
      (content.preference === criteria.PrefInfo.Preference &&
        (this.choices.matchPref === 'preference' || content.metric === criteria.PrefInfo.Metric));
    const isOwn = ({ owner }: Route) =>
      (call.EnumFlags & RTM_ENUM_OWN_ROUTES) === 0 || owner === caller;
    return this.dests
      .toSorted((a, b) => (a.prefix < b.prefix ? -1 : 1))
      .flatMap(({ routes }) => routes.toSorted(byPreference))
      .filter((route) => views === 0 || (route.content.views & views) !== 0)
      .filter((route) => isPreferred(route) && isOwn(route))
      .map((thing): Item => ({ thing, place: thing.dest.prefix, shot: null }));
  }

  private begin(walk: Pick<Walk, 'over' | 'views' | 'protocol' | 'now' | 'list'>): Reply {
    const rest = this.choices.walk === 'snapshot' ? walk.now() : null;
    const RtmEnumHandle = this.give({
      kind: 'enumeration',
      ...walk,
      rest,
      place: null,
      given: new Set(),
    });
    return done({ RtmEnumHandle });
  }

  private left(walk: Walk): readonly Item[] {
    if (walk.rest !== null) return walk.rest;
    return walk.now().filter(({ thing, place }) => {
      if (walk.over === 'list') return !walk.given.has(thing);
      if (walk.place === null || place > walk.place) return true;
      return place === walk.place && !walk.given.has(thing);
    });
  }

  private fetch(handle: unknown, over: Walk['over'], wanted: number): Reply {
    const walk = this.find(handle, 'enumeration');
    if (walk?.over !== over) return bad(ERROR_INVALID_HANDLE);
    if (wanted > BATCH_MAX) return bad(ERROR_INVALID_PARAMETER);
    const [count, array] = namesOf(over);
    if (walk.list?.deleted === true)
      return this.choices.orphan === 'refused'
        ? bad(ERROR_INVALID_HANDLE)
        : done({ [count]: 0, [array]: [] });
    if (wanted === 0 && this.choices.zero === 'refused') return bad(ERROR_INVALID_PARAMETER);
    const left = this.left(walk);
    const taken = left.slice(0, wanted);
    for (const item of taken) this.pass(walk, item);
    if (walk.rest !== null) walk.rest = walk.rest.slice(taken.length);
    const entries = taken.map(({ thing, shot }) =>
      shot === null ? this.give(thing) : this.describe(shot, walk.views),
    );
    const isEnd =
      over !== 'list' &&
      (wanted === 0
        ? this.choices.zero === 'end' && left.length === 0
        : taken.length === 0 || (this.choices.end === 'with-last' && taken.length === left.length));
    const out = { [count]: taken.length, [array]: entries };
    return { status: isEnd ? ERROR_NO_MORE_ITEMS : NO_ERROR, out };
  }

  private pass(walk: Walk, { thing, place }: Item): void {
    if (place !== walk.place && walk.over !== 'list') walk.given = new Set();
    walk.place = place;
    walk.given.add(thing);
  }

  // --- Lists ------------------------------------------------------------------------------------------

  private move(route: Route, list: List | null): void {
    const before = route.list;
    if (before !== null) before.routes = before.routes.filter((other) => other !== route);
    route.list = list;
    list?.routes.push(route);
  }

  private insert(caller: Member, call: TableCallOf<'RtmInsertInRouteList'>): Reply {
    const list =
      call.RouteListHandle === null ? null : this.find(call.RouteListHandle, 'route-list');
    if (list === undefined) return bad(ERROR_INVALID_HANDLE);
    const routes = call.RouteHandles.map((token) => this.find(token, 'route'));
    const isRefused = (route: Route | undefined) =>
      route === undefined ||
      (route.owner !== caller && this.choices.foreignRoutes === 'refused') ||
      (route.list === list && list !== null && this.choices.twice === 'refused');
    const isTwice = new Set(routes).size < routes.length && this.choices.twice === 'refused';
    const isBad = isTwice || routes.some(isRefused);
    for (const route of routes) {
      if (isBad && (this.choices.partly === 'none' || isRefused(route))) {
        if (this.choices.partly === 'none' || this.choices.partly === 'up-to') break;
        continue;
      }
      if (route !== undefined) this.move(route, list);
    }
    return isBad ? bad(ERROR_INVALID_HANDLE) : { status: NO_ERROR };
  }

  // --- Change notification ----------------------------------------------------------------------------

  /** Looks at changes that wait to be looked at. */
  process(): void {
    for (const { sub, shot } of this.news.splice(0)) {
      if (sub.ended) continue;
      const isHeldBack = this.choices.again === 'at-release' && sub.fetched.includes(shot.dest);
      if (isHeldBack) sub.waiting.set(shot.dest, shot);
      else this.pend(sub, shot);
    }
  }

  private pend(sub: Sub, shot: Shot): void {
    sub.pending.set(shot.dest, shot);
    if (sub.announced && this.choices.announcing === 'when-drained') return;
    sub.announced = true;
    const { owner, call, handle } = sub;
    if (owner.callback === null) return;
    const event: EventCall = {
      name: 'event',
      EventCallback: owner.callback,
      RtmRegHandle: owner.handle,
      EventType: events.RTM_CHANGE_NOTIFICATION,
      Context1: handle,
      Context2: call.NotifyContext,
    };
    const isUseful = () => {
      if (sub.ended) return this.choices.underWay === 'comes';
      if (sub.pending.size > 0 || this.choices.useless === 'comes') return true;
      sub.announced = false;
      return false;
    };
    this.queue.push({ event, isUseful });
  }

  private answerSubscription(caller: Member, call: TableCall): Reply {
    if (call.name === 'RtmRegisterForChangeNotification') return this.subscribe(caller, call);
    if (!('NotifyHandle' in call) || call.name === 'RtmUpdateAndUnlockRoute')
      return bad(ERROR_NOT_SUPPORTED);
    if (call.name === 'RtmAddRouteToDest') return bad(ERROR_NOT_SUPPORTED);
    const sub = this.find(call.NotifyHandle, 'notification');
    if (sub === undefined || sub.ended) return bad(ERROR_INVALID_HANDLE);
    switch (call.name) {
      case 'RtmDeregisterFromChangeNotification':
        sub.ended = true;
        this.subs = this.subs.filter((other) => other !== sub);
        this.byToken.delete(call.NotifyHandle);
        return { status: NO_ERROR };
      case 'RtmGetChangedDests':
        return this.changes(sub, call.NumDests);
      case 'RtmReleaseChangedDests': {
        const reply = this.giveBack(call.ChangedDests.flatMap(tokensOf));
        for (const { DestAddress } of reply.status === 0 ? call.ChangedDests : [])
          this.giveBackDest(sub, this.destAt(DestAddress));
        return reply;
      }
      case 'RtmIgnoreChangedDests': {
        const dests = call.ChangedDests.map((token) => this.find(token, 'destination'));
        if (dests.includes(undefined)) return bad(ERROR_INVALID_HANDLE);
        this.process();
        for (const dest of dests) {
          if (dest === undefined) continue;
          sub.pending.delete(dest);
          sub.waiting.delete(dest);
        }
        return { status: NO_ERROR };
      }
      default:
        return this.answerMark(sub, call);
    }
  }

  private answerMark(sub: Sub, call: TableCall): Reply {
    const dest = 'DestHandle' in call ? this.find(call.DestHandle, 'destination') : undefined;
    if (dest === undefined) return bad(ERROR_INVALID_HANDLE);
    const count = sub.marks.get(dest) ?? 0;
    const isMarkedOnly = (sub.call.NotifyFlags & constants.RTM_NOTIFY_ONLY_MARKED_DESTS) !== 0;
    const { marks, uselessMark } = this.choices;
    switch (call.name) {
      case 'RtmMarkDestForChangeNotification': {
        if (!isMarkedOnly && uselessMark === 'refused') return bad(ERROR_INVALID_PARAMETER);
        if (!isMarkedOnly && uselessMark === 'ignored') return { status: NO_ERROR };
        if (marks === 'refused' && call.MarkDest === count > 0) return bad(ERROR_INVALID_PARAMETER);
        const counted = call.MarkDest ? count + 1 : Math.max(0, count - 1);
        const idempotent = call.MarkDest ? 1 : 0;
        sub.marks.set(dest, marks === 'counted' ? counted : idempotent);
        const isDropped = !call.MarkDest && isMarkedOnly && this.choices.unmarked === 'dropped';
        if (isDropped) sub.pending.delete(dest);
        return { status: NO_ERROR };
      }
      case 'RtmIsMarkedForChangeNotification':
        return done({ DestMarked: count > 0 });
      case 'RtmGetChangeStatus':
        if (isMarkedOnly && count === 0 && this.choices.uncovered === 'refused')
          return bad(ERROR_INVALID_PARAMETER);
        return done({ ChangeStatus: sub.pending.has(dest) });
      default:
        return bad(ERROR_NOT_SUPPORTED);
    }
  }

  private subscribe(owner: Member, call: TableCallOf<'RtmRegisterForChangeNotification'>): Reply {
    if ((call.TargetViews & ~3) !== 0) return bad(ERROR_NOT_SUPPORTED);
    const { noKinds, noViews, several } = this.choices;
    if ((call.NotifyFlags & 7) === 0 && noKinds === 'refused') return bad(ERROR_INVALID_PARAMETER);
    if (call.TargetViews === 0 && noViews === 'refused') return bad(ERROR_INVALID_PARAMETER);
    const hasOne = this.subs.some((sub) => sub.owner === owner);
    if (hasOne && several === 'one') return bad(ERROR_ACCESS_DENIED);
    const views = call.TargetViews === 0 && noViews === 'any' ? 3 : call.TargetViews;
    const sub: Sub = {
      kind: 'notification',
      owner,
      call,
      views,
      marks: new Map(),
      pending: new Map(),
      waiting: new Map(),
      fetched: [],
      handle: 0,
      announced: false,
      ended: false,
    };
    sub.handle = this.give(sub) ?? 0;
    this.subs.push(sub);
    return done({ NotifyHandle: sub.handle });
  }

  private changes(sub: Sub, asked: number): Reply {
    if (asked > BATCH_MAX && this.choices.manyChanges === 'refused')
      return bad(ERROR_INVALID_PARAMETER);
    if (asked === 0 && this.choices.zero === 'refused') return bad(ERROR_INVALID_PARAMETER);
    const wanted = Math.min(asked, BATCH_MAX);
    const taken = [...sub.pending.values()].slice(0, wanted);
    for (const { dest } of taken) {
      sub.pending.delete(dest);
      sub.fetched.push(dest);
    }
    const ChangedDests = taken.map((shot) =>
      this.describe(this.choices.shows === 'at-fetch' ? this.shoot(shot.dest) : shot, sub.views),
    );
    const isLast = sub.pending.size === 0;
    const isEnd =
      asked === 0
        ? this.choices.zero === 'end' && isLast
        : taken.length === 0 || (isLast && this.choices.end === 'with-last');
    if (isEnd) sub.announced = false;
    const out = { NumDests: taken.length, ChangedDests };
    return { status: isEnd ? ERROR_NO_MORE_ITEMS : NO_ERROR, out };
  }

  private giveBackDest(sub: Sub, dest: Dest | undefined): void {
    const at = dest === undefined ? -1 : sub.fetched.indexOf(dest);
    if (dest === undefined || at < 0) return;
    sub.fetched.splice(at, 1);
    const shot = sub.waiting.get(dest);
    if (shot === undefined || sub.fetched.includes(dest)) return;
    sub.waiting.delete(dest);
    this.pend(sub, this.choices.shows === 'at-fetch' ? this.shoot(dest) : shot);
  }

  // --- Methods and slots ------------------------------------------------------------------------------

  /** The methods that an invocation runs, by their places. */
  selected(
    call: TableCallOf<'RtmInvokeMethod'>,
  ): { readonly callee: Member; readonly at: readonly number[] } | undefined {
    const callee = this.find(call.EntityHandle, 'entity');
    if (callee === undefined) return undefined;
    const { MethodType } = call.Input;
    const isOdd = MethodType >= 2 ** callee.methods.length || MethodType === 0;
    if (isOdd && this.choices.unknownMethods === 'refused') return undefined;
    const at = [...callee.methods.keys()].filter((index) => (MethodType & (1 << index)) !== 0);
    return { callee, at };
  }

  isBlocking(member: Member): boolean {
    return member.blocks > 0;
  }

  slotOf(handle: number, destination: number): { value: unknown } | undefined {
    const member = this.members.find((one) => one.handle === handle);
    const dest = this.find(destination, 'destination');
    if (dest === undefined || member?.slots === null || member === undefined) return undefined;
    const slot = member.slots.get(dest) ?? { value: null };
    member.slots.set(dest, slot);
    return slot;
  }

  private answerOffer(
    caller: Member,
    call: CallOf<
      | 'RtmGetEntityMethods'
      | 'RtmInvokeMethod'
      | 'RtmBlockMethods'
      | 'RtmGetOpaqueInformationPointer'
    >,
  ): Reply {
    switch (call.name) {
      case 'RtmGetEntityMethods': {
        const entity = this.find(call.EntityHandle, 'entity');
        if (entity === undefined) return bad(ERROR_INVALID_HANDLE);
        const count = entity.methods.length;
        if (call.NumMethods >= count)
          return done({ NumMethods: count, ExptMethods: entity.methods });
        const isAsked = call.NumMethods === 0;
        if (isAsked && this.choices.askCount === 'succeeds') return done({ NumMethods: count });
        const shown = isAsked || this.choices.shortCount === 'exported' ? count : call.NumMethods;
        return { status: statuses.ERROR_INSUFFICIENT_BUFFER, out: { NumMethods: shown } };
      }
      case 'RtmInvokeMethod': {
        const run = this.selected(call);
        if (run === undefined) return bad(ERROR_INVALID_HANDLE);
        const Output = run.at.map((index) => ({
          MethodType: 2 ** index,
          MethodStatus: 0,
          OutputSize: 0,
          OutputData: [],
        }));
        return done({ OutputSize: 16 * Output.length, Output });
      }
      case 'RtmBlockMethods': {
        const isTargeted = call.TargetHandle !== null;
        const { target, blocks } = this.choices;
        if (isTargeted && target === 'refused') return bad(ERROR_INVALID_PARAMETER);
        if (isTargeted && target === 'nothing') return { status: NO_ERROR };
        const isBlock = call.BlockingFlag === constants.RTM_BLOCK_METHODS;
        const counted = isBlock ? caller.blocks + 1 : Math.max(0, caller.blocks - 1);
        caller.blocks = blocks === 'counted' ? counted : isBlock ? 1 : 0;
        return { status: NO_ERROR };
      }
      case 'RtmGetOpaqueInformationPointer': {
        if (this.find(call.DestHandle, 'destination') === undefined)
          return bad(ERROR_INVALID_HANDLE);
        const slot = this.slotOf(caller.handle, call.DestHandle);
        return slot === undefined ? bad(ERROR_NOT_FOUND) : done({ OpaqueInfoPointer: slot });
      }
    }
  }
}

function done(out: Out): Reply {
  return { status: NO_ERROR, out };
}

function bad(status: number): Reply {
  return { status };
}

function inView(views: number, view: number): boolean {
  return ((views >> view) & 1) === 1;
}

function isEqual(a: Content, b: Content): boolean {
  const brief = ({ hops, ...rest }: Content) =>
    JSON.stringify([rest, hops.map(({ bits }) => bits)]);
  return brief(a) === brief(b);
}

function byPreference(a: Route, b: Route): number {
  return a.content.preference - b.content.preference || a.content.metric - b.content.metric;
}

function byPlace(a: Item, b: Item): number {
  if (a.place === b.place) return 0;
  return a.place < b.place ? -1 : 1;
}

function choose(routes: readonly Route[], view: number, incumbent: Route | null): Route | null {
  const there = routes.filter(({ content }) => inView(content.views, view)).toSorted(byPreference);
  const [best] = there;
  if (best === undefined) return null;
  const isTied =
    incumbent !== null && there.includes(incumbent) && byPreference(incumbent, best) === 0;
  return isTied ? incumbent : best;
}

function namesOf(over: Walk['over']): readonly [string, string] {
  if (over === 'destinations') return ['NumDests', 'DestInfos'];
  return over === 'nexthops' ? ['NumNextHops', 'NextHopHandles'] : ['NumRoutes', 'RouteHandles'];
}

export function prefixOf({ NumBits, AddrBits }: NetAddress): string {
  const bits = AddrBits.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.slice(0, NumBits);
}

export function addressOf(prefix: string): NetAddress {
  const bytes = prefix.padEnd(128, '0').match(/.{8}/g) ?? [];
  const AddrBits = bytes.map((byte) => Number.parseInt(byte, 2));
  return { AddressFamily: 2, NumBits: prefix.length, AddrBits };
}

export function tokensOf(info: TableCallOf<'RtmReleaseDestInfo'>['DestInfo']): readonly number[] {
  return [
    info.DestHandle,
    ...info.ViewInfo.flatMap(({ Route: route, Owner, HoldRoute }) => [route, Owner, HoldRoute]),
  ].filter((token) => token !== null);
}
