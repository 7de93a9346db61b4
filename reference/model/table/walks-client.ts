/** A client of a naive RTM that goes through tables, subscribes, keeps lists and invokes methods at random, for tests. */
import { constants, type NetAddress, type RouteInfoShape, statuses } from '../../../spec/index.ts';
import type { Call, Reply, Token } from '../calls.ts';
import type { TableCall, TableCallOf } from './calls.ts';
import { addressOf, BATCH_MAX, type NaiveWalks } from './walks-naive.ts';

export type Visit = (call: Call, reply: Reply) => void;
export type Draw = (below: number) => number;

type DestInfo = TableCallOf<'RtmReleaseDestInfo'>['DestInfo'];

interface Client {
  readonly handle: Token;
  readonly number: number;
  readonly methods: readonly number[];
  /** Own routes and their handles. */
  readonly routes: Token[];
  readonly seenRoutes: Token[];
  readonly hops: Token[];
  readonly batches: { readonly infos: readonly DestInfo[]; readonly from: Token | null }[];
  readonly enums: { readonly handle: Token; readonly name: EnumFetch }[];
  readonly lists: Token[];
  readonly subs: Token[];
}

type EnumFetch =
  'RtmGetEnumDests' | 'RtmGetEnumRoutes' | 'RtmGetEnumNextHops' | 'RtmGetListEnumRoutes';

const PREFIXES = ['', '0000', '00001010', '0000101000000001', '1'];
const MADE_UP = 777_777;
const OK: Reply = { status: 0 };

export class WalksClient {
  private readonly rtm: NaiveWalks;
  private readonly draw: Draw;
  private readonly visit: Visit;
  private readonly clients: Client[] = [];
  private op = 0;

  constructor(rtm: NaiveWalks, draw: Draw, visit: Visit) {
    this.rtm = rtm;
    this.draw = draw;
    this.visit = visit;
  }

  play(steps: number): void {
    for (const number of [1, 2, 3]) this.register(number);
    for (let step = 0; step < steps; step += 1) {
      if (this.chance(15)) this.rtm.process();
      if (this.chance(30)) this.announce(1);
      if (this.chance(4)) this.quiesce();
      const client = this.pick(this.clients);
      if (client !== undefined) this.act(client);
    }
    this.quiesce();
  }

  private pick<T>(all: readonly T[]): T | undefined {
    return all[this.draw(Math.max(1, all.length))];
  }

  private chance(percent: number): boolean {
    return this.draw(100) < percent;
  }

  private make(call: TableCall): Reply {
    const reply = this.rtm.answer(call);
    this.visit(call, reply);
    return reply;
  }

  private register(number: number): void {
    const methods = number === 3 ? [] : [number * 10, number * 10 + 1];
    const call = {
      name: 'RtmRegisterEntity',
      RtmEntityInfo: {
        RtmInstanceId: 0,
        AddressFamily: 2,
        EntityId: { EntityProtocolId: number, EntityInstanceId: 1 },
      },
      EventCallback: number === 3 ? null : 100 + number,
      Methods: methods,
      ReserveOpaquePointer: number === 1,
    } as const;
    const reply = this.rtm.register(number, call);
    this.visit(call, reply);
    // Entity events are due and would be missed.
    for (const { number: other, handle } of this.clients.filter(({ number: n }) => n !== 3)) {
      this.visit(
        {
          name: 'event',
          EventCallback: 100 + other,
          RtmRegHandle: handle,
          EventType: 0,
          Context1: Number(reply.out?.['RtmRegHandle']),
          Context2: call.RtmEntityInfo,
        },
        OK,
      );
    }
    const empty = {
      routes: [],
      seenRoutes: [],
      hops: [],
      batches: [],
      enums: [],
      lists: [],
      subs: [],
    };
    this.clients.push({ handle: Number(reply.out?.['RtmRegHandle']), number, methods, ...empty });
  }

  private announce(count: number): void {
    for (const { event, isUseful } of this.rtm.queue.splice(0, count))
      if (isUseful()) this.visit(event, OK);
  }

  private quiesce(): void {
    this.rtm.process();
    this.announce(Infinity);
    this.visit({ name: 'quiesce' }, OK);
  }

  // --- Arguments --------------------------------------------------------------------------------------

  private address(): NetAddress {
    return addressOf(this.pick(PREFIXES) ?? '');
  }

  private views(): number {
    return this.pick([1, 1, 2, 3, 3, 0]) ?? 1;
  }

  private position(): { readonly flags: number; readonly address: NetAddress | null } {
    const flags = this.pick([0, 0, 0, 1, 2, 3]) ?? 0;
    const isWanted = flags === 0 ? this.chance(10) : this.chance(90);
    return { flags, address: isWanted ? this.address() : null };
  }

  private destOf({ batches }: Client): Token {
    const all = batches.flatMap(({ infos }) => infos.map(({ DestHandle }) => DestHandle));
    return this.chance(3) ? MADE_UP : (this.pick(all) ?? MADE_UP);
  }

  private routeOf({ routes, seenRoutes }: Client): Token {
    return this.chance(3) ? MADE_UP : (this.pick([...routes, ...seenRoutes]) ?? MADE_UP);
  }

  private subOf({ subs }: Client): Token {
    return this.chance(3) ? MADE_UP : (this.pick(subs) ?? MADE_UP);
  }

  private info(client: Client): RouteInfoShape<Token> {
    const hop = this.chance(50) ? this.pick(client.hops) : undefined;
    const NextHops = hop === undefined ? [] : [hop];
    return {
      DestHandle: null,
      RouteOwner: null,
      Neighbour: null,
      State: 0,
      Flags1: 0,
      Flags: this.pick([0x10, 0x10, 0x20, 0x11]) ?? 0x10,
      PrefInfo: { Metric: 1 + this.draw(2), Preference: 1 + this.draw(2) },
      BelongsToViews: this.pick([1, 2, 3]) ?? 1,
      EntitySpecificInfo: this.draw(2),
      NextHopsList: { NumNextHops: NextHops.length, NextHops },
    };
  }

  // --- Calls ------------------------------------------------------------------------------------------

  private act(client: Client): void {
    const which = this.draw(28);
    if (which < 9) this.changeTable(client, which);
    else if (which < 16) this.enumerate(client, which);
    else if (which < 19) this.keepLists(client, which);
    else if (which < 25) this.follow(client, which);
    else this.offer(client, which);
  }

  private changeTable(client: Client, which: number): void {
    const RtmRegHandle = client.handle;
    if (which < 5) {
      const handle = this.chance(20) ? { RouteHandle: null } : {};
      const reply = this.make({
        name: 'RtmAddRouteToDest',
        RtmRegHandle,
        ...handle,
        DestAddress: this.address(),
        RouteInfo: this.info(client),
        TimeToLive: constants.INFINITE,
        RouteListHandle: this.chance(75) ? null : (this.pick(client.lists) ?? null),
        NotifyType: 0,
        NotifyHandle: null,
        ChangeFlags: 0,
      });
      const given = reply.out?.['RouteHandle'];
      if (given !== undefined) client.routes.push(Number(given));
    } else if (which === 5) {
      const RouteHandle = this.pick(client.routes);
      if (RouteHandle === undefined) return;
      const reply = this.make({ name: 'RtmDeleteRouteToDest', RtmRegHandle, RouteHandle });
      if (reply.status === 0) client.routes.splice(client.routes.indexOf(RouteHandle), 1);
    } else if (which === 6) {
      const reply = this.make({
        name: 'RtmAddNextHop',
        RtmRegHandle,
        NextHopInfo: {
          NextHopAddress: addressOf((this.pick(['0', '1', '01']) ?? '').padEnd(32, '1')),
          NextHopOwner: null,
          InterfaceIndex: 1 + this.draw(2),
          State: 0,
          Flags: 0,
          EntitySpecificInfo: null,
          RemoteNextHop: null,
        },
        ...(this.chance(70) ? {} : { NextHopHandle: null }),
      });
      const given = reply.out?.['NextHopHandle'];
      if (given !== undefined) client.hops.push(Number(given));
    } else if (which === 7) {
      const query = { DestAddress: this.address(), ProtocolId: 0, TargetViews: 3 };
      const reply = this.make({ name: 'RtmGetExactMatchDestination', RtmRegHandle, ...query });
      if (reply.status !== 0) return;
      const infos = [reply.out?.['DestInfo'] as DestInfo];
      client.batches.push({ infos, from: null });
    } else this.giveBack(client);
  }

  private giveBack(client: Client): void {
    const RtmRegHandle = client.handle;
    const at = this.draw(Math.max(1, client.batches.length));
    const batch = client.batches[at];
    if (this.chance(30) && client.seenRoutes.length > 0) {
      const RouteHandles = client.seenRoutes.splice(0, 1 + this.draw(2));
      this.make({
        name: 'RtmReleaseRoutes',
        RtmRegHandle,
        NumRoutes: RouteHandles.length,
        RouteHandles,
      });
      return;
    }
    if (batch === undefined) return;
    const { infos, from } = batch;
    if (from !== null && !client.subs.includes(from)) return;
    client.batches.splice(at, 1);
    const NumDests = infos.length;
    if (from === null)
      this.make({ name: 'RtmReleaseDests', RtmRegHandle, NumDests, DestInfos: infos });
    else
      this.make({
        name: 'RtmReleaseChangedDests',
        RtmRegHandle,
        NotifyHandle: from,
        NumDests,
        ChangedDests: infos,
      });
  }

  private enumerate(client: Client, which: number): void {
    const RtmRegHandle = client.handle;
    const { flags, address } = this.position();
    const begin = (call: TableCall, name: EnumFetch): void => {
      const reply = this.make(call);
      if (reply.status === 0)
        client.enums.push({ handle: Number(reply.out?.['RtmEnumHandle']), name });
    };
    if (which === 9) {
      const EnumFlags = flags | (this.chance(30) ? constants.RTM_ENUM_OWN_DESTS : 0);
      const TargetViews = this.chance(5) ? 4 : this.views();
      const common = { RtmRegHandle, TargetViews, EnumFlags, NetAddress: address, ProtocolId: 0 };
      begin({ name: 'RtmCreateDestEnum', ...common }, 'RtmGetEnumDests');
    } else if (which === 10) {
      const EnumFlags = flags | (this.chance(30) ? constants.RTM_ENUM_OWN_ROUTES : 0);
      const isMatched = this.chance(20);
      begin(
        {
          name: 'RtmCreateRouteEnum',
          RtmRegHandle,
          DestHandle: this.chance(80) ? null : this.destOf(client),
          TargetViews: this.views(),
          EnumFlags,
          StartDest: address,
          MatchingFlags: isMatched ? constants.RTM_MATCH_PREF : 0,
          CriteriaRoute: isMatched ? this.info(client) : null,
          CriteriaInterface: 0,
        },
        'RtmGetEnumRoutes',
      );
    } else if (which === 11) {
      const common = { RtmRegHandle, EnumFlags: flags, NetAddress: address };
      begin({ name: 'RtmCreateNextHopEnum', ...common }, 'RtmGetEnumNextHops');
    } else if (which === 12) {
      const RouteListHandle = this.pick(client.lists);
      if (RouteListHandle === undefined) return;
      begin(
        { name: 'RtmCreateRouteListEnum', RtmRegHandle, RouteListHandle },
        'RtmGetListEnumRoutes',
      );
    } else if (this.chance(10)) {
      const at = this.draw(Math.max(1, client.enums.length));
      const [ended] = client.enums.splice(at, 1);
      if (ended === undefined) return;
      this.make({ name: 'RtmDeleteEnumHandle', RtmRegHandle, EnumHandle: ended.handle });
    } else this.fetch(client);
  }

  private fetch(client: Client): void {
    const walk = this.pick(client.enums);
    if (walk === undefined) return;
    const RtmRegHandle = client.handle;
    const EnumHandle = this.chance(2) ? MADE_UP : walk.handle;
    const count = this.pick([0, 1, 1, 2, 2, 3, BATCH_MAX, BATCH_MAX + 1]) ?? 1;
    const common = { RtmRegHandle, EnumHandle };
    const reply = this.make(
      walk.name === 'RtmGetEnumDests'
        ? { name: walk.name, ...common, NumDests: count }
        : walk.name === 'RtmGetEnumNextHops'
          ? { name: walk.name, ...common, NumNextHops: count }
          : { name: walk.name, ...common, NumRoutes: count },
    );
    const isServed = reply.status === 0 || reply.status === statuses.ERROR_NO_MORE_ITEMS;
    if (!isServed) return;
    const infos = (reply.out?.['DestInfos'] ?? []) as readonly DestInfo[];
    if (infos.length > 0) client.batches.push({ infos, from: null });
    client.seenRoutes.push(...((reply.out?.['RouteHandles'] ?? []) as readonly Token[]));
    client.hops.push(...((reply.out?.['NextHopHandles'] ?? []) as readonly Token[]));
  }

  private keepLists(client: Client, which: number): void {
    const RtmRegHandle = client.handle;
    if (which === 16) {
      if (this.chance(40) && client.lists.length > 0) {
        const [RouteListHandle = 0] = client.lists.splice(0, 1);
        this.make({ name: 'RtmDeleteRouteList', RtmRegHandle, RouteListHandle });
        return;
      }
      const reply = this.make({ name: 'RtmCreateRouteList', RtmRegHandle });
      client.lists.push(Number(reply.out?.['RouteListHandle']));
      return;
    }
    const list = this.chance(3) ? MADE_UP : this.pick(client.lists);
    const RouteListHandle = this.chance(15) ? null : (list ?? MADE_UP);
    const RouteHandles = Array.from({ length: this.draw(4) }, () => this.routeOf(client));
    const NumRoutes = RouteHandles.length;
    this.make({
      name: 'RtmInsertInRouteList',
      RtmRegHandle,
      RouteListHandle,
      NumRoutes,
      RouteHandles,
    });
  }

  private follow(client: Client, which: number): void {
    const RtmRegHandle = client.handle;
    const NotifyHandle = this.subOf(client);
    const DestHandle = this.destOf(client);
    switch (which) {
      case 19: {
        if (client.subs.length > 1) return;
        const kinds = this.pick([1, 1, 2, 2, 4, 4, 3, 6, 0]) ?? 1;
        const marked = this.chance(25) ? constants.RTM_NOTIFY_ONLY_MARKED_DESTS : 0;
        const TargetViews = this.chance(5) ? 4 : this.views();
        const NotifyFlags = kinds | marked;
        const NotifyContext = this.draw(1000);
        const common = { RtmRegHandle, TargetViews, NotifyFlags, NotifyContext };
        const reply = this.make({ name: 'RtmRegisterForChangeNotification', ...common });
        if (reply.status === 0) client.subs.push(Number(reply.out?.['NotifyHandle']));
        return;
      }
      case 20: {
        if (this.chance(85) || client.subs.length === 0) break;
        const [ended = 0] = client.subs.splice(0, 1);
        this.make({
          name: 'RtmDeregisterFromChangeNotification',
          RtmRegHandle,
          NotifyHandle: ended,
        });
        return;
      }
      case 21: {
        const MarkDest = this.chance(75);
        const common = { RtmRegHandle, NotifyHandle, DestHandle };
        this.make({ name: 'RtmMarkDestForChangeNotification', ...common, MarkDest });
        return;
      }
      case 22: {
        const isStatus = this.chance(60);
        const name = isStatus ? 'RtmGetChangeStatus' : 'RtmIsMarkedForChangeNotification';
        this.make({ name, RtmRegHandle, NotifyHandle, DestHandle });
        return;
      }
      case 23: {
        if (this.chance(60)) break;
        const ChangedDests = Array.from({ length: this.draw(3) }, () => this.destOf(client));
        const common = { RtmRegHandle, NotifyHandle, NumDests: ChangedDests.length };
        this.make({ name: 'RtmIgnoreChangedDests', ...common, ChangedDests });
        return;
      }
    }
    const NumDests = this.pick([0, 1, 1, 2, 3, BATCH_MAX, BATCH_MAX + 1]) ?? 1;
    const reply = this.make({ name: 'RtmGetChangedDests', RtmRegHandle, NotifyHandle, NumDests });
    const infos = (reply.out?.['ChangedDests'] ?? []) as readonly DestInfo[];
    if (infos.length > 0) client.batches.push({ infos, from: NotifyHandle });
  }

  // --- Methods and slots ------------------------------------------------------------------------------

  private offer(client: Client, which: number): void {
    const RtmRegHandle = client.handle;
    const target = this.pick(this.clients) ?? client;
    const EntityHandle = this.chance(3) ? MADE_UP : target.handle;
    if (which === 25) {
      const common = { RtmRegHandle, EntityHandle };
      if (this.chance(60)) this.invoke(client, target, EntityHandle);
      else this.make({ name: 'RtmGetEntityMethods', ...common, NumMethods: this.draw(4) });
    } else if (which === 26) {
      const isTargeted = this.chance(15);
      this.make({
        name: 'RtmBlockMethods',
        RtmRegHandle,
        TargetHandle: isTargeted ? this.destOf(client) : null,
        TargetType: isTargeted ? 1 : 0,
        BlockingFlag: this.draw(2),
      });
    } else this.useSlot(client);
  }

  /** Whoever blocks its methods would hold an invocation for ever. */
  private invoke(client: Client, target: Client, EntityHandle: Token): void {
    const member = this.rtm.members.find(({ handle }) => handle === target.handle);
    if (member === undefined || this.rtm.isBlocking(member)) return;
    this.op += 1;
    const op = 10_000 + this.op;
    const InputData = [this.draw(9)];
    const Input = { MethodType: this.pick([1, 2, 3, 4, 0xffffffff]) ?? 1, InputSize: 1, InputData };
    const call = {
      name: 'RtmInvokeMethod',
      RtmRegHandle: client.handle,
      EntityHandle,
      Input,
      OutputSize: 1024,
    } as const;
    this.visit({ name: 'invoke.begin', op, call }, OK);
    const run = this.rtm.selected(call);
    for (const at of run?.at ?? []) {
      const isOwn = this.rtm.choices.methodType === 'own-bit';
      this.visit(
        {
          name: 'method',
          Method: target.methods[at] ?? 0,
          CallerHandle: client.handle,
          CalleeHandle: target.handle,
          MethodType: isOwn ? 2 ** at : Input.MethodType,
          InputData,
        },
        OK,
      );
    }
    this.visit({ ...call, op }, this.rtm.answer(call));
  }

  private useSlot(client: Client): void {
    const RtmRegHandle = client.handle;
    const DestHandle = this.destOf(client);
    const reply = this.make({ name: 'RtmGetOpaqueInformationPointer', RtmRegHandle, DestHandle });
    if (reply.status !== 0) return;
    const slot = this.rtm.slotOf(RtmRegHandle, DestHandle);
    if (slot === undefined) return;
    const isWrite = this.chance(50);
    if (isWrite) slot.value = this.draw(1000);
    const name = isWrite ? 'write.opaque' : 'read.opaque';
    this.visit({ name, RtmRegHandle, DestHandle, value: slot.value }, OK);
  }
}
