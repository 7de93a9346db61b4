/** Short spellings of enumerations, route lists, subscriptions and hold-down, and of what is expected of them. */
import { constants, type DestInfoShape, type NetAddress } from '../../../spec/index.ts';
import type { Action, EntityRef } from '../../programs/rtm-program.ts';
import { type DrainAction, invoke, type ObjectRef } from '../../programs/table-actions.ts';
import { drain } from '../../programs/table-drain.ts';
import { addNextHop, named, prefix, routeInfo } from '../../programs/table-steps.ts';
import type { Pattern } from '../pattern.ts';
import type { Step } from '../scenario.ts';
import { register } from '../steps.ts';
import { ok } from './route-steps.ts';

const { RTM_BEST_PROTOCOL, RTM_CHANGE_TYPE_BEST, RTM_ENUM_START, RTM_MATCH_NONE } = constants;
const { RTM_VIEW_MASK_ANY, RTM_VIEW_MASK_UCAST } = constants;

/** A client of the same protocol as those that differ from it only in their instance, so that routes compare by metric. */
export function peer(
  slot: number,
  hops: readonly string[],
  options: Partial<Omit<Extract<Action, { call: 'register' }>, 'call' | 'slot'>> = {},
): readonly Step[] {
  return [
    { do: register(slot, { identity: 0, instance: slot + 1, ...options }) },
    ...hops.map((hop, index) =>
      ok(addNextHop(slot, `10.255.${slot}.${index + 1}`, hop, { interfaceIndex: index + 1 })),
    ),
  ];
}

// --- Enumerations ----------------------------------------------------------------------------------------

export interface DestEnumOptions {
  readonly views?: number;
  readonly flags?: number;
  /** A prefix. */
  readonly from?: string;
  readonly protocol?: number;
}

/** RtmCreateDestEnum, of the whole table with no regard to views unless told otherwise. */
export function destEnum(by: EntityRef, as: string, options: DestEnumOptions = {}): Action {
  const { views = RTM_VIEW_MASK_ANY, flags = RTM_ENUM_START, from } = options;
  return invoke(
    'RtmCreateDestEnum',
    by,
    {
      TargetViews: views,
      EnumFlags: flags,
      NetAddress: addressOf(from),
      ProtocolId: options.protocol ?? RTM_BEST_PROTOCOL,
    },
    as,
  );
}

type Criteria = Omit<Partial<ReturnType<typeof routeInfo>>, 'RouteOwner'> & {
  readonly RouteOwner?: ObjectRef;
};

export interface RouteEnumOptions {
  readonly views?: number;
  readonly flags?: number;
  /** A prefix. */
  readonly from?: string;
  readonly of?: ObjectRef;
  /** RTM_MATCH_*. */
  readonly match?: number;
  /** What is not given is as `routeInfo` makes it. */
  readonly criteria?: Criteria | null;
  readonly interfaceIndex?: number;
}

/** RtmCreateRouteEnum, of all routes unless told otherwise. */
export function routeEnum(by: EntityRef, as: string, options: RouteEnumOptions = {}): Action {
  const { views = RTM_VIEW_MASK_ANY, flags = RTM_ENUM_START, from, of = null } = options;
  const { match = RTM_MATCH_NONE, criteria = null, interfaceIndex = 0 } = options;
  return invoke(
    'RtmCreateRouteEnum',
    by,
    {
      DestHandle: of,
      TargetViews: views,
      EnumFlags: flags,
      StartDest: addressOf(from),
      MatchingFlags: match,
      CriteriaRoute: criteria === null ? null : { ...routeInfo(), ...criteria },
      CriteriaInterface: interfaceIndex,
    },
    as,
  );
}

export function hopEnum(
  by: EntityRef,
  as: string,
  { flags = RTM_ENUM_START, from }: { readonly flags?: number; readonly from?: string } = {},
): Action {
  return invoke('RtmCreateNextHopEnum', by, { EnumFlags: flags, NetAddress: addressOf(from) }, as);
}

function addressOf(text: string | undefined): NetAddress | null {
  return text === undefined ? null : prefix(text);
}

export function endEnum(by: EntityRef, of: string): Action {
  return invoke('RtmDeleteEnumHandle', by, { EnumHandle: named(of) });
}

export function fetchDests(by: EntityRef, from: string, count: number, as?: string): Action {
  return invoke('RtmGetEnumDests', by, { EnumHandle: named(from), NumDests: count }, as);
}

export function fetchRoutes(by: EntityRef, from: string, count: number, as?: string): Action {
  return invoke('RtmGetEnumRoutes', by, { EnumHandle: named(from), NumRoutes: count }, as);
}

export function fetchHops(by: EntityRef, from: string, count: number, as?: string): Action {
  return invoke('RtmGetEnumNextHops', by, { EnumHandle: named(from), NumNextHops: count }, as);
}

export function fetchMembers(by: EntityRef, from: string, count: number, as?: string): Action {
  return invoke('RtmGetListEnumRoutes', by, { EnumHandle: named(from), NumRoutes: count }, as);
}

/** One item, which may come with ERROR_NO_MORE_ITEMS when it is the last one. */
export function one(action: Action, out: Readonly<Record<string, Pattern>> = {}): Step {
  return { do: action, expect: { status: ['NO_ERROR', 'ERROR_NO_MORE_ITEMS'], out } };
}

/** All that is left, by a fetch of one at a time where it matters, comes to an end and is this. */
export function all(action: DrainAction, items: Pattern): Step {
  return { do: action, expect: { out: { Ended: true, Items: items } } };
}

type DrainOptions = Pick<DrainAction, 'room' | 'as' | 'each' | 'release'>;

export function allDests(
  by: EntityRef,
  from: string,
  items: Pattern,
  options: DrainOptions = {},
): Step {
  return all(drain(by, 'RtmGetEnumDests', named(from), { release: 'filled', ...options }), items);
}

/** Routes are handed out as bare handles: they are counted here, and each can be asked what it is. */
export function allRoutes(
  by: EntityRef,
  from: string,
  count: number,
  options: DrainOptions = {},
): Step {
  const items = Array.from({ length: count }, () => ({ $present: true }) as const);
  return all(drain(by, 'RtmGetEnumRoutes', named(from), options), items);
}

export function allHops(
  by: EntityRef,
  from: string,
  count: number,
  options: DrainOptions = {},
): Step {
  const items = Array.from({ length: count }, () => ({ $present: true }) as const);
  return all(drain(by, 'RtmGetEnumNextHops', named(from), options), items);
}

export function allMembers(
  by: EntityRef,
  from: string,
  count: number,
  options: DrainOptions = {},
): Step {
  const items = Array.from({ length: count }, () => ({ $present: true }) as const);
  return all(drain(by, 'RtmGetListEnumRoutes', named(from), options), items);
}

/** Entries with these prefixes. */
export function at(...prefixes: readonly string[]): readonly Pattern[] {
  return prefixes.map((DestAddress) => ({ DestAddress }));
}

export function inAnyOrder(items: readonly Pattern[]): Pattern {
  return { $inAnyOrder: items };
}

// --- Route lists -----------------------------------------------------------------------------------------

export function createList(by: EntityRef, as: string): Action {
  return invoke('RtmCreateRouteList', by, {}, as);
}

/** With no list the routes are taken off theirs. */
export function insert(by: EntityRef, list: string | null, ...routes: readonly string[]): Action {
  return invoke('RtmInsertInRouteList', by, {
    RouteListHandle: list === null ? null : named(list),
    NumRoutes: routes.length,
    RouteHandles: routes.map((route) => named(route)),
  });
}

export function listEnum(by: EntityRef, list: string, as: string): Action {
  return invoke('RtmCreateRouteListEnum', by, { RouteListHandle: named(list) }, as);
}

export function deleteList(by: EntityRef, list: string): Action {
  return invoke('RtmDeleteRouteList', by, { RouteListHandle: named(list) });
}

/** So many routes are on the list; they go by `as`, and the enumeration by `as.enum`. */
export function members(by: EntityRef, list: string, as: string, count: number): readonly Step[] {
  return [
    ok(listEnum(by, list, `${as}.enum`)),
    allMembers(by, `${as}.enum`, count, { as }),
    ok(endEnum(by, `${as}.enum`)),
  ];
}

// --- Change notification ---------------------------------------------------------------------------------

export interface SubscribeOptions {
  readonly views?: number;
  readonly flags?: number;
  readonly context?: number;
}

/** RtmRegisterForChangeNotification, of the best routes of the unicast view unless told otherwise. */
export function subscribe(by: EntityRef, as: string, options: SubscribeOptions = {}): Action {
  const { views = RTM_VIEW_MASK_UCAST, flags = RTM_CHANGE_TYPE_BEST, context = 77 } = options;
  const args = { TargetViews: views, NotifyFlags: flags, NotifyContext: context };
  return invoke('RtmRegisterForChangeNotification', by, args, as);
}

export function unsubscribe(by: EntityRef, subscription: string): Action {
  return invoke('RtmDeregisterFromChangeNotification', by, { NotifyHandle: named(subscription) });
}

export function fetchChanges(
  by: EntityRef,
  subscription: string,
  count: number,
  as?: string,
): Action {
  const args = { NotifyHandle: named(subscription), NumDests: count };
  return invoke('RtmGetChangedDests', by, args, as);
}

/** RtmReleaseDests of a whole batch, or of its first elements. */
export function releaseDests(by: EntityRef, batch: string, first?: number): Action {
  return invoke('RtmReleaseDests', by, {
    NumDests: { lengthOf: 'DestInfos' },
    DestInfos: { named: batch, ...(first === undefined ? {} : { first }) },
  });
}

export function releaseChanges(
  by: EntityRef,
  subscription: string,
  batch: string,
  first?: number,
): Action {
  return invoke('RtmReleaseChangedDests', by, {
    NotifyHandle: named(subscription),
    NumDests: { lengthOf: 'ChangedDests' },
    ChangedDests: { named: batch, ...(first === undefined ? {} : { first }) },
  });
}

/** An RTM_DEST_INFO with a handle that the RTM never gave out. */
export const madeUpDest: DestInfoShape<ObjectRef> = {
  DestHandle: 'made-up',
  DestAddress: prefix('10.1.0.0/16'),
  LastChanged: 0,
  BelongsToViews: 0,
  NumberOfViews: 0,
  ViewInfo: [],
};

/** All that has changed, in any order. */
export function changes(
  by: EntityRef,
  subscription: string,
  items: readonly Pattern[],
  options: DrainOptions = {},
): Step {
  return all(
    drain(by, 'RtmGetChangedDests', named(subscription), { release: 'filled', ...options }),
    inAnyOrder(items),
  );
}

export function changeStatus(by: EntityRef, subscription: string, dest: ObjectRef): Action {
  const args = { NotifyHandle: named(subscription), DestHandle: dest };
  return invoke('RtmGetChangeStatus', by, args);
}

export function isPending(by: EntityRef, subscription: string, dest: ObjectRef, is: boolean): Step {
  return ok(changeStatus(by, subscription, dest), { ChangeStatus: is });
}

export function ignore(
  by: EntityRef,
  subscription: string,
  ...dests: readonly ObjectRef[]
): Action {
  const args = { NotifyHandle: named(subscription), NumDests: dests.length, ChangedDests: dests };
  return invoke('RtmIgnoreChangedDests', by, args);
}

export function mark(
  by: EntityRef,
  subscription: string,
  dest: ObjectRef,
  isMarked = true,
): Action {
  return invoke('RtmMarkDestForChangeNotification', by, {
    NotifyHandle: named(subscription),
    DestHandle: dest,
    MarkDest: isMarked,
  });
}

export function isMarked(by: EntityRef, subscription: string, dest: ObjectRef): Action {
  const args = { NotifyHandle: named(subscription), DestHandle: dest };
  return invoke('RtmIsMarkedForChangeNotification', by, args);
}

// --- Hold-down -------------------------------------------------------------------------------------------

export function hold(
  by: EntityRef,
  dest: ObjectRef,
  {
    views = RTM_VIEW_MASK_UCAST,
    ms = 30_000,
  }: { readonly views?: number; readonly ms?: number } = {},
): Action {
  return invoke('RtmHoldDestination', by, { DestHandle: dest, TargetViews: views, HoldTime: ms });
}
