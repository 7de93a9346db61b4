/** A client of a naive RTM that makes any call it may make, drawn at random, for tests. */
import { constants, type NetAddress, type RouteInfoShape, statuses } from '../../../spec/index.ts';
import type { Reply, Token } from '../calls.ts';
import type { RecordedCall } from '../expand-history.ts';
import { registered } from '../example-calls.ts';
import type { TableCall, TableCallOf } from './calls.ts';
import { addressOf, type NaiveRtm } from './naive-rtm.ts';

type RouteInfo = RouteInfoShape<Token>;
type Structure =
  | { readonly kind: 'route'; readonly value: RouteInfo }
  | { readonly kind: 'destination'; readonly value: TableCallOf<'RtmReleaseDestInfo'>['DestInfo'] }
  | {
      readonly kind: 'nexthop';
      readonly value: TableCallOf<'RtmReleaseNextHopInfo'>['NextHopInfo'];
    };

interface Member {
  readonly handle: Token;
  readonly callback: number | null;
  left: boolean;
  /** On their own, with repetitions. */
  routes: Token[];
  hops: Token[];
  structures: Structure[];
  locked: Token | null;
}

export type Visit = (call: RecordedCall, reply: Reply) => void;
export type Draw = (below: number) => number;

const MADE_UP = 777_777;

/** Small prefixes that cover each other. */
const PREFIXES = ['', '0000', '00001010', '0000101000000001', '00001010'.padEnd(32, '0'), '1'];
const SPANS = [constants.INFINITE, constants.INFINITE, constants.INFINITE, 50, 1_000, 0];

export class NaiveClient {
  private readonly rtm: NaiveRtm;
  private readonly draw: Draw;
  private readonly visit: Visit;
  private readonly members: Member[] = [];
  private registrations = 0;

  constructor(rtm: NaiveRtm, draw: Draw, visit: Visit) {
    this.rtm = rtm;
    this.draw = draw;
    this.visit = visit;
  }

  play(steps: number): void {
    for (let step = 0; step < steps; step += 1) this.act(step);
    this.pass(60_000);
    this.visit({ name: 'quiesce' }, { status: 0 });
  }

  private pick<T>(all: readonly T[]): T | undefined {
    return all.length === 0 ? undefined : all[this.draw(all.length)];
  }

  private chance(percent: number): boolean {
    return this.draw(100) < percent;
  }

  private make(call: RecordedCall): Reply {
    const reply = this.rtm.answer(call);
    this.visit(call, reply);
    for (const event of this.rtm.news.splice(0)) this.visit(event, { status: 0 });
    return reply;
  }

  private act(step: number): void {
    const living = this.members.filter(({ left }) => !left);
    if (living.length < 2 || (living.length < 4 && this.chance(3))) {
      this.register();
      return;
    }
    const member = this.pick(living);
    if (member === undefined) return;
    if (this.chance(6)) this.pass(this.rtm.now + (this.pick([10, 60, 2_000]) ?? 10));
    else if (this.chance(2) && step > 20) this.quiesce();
    else if (this.chance(1)) this.leave(member);
    else this.call(member, this.rtm, this.within(member, this.draw(26)));
  }

  /** Another kind of call where a member has nothing yet to make this one with. */
  private within(member: Member, which: number): number {
    if (this.chance(10)) return which;
    const needsRoute = [4, 5, 6, 7, 8, 9].includes(which);
    const needsDest = [12, 16, 18].includes(which);
    const needsHop = [21, 22, 23].includes(which);
    if (which < 4 && this.hopsOf(member).length === 0) return 25;
    if (needsRoute && this.routesOf(member).length === 0) return 0;
    if (needsDest && this.destsOf(member).length === 0) return 14;
    return needsHop && this.hopsOf(member).length === 0 ? 25 : which;
  }

  private register(): void {
    this.registrations += 1;
    const number = this.registrations;
    const EventCallback = this.chance(70) ? 100 + number : null;
    const reply = this.make({
      name: 'RtmRegisterEntity',
      RtmEntityInfo: {
        RtmInstanceId: 0,
        AddressFamily: 2,
        EntityId: { EntityProtocolId: 1 + (number % 2), EntityInstanceId: number },
      },
      EventCallback,
    });
    const handle = Number(reply.out?.['RtmRegHandle'] ?? registered(0).status);
    const empty = { routes: [], hops: [], structures: [], locked: null };
    this.members.push({ handle, callback: EventCallback, left: false, ...empty });
  }

  private leave(member: Member): void {
    const reply = this.make({ name: 'RtmDeregisterEntity', RtmRegHandle: member.handle });
    member.left = reply.status === 0;
  }

  private pass(now: number): void {
    this.visit({ name: 'time', now }, { status: 0 });
    this.rtm.advance(now);
    for (const { event, route, isOwner } of this.rtm.queue.splice(0)) {
      const answer = this.chance(40) ? statuses.ERROR_NOT_SUPPORTED : 0;
      this.visit({ ...event, answer }, { status: 0 });
      this.rtm.answered(route, isOwner, answer, event.Context1);
    }
  }

  private quiesce(): void {
    this.pass(this.rtm.now + 60_000);
    this.visit({ name: 'quiesce' }, { status: 0 });
  }

  // --- Arguments --------------------------------------------------------------------------------------

  private address(): NetAddress {
    if (this.chance(3)) return { AddressFamily: 2, NumBits: 40, AddrBits: [10, 0, 0, 0] };
    return addressOf(this.pick(PREFIXES) ?? '');
  }

  private views(): number {
    return this.pick([1, 1, 1, 2, 3, 3, 0, 4, 0xffffffff]) ?? 1;
  }

  private protocol(): number {
    return this.pick([0, 0, 0, 1, 2, 0xffffffff]) ?? 0;
  }

  /** Next hops that a member can name: its own handles, and those within structures. */
  private hopsOf({ hops, structures }: Member): readonly Token[] {
    const inside = structures.flatMap((structure) =>
      structure.kind === 'route'
        ? [structure.value.Neighbour, ...structure.value.NextHopsList.NextHops]
        : [],
    );
    return [...hops, ...inside.filter((token) => token !== null)];
  }

  private routesOf({ routes, structures }: Member): readonly Token[] {
    const inside = structures.flatMap((structure) =>
      structure.kind === 'destination'
        ? structure.value.ViewInfo.flatMap(({ Route, HoldRoute }) => [Route, HoldRoute])
        : [],
    );
    return [...routes, ...inside.filter((token) => token !== null)];
  }

  private destsOf({ structures }: Member): readonly Token[] {
    const inside = structures.map(({ value }) => ('DestHandle' in value ? value.DestHandle : null));
    return inside.filter((token) => token !== null);
  }

  private route(member: Member): Token {
    return this.chance(3) ? MADE_UP : (this.pick(this.routesOf(member)) ?? MADE_UP);
  }

  private hop(member: Member): Token {
    return this.chance(3) ? MADE_UP : (this.pick(this.hopsOf(member)) ?? MADE_UP);
  }

  private dest(member: Member): Token {
    return this.chance(3) ? MADE_UP : (this.pick(this.destsOf(member)) ?? MADE_UP);
  }

  private info(member: Member): RouteInfo {
    const hops = [...new Set(this.hopsOf(member))];
    const count = this.chance(80) ? Math.min(1, hops.length) : this.draw(4);
    return {
      DestHandle: null,
      RouteOwner: this.chance(95) ? null : (this.pick(this.members)?.handle ?? null),
      Neighbour: this.chance(60) ? null : (this.pick(hops) ?? null),
      State: 0,
      Flags1: 0,
      Flags: this.chance(90) ? 0x10 : constants.RTM_ROUTE_FLAGS_INACTIVE,
      PrefInfo: { Metric: this.draw(3), Preference: this.chance(90) ? 1 + this.draw(3) : 0 },
      BelongsToViews: this.views(),
      EntitySpecificInfo: this.chance(50) ? null : this.draw(100),
      NextHopsList: { NumNextHops: Math.min(count, hops.length), NextHops: hops.slice(0, count) },
    };
  }

  private hopInfo(member: Member): TableCallOf<'RtmAddNextHop'>['NextHopInfo'] {
    return {
      NextHopAddress: addressOf(['0', '1'][this.draw(2)]?.padEnd(32, '1') ?? ''),
      NextHopOwner: null,
      InterfaceIndex: 1 + this.draw(2),
      State: 0,
      Flags: this.chance(85) ? 0 : 1 + this.draw(2),
      EntitySpecificInfo: this.chance(50) ? null : this.draw(9),
      RemoteNextHop: this.chance(85) ? null : (this.pick(this.destsOf(member)) ?? null),
    };
  }

  // --- Calls ------------------------------------------------------------------------------------------

  private call(member: Member, rtm: NaiveRtm, which: number): void {
    const call = this.compose(member, which);
    if (call === undefined) return;
    this.takeBack(member, call);
    const reply = this.make(call);
    this.keep(member, call, reply);
    if (call.name === 'RtmLockRoute' && call.LockRoute && reply.status === 0)
      this.workUnderLock(member, call.RouteHandle, rtm);
  }

  private compose(member: Member, which: number): TableCall | RecordedCall | undefined {
    const RtmRegHandle = this.chance(1) ? MADE_UP : member.handle;
    const query = { RtmRegHandle, ProtocolId: this.protocol(), TargetViews: this.views() };
    switch (which) {
      case 0:
      case 1:
      case 2:
      case 3:
        return this.composeAdd(member, RtmRegHandle);
      case 4: {
        const RouteHandle = this.chance(85) ? this.pick(member.routes) : MADE_UP;
        return RouteHandle === undefined
          ? undefined
          : { name: 'RtmDeleteRouteToDest', RtmRegHandle, RouteHandle };
      }
      case 5: {
        const RouteHandle = this.route(member);
        const wanted = this.chance(70) ? {} : { RoutePointer: null };
        const common = { RtmRegHandle, RouteHandle, Exclusive: this.chance(70), ...wanted };
        return { name: 'RtmLockRoute', LockRoute: true, ...common };
      }
      case 6:
        return { name: 'RtmGetRoutePointer', RtmRegHandle, RouteHandle: this.route(member) };
      case 7:
        return { name: 'RtmIsBestRoute', RtmRegHandle, RouteHandle: this.route(member) };
      case 8:
      case 9: {
        const unwanted = this.chance(70) ? {} : { DestAddress: null };
        const none = this.chance(90) ? {} : { RouteInfo: null };
        const RouteHandle = this.route(member);
        return { name: 'RtmGetRouteInfo', RtmRegHandle, RouteHandle, ...unwanted, ...none };
      }
      case 10:
      case 11:
        return this.composeRelease(member, RtmRegHandle);
      case 12:
        return { name: 'RtmGetDestInfo', DestHandle: this.dest(member), ...query };
      case 13:
        return { name: 'RtmGetExactMatchDestination', DestAddress: this.address(), ...query };
      case 14:
      case 15:
        return { name: 'RtmGetMostSpecificDestination', DestAddress: this.address(), ...query };
      case 16:
        return { name: 'RtmGetLessSpecificDestination', DestHandle: this.dest(member), ...query };
      case 17:
        return {
          name: 'RtmGetExactMatchRoute',
          RtmRegHandle,
          DestAddress: this.address(),
          MatchingFlags: this.pick([0, 1, 2, 4, 8, 16, 31, 0xffff, 6, 9]) ?? 0,
          RouteInfo: {
            ...this.info(member),
            RouteOwner: this.chance(20) ? null : (this.pick(this.members)?.handle ?? null),
          },
          InterfaceIndex: 1 + this.draw(2),
          TargetViews: this.views(),
          ...(this.chance(60) ? {} : { RouteHandle: null }),
        };
      case 18: {
        const HoldTime = this.pick([0, 30, 500, 500, 5_000]) ?? 0;
        const DestHandle = this.dest(member);
        const TargetViews = this.views();
        return { name: 'RtmHoldDestination', RtmRegHandle, DestHandle, TargetViews, HoldTime };
      }
      default:
        return this.composeHop(member, RtmRegHandle, which);
    }
  }

  private composeAdd(member: Member, RtmRegHandle: Token): TableCall {
    const given = this.chance(25) ? this.route(member) : undefined;
    const handle =
      given === undefined ? (this.chance(80) ? {} : { RouteHandle: null }) : { RouteHandle: given };
    return {
      name: 'RtmAddRouteToDest',
      RtmRegHandle,
      ...handle,
      DestAddress: this.address(),
      RouteInfo: this.info(member),
      TimeToLive: this.pick(SPANS) ?? constants.INFINITE,
      RouteListHandle: null,
      NotifyType: 0,
      NotifyHandle: null,
      ChangeFlags: this.chance(75) ? 0 : this.draw(4),
    };
  }

  private composeRelease(member: Member, RtmRegHandle: Token): RecordedCall | undefined {
    const structure = this.pick(member.structures);
    if (this.chance(70) && structure !== undefined) {
      switch (structure.kind) {
        case 'route':
          return { name: 'RtmReleaseRouteInfo', RtmRegHandle, RouteInfo: structure.value };
        case 'destination':
          return { name: 'RtmReleaseDestInfo', RtmRegHandle, DestInfo: structure.value };
        case 'nexthop':
          return { name: 'RtmReleaseNextHopInfo', RtmRegHandle, NextHopInfo: structure.value };
      }
    }
    const route = this.pick(member.routes);
    if (route !== undefined && this.chance(60)) {
      const RouteHandles = this.chance(90) ? [route] : [MADE_UP];
      return { name: 'RtmReleaseRoutes', RtmRegHandle, NumRoutes: 1, RouteHandles };
    }
    const hop = this.pick(member.hops);
    if (hop !== undefined && this.chance(60))
      return { name: 'RtmReleaseNextHops', RtmRegHandle, NumNextHops: 1, NextHopHandles: [hop] };
    if (route === undefined) return undefined;
    return { name: 'RtmReferenceHandles', RtmRegHandle, NumHandles: 1, RtmHandles: [route] };
  }

  private composeHop(member: Member, RtmRegHandle: Token, which: number): TableCall {
    const NextHopHandle = this.hop(member);
    switch (which) {
      case 20: {
        const wanted = this.chance(70) ? {} : { NextHopPointer: null };
        const handle = this.chance(70) ? {} : { NextHopHandle: null };
        const NextHopInfo = this.hopInfo(member);
        return { name: 'RtmFindNextHop', RtmRegHandle, NextHopInfo, ...wanted, ...handle };
      }
      case 21: {
        const own = this.chance(50) ? this.pick(member.hops) : undefined;
        const described = { NextHopHandle: null, NextHopInfo: this.hopInfo(member) };
        const named = own === undefined ? described : { NextHopHandle: own, NextHopInfo: null };
        return { name: 'RtmDeleteNextHop', RtmRegHandle, ...named };
      }
      case 22:
        return { name: 'RtmGetNextHopInfo', RtmRegHandle, NextHopHandle };
      case 23:
        return { name: 'RtmGetNextHopPointer', RtmRegHandle, NextHopHandle };
      default: {
        const given = this.chance(80)
          ? {}
          : { NextHopHandle: this.chance(50) ? null : NextHopHandle };
        return { name: 'RtmAddNextHop', RtmRegHandle, NextHopInfo: this.hopInfo(member), ...given };
      }
    }
  }

  private workUnderLock(member: Member, RouteHandle: Token, rtm: NaiveRtm): void {
    const RtmRegHandle = member.handle;
    if (this.chance(70)) {
      const info = this.info(member);
      const fields = {
        ...(this.chance(60) ? { PrefInfo: info.PrefInfo } : {}),
        ...(this.chance(30) ? { BelongsToViews: 1 + this.draw(3) } : {}),
        ...(this.chance(30) ? { EntitySpecificInfo: info.EntitySpecificInfo } : {}),
      };
      this.make({ name: 'write.route', RtmRegHandle, RouteHandle, fields });
    }
    if (this.chance(10))
      this.call(this.pick(this.members.filter((m) => !m.left)) ?? member, rtm, 7);
    const lists = { RouteListHandle: null, NotifyType: 0, NotifyHandle: null };
    const TimeToLive = this.pick(SPANS) ?? constants.INFINITE;
    const commit = { RtmRegHandle, RouteHandle, TimeToLive, ...lists };
    const committed =
      this.chance(75) && this.make({ name: 'RtmUpdateAndUnlockRoute', ...commit }).status === 0;
    if (committed) return;
    const unlock = { RtmRegHandle, RouteHandle, Exclusive: true, RoutePointer: null };
    this.make({ name: 'RtmLockRoute', LockRoute: false, ...unlock });
  }

  // --- Books ------------------------------------------------------------------------------------------

  /** What a call gives back is the member's no more, unless the call fails. */
  private takeBack(member: Member, call: RecordedCall): void {
    switch (call.name) {
      case 'RtmDeleteRouteToDest':
        drop(member.routes, call.RouteHandle);
        return;
      case 'RtmReleaseRoutes':
        drop(member.routes, call.RouteHandles[0]);
        return;
      case 'RtmReleaseNextHops':
        drop(member.hops, call.NextHopHandles[0]);
        return;
      case 'RtmDeleteNextHop':
        drop(member.hops, call.NextHopHandle);
        return;
      case 'RtmReleaseRouteInfo':
        member.structures = member.structures.filter(({ value }) => value !== call.RouteInfo);
        return;
      case 'RtmReleaseDestInfo':
        member.structures = member.structures.filter(({ value }) => value !== call.DestInfo);
        return;
      case 'RtmReleaseNextHopInfo':
        member.structures = member.structures.filter(({ value }) => value !== call.NextHopInfo);
        return;
      default:
    }
  }

  private keep(member: Member, call: RecordedCall, { status, out }: Reply): void {
    if (status !== 0) {
      this.putBack(member, call);
      return;
    }
    if (call.name === 'RtmReferenceHandles') member.routes.push(...call.RtmHandles);
    if (out === undefined) return;
    const isGiven = 'RouteHandle' in call && call.RouteHandle !== undefined;
    if (typeof out['RouteHandle'] === 'number' && !isGiven) member.routes.push(out['RouteHandle']);
    const isHopGiven = 'NextHopHandle' in call && call.NextHopHandle !== undefined;
    if (typeof out['NextHopHandle'] === 'number' && !isHopGiven)
      member.hops.push(out['NextHopHandle']);
    const structures = [
      ['route', out['RouteInfo']],
      ['destination', out['DestInfo']],
      ['nexthop', out['NextHopInfo']],
    ] as const;
    for (const [kind, value] of structures) {
      // The naive RTM fills structures as the header has them.
      if (value !== undefined) member.structures.push({ kind, value } as Structure);
    }
  }

  private putBack(member: Member, call: RecordedCall): void {
    const isOwn = (token: unknown): token is Token => token !== MADE_UP && token !== null;
    if (call.name === 'RtmDeleteRouteToDest' && isOwn(call.RouteHandle))
      member.routes.push(call.RouteHandle);
    if (call.name === 'RtmDeleteNextHop' && isOwn(call.NextHopHandle))
      member.hops.push(call.NextHopHandle);
    if (call.name === 'RtmReleaseRoutes')
      member.routes.push(...call.RouteHandles.filter((token) => isOwn(token)));
    if (call.name === 'RtmReleaseNextHops') member.hops.push(...call.NextHopHandles);
    if (call.name === 'RtmReleaseRouteInfo')
      member.structures.push({ kind: 'route', value: call.RouteInfo });
    if (call.name === 'RtmReleaseDestInfo')
      member.structures.push({ kind: 'destination', value: call.DestInfo });
    if (call.name === 'RtmReleaseNextHopInfo')
      member.structures.push({ kind: 'nexthop', value: call.NextHopInfo });
  }
}

function drop(tokens: Token[], token: unknown): void {
  const at = tokens.indexOf(Number(token));
  if (at >= 0) tokens.splice(at, 1);
}
