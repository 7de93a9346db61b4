/** The sequential model as a table to be filled: each call is judged, with the reply that an RTM would give. */
import {
  type Call,
  createContext,
  follow,
  explain,
  initialState,
  type Out,
  type Reply,
  type State,
} from '../../reference/model/index.ts';
import type { BareTable, Prefix } from '../../reference/concurrent/index.ts';
import { constants, statuses } from '../../spec/index.ts';

const { RTM_ROUTE_CHANGE_NEW, RTM_ROUTE_CHANGE_BEST, RTM_VIEW_MASK_UCAST } = constants;
const { NO_ERROR, ERROR_NO_MORE_ITEMS } = statuses;

const ADDRESS_BYTES = 16;
/** Tokens stand for handles: those of the registration, of the enumeration, of a look-up, and of routes from there on. */
const REGISTRATION = 1;
const ENUMERATION = 2;
const LOOK_UP = 3;
const FIRST_ROUTE = 4;

interface KnownRoute {
  readonly prefix: Prefix;
  readonly token: number;
}

/** A table of one client in one view. */
export class ModelTable implements BareTable {
  private readonly family: number;
  private readonly context = createContext({ profile: 'notes' });
  private readonly routes = new Map<string, KnownRoute>();
  private tokens = FIRST_ROUTE;
  private state: State = initialState;

  constructor(family: number, batchMax: number) {
    this.family = family;
    const place = { RtmInstanceId: 0, AddressFamily: family };
    const RtmEntityInfo = { ...place, EntityId: { EntityProtocolId: 1, EntityInstanceId: 0 } };
    const wishes = { ExportMethods: null, EventCallback: null, ReserveOpaquePointer: false };
    const RtmRegProfile = {
      MaxNextHopsInRoute: 1,
      MaxHandlesInEnum: batchMax,
      ViewsSupported: RTM_VIEW_MASK_UCAST,
      NumberOfViews: 1,
    };
    this.call(
      'RtmRegisterEntity',
      { RtmEntityInfo, ...wishes },
      { RtmRegHandle: REGISTRATION, RtmRegProfile },
    );
  }

  add(prefix: Prefix, metric: number): void {
    const key = keyOf(prefix);
    const known = this.routes.get(key);
    const route = known ?? { prefix, token: this.tokens };
    if (known === undefined) this.tokens += 1;
    const args = {
      DestAddress: addressOf(prefix, this.family),
      RouteInfo: { ...ROUTE_INFO, PrefInfo: { Metric: metric, Preference: 1 } },
      TimeToLive: constants.INFINITE,
      RouteListHandle: null,
      NotifyType: 0,
      NotifyHandle: null,
      ChangeFlags: 0,
    };
    const ChangeFlags = known === undefined ? RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST : 0;
    this.call('RtmAddRouteToDest', args, { RouteHandle: route.token, ChangeFlags });
    this.routes.set(key, route);
  }

  longestMatch(address: Prefix): number | undefined {
    const found = longestOf(this.routes, address);
    if (found === undefined) return undefined;
    const DestAddress = addressOf(address, this.family);
    const wanted = { ProtocolId: 0, TargetViews: RTM_VIEW_MASK_UCAST };
    const DestInfo = destinationInfo(found, this.family);
    const before = this.state;
    this.call('RtmGetMostSpecificDestination', { DestAddress, ...wanted }, { DestInfo });
    // As if the references of the reply had been given back.
    this.state = before;
    return found.prefix.length;
  }

  enumerate(batch: number): number {
    const items = [...this.routes.values()].toSorted((a, b) => comparePrefixes(a.prefix, b.prefix));
    const wanted = { TargetViews: 0, EnumFlags: 0, StartDest: null, MatchingFlags: 0 };
    const criteria = { DestHandle: null, CriteriaRoute: null, CriteriaInterface: 0 };
    this.call('RtmCreateRouteEnum', { ...wanted, ...criteria }, { RtmEnumHandle: ENUMERATION });
    const enumeration = { EnumHandle: ENUMERATION };
    for (let from = 0; from < items.length; from += batch) {
      const RouteHandles = items.slice(from, from + batch).map(({ token }) => token);
      const part = { NumRoutes: RouteHandles.length, RouteHandles };
      const status = from + batch < items.length ? NO_ERROR : ERROR_NO_MORE_ITEMS;
      this.call('RtmGetEnumRoutes', { ...enumeration, NumRoutes: batch }, part, status);
      this.call('RtmReleaseRoutes', part);
    }
    this.call('RtmDeleteEnumHandle', enumeration);
    return items.length;
  }

  delete(prefix: Prefix): boolean {
    const key = keyOf(prefix);
    const route = this.routes.get(key);
    if (route === undefined) return false;
    const out = { ChangeFlags: RTM_ROUTE_CHANGE_BEST };
    this.call('RtmDeleteRouteToDest', { RouteHandle: route.token }, out);
    return this.routes.delete(key);
  }

  objects(): number {
    const { routes, destinations } = this.state.tables;
    return routes.size + destinations.size;
  }

  /** Moves on to a state that explains the reply; there is one, or the model or this file is wrong. */
  private call(name: string, args: Out, out?: Out, status: number = NO_ERROR): void {
    // The arguments are those of the function's signature.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const call = { name, op: 0, RtmRegHandle: REGISTRATION, ...args } as unknown as Call;
    const reply: Reply = out === undefined ? { status } : { status, out };
    const [next] = follow([this.state], call, reply, this.context);
    if (next === undefined) throw new Error(explain(this.state, call, reply, this.context));
    this.state = next;
  }
}

const ROUTE_INFO = {
  DestHandle: null,
  RouteOwner: null,
  Neighbour: null,
  State: 0,
  Flags1: 0,
  Flags: 0,
  BelongsToViews: RTM_VIEW_MASK_UCAST,
  EntitySpecificInfo: null,
  NextHopsList: { NumNextHops: 0, NextHops: [] },
};

function destinationInfo({ prefix, token }: KnownRoute, family: number): Out {
  const best = { ViewId: constants.RTM_VIEW_ID_UCAST, NumRoutes: 1, Route: token };
  return {
    DestHandle: LOOK_UP,
    DestAddress: addressOf(prefix, family),
    LastChanged: 0,
    BelongsToViews: RTM_VIEW_MASK_UCAST,
    NumberOfViews: 1,
    ViewInfo: [{ ...best, Owner: REGISTRATION, DestFlags: 0, HoldRoute: null }],
  };
}

/** What an RTM would find: of all lengths the longest. Not by the model, which is to judge it. */
function longestOf(
  routes: ReadonlyMap<string, KnownRoute>,
  address: Prefix,
): KnownRoute | undefined {
  for (let { length } = address; length >= 0; length -= 1) {
    const found = routes.get(keyOf(shortened(address, length)));
    if (found !== undefined) return found;
  }
  return undefined;
}

function shortened({ words }: Prefix, length: number): Prefix {
  const kept = (index: number): number => {
    const bits = Math.min(32, Math.max(0, length - 32 * index));
    return bits === 0 ? 0 : ((words[index] ?? 0) & (-1 << (32 - bits))) >>> 0;
  };
  return { words: [kept(0), kept(1), kept(2), kept(3)], length };
}

function comparePrefixes(a: Prefix, b: Prefix): number {
  for (const [index, word] of a.words.entries()) {
    const difference = word - (b.words[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function keyOf({ words, length }: Prefix): string {
  return `${words.join('.')}/${length}`;
}

function addressOf({ words, length }: Prefix, family: number): Out {
  const AddrBits = Array.from(
    { length: ADDRESS_BYTES },
    (_, byte) => ((words[byte >>> 2] ?? 0) >>> (24 - 8 * (byte & 3))) & 0xff,
  );
  return { AddressFamily: family, NumBits: length, AddrBits };
}
