/** Scenarios of RtmCreateDestEnum and RtmGetEnumDests: which destinations come, in which order, and with what. */
import { constants } from '../../../spec/index.ts';
import { invoke } from '../../programs/table-actions.ts';
import { addNextHop, addRoute, getRouteInfo, named } from '../../programs/table-steps.ts';
import type { Scenario, Step } from '../scenario.ts';
import { OTHER_FAMILY, register } from '../steps.ts';
import { client, getDestInfo, ok, refused, releaseRouteInfo, routeSays } from './route-steps.ts';
import {
  allDests,
  allRoutes,
  at,
  destEnum,
  endEnum,
  fetchDests,
  inAnyOrder,
  one,
  peer,
  routeEnum,
} from './walk-steps.ts';

const { RTM_ENUM_NEXT, RTM_ENUM_OWN_DESTS, RTM_ENUM_RANGE, RTM_THIS_PROTOCOL } = constants;
const { RTM_VIEW_MASK_ANY, RTM_VIEW_MASK_MCAST, RTM_VIEW_MASK_UCAST } = constants;

const base = { area: 'enumeration', level: 'enumeration', needs: ['routes', 'nexthops'] } as const;
const withViews = { ...base, needs: [...base.needs, 'views'] } as const;

/** Not in the order in which they are to come. */
const prefixes = ['10.1.0.0/16', '0.0.0.0/0', '192.168.1.0/24', '10.1.2.3/32', '10.0.0.0/8'];
const ascending = ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.3/32', '192.168.1.0/24'];

/** Client 0 with the next hop `a` and a route to each of the prefixes. */
const table: readonly Step[] = [
  ...client(0, 'a'),
  ...prefixes.map((to) => ok(addRoute(0, to, { hops: ['a'] }))),
];

/** One destination in the unicast view, one in the multicast view, one in both. */
const viewed: readonly Step[] = [
  ...client(0, 'a'),
  ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], views: RTM_VIEW_MASK_UCAST })),
  ok(addRoute(0, '10.2.0.0/16', { hops: ['a'], views: RTM_VIEW_MASK_MCAST })),
  ok(
    addRoute(0, '10.3.0.0/16', {
      hops: ['a'],
      views: RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST,
    }),
  ),
];

export const destEnumerationScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'enumeration/all-destinations',
    title: 'An enumeration of all destinations delivers each of them once',
    rules: ['RTM-ENUM-001', 'RTM-ENUM-017'],
    steps: [...table, ok(destEnum(0, 'e')), allDests(0, 'e', inAnyOrder(at(...prefixes)))],
  },
  {
    ...base,
    id: 'enumeration/all-destinations-of-all-clients',
    title: 'The destinations of other clients are in the table too, those of other tables are not',
    rules: ['RTM-ENUM-001'],
    steps: [
      ...table,
      ...client(1, 'b'),
      { do: register(2, { table: OTHER_FAMILY }) },
      ok(addNextHop(2, 'fe80::1', 'six')),
      ok(addRoute(2, '2001:db8::/32', { hops: ['six'] })),
      ok(addRoute(1, '172.16.0.0/12', { hops: ['b'] })),
      ok(destEnum(1, 'e')),
      allDests(1, 'e', inAnyOrder(at(...prefixes, '172.16.0.0/12'))),
      ok(destEnum(2, 'e6')),
      allDests(2, 'e6', at('2001:db8::/32')),
    ],
  },
  {
    ...base,
    id: 'enumeration/no-destinations',
    title: 'An enumeration of an empty table ends at once',
    rules: ['RTM-ENUM-017', 'RTM-ENUM-001'],
    steps: [
      ...client(0),
      ok(destEnum(0, 'e')),
      refused(fetchDests(0, 'e', 1), 'ERROR_NO_MORE_ITEMS'),
      ok(endEnum(0, 'e')),
    ],
  },
  {
    ...base,
    id: 'enumeration/destinations-without-routes',
    title: 'A destination that has lost its last route is not enumerated',
    rules: ['RTM-ENUM-039', 'RTM-ENUM-001'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ok(addRoute(0, '10.2.0.0/16', { hops: ['a'] })),
      ok(getRouteInfo(0, named('r'), 'info')),
      ok(invoke('RtmDeleteRouteToDest', 0, { RouteHandle: named('r') })),
      ok(destEnum(0, 'e')),
      allDests(0, 'e', at('10.2.0.0/16')),
      ok(releaseRouteInfo(0, 'info')),
    ],
  },
  {
    ...withViews,
    id: 'enumeration/destinations-of-views',
    title: 'Named views restrict the destinations to those that belong to one of them',
    rules: ['RTM-ENUM-002'],
    steps: [
      ...viewed,
      ok(destEnum(0, 'u', { views: RTM_VIEW_MASK_UCAST })),
      allDests(0, 'u', inAnyOrder(at('10.1.0.0/16', '10.3.0.0/16'))),
      ok(destEnum(0, 'm', { views: RTM_VIEW_MASK_MCAST })),
      allDests(0, 'm', inAnyOrder(at('10.2.0.0/16', '10.3.0.0/16'))),
      ok(destEnum(0, 'both', { views: RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST })),
      allDests(0, 'both', inAnyOrder(at('10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'))),
    ],
  },
  {
    ...withViews,
    id: 'enumeration/view-blocks',
    title: 'View blocks come in ascending order of views, and not at all with RTM_VIEW_MASK_ANY',
    rules: ['RTM-ENUM-014'],
    steps: [
      ...viewed,
      ok(
        destEnum(0, 'both', {
          views: RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST,
          flags: RTM_ENUM_RANGE,
          from: '10.3.0.0/16',
        }),
      ),
      allDests(0, 'both', [{ NumberOfViews: 2, ViewInfo: [{ ViewId: 0 }, { ViewId: 1 }] }]),
      ok(destEnum(0, 'any', { flags: RTM_ENUM_RANGE, from: '10.3.0.0/16' })),
      allDests(0, 'any', [{ NumberOfViews: 0, ViewInfo: [] }]),
    ],
  },
  {
    ...base,
    id: 'enumeration/view-not-supported',
    title: 'A view that the profile does not list is refused with ERROR_NOT_SUPPORTED',
    rules: ['RTM-ENUM-004'],
    steps: [
      ...table,
      refused(
        invoke('RtmCreateDestEnum', 0, {
          TargetViews: { profile: 'view not supported' },
          EnumFlags: 0,
          NetAddress: null,
          ProtocolId: 0,
        }),
        'ERROR_NOT_SUPPORTED',
      ),
      refused(
        invoke('RtmCreateRouteEnum', 0, {
          DestHandle: null,
          TargetViews: { profile: 'view not supported' },
          EnumFlags: 0,
          StartDest: null,
          MatchingFlags: 0,
          CriteriaRoute: null,
          CriteriaInterface: 0,
        }),
        'ERROR_NOT_SUPPORTED',
      ),
    ],
  },
  {
    ...base,
    id: 'enumeration/own-destinations',
    title: 'Own destinations are those whose best route is the caller’s',
    rules: ['RTM-ENUM-005'],
    steps: [
      ...peer(0, ['a']),
      ...peer(1, ['b']),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 1 })),
      ok(addRoute(1, '10.1.0.0/16', { hops: ['b'], metric: 9 })),
      ok(addRoute(0, '10.2.0.0/16', { hops: ['a'], metric: 9 })),
      ok(addRoute(1, '10.2.0.0/16', { hops: ['b'], metric: 1 })),
      ok(addRoute(1, '10.3.0.0/16', { hops: ['b'], metric: 1 })),
      ok(destEnum(0, 'e0', { views: RTM_VIEW_MASK_UCAST, flags: RTM_ENUM_OWN_DESTS })),
      allDests(0, 'e0', at('10.1.0.0/16')),
      ok(destEnum(1, 'e1', { views: RTM_VIEW_MASK_UCAST, flags: RTM_ENUM_OWN_DESTS })),
      allDests(1, 'e1', inAnyOrder(at('10.2.0.0/16', '10.3.0.0/16'))),
      ok(destEnum(1, 'any', { views: RTM_VIEW_MASK_ANY, flags: RTM_ENUM_OWN_DESTS })),
      allDests(1, 'any', inAnyOrder(at('10.2.0.0/16', '10.3.0.0/16'))),
    ],
  },
  {
    ...base,
    id: 'enumeration/destinations-from-a-prefix',
    title: 'RTM_ENUM_NEXT goes from a prefix, itself included, to the end',
    rules: ['RTM-ENUM-006'],
    steps: [
      ...table,
      ok(destEnum(0, 'e', { flags: RTM_ENUM_NEXT, from: '10.1.0.0/16' })),
      allDests(0, 'e', at(...ascending.slice(2))),
      ok(destEnum(0, 'absent', { flags: RTM_ENUM_NEXT, from: '10.1.2.0/24' })),
      allDests(0, 'absent', at(...ascending.slice(3))),
      ok(destEnum(0, 'first', { flags: RTM_ENUM_NEXT, from: '0.0.0.0/0' })),
      allDests(0, 'first', at(...ascending)),
      ok(destEnum(0, 'behind', { flags: RTM_ENUM_NEXT, from: '224.0.0.0/4' })),
      allDests(0, 'behind', []),
    ],
  },
  {
    ...base,
    id: 'enumeration/destinations-inside-a-prefix',
    title: 'RTM_ENUM_RANGE covers the prefix itself and what lies inside, hosts included',
    rules: ['RTM-ENUM-007'],
    steps: [
      ...table,
      ok(destEnum(0, 'e', { flags: RTM_ENUM_RANGE, from: '10.0.0.0/8' })),
      allDests(0, 'e', inAnyOrder(at('10.0.0.0/8', '10.1.0.0/16', '10.1.2.3/32'))),
      ok(destEnum(0, 'absent', { flags: RTM_ENUM_RANGE, from: '10.1.2.0/24' })),
      allDests(0, 'absent', at('10.1.2.3/32')),
      ok(destEnum(0, 'host', { flags: RTM_ENUM_RANGE, from: '10.1.2.3/32' })),
      allDests(0, 'host', at('10.1.2.3/32')),
      ok(destEnum(0, 'whole', { flags: RTM_ENUM_RANGE, from: '0.0.0.0/0' })),
      allDests(0, 'whole', inAnyOrder(at(...prefixes))),
      ok(destEnum(0, 'none', { flags: RTM_ENUM_RANGE, from: '172.16.0.0/12' })),
      allDests(0, 'none', []),
    ],
  },
  {
    ...base,
    id: 'enumeration/destinations-in-order',
    title: 'Destinations come in ascending order of addresses, the shorter prefix first',
    rules: ['RTM-ENUM-008'],
    steps: [
      ...table,
      ok(addRoute(0, '10.0.0.0/16', { hops: ['a'] })),
      ok(destEnum(0, 'e')),
      allDests(0, 'e', at(...ascending.slice(0, 2), '10.0.0.0/16', ...ascending.slice(2))),
    ],
  },
  {
    ...base,
    id: 'enumeration/ipv6-destinations-in-order',
    title: 'IPv6 destinations are enumerated like others, to the last of 128 bits',
    rules: ['RTM-ENUM-008', 'RTM-ENUM-001', 'RTM-ENUM-006', 'RTM-ENUM-007'],
    steps: [
      { do: register(0, { table: OTHER_FAMILY }) },
      ok(addNextHop(0, 'fe80::1', 'a')),
      ...[
        '2001:db8:1:2::3/128',
        '::/0',
        '2001:db8::/32',
        '2001:db8:1::/48',
        '2001:db8:1:2::2/128',
      ].map((to) => ok(addRoute(0, to, { hops: ['a'] }))),
      ok(destEnum(0, 'e')),
      allDests(
        0,
        'e',
        at(
          '::/0',
          '2001:db8::/32',
          '2001:db8:1::/48',
          '2001:db8:1:2::2/128',
          '2001:db8:1:2::3/128',
        ),
      ),
      ok(destEnum(0, 'next', { flags: RTM_ENUM_NEXT, from: '2001:db8:1:2::3/128' })),
      allDests(0, 'next', at('2001:db8:1:2::3/128')),
      ok(destEnum(0, 'range', { flags: RTM_ENUM_RANGE, from: '2001:db8:1::/48' })),
      allDests(0, 'range', at('2001:db8:1::/48', '2001:db8:1:2::2/128', '2001:db8:1:2::3/128')),
    ],
  },
  {
    ...base,
    id: 'enumeration/protocol-restricts-no-destinations',
    title: 'Which destinations come does not depend on the protocol asked for',
    rules: ['RTM-ENUM-010'],
    steps: [
      ...table,
      ...client(1),
      ok(destEnum(1, 'own', { views: RTM_VIEW_MASK_UCAST, protocol: RTM_THIS_PROTOCOL })),
      allDests(1, 'own', inAnyOrder(at(...prefixes))),
      ok(destEnum(1, 'other', { views: RTM_VIEW_MASK_UCAST, protocol: 4711 })),
      allDests(1, 'other', inAnyOrder(at(...prefixes))),
    ],
  },
  {
    ...base,
    id: 'enumeration/protocol-chooses-the-route',
    title: 'The route shown is the best one of the protocol asked for',
    rules: ['RTM-ENUM-011'],
    steps: [
      ...client(0, 'a'),
      ...client(1, 'b', 'c'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 5, specific: 1 })),
      ok(addRoute(1, '10.1.0.0/16', { hops: ['b'], metric: 9, specific: 2 })),
      ok(addRoute(1, '10.1.0.0/16', { hops: ['c'], metric: 7, specific: 3 })),
      ok(destEnum(1, 'this', { views: RTM_VIEW_MASK_UCAST, protocol: RTM_THIS_PROTOCOL })),
      one(fetchDests(1, 'this', 1, 'own'), { NumDests: 1 }),
      routeSays(1, named('own', '0.ViewInfo.0.Route'), { EntitySpecificInfo: 3 }),
      ok(destEnum(1, 'by number', { views: RTM_VIEW_MASK_UCAST, protocol: 100 })),
      one(fetchDests(1, 'by number', 1, 'other'), { NumDests: 1 }),
      routeSays(1, named('other', '0.ViewInfo.0.Route'), { EntitySpecificInfo: 1 }),
      ok(destEnum(0, 'none', { views: RTM_VIEW_MASK_UCAST, protocol: 4711 })),
      allDests(0, 'none', [{ ViewInfo: [{ Route: null, Owner: null }] }]),
    ],
  },
  {
    ...base,
    id: 'enumeration/best-of-all-protocols',
    title: 'With RTM_BEST_PROTOCOL the route shown is the best of all',
    rules: ['RTM-ENUM-011'],
    steps: [
      ...peer(0, ['a']),
      ...peer(1, ['b']),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 9, specific: 1 })),
      ok(addRoute(1, '10.1.0.0/16', { hops: ['b'], metric: 5, specific: 2 })),
      ok(destEnum(0, 'e', { views: RTM_VIEW_MASK_UCAST })),
      one(fetchDests(0, 'e', 1, 'd'), { DestInfos: [{ ViewInfo: [{ ViewId: 0, NumRoutes: 2 }] }] }),
      routeSays(0, named('d', '0.ViewInfo.0.Route'), { EntitySpecificInfo: 2 }),
    ],
  },
  {
    ...base,
    id: 'enumeration/destinations-one-by-one',
    title: 'Batches of one continue each other, and the end comes after them',
    rules: ['RTM-ENUM-012', 'RTM-ENUM-017', 'RTM-ENUM-013'],
    steps: [...table, ok(destEnum(0, 'e')), allDests(0, 'e', at(...ascending), { room: 1 })],
  },
  {
    ...base,
    id: 'enumeration/destinations-in-batches-of-two',
    title: 'Batches of different sizes are together the enumeration',
    rules: ['RTM-ENUM-012', 'RTM-ENUM-013'],
    steps: [
      ...table,
      ok(destEnum(0, 'e')),
      one(fetchDests(0, 'e', 1, 'first'), { NumDests: 1, DestInfos: at('0.0.0.0/0') }),
      allDests(0, 'e', at(...ascending.slice(1)), { room: 2 }),
    ],
  },
  {
    ...base,
    id: 'enumeration/destination-handles-work',
    title: 'A destination handle that was delivered leads to the destination and its routes',
    rules: ['RTM-ENUM-015', 'RTM-ENUM-024'],
    steps: [
      ...table,
      ok(destEnum(0, 'e', { flags: RTM_ENUM_RANGE, from: '10.1.0.0/16' })),
      one(fetchDests(0, 'e', 1, 'd'), { DestInfos: at('10.1.0.0/16') }),
      ok(getDestInfo(0, named('d', '0.DestHandle')), { DestInfo: { DestAddress: '10.1.0.0/16' } }),
      ok(
        routeEnum(0, 'routes', {
          of: named('d', '0.DestHandle'),
          flags: RTM_ENUM_RANGE,
          from: '10.1.0.0/16',
        }),
      ),
      allRoutes(0, 'routes', 1, { as: 'r' }),
      ok(getRouteInfo(0, named('r', '0')), { DestAddress: '10.1.0.0/16' }),
    ],
  },
  {
    ...base,
    id: 'enumeration/after-the-end',
    title: 'At the end the count says that nothing was delivered, however often one asks',
    rules: ['RTM-ENUM-018', 'RTM-ENUM-017'],
    steps: [
      ...table,
      ok(destEnum(0, 'e')),
      allDests(0, 'e', at(...ascending)),
      ...[1, 2].map((): Step => ({
        do: fetchDests(0, 'e', 1),
        expect: { status: 'ERROR_NO_MORE_ITEMS', out: { NumDests: 0 } },
      })),
    ],
  },
  {
    ...base,
    id: 'enumeration/lengths-within-one-address',
    title: 'Prefixes with one address and different lengths are told apart at the edge of a batch',
    rules: ['RTM-ENUM-012', 'RTM-ENUM-008'],
    steps: [
      ...client(0, 'a'),
      ...['10.0.0.0/32', '10.0.0.0/8', '10.0.0.0/24', '10.0.0.0/16'].map((to) =>
        ok(addRoute(0, to, { hops: ['a'] })),
      ),
      ok(destEnum(0, 'e')),
      allDests(0, 'e', at('10.0.0.0/8', '10.0.0.0/16', '10.0.0.0/24', '10.0.0.0/32'), { room: 1 }),
      ok(destEnum(0, 'next', { flags: RTM_ENUM_NEXT, from: '10.0.0.0/16' })),
      allDests(0, 'next', at('10.0.0.0/16', '10.0.0.0/24', '10.0.0.0/32'), { room: 1 }),
    ],
  },
];
