/**
 * An RTM as simple as can be, for tests: lists that are searched from end to end, one call at a time, and
 * whatever reading it is told to take. It shares nothing with the model but the shapes of calls.
 */
import { constants, events, type NetAddress, statuses } from '../../../spec/index.ts';
import type { EntityInfo, EventCall, Out, Reply } from '../calls.ts';
import { record } from '../calls.ts';
import type { RecordedCall } from '../expand-history.ts';
import type { TableCall, TableCallOf } from './calls.ts';
import type { Choices } from './naive-choices.ts';

const { NO_ERROR, ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER } = statuses;
const { ERROR_NOT_FOUND, ERROR_NOT_SUPPORTED } = statuses;
const SUPPORTED = 3;
const HOPS_MAX = 2;
const FIXED_HOLD = 20_000;

interface Entity {
  readonly kind: 'entity';
  readonly info: EntityInfo;
  readonly handle: number;
  readonly callback: number | null;
  readonly policy: number;
  left: boolean;
}

interface Hop {
  readonly kind: 'nexthop';
  readonly owner: Entity;
  readonly address: NetAddress;
  readonly index: number;
  flags: number;
  specific: unknown;
  remote: Dest | null;
  present: boolean;
}

interface Content {
  neighbour: Hop | null;
  flags: number;
  metric: number;
  preference: number;
  views: number;
  shownViews: number;
  specific: unknown;
  hops: readonly Hop[];
}

interface Route {
  readonly kind: 'route';
  readonly dest: Dest;
  readonly owner: Entity;
  content: Content;
  written: Content | null;
  present: boolean;
  held: boolean;
  locked: boolean;
  stamp: number;
  expires: number | null;
  span: number;
}

interface Dest {
  readonly kind: 'destination';
  readonly prefix: string;
  routes: Route[];
  best: (Route | null)[];
  mark: { views: number; time: number } | null;
  holds: ({ route: Route; until: number } | null)[];
  changed: number;
}

type Thing = Entity | Hop | Route | Dest;

export class NaiveRtm {
  readonly choices: Choices;
  now = 0;
  /** Callbacks to be made, in order. */
  readonly queue: {
    readonly event: EventCall;
    readonly route: Route;
    readonly isOwner: boolean;
  }[] = [];
  /** Events of entities to be told. */
  readonly news: EventCall[] = [];
  private readonly entities: Entity[] = [];
  private dests: Dest[] = [];
  private hops: Hop[] = [];
  private readonly byToken = new Map<number, { thing: Thing; count: number }>();
  private readonly spare: number[] = [];
  private next = 1;
  private stamps = 0;

  constructor(choices: Choices) {
    this.choices = choices;
  }

  answer(call: RecordedCall): Reply {
    switch (call.name) {
      case 'RtmRegisterEntity':
        return this.register(call.RtmEntityInfo, call.EventCallback);
      case 'RtmDeregisterEntity':
        return this.deregister(call.RtmRegHandle);
      case 'RtmReferenceHandles':
        return this.reference(call.RtmRegHandle, call.RtmHandles);
      case 'RtmReleaseEntities':
        return this.giveBack(call.RtmRegHandle, call.EntityHandles);
      case 'write.route':
        this.write(call.RouteHandle, call.fields);
        return { status: NO_ERROR };
      default: {
        const caller = this.caller('RtmRegHandle' in call ? call.RtmRegHandle : 0);
        if (caller === undefined) return { status: ERROR_INVALID_HANDLE };
        return this.answerTable(caller, call as TableCall);
      }
    }
  }

  // --- Handles ----------------------------------------------------------------------------------------

  private caller(handle: number): Entity | undefined {
    return this.entities.find((entity) => !entity.left && entity.handle === handle);
  }

  private newToken(): number {
    const spare = this.choices.handles === 'reused' ? this.spare.shift() : undefined;
    if (spare !== undefined) return spare;
    this.next += 1;
    return this.next;
  }

  /** A handle of a thing with a reference. */
  private give(thing: Thing | null): number | null {
    if (thing === null) return null;
    if (this.choices.handles !== 'fresh') {
      for (const [token, entry] of this.byToken) {
        if (entry.thing !== thing) continue;
        entry.count += 1;
        return token;
      }
    }
    const token = this.newToken();
    this.byToken.set(token, { thing, count: 1 });
    return token;
  }

  private take(token: unknown): boolean {
    const entry = this.byToken.get(Number(token));
    if (entry === undefined) return false;
    entry.count -= 1;
    if (entry.count === 0 && (this.choices.handles === 'fresh' || !isAlive(entry.thing))) {
      this.byToken.delete(Number(token));
      if (entry.thing.kind !== 'entity') this.spare.push(Number(token));
    }
    return true;
  }

  private find<Kind extends Thing['kind']>(
    token: unknown,
    kind: Kind,
  ): Extract<Thing, { kind: Kind }> | undefined {
    const thing = this.byToken.get(Number(token))?.thing;
    // The kind has just been compared.
    return thing?.kind === kind ? (thing as Extract<Thing, { kind: Kind }>) : undefined;
  }

  private giveBack(handle: number, tokens: readonly unknown[]): Reply {
    if (this.caller(handle) === undefined) return { status: ERROR_INVALID_HANDLE };
    const isBad = tokens.some((token) => !this.byToken.has(Number(token)));
    if (isBad) return { status: ERROR_INVALID_HANDLE };
    for (const token of tokens) this.take(token);
    return { status: NO_ERROR };
  }

  private reference(handle: number, tokens: readonly number[]): Reply {
    if (this.caller(handle) === undefined) return { status: ERROR_INVALID_HANDLE };
    const entries = tokens.map((token) => this.byToken.get(token));
    if (entries.includes(undefined)) return { status: ERROR_INVALID_HANDLE };
    for (const entry of entries) if (entry !== undefined) entry.count += 1;
    return { status: NO_ERROR };
  }

  // --- Entities ---------------------------------------------------------------------------------------

  private register(info: EntityInfo | null, callback: number | null): Reply {
    if (info === null) return { status: ERROR_INVALID_PARAMETER };
    const handle = this.newToken();
    const policy = 10 + (info.EntityId.EntityProtocolId % 7);
    const entity: Entity = { kind: 'entity', info, handle, callback, policy, left: false };
    this.announce(entity, events.RTM_ENTITY_REGISTERED);
    this.entities.push(entity);
    this.byToken.set(handle, { thing: entity, count: 1 });
    const RtmRegProfile = {
      MaxNextHopsInRoute: HOPS_MAX,
      MaxHandlesInEnum: 10,
      ViewsSupported: SUPPORTED,
      NumberOfViews: 2,
    };
    return { status: NO_ERROR, out: { RtmRegHandle: handle, RtmRegProfile } };
  }

  private deregister(handle: number): Reply {
    const entity = this.caller(handle);
    if (entity === undefined) return { status: ERROR_INVALID_HANDLE };
    const owned = this.dests.flatMap(({ routes }) => routes).filter((r) => r.owner === entity);
    if (this.choices.leaving === 'refused' && owned.length > 0)
      return { status: ERROR_INVALID_PARAMETER };
    entity.left = true;
    this.announce(entity, events.RTM_ENTITY_DEREGISTERED);
    if (this.choices.leftBehind === 'deleted') {
      for (const route of owned) this.remove(route);
      for (const hop of this.hops) if (hop.owner === entity) hop.present = false;
    }
    return { status: NO_ERROR };
  }

  private announce(entity: Entity, EventType: number): void {
    for (const receiver of this.entities) {
      if (receiver.left || receiver.callback === null) continue;
      this.news.push({
        name: 'event',
        EventCallback: receiver.callback,
        RtmRegHandle: receiver.handle,
        EventType,
        Context1: entity.handle,
        Context2: entity.info,
      });
    }
  }

  // --- Routes -----------------------------------------------------------------------------------------

  private answerTable(caller: Entity, call: TableCall): Reply {
    const isFar = 'DestAddress' in call && (call.DestAddress?.NumBits ?? 0) > 32;
    if (isFar && call.name !== 'RtmAddRouteToDest') return { status: ERROR_NOT_FOUND };
    switch (call.name) {
      case 'RtmAddRouteToDest':
        return this.addRoute(caller, call);
      case 'RtmDeleteRouteToDest':
        return this.deleteRoute(caller, call.RouteHandle);
      case 'RtmLockRoute':
        return this.lockRoute(caller, call);
      case 'RtmUpdateAndUnlockRoute':
        return this.commit(caller, call);
      case 'RtmGetRoutePointer': {
        const route = this.find(call.RouteHandle, 'route');
        if (route === undefined) return { status: ERROR_INVALID_HANDLE };
        if (route.owner !== caller) return { status: ERROR_ACCESS_DENIED };
        if (this.isRefused(route)) return { status: ERROR_INVALID_HANDLE };
        return done({ RoutePointer: this.describe(route, false) });
      }
      case 'RtmIsBestRoute': {
        const route = this.find(call.RouteHandle, 'route');
        if (route === undefined || this.isRefused(route)) return { status: ERROR_INVALID_HANDLE };
        const views = [0, 1].filter((view) => route.dest.best[view] === route);
        return done({ BestInViews: views.reduce((mask, view) => mask | (1 << view), 0) });
      }
      case 'RtmGetRouteInfo': {
        const route = this.find(call.RouteHandle, 'route');
        if (route === undefined || this.isRefused(route)) return { status: ERROR_INVALID_HANDLE };
        return done({
          ...(call.RouteInfo === null ? {} : { RouteInfo: this.describe(route, true) }),
          ...(call.DestAddress === null ? {} : { DestAddress: addressOf(route.dest.prefix) }),
        });
      }
      case 'RtmReleaseRouteInfo':
        return this.giveBack(call.RtmRegHandle, tokensOfRoute(call.RouteInfo));
      case 'RtmReleaseRoutes':
        return this.giveBack(call.RtmRegHandle, call.RouteHandles);
      case 'RtmReleaseDestInfo':
        return this.giveBack(call.RtmRegHandle, tokensOfDest(call.DestInfo));
      case 'RtmReleaseNextHops':
        return this.giveBack(call.RtmRegHandle, call.NextHopHandles);
      case 'RtmReleaseNextHopInfo': {
        const { NextHopOwner, RemoteNextHop } = call.NextHopInfo;
        return this.giveBack(call.RtmRegHandle, present([NextHopOwner, RemoteNextHop]));
      }
      case 'RtmGetDestInfo': {
        const dest = this.find(call.DestHandle, 'destination');
        if (dest === undefined || !this.isReadable(dest)) return { status: ERROR_INVALID_HANDLE };
        return this.deliver(caller, dest, call.ProtocolId, call.TargetViews);
      }
      case 'RtmGetExactMatchDestination': {
        const prefix = prefixOf(call.DestAddress);
        const found = this.dests.filter((dest) => dest.prefix === prefix);
        return this.search(caller, found, call.ProtocolId, call.TargetViews);
      }
      case 'RtmGetMostSpecificDestination': {
        const prefix = prefixOf(call.DestAddress);
        const found = this.dests.filter((dest) => prefix.startsWith(dest.prefix));
        return this.search(caller, found, call.ProtocolId, call.TargetViews);
      }
      case 'RtmGetLessSpecificDestination': {
        const start = this.find(call.DestHandle, 'destination');
        if (start === undefined || !this.isReadable(start))
          return { status: ERROR_INVALID_PARAMETER };
        const found = this.dests.filter(
          (dest) =>
            dest.prefix.length < start.prefix.length && start.prefix.startsWith(dest.prefix),
        );
        return this.search(caller, found, call.ProtocolId, call.TargetViews);
      }
      case 'RtmGetExactMatchRoute':
        return this.match(caller, call);
      case 'RtmHoldDestination':
        return this.hold(call);
      default:
        return this.answerHops(caller, call);
    }
  }

  private isRefused(route: Route): boolean {
    return !route.present && this.choices.deleted === 'refused';
  }

  private readContent(caller: Entity, value: unknown): Content | number {
    const info = record(value) ?? {};
    const preferences = record(info['PrefInfo']) ?? {};
    const list = record(info['NextHopsList']);
    const tokens = (list?.['NextHops'] ?? []) as readonly unknown[];
    const hops = tokens.map((token) => this.find(token, 'nexthop'));
    const neighbour =
      info['Neighbour'] === null ? null : (this.find(info['Neighbour'], 'nexthop') ?? null);
    const known = hops.filter((hop) => hop !== undefined);
    const { noViews, badViews, noHops, manyHops, foreignHops, routeOwner } = this.choices;
    if (known.length < hops.length) return ERROR_INVALID_HANDLE;
    if (hops.length === 0 && noHops === 'refused') return ERROR_INVALID_PARAMETER;
    if (hops.length > HOPS_MAX && manyHops === 'refused') return ERROR_INVALID_PARAMETER;
    const isForeign = [...known, neighbour].some((hop) => hop !== null && hop.owner !== caller);
    if (isForeign && foreignHops === 'refused') return ERROR_ACCESS_DENIED;
    const owner = info['RouteOwner'] === null ? caller : this.find(info['RouteOwner'], 'entity');
    if (owner !== caller && routeOwner === 'checked') return ERROR_ACCESS_DENIED;
    const given = Number(info['BelongsToViews']);
    if (given === 0 && noViews === 'refused') return ERROR_INVALID_PARAMETER;
    if ((given & ~SUPPORTED) !== 0 && badViews === 'refused') return ERROR_INVALID_PARAMETER;
    const views = given === 0 && noViews === 'all' ? SUPPORTED : given & SUPPORTED;
    const preference = this.preferenceOf(caller, Number(preferences['Preference']));
    return {
      neighbour,
      flags: Number(info['Flags']),
      metric: Number(preferences['Metric']),
      preference,
      views,
      shownViews: given === 0 ? given : views,
      specific: info['EntitySpecificInfo'],
      hops: known.slice(0, HOPS_MAX),
    };
  }

  private preferenceOf(caller: Entity, given: number): number {
    const { preference } = this.choices;
    if (preference === 'policy') return caller.policy;
    return preference === 'policy-if-zero' && given === 0 ? caller.policy : given;
  }

  private addRoute(caller: Entity, call: TableCallOf<'RtmAddRouteToDest'>): Reply {
    const content = this.readContent(caller, call.RouteInfo);
    if (typeof content === 'number') return { status: content };
    if (call.TimeToLive === 0 && this.choices.zeroTime === 'refused')
      return { status: ERROR_INVALID_PARAMETER };
    const flags = call.ChangeFlags;
    if (call.RouteHandle !== undefined && call.RouteHandle !== null)
      return this.updateByHandle(caller, call, content);
    const { DestAddress } = call;
    if (DestAddress.NumBits > 32 || DestAddress.AddressFamily !== 2)
      return { status: ERROR_INVALID_PARAMETER };
    const prefix = prefixOf(DestAddress);
    const dest = this.dests.find((one) => one.prefix === prefix) ?? newDest(prefix);
    const own = dest.routes.filter((route) => route.owner === caller);
    const equal = own.find((route) => route.content.neighbour === content.neighbour);
    const first = this.firstOf(own);
    const isFirst = (flags & constants.RTM_ROUTE_CHANGE_FIRST) !== 0;
    const isNew = (flags & constants.RTM_ROUTE_CHANGE_NEW) !== 0;
    const { changeNew, changeBoth, firstNeighbour } = this.choices;
    let target = isFirst ? first : equal;
    if (isNew && isFirst) {
      if (changeBoth === 'refused') return { status: ERROR_INVALID_PARAMETER };
      if (changeBoth === 'new') target = undefined;
    } else if (isNew) {
      if (changeNew === 'refused') return { status: ERROR_INVALID_PARAMETER };
      if (changeNew === 'forced') target = undefined;
    }
    if (target !== undefined) {
      const keeps = isFirst && firstNeighbour === 'keeps';
      const kept = keeps ? { ...content, neighbour: target.content.neighbour } : content;
      const ChangeFlags = this.update(target, kept, call.TimeToLive);
      const handle = call.RouteHandle === null ? {} : { RouteHandle: this.give(target) };
      return done({ ChangeFlags, ...handle });
    }
    return this.create(caller, call, dest, content);
  }

  private firstOf(own: readonly Route[]): Route | undefined {
    if (this.choices.firstOf === 'oldest') return own[0];
    if (this.choices.firstOf === 'newest') return own.at(-1);
    return own.toSorted(
      (a, b) => a.content.preference - b.content.preference || a.content.metric - b.content.metric,
    )[0];
  }

  private create(
    caller: Entity,
    call: TableCallOf<'RtmAddRouteToDest'>,
    dest: Dest,
    content: Content,
  ): Reply {
    if (!this.dests.includes(dest)) this.dests.push(dest);
    const route: Route = {
      kind: 'route',
      dest,
      owner: caller,
      content,
      written: null,
      present: true,
      held: false,
      locked: false,
      stamp: 0,
      expires: null,
      span: 0,
    };
    this.time(route, call.TimeToLive, true);
    const before = [...dest.best];
    dest.routes.push(route);
    const best = this.settle(dest, route, before, true);
    const handle = call.RouteHandle === null ? {} : { RouteHandle: this.give(route) };
    return done({ ChangeFlags: constants.RTM_ROUTE_CHANGE_NEW | best, ...handle });
  }

  private updateByHandle(
    caller: Entity,
    call: TableCallOf<'RtmAddRouteToDest'>,
    content: Content,
  ): Reply {
    const route = this.find(call.RouteHandle, 'route');
    if (route === undefined) return { status: ERROR_INVALID_HANDLE };
    if (route.owner !== caller) return { status: ERROR_ACCESS_DENIED };
    if (!route.present) return { status: ERROR_INVALID_HANDLE };
    const { otherAddress, otherNeighbour, updateCounts } = this.choices;
    if (otherAddress === 'checked' && prefixOf(call.DestAddress) !== route.dest.prefix)
      return { status: ERROR_INVALID_PARAMETER };
    const isOther = route.content.neighbour !== content.neighbour;
    if (isOther && otherNeighbour === 'refused') return { status: ERROR_INVALID_PARAMETER };
    const isKept = isOther && otherNeighbour === 'kept';
    const kept = isKept ? { ...content, neighbour: route.content.neighbour } : content;
    const ChangeFlags = this.update(route, kept, call.TimeToLive);
    const entry = this.byToken.get(Number(call.RouteHandle));
    if (updateCounts === 'one' && entry !== undefined && this.choices.handles !== 'fresh')
      entry.count += 1;
    return done({ ChangeFlags, RouteHandle: call.RouteHandle });
  }

  private update(route: Route, content: Content, timeToLive: number): number {
    const before = [...route.dest.best];
    const isSame = JSON.stringify(briefly(route.content)) === JSON.stringify(briefly(content));
    route.content = content;
    route.written = null;
    this.time(route, timeToLive, false);
    return this.settle(route.dest, route, before, !isSame);
  }

  private time(route: Route, timeToLive: number, isNew: boolean): void {
    if (timeToLive === 0 && this.choices.zeroTime === 'unchanged') {
      if (isNew) route.expires = null;
      return;
    }
    route.span = timeToLive;
    route.expires = timeToLive === constants.INFINITE ? null : this.now + timeToLive;
  }

  /** Chooses the best routes anew; RTM_ROUTE_CHANGE_BEST if that is to be told. */
  private settle(
    dest: Dest,
    touched: Route,
    before: readonly (Route | null)[],
    isChanged: boolean,
  ): number {
    this.stamps += 1;
    touched.stamp = this.stamps;
    dest.best = [0, 1].map((view) => this.choose(dest.routes, view, dest.best[view] ?? null));
    const isOther = dest.best.some((best, view) => best !== (before[view] ?? null));
    if (isOther) dest.changed = this.now * 10 + 1;
    const isTouched = [...before, ...dest.best].includes(touched);
    const { bestFlag } = this.choices;
    const isTold =
      isOther ||
      (bestFlag === 'touched' && isTouched) ||
      (bestFlag === 'content' && isTouched && isChanged);
    return isTold ? constants.RTM_ROUTE_CHANGE_BEST : 0;
  }

  private choose(routes: readonly Route[], view: number, incumbent: Route | null): Route | null {
    const isOut = ({ content }: Route) =>
      this.choices.inactive === 'never-best' &&
      (content.flags & constants.RTM_ROUTE_FLAGS_INACTIVE) !== 0;
    const there = routes.filter(
      (route) => (route.content.views & (1 << view)) !== 0 && !isOut(route),
    );
    const least = there.toSorted(byPreference)[0];
    if (least === undefined) return null;
    const ties = there.filter((route) => byPreference(route, least) === 0);
    if (incumbent !== null && this.choices.tie === 'incumbent' && ties.includes(incumbent))
      return incumbent;
    const byStamp = ties.toSorted((a, b) => a.stamp - b.stamp);
    return (this.choices.tie === 'newest' ? byStamp.at(-1) : byStamp[0]) ?? null;
  }

  private deleteRoute(caller: Entity, handle: unknown): Reply {
    const route = this.find(handle, 'route');
    if (route === undefined) return { status: ERROR_INVALID_HANDLE };
    if (route.owner !== caller) return { status: ERROR_ACCESS_DENIED };
    if (!route.present) {
      const isFound = this.choices.deletedStatus === 'not-found';
      return { status: isFound ? ERROR_NOT_FOUND : ERROR_INVALID_HANDLE };
    }
    const ChangeFlags = this.remove(route);
    this.take(handle);
    return done({ ChangeFlags });
  }

  private remove(route: Route): number {
    const { dest } = route;
    const before = [...dest.best];
    const had = [0, 1].filter((view) => dest.routes.some((r) => (r.content.views >> view) & 1));
    dest.routes = dest.routes.filter((other) => other !== route);
    route.present = false;
    route.expires = null;
    const flags = this.settle(dest, route, before, true);
    this.beginHold(dest, route, had);
    return flags;
  }

  private beginHold(dest: Dest, route: Route, had: readonly number[]): void {
    const { mark } = dest;
    if (mark === null) return;
    const { holdBegins, holdViews, holdTime, holdSecond, holdMark } = this.choices;
    if (holdBegins === 'whole' && dest.routes.length > 0) return;
    const views = had.filter(
      (view) =>
        (route.content.views >> view) & 1 &&
        dest.routes.every((other) => ((other.content.views >> view) & 1) === 0) &&
        (holdViews === 'all' || (mark.views >> view) & 1),
    );
    if (views.length === 0) return;
    const until = this.now + (holdTime === 'fixed' ? FIXED_HOLD : mark.time);
    for (const view of views) {
      if (holdSecond === 'stays' && dest.holds[view] !== null) continue;
      dest.holds[view] = { route, until };
    }
    if (holdMark === 'used-up') dest.mark = null;
  }

  private lockRoute(caller: Entity, call: TableCallOf<'RtmLockRoute'>): Reply {
    const route = this.find(call.RouteHandle, 'route');
    if (route === undefined) return { status: ERROR_INVALID_HANDLE };
    if (route.owner !== caller) return { status: ERROR_ACCESS_DENIED };
    if (this.isRefused(route)) return { status: ERROR_INVALID_HANDLE };
    if (!call.LockRoute && !route.locked) return { status: ERROR_INVALID_PARAMETER };
    route.locked = call.LockRoute;
    if (!call.LockRoute && route.written !== null) {
      if (this.choices.uncommitted === 'stay') route.content = route.written;
      route.written = null;
    }
    const isWanted = call.LockRoute && call.RoutePointer !== null;
    return done(isWanted ? { RoutePointer: this.describe(route, false) } : {});
  }

  private write(handle: number, fields: object): void {
    const route = this.find(handle, 'route');
    if (route === undefined) return;
    const base = route.written ?? route.content;
    const given: Out = { ...fields };
    const preferences = record(given['PrefInfo']);
    const views = Number(given['BelongsToViews'] ?? base.shownViews) & SUPPORTED;
    route.written = {
      ...base,
      ...(preferences === undefined
        ? {}
        : {
            metric: Number(preferences['Metric']),
            preference: this.preferenceOf(route.owner, Number(preferences['Preference'])),
          }),
      ...('BelongsToViews' in given ? { views, shownViews: views } : {}),
      ...('EntitySpecificInfo' in given ? { specific: given['EntitySpecificInfo'] } : {}),
    };
  }

  private byTokenOf(thing: Thing | null): number | null {
    for (const [token, entry] of this.byToken) if (entry.thing === thing) return token;
    return null;
  }

  private commit(caller: Entity, call: TableCallOf<'RtmUpdateAndUnlockRoute'>): Reply {
    const route = this.find(call.RouteHandle, 'route');
    if (route === undefined) return { status: ERROR_INVALID_HANDLE };
    if (route.owner !== caller) return { status: ERROR_ACCESS_DENIED };
    if (!route.present || (!route.locked && this.choices.notLocked === 'refused'))
      return { status: ERROR_INVALID_PARAMETER };
    if (call.TimeToLive === 0 && this.choices.zeroTime === 'refused')
      return { status: ERROR_INVALID_PARAMETER };
    route.locked = false;
    return done({
      ChangeFlags: this.update(route, route.written ?? route.content, call.TimeToLive),
    });
  }

  private describe(route: Route, isCounted: boolean): Out {
    const give = (thing: Thing | null) => (isCounted ? this.give(thing) : this.peek(thing));
    return {
      DestHandle: give(route.dest),
      RouteOwner: give(route.owner),
      State: route.present ? 0 : 2,
      Flags1: 0,
      ...this.describeContent(isCounted ? route.content : (route.written ?? route.content), give),
    };
  }

  /** A handle without a reference: one that is about, or a value that means nothing. */
  private peek(thing: Thing | null): number | null {
    return thing === null ? null : (this.byTokenOf(thing) ?? 1_000_000);
  }

  private describeContent(content: Content, give: (thing: Thing | null) => number | null): Out {
    return {
      Neighbour: give(content.neighbour),
      Flags: content.flags,
      PrefInfo: { Metric: content.metric, Preference: content.preference },
      BelongsToViews: content.shownViews,
      EntitySpecificInfo: content.specific,
      NextHopsList: { NumNextHops: content.hops.length, NextHops: content.hops.map(give) },
    };
  }

  // --- Destinations -----------------------------------------------------------------------------------

  private isReadable(dest: Dest): boolean {
    const isHeld = dest.holds.some((hold) => hold !== null);
    return dest.routes.length > 0 || isHeld || this.choices.empty === 'lingers';
  }

  private search(caller: Entity, found: readonly Dest[], protocol: number, views: number): Reply {
    const seen = found.filter((dest) => this.isSeen(dest, views));
    const [longest] = seen.toSorted((a, b) => b.prefix.length - a.prefix.length);
    if (longest === undefined) return { status: ERROR_NOT_FOUND };
    return this.deliver(caller, longest, protocol, views);
  }

  private isSeen(dest: Dest, views: number): boolean {
    const { otherViews, holdFound, empty } = this.choices;
    const has = dest.routes.reduce((mask, route) => mask | route.content.views, 0);
    if (dest.routes.length > 0) return views === 0 || otherViews === 'found' || (has & views) !== 0;
    if (dest.holds.some((hold) => hold !== null)) {
      if (holdFound === 'present') return true;
      if (holdFound === 'absent-in-views') return views === 0;
      return false;
    }
    const isHeld = [...this.byToken.values()].some(
      (entry) => entry.thing === dest && entry.count > 0,
    );
    return empty === 'lingers' && isHeld;
  }

  private deliver(caller: Entity, dest: Dest, protocol: number, views: number): Reply {
    if ((views & ~SUPPORTED) !== 0 && this.choices.strangeViews === 'refused')
      return { status: ERROR_NOT_SUPPORTED };
    const belongs = dest.routes.reduce((mask, route) => mask | route.content.views, 0);
    const shown = [0, 1].filter(
      (view) =>
        (views >> view) & 1 &&
        (this.choices.elements === 'asked' || (belongs >> view) & 1 || dest.holds[view]),
    );
    const ViewInfo = shown.map((view) => this.element(caller, dest, protocol, view));
    return done({
      DestInfo: {
        DestHandle: this.give(dest),
        DestAddress: addressOf(dest.prefix),
        LastChanged: dest.changed,
        BelongsToViews: belongs,
        NumberOfViews: ViewInfo.length,
        ViewInfo,
      },
    });
  }

  private element(caller: Entity, dest: Dest, protocol: number, view: number): Out {
    const ofProtocol = dest.routes.filter((route) => {
      if (protocol === constants.RTM_BEST_PROTOCOL) return true;
      if (protocol !== constants.RTM_THIS_PROTOCOL)
        return route.owner.info.EntityId.EntityProtocolId === protocol;
      return this.choices.thisProtocol === 'caller'
        ? route.owner === caller
        : route.owner.info.EntityId.EntityProtocolId === caller.info.EntityId.EntityProtocolId;
    });
    const isAll = protocol === constants.RTM_BEST_PROTOCOL;
    const best = isAll ? (dest.best[view] ?? null) : this.choose(ofProtocol, view, null);
    const counted = this.choices.numRoutes === 'all' ? dest.routes : ofProtocol;
    const hold = dest.holds[view] ?? null;
    const held = this.choices.holdCounts === 'counted' && hold !== null ? 1 : 0;
    return {
      ViewId: view,
      NumRoutes: counted.filter((route) => (route.content.views >> view) & 1).length + held,
      Route: this.give(best),
      Owner: this.give(best?.owner ?? null),
      DestFlags: 0,
      HoldRoute: this.give(hold?.route ?? null),
    };
  }

  private match(caller: Entity, call: TableCallOf<'RtmGetExactMatchRoute'>): Reply {
    const prefix = prefixOf(call.DestAddress);
    const dest = this.dests.find((one) => one.prefix === prefix);
    const { matchNull, matchPick, matchHeld } = this.choices;
    const { RouteInfo: info, MatchingFlags: flags } = call;
    const asked = [
      [constants.RTM_MATCH_OWNER, info.RouteOwner],
      [constants.RTM_MATCH_NEIGHBOUR, info.Neighbour],
      [constants.RTM_MATCH_NEXTHOP, info.NextHopsList.NextHops[0] ?? null],
    ] as const;
    const isNull = asked.some(([flag, value]) => (flags & flag) !== 0 && value === null);
    if (isNull && matchNull === 'refused') return { status: ERROR_INVALID_PARAMETER };
    if ((call.TargetViews & ~SUPPORTED) !== 0 && this.choices.strangeViews === 'refused')
      return { status: ERROR_NOT_SUPPORTED };
    const held = (dest?.holds ?? []).flatMap((hold) => (hold === null ? [] : [hold.route]));
    const pool = [
      ...(dest?.routes ?? []),
      ...(matchHeld === 'with-any' && call.TargetViews === 0 ? held : []),
    ];
    const found = pool.filter(
      (route) =>
        (call.TargetViews === 0 || (route.content.views & call.TargetViews) !== 0) &&
        this.isMatch(route, call),
    );
    const picked =
      matchPick === 'best'
        ? found.toSorted(byPreference)[0]
        : found.at(matchPick === 'first' ? 0 : -1);
    if (picked === undefined || caller.left) return { status: ERROR_NOT_FOUND };
    const handle = call.RouteHandle === null ? {} : { RouteHandle: this.give(picked) };
    return done({ RouteInfo: this.describe(picked, true), ...handle });
  }

  private isMatch(route: Route, call: TableCallOf<'RtmGetExactMatchRoute'>): boolean {
    const { RouteInfo: info, MatchingFlags: flags } = call;
    const { matchNull, matchPref, matchHops, matchFull } = this.choices;
    const isWild = (value: unknown) => value === null && matchNull === 'wildcard';
    const { content } = route;
    const owner = info.RouteOwner === null ? null : this.find(info.RouteOwner, 'entity');
    if ((flags & constants.RTM_MATCH_OWNER) !== 0 && !isWild(owner) && owner !== route.owner)
      return false;
    const neighbour = info.Neighbour === null ? null : this.find(info.Neighbour, 'nexthop');
    if (
      (flags & constants.RTM_MATCH_NEIGHBOUR) !== 0 &&
      !isWild(neighbour) &&
      neighbour !== content.neighbour
    )
      return false;
    if ((flags & constants.RTM_MATCH_PREF) !== 0) {
      if (info.PrefInfo.Preference !== content.preference) return false;
      if (matchPref === 'both' && info.PrefInfo.Metric !== content.metric) return false;
    }
    if ((flags & constants.RTM_MATCH_NEXTHOP) !== 0) {
      const wanted = info.NextHopsList.NextHops.map((token) => this.find(token, 'nexthop'));
      const isEmpty = wanted.length === 0 && matchNull === 'wildcard';
      const has = (hop: Hop | undefined) => hop !== undefined && content.hops.includes(hop);
      const isList =
        wanted.length === content.hops.length &&
        wanted.every((hop, at) => hop === content.hops[at]);
      const isSet = wanted.every(has) && content.hops.every((hop) => wanted.includes(hop));
      const isCommon = isList || wanted.some(has);
      const isFirst = wanted[0] === content.hops[0];
      const answers = { list: isList, set: isSet, common: isCommon, first: isFirst };
      if (!isEmpty && !answers[matchHops]) return false;
    }
    const isFull = flags === constants.RTM_MATCH_FULL;
    const looks =
      (flags & constants.RTM_MATCH_INTERFACE) !== 0 && !(isFull && matchFull === 'four');
    return !looks || content.hops.some((hop) => hop.index === call.InterfaceIndex);
  }

  private hold(call: TableCallOf<'RtmHoldDestination'>): Reply {
    const dest = this.find(call.DestHandle, 'destination');
    if (dest === undefined) return { status: ERROR_INVALID_HANDLE };
    if (call.HoldTime === 0) return { status: ERROR_INVALID_PARAMETER };
    const { holdNoViews, holdAgain, holdTime } = this.choices;
    const isOdd = call.TargetViews === 0 || (call.TargetViews & ~SUPPORTED) !== 0;
    if (isOdd && holdNoViews === 'refused') return { status: ERROR_INVALID_PARAMETER };
    if (call.TargetViews === 0 && holdNoViews === 'no-effect') return { status: NO_ERROR };
    const views = call.TargetViews === 0 ? SUPPORTED : call.TargetViews & SUPPORTED;
    const before = dest.mark;
    const isAdded = holdAgain === 'extends' || holdTime === 'largest';
    const time = isAdded ? Math.max(before?.time ?? 0, call.HoldTime) : call.HoldTime;
    dest.mark = { views: holdAgain === 'extends' ? (before?.views ?? 0) | views : views, time };
    return { status: NO_ERROR };
  }

  // --- Next hops --------------------------------------------------------------------------------------

  private answerHops(caller: Entity, call: TableCall): Reply {
    switch (call.name) {
      case 'RtmAddNextHop':
        return this.addHop(caller, call);
      case 'RtmFindNextHop': {
        const { NextHopAddress, InterfaceIndex } = call.NextHopInfo;
        const all = this.hopsAt(NextHopAddress, InterfaceIndex);
        const own = all.find((hop) => hop.owner === caller);
        const isDenied = all.length > 0 && this.choices.hopOfOthers === 'access-denied';
        if (own === undefined) return { status: isDenied ? ERROR_ACCESS_DENIED : ERROR_NOT_FOUND };
        return done({
          ...(call.NextHopHandle === null ? {} : { NextHopHandle: this.give(own) }),
          ...(call.NextHopPointer === null ? {} : { NextHopPointer: this.describeHop(own, false) }),
        });
      }
      case 'RtmDeleteNextHop': {
        const { NextHopHandle, NextHopInfo } = call;
        if (NextHopHandle === null) {
          if (NextHopInfo === null) return { status: ERROR_NOT_FOUND };
          const all = this.hopsAt(NextHopInfo.NextHopAddress, NextHopInfo.InterfaceIndex);
          const own = all.find((hop) => hop.owner === caller);
          if (own === undefined) return { status: ERROR_NOT_FOUND };
          own.present = false;
          return { status: NO_ERROR };
        }
        const hop = this.find(NextHopHandle, 'nexthop');
        if (hop === undefined) return { status: ERROR_INVALID_HANDLE };
        if (hop.owner !== caller) return { status: ERROR_ACCESS_DENIED };
        if (!hop.present) return { status: ERROR_NOT_FOUND };
        hop.present = false;
        this.take(NextHopHandle);
        return { status: NO_ERROR };
      }
      case 'RtmGetNextHopInfo': {
        const hop = this.find(call.NextHopHandle, 'nexthop');
        return hop === undefined
          ? { status: ERROR_INVALID_HANDLE }
          : done({ NextHopInfo: this.describeHop(hop, true) });
      }
      case 'RtmGetNextHopPointer':
      case 'RtmLockNextHop': {
        const hop = this.find(call.NextHopHandle, 'nexthop');
        if (hop === undefined) return { status: ERROR_INVALID_HANDLE };
        if (hop.owner !== caller) return { status: ERROR_ACCESS_DENIED };
        return done({ NextHopPointer: this.describeHop(hop, false) });
      }
      default:
        return { status: ERROR_NOT_SUPPORTED };
    }
  }

  private hopsAt(address: NetAddress, index: number): readonly Hop[] {
    const text = JSON.stringify(address);
    return this.hops.filter(
      (hop) => hop.present && hop.index === index && JSON.stringify(hop.address) === text,
    );
  }

  private addHop(caller: Entity, call: TableCallOf<'RtmAddNextHop'>): Reply {
    const { NextHopAddress, InterfaceIndex, Flags, EntitySpecificInfo, RemoteNextHop } =
      call.NextHopInfo;
    const isDown = (Flags & constants.RTM_NEXTHOP_FLAGS_DOWN) !== 0;
    if (isDown && this.choices.hopDown === 'refused') return { status: ERROR_INVALID_PARAMETER };
    const given = call.NextHopHandle ?? null;
    const named = given === null ? undefined : this.find(given, 'nexthop');
    if (given !== null && named === undefined) return { status: ERROR_INVALID_HANDLE };
    if (named !== undefined && named.owner !== caller) return { status: ERROR_ACCESS_DENIED };
    if (named !== undefined && !named.present) return { status: ERROR_NOT_FOUND };
    const all = this.hopsAt(NextHopAddress, InterfaceIndex);
    const known = named ?? all.find((hop) => hop.owner === caller);
    const hop: Hop = known ?? {
      kind: 'nexthop',
      owner: caller,
      address: NextHopAddress,
      index: InterfaceIndex,
      flags: 0,
      specific: null,
      remote: null,
      present: true,
    };
    if (known === undefined) this.hops.push(hop);
    hop.flags = Flags;
    hop.specific = EntitySpecificInfo;
    hop.remote = RemoteNextHop === null ? null : (this.find(RemoteNextHop, 'destination') ?? null);
    const ChangeFlags = known === undefined ? constants.RTM_NEXTHOP_CHANGE_NEW : 0;
    const isWanted = call.NextHopHandle === undefined;
    return done({ ChangeFlags, ...(isWanted ? { NextHopHandle: this.give(hop) } : {}) });
  }

  private describeHop(hop: Hop, isCounted: boolean): Out {
    const give = (thing: Thing | null) => (isCounted ? this.give(thing) : this.peek(thing));
    return {
      NextHopAddress: hop.address,
      NextHopOwner: give(hop.owner),
      InterfaceIndex: hop.index,
      State: hop.present ? 0 : 1,
      Flags: hop.flags,
      EntitySpecificInfo: hop.specific,
      RemoteNextHop: give(hop.remote),
    };
  }

  // --- Time -------------------------------------------------------------------------------------------

  /** Lets time pass to a moment, with what happens at it. */
  advance(now: number): void {
    this.now = now;
    for (const dest of this.dests) {
      dest.holds = dest.holds.map((hold) => (hold === null || hold.until <= now ? null : hold));
    }
    for (const route of this.dests.flatMap(({ routes }) => routes)) {
      if (route.expires === null || route.expires > now) continue;
      const { owner } = route;
      const isAgain = this.choices.expiredKept === 'again' && route.span > 0;
      route.expires = isAgain ? now + route.span : null;
      if (owner.left) continue;
      if (owner.callback === null) {
        if (this.choices.expiredAlone === 'deleted') this.remove(route);
        continue;
      }
      const isTold = (entity: Entity) =>
        !entity.left &&
        entity.callback !== null &&
        (entity === owner || this.choices.expiredTold === 'all');
      for (const entity of this.entities.filter(isTold)) this.tell(entity, route);
    }
  }

  private tell(receiver: Entity, route: Route): void {
    const Context1 = this.give(route) ?? 0;
    const event: EventCall = {
      name: 'event',
      EventCallback: receiver.callback ?? 0,
      RtmRegHandle: receiver.handle,
      EventType: events.RTM_ROUTE_EXPIRED,
      Context1,
      Context2: this.describe(route, false),
    };
    this.queue.push({ event, route, isOwner: receiver === route.owner });
  }

  /** A callback has returned. */
  answered(route: Route, isOwner: boolean, status: number, token: number): void {
    if (isOwner && status === ERROR_NOT_SUPPORTED && route.present) this.remove(route);
    this.take(token);
  }
}

function isAlive(thing: Thing): boolean {
  switch (thing.kind) {
    case 'entity':
      return true;
    case 'route':
    case 'nexthop':
      return thing.present;
    case 'destination':
      return thing.routes.length > 0;
  }
}

function done(out: Out): Reply {
  return { status: NO_ERROR, out };
}

function newDest(prefix: string): Dest {
  return {
    kind: 'destination',
    prefix,
    routes: [],
    best: [null, null],
    mark: null,
    holds: [null, null],
    changed: 0,
  };
}

function byPreference(a: Route, b: Route): number {
  return a.content.preference - b.content.preference || a.content.metric - b.content.metric;
}

function briefly({ neighbour, hops, ...rest }: Content): unknown {
  return { ...rest, neighbour: neighbour?.index, hops: hops.map(({ index }) => index) };
}

function prefixOf({ NumBits, AddrBits }: NetAddress): string {
  const bits = AddrBits.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return bits.slice(0, NumBits);
}

export function addressOf(prefix: string): NetAddress {
  const bytes = prefix.padEnd(128, '0').match(/.{8}/g) ?? [];
  const AddrBits = bytes.map((byte) => Number.parseInt(byte, 2));
  return { AddressFamily: 2, NumBits: prefix.length, AddrBits };
}

function present(values: readonly unknown[]): readonly unknown[] {
  return values.filter((value) => value !== null && value !== undefined);
}

export function tokensOfRoute(
  info: TableCallOf<'RtmReleaseRouteInfo'>['RouteInfo'],
): readonly unknown[] {
  const { DestHandle, RouteOwner, Neighbour, NextHopsList } = info;
  return present([DestHandle, RouteOwner, Neighbour, ...NextHopsList.NextHops]);
}

export function tokensOfDest(
  info: TableCallOf<'RtmReleaseDestInfo'>['DestInfo'],
): readonly unknown[] {
  return present([
    info.DestHandle,
    ...info.ViewInfo.flatMap(({ Route: route, Owner, HoldRoute }) => [route, Owner, HoldRoute]),
  ]);
}
