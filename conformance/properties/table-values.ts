/**
 * What random programs on routing tables are made of: few values of each kind, and calls with such. Most can be
 * meant; a few, handles that are none, addresses of another family, too large numbers, are there to be refused.
 */
import fc from 'fast-check';
import {
  constants,
  type HandleKind,
  type NetAddress,
  type RouteInfoShape,
  type TableFunctionName,
} from '../../spec/index.ts';
import type { Action, EntityRef } from '../programs/rtm-program.ts';
import {
  type InvokeAction,
  type NumberRef,
  type ObjectRef,
  type StructureType,
  takenBack,
} from '../programs/table-actions.ts';
import { prefix } from '../programs/table-steps.ts';

const { RTM_VIEW_MASK_UCAST, RTM_VIEW_MASK_MCAST, RTM_VIEW_MASK_ANY } = constants;
const { RTM_BEST_PROTOCOL, RTM_THIS_PROTOCOL } = constants;

/** Entities that programs register, and whose handles they call with. */
export const SLOTS = 2;

export interface Family {
  /** Index into `TABLES`. */
  readonly table: number;
  readonly prefixes: readonly string[];
  /** No prefixes of this family. */
  readonly bad: readonly NetAddress[];
  readonly hops: readonly string[];
}

export const ipv4: Family = {
  table: 0,
  prefixes: [
    '0.0.0.0/0',
    '10.0.0.0/8',
    '10.1.0.0/16',
    '10.1.2.0/24',
    '10.1.2.3/32',
    '192.168.0.0/16',
  ],
  bad: [prefix('2001:db8::/32'), { ...prefix('10.0.0.0/8'), NumBits: 33 }],
  hops: ['10.9.0.1', '10.9.0.2', '172.16.0.1'],
};

export const ipv6: Family = {
  table: 1,
  prefixes: [
    '::/0',
    '2001:db8::/32',
    '2001:db8:1::/48',
    '2001:db8:1:2::/64',
    '2001:db8:1:2::3/128',
  ],
  bad: [prefix('10.0.0.0/8'), { ...prefix('2001:db8::/32'), NumBits: 129 }],
  hops: ['fe80::1', 'fe80::2', '2001:db8::9'],
};

/** One or a few actions that belong together. */
export type Group = fc.Arbitrary<readonly Action[]>;

/** One in so many arguments of a kind cannot be meant. */
const GOOD = 30;

function mostly<T, U>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<U>): fc.Arbitrary<T | U> {
  return fc.oneof<fc.WeightedArbitrary<T | U>[]>(
    { weight: GOOD, arbitrary: good },
    { weight: 1, arbitrary: bad },
  );
}

export const slot: fc.Arbitrary<number> = fc.nat(SLOTS - 1);
export const by: fc.Arbitrary<EntityRef> = mostly(slot, fc.constantFrom('null', 'made-up'));
export const view: fc.Arbitrary<number> = fc.constantFrom(
  RTM_VIEW_MASK_UCAST,
  RTM_VIEW_MASK_MCAST,
  RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST,
);
/** With one that is not supported now and then. */
export const views: fc.Arbitrary<number | NumberRef> = mostly(
  view,
  fc.constant({ profile: 'view not supported' }),
);
export const targetViews: fc.Arbitrary<number | NumberRef> = fc.oneof(
  { weight: 4, arbitrary: views },
  { weight: 1, arbitrary: fc.constant(RTM_VIEW_MASK_ANY) },
);
/** How many to fetch: a few, none, or too many. */
export const batchSize: fc.Arbitrary<number | NumberRef> = fc.oneof<
  fc.WeightedArbitrary<number | NumberRef>[]
>(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 3 }) },
  { weight: 1, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constant({ profile: 'MaxHandlesInEnum', plus: 1 }) },
);
export const protocol: fc.Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(RTM_BEST_PROTOCOL) },
  { weight: 1, arbitrary: fc.constantFrom(RTM_THIS_PROTOCOL, 100, 101) },
);

/** Mostly one that the caller holds; now and then one that it has given back, or that never was. */
export function held(kind: HandleKind): fc.Arbitrary<ObjectRef> {
  const place = fc.nat(3);
  return mostly<ObjectRef, ObjectRef>(
    place.map((at) => ({ held: kind, place: at })),
    fc.oneof<fc.Arbitrary<ObjectRef>[]>(
      place.map((at) => ({ released: kind, place: at })),
      fc.constantFrom('null', 'made-up'),
    ),
  );
}

/** What an earlier action of the same caller has returned, as long as it is not given back. */
export function got(name: string, caller: EntityRef, path?: string): ObjectRef {
  const named = `${name} ${caller}`;
  return { named, ...(path === undefined ? {} : { path }), ifHeld: true };
}

/** Calls about a destination that is looked up first. */
export function atDestination(
  family: Family,
  uses: fc.Arbitrary<(caller: EntityRef, dest: ObjectRef) => readonly Action[]>,
): Group {
  const whole = { ProtocolId: RTM_BEST_PROTOCOL, TargetViews: RTM_VIEW_MASK_ANY };
  return fc
    .record({
      caller: by,
      at: goodAddress(family),
      search: fc.constantFrom('RtmGetExactMatchDestination', 'RtmGetMostSpecificDestination'),
      use: uses,
    })
    .map(({ caller, at, search, use }) => [
      call(search, caller, { DestAddress: at, ...whole }, `dest ${caller}`),
      ...use(caller, got('dest', caller, 'DestHandle')),
    ]);
}

export function goodAddress(family: Family): fc.Arbitrary<NetAddress> {
  return fc.constantFrom(...family.prefixes).map(prefix);
}

export function address(family: Family): fc.Arbitrary<NetAddress> {
  return mostly(goodAddress(family), fc.constantFrom(...family.bad));
}

/** A call of a function: its arguments are those of its signature, by construction below. */
export function call(
  name: TableFunctionName,
  caller: EntityRef,
  args: Readonly<Record<string, unknown>>,
  as?: string,
): Action {
  const action = { call: 'invoke', name, by: caller, args, ...(as === undefined ? {} : { as }) };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return action as unknown as InvokeAction;
}

/** A group of one call whose arguments are drawn one by one. */
export function look(
  name: TableFunctionName,
  args: Readonly<Record<string, fc.Arbitrary<unknown>>> = {},
): Group {
  return fc.record({ caller: by, args: fc.record(args) }).map((drawn) => {
    return [call(name, drawn.caller, drawn.args)];
  });
}

/** Arguments that are always the same. */
export function fixed(
  args: Readonly<Record<string, unknown>>,
): Readonly<Record<string, fc.Arbitrary<unknown>>> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, fc.constant(value)]),
  );
}

/** Gives a structure back as a whole. */
export function giveBack(name: TableFunctionName, NotifyHandle?: fc.Arbitrary<ObjectRef>): Group {
  const type: StructureType | undefined = takenBack[name];
  const isBatch = type === 'DestInfos' || type === 'ChangedDests';
  return look(name, {
    ...(NotifyHandle === undefined ? {} : { NotifyHandle }),
    ...(isBatch ? { NumDests: fc.constant({ lengthOf: type }) } : {}),
    ...(type === undefined
      ? {}
      : { [type]: fc.nat(2).map((place) => ({ received: type, place })) }),
  });
}

export function releaseOf(
  name: TableFunctionName,
  count: string,
  array: string,
  kind: HandleKind,
): Group {
  return fc
    .record({ caller: by, refs: fc.array(held(kind), { minLength: 1, maxLength: 2 }) })
    .map(({ caller, refs }) => [call(name, caller, { [count]: refs.length, [array]: refs })]);
}

export const routeInfo: fc.Arbitrary<RouteInfoShape<ObjectRef>> = fc
  .record({
    hops: fc.array(held('nexthop'), { minLength: 1, maxLength: 2 }),
    metric: fc.integer({ min: 1, max: 3 }),
    preference: fc.integer({ min: 1, max: 2 }),
    views: view,
    specific: fc.nat(2),
  })
  .map(({ hops, metric, preference, views, specific }) => ({
    DestHandle: null,
    RouteOwner: null,
    Neighbour: hops[0] ?? null,
    State: 0,
    Flags1: 0,
    Flags: constants.RTM_ROUTE_FLAGS_REMOTE,
    PrefInfo: { Metric: metric, Preference: preference },
    BelongsToViews: views,
    EntitySpecificInfo: specific,
    NextHopsList: { NumNextHops: hops.length, NextHops: hops },
  }));
