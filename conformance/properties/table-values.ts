/** What random programs on routing tables are made of: few values of each kind, and calls with such. */
import fc from 'fast-check';
import {
  constants,
  type HandleKind,
  type RouteInfoShape,
  type TableFunctionName,
} from '../../spec/index.ts';
import type { Action, EntityRef } from '../programs/rtm-program.ts';
import {
  type InvokeAction,
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
  hops: ['fe80::1', 'fe80::2', '2001:db8::9'],
};

/** One or a few actions that belong together. */
export type Group = fc.Arbitrary<readonly Action[]>;

export const by: fc.Arbitrary<number> = fc.nat(SLOTS - 1);
export const view: fc.Arbitrary<number> = fc.constantFrom(
  RTM_VIEW_MASK_UCAST,
  RTM_VIEW_MASK_MCAST,
  RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST,
);
export const targetViews: fc.Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: view },
  { weight: 1, arbitrary: fc.constant(RTM_VIEW_MASK_ANY) },
);
export const protocol: fc.Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(RTM_BEST_PROTOCOL) },
  { weight: 1, arbitrary: fc.constantFrom(RTM_THIS_PROTOCOL, 100, 101) },
);

export function held(kind: HandleKind): fc.Arbitrary<ObjectRef> {
  return fc.nat(3).map((place) => ({ held: kind, place }));
}

export function address(family: Family): fc.Arbitrary<ReturnType<typeof prefix>> {
  return fc.constantFrom(...family.prefixes).map(prefix);
}

/** A call of a function: its arguments are those of its signature, by construction below. */
export function call(
  name: TableFunctionName,
  caller: EntityRef,
  args: Readonly<Record<string, unknown>>,
): Action {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { call: 'invoke', name, by: caller, args } as unknown as InvokeAction;
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

export function giveBack(
  name: TableFunctionName,
  more: Readonly<Record<string, unknown>> = {},
): Group {
  const type: StructureType | undefined = takenBack[name];
  return fc.record({ caller: by, place: fc.nat(2) }).map(({ caller, place }) => [
    call(name, caller, {
      ...more,
      ...(type === undefined ? {} : { [type]: { received: type, place } }),
    }),
  ]);
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
