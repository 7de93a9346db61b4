/** Scenarios of look-ups: exact match, longest prefix, and the walk to shorter prefixes. */
import { constants } from '../../../spec/index.ts';
import { invoke } from '../../programs/table-actions.ts';
import {
  addNextHop,
  addRoute,
  deleteRoute,
  exactMatch,
  getRouteInfo,
  lessSpecific,
  lookUp,
  named,
  releaseDestInfo,
} from '../../programs/table-steps.ts';
import type { Scenario, Step } from '../scenario.ts';
import { OTHER_FAMILY, register } from '../steps.ts';
import { bestIn, client, getDestInfo, matchRoute, ok, refused, routeSays } from './route-steps.ts';

const { RTM_THIS_PROTOCOL } = constants;

const base = { area: 'lookup', level: 'lookup', needs: ['routes', 'nexthops'] } as const;

/** Routes of client 0 to prefixes, from 1 on marked by their place. */
function routes(...prefixes: readonly string[]): readonly Step[] {
  return prefixes.map((prefix, index) =>
    ok(addRoute(0, prefix, { hops: ['a'], specific: index + 1 })),
  );
}

const found = (prefix: string): { readonly DestInfo: { readonly DestAddress: string } } => ({
  DestInfo: { DestAddress: prefix },
});

/** The protocol identifier of the client in a slot. */
const protocolOf = (slot: number): number => 100 + slot;

export const lookUpScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'lookup/exact-match',
    title: 'An exact match is the destination with that address and that length',
    rules: ['RTM-LOOKUP-001', 'RTM-LOOKUP-019'],
    steps: [
      ...client(0, 'a'),
      ...routes('10.0.0.0/8', '10.0.0.0/16', '10.0.0.0/24', '10.1.0.0/16', '0.0.0.0/0'),
      ...['10.0.0.0/16', '10.1.0.0/16', '10.0.0.0/8', '0.0.0.0/0'].map((prefix) =>
        ok(exactMatch(0, prefix), found(prefix)),
      ),
      ok(exactMatch(0, '10.0.0.0/24', 'd')),
      bestIn(0, 'd', 3),
    ],
  },
  {
    ...base,
    id: 'lookup/no-exact-match',
    title: 'Without an exact match nothing is found, though others cover the prefix or lie in it',
    rules: ['RTM-LOOKUP-002'],
    steps: [
      ...client(0, 'a'),
      refused(exactMatch(0, '0.0.0.0/0'), 'ERROR_NOT_FOUND'),
      ...routes('10.0.0.0/8', '10.1.0.0/24'),
      refused(exactMatch(0, '10.1.0.0/16'), 'ERROR_NOT_FOUND'),
      refused(exactMatch(0, '10.1.0.0/25'), 'ERROR_NOT_FOUND'),
      refused(exactMatch(0, '10.0.0.0/9'), 'ERROR_NOT_FOUND'),
      refused(exactMatch(0, '11.0.0.0/8'), 'ERROR_NOT_FOUND'),
      refused(exactMatch(0, '0.0.0.0/0'), 'ERROR_NOT_FOUND'),
    ],
  },
  {
    ...base,
    id: 'lookup/exact-is-most-specific',
    title: 'The destination with exactly the prefix is the most specific one',
    rules: ['RTM-LOOKUP-003', 'RTM-LOOKUP-019', 'RTM-LOOKUP-004'],
    steps: [
      ...client(0, 'a'),
      ...routes('10.0.0.0/8', '10.1.0.0/16', '10.1.0.0/24', '10.1.0.0/32'),
      ok(lookUp(0, '10.1.0.0/16', 'd'), found('10.1.0.0/16')),
      bestIn(0, 'd', 2),
      ok(lookUp(0, '10.0.0.0/8'), found('10.0.0.0/8')),
      ok(lookUp(0, '10.1.0.0/32'), found('10.1.0.0/32')),
    ],
  },
  {
    ...base,
    id: 'lookup/longest-cover-wins',
    title: 'Otherwise the longest prefix that covers the one asked for wins, and no longer one',
    rules: ['RTM-LOOKUP-004', 'RTM-LOOKUP-019'],
    steps: [
      ...client(0, 'a'),
      ...routes('10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '10.1.2.128/25', '10.128.0.0/9'),
      ok(lookUp(0, '10.1.2.3/32', 'd'), found('10.1.2.0/24')),
      bestIn(0, 'd', 3),
      ok(lookUp(0, '10.1.2.129/32'), found('10.1.2.128/25')),
      ok(lookUp(0, '10.1.3.0/32'), found('10.1.0.0/16')),
      ok(lookUp(0, '10.1.0.0/20'), found('10.1.0.0/16')),
      ok(lookUp(0, '10.0.0.0/15', 'wide'), found('10.0.0.0/8')),
      ok(lookUp(0, '10.2.0.0/16'), found('10.0.0.0/8')),
      ok(lookUp(0, '10.129.0.1/32'), found('10.128.0.0/9')),
    ],
  },
  {
    ...base,
    id: 'lookup/covers-come-and-go',
    title: 'What covers a prefix changes with the routes that are added and deleted',
    rules: ['RTM-LOOKUP-004', 'RTM-ROUTE-018', 'RTM-DEST-008', 'RTM-ROUTE-001'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.0.0.0/8', { hops: ['a'] })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ok(lookUp(0, '10.1.2.3/32', 'd'), found('10.1.0.0/16')),
      ok(releaseDestInfo(0, 'd')),
      ok(deleteRoute(0, 'r')),
      ok(lookUp(0, '10.1.2.3/32'), found('10.0.0.0/8')),
      ok(addRoute(0, '10.1.2.0/23', { hops: ['a'] })),
      ok(lookUp(0, '10.1.2.3/32'), found('10.1.2.0/23')),
    ],
  },
  {
    ...base,
    id: 'lookup/nothing-covers',
    title: 'Where no destination covers the prefix nothing is found',
    rules: ['RTM-LOOKUP-005'],
    steps: [
      ...client(0, 'a'),
      refused(lookUp(0, '10.0.0.1/32'), 'ERROR_NOT_FOUND'),
      ...routes('10.0.0.0/8', '11.0.0.0/16'),
      refused(lookUp(0, '12.0.0.1/32'), 'ERROR_NOT_FOUND'),
      refused(lookUp(0, '11.1.0.1/32'), 'ERROR_NOT_FOUND'),
      refused(lookUp(0, '10.0.0.0/7'), 'ERROR_NOT_FOUND'),
      refused(lookUp(0, '0.0.0.0/0'), 'ERROR_NOT_FOUND'),
    ],
  },
  {
    ...base,
    id: 'lookup/default-and-host-routes',
    title: 'The default route covers everything, a host route its own address only',
    rules: ['RTM-LOOKUP-006', 'RTM-LOOKUP-004'],
    steps: [
      ...client(0, 'a'),
      ...routes('0.0.0.0/0', '10.0.0.1/32', '255.255.255.255/32'),
      ok(lookUp(0, '10.0.0.1/32'), found('10.0.0.1/32')),
      ok(lookUp(0, '10.0.0.0/32'), found('0.0.0.0/0')),
      ok(lookUp(0, '10.0.0.0/31'), found('0.0.0.0/0')),
      ok(lookUp(0, '255.255.255.255/32'), found('255.255.255.255/32')),
      ok(lookUp(0, '128.0.0.0/1'), found('0.0.0.0/0')),
      ok(lookUp(0, '0.0.0.0/0'), found('0.0.0.0/0')),
    ],
  },
  {
    ...base,
    id: 'lookup/long-addresses',
    title: 'Prefixes of IPv6 are compared in all their 128 bits',
    rules: [
      'RTM-LOOKUP-004',
      'RTM-LOOKUP-006',
      'RTM-LOOKUP-001',
      'RTM-STRUCT-001',
      'RTM-LOOKUP-007',
    ],
    steps: [
      { do: register(0, { table: OTHER_FAMILY }) },
      ok(addNextHop(0, 'fe80::1', 'a')),
      ...routes('::/0', '2001:db8::/32', '2001:db8::/65', '2001:db8::1/128'),
      ok(lookUp(0, '2001:db8::1/128'), found('2001:db8::1/128')),
      ok(lookUp(0, '2001:db8::2/128', 'd'), found('2001:db8::/65')),
      ok(lookUp(0, '2001:db8:0:0:8000::1/128'), found('2001:db8::/32')),
      ok(lookUp(0, '2001:db9::/32'), found('::/0')),
      refused(exactMatch(0, '2001:db8::/64'), 'ERROR_NOT_FOUND'),
      ok(lessSpecific(0, named('d', 'DestHandle')), found('2001:db8::/32')),
    ],
  },
  {
    ...base,
    id: 'lookup/less-specific',
    title: 'The next less specific destination is the longest shorter prefix that covers',
    rules: ['RTM-LOOKUP-007', 'RTM-LOOKUP-010'],
    steps: [
      ...client(0, 'a'),
      ...routes('10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '10.1.3.0/24', '10.0.0.0/15'),
      ok(exactMatch(0, '10.1.2.0/24', 'd')),
      ok(lessSpecific(0, named('d', 'DestHandle'), 'e'), found('10.1.0.0/16')),
      bestIn(0, 'e', 2),
      ok(lessSpecific(0, named('e', 'DestHandle'), 'f'), found('10.0.0.0/15')),
      ok(lessSpecific(0, named('f', 'DestHandle')), found('10.0.0.0/8')),
    ],
  },
  {
    ...base,
    id: 'lookup/sample-walk',
    title: 'The sample: from the most specific destination to the least, in two buffers by turns',
    rules: ['RTM-LOOKUP-008', 'RTM-LOOKUP-009', 'RTM-LOOKUP-007', 'RTM-DEST-006', 'RTM-LOOKUP-019'],
    steps: [
      ...client(0, 'a'),
      ...routes('0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '10.1.2.4/30'),
      ok(lookUp(0, '10.1.2.5/32', 'one'), found('10.1.2.4/30')),
      ok(lessSpecific(0, named('one', 'DestHandle'), 'two'), found('10.1.2.0/24')),
      ok(releaseDestInfo(0, 'one')),
      ok(lessSpecific(0, named('two', 'DestHandle'), 'one'), found('10.1.0.0/16')),
      ok(releaseDestInfo(0, 'two')),
      ok(lessSpecific(0, named('one', 'DestHandle'), 'two'), found('10.0.0.0/8')),
      ok(releaseDestInfo(0, 'one')),
      ok(lessSpecific(0, named('two', 'DestHandle'), 'one'), found('0.0.0.0/0')),
      ok(releaseDestInfo(0, 'two')),
      refused(lessSpecific(0, named('one', 'DestHandle')), 'ERROR_NOT_FOUND'),
      {
        do: releaseDestInfo(0, 'one'),
        expect: { status: 'NO_ERROR', counts: { as: 6 } },
      },
    ],
  },
  {
    ...base,
    id: 'lookup/walk-ends',
    title: 'The walk ends where nothing shorter covers, and always at the default route',
    rules: ['RTM-LOOKUP-009'],
    steps: [
      ...client(0, 'a'),
      ...routes('10.1.0.0/16', '10.1.2.0/24', '11.0.0.0/8'),
      ok(exactMatch(0, '10.1.0.0/16', 'd')),
      refused(lessSpecific(0, named('d', 'DestHandle')), 'ERROR_NOT_FOUND'),
      ...routes('0.0.0.0/0'),
      ok(lessSpecific(0, named('d', 'DestHandle'), 'e'), found('0.0.0.0/0')),
      refused(lessSpecific(0, named('e', 'DestHandle')), 'ERROR_NOT_FOUND'),
    ],
  },
  {
    ...base,
    id: 'lookup/walk-starts-anywhere',
    title: 'The walk starts at a destination handle of any function',
    rules: ['RTM-LOOKUP-010', 'RTM-LOOKUP-007'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.0.0.0/8', { hops: ['a'] })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ok(getRouteInfo(0, named('r'), 'i')),
      ok(lessSpecific(0, named('i', 'DestHandle')), found('10.0.0.0/8')),
      ok(getDestInfo(0, named('i', 'DestHandle'), 'd')),
      ok(lessSpecific(0, named('d', 'DestHandle')), found('10.0.0.0/8')),
      ok(lookUp(0, '10.1.2.3/32', 'l')),
      ok(lessSpecific(0, named('l', 'DestHandle')), found('10.0.0.0/8')),
      ok(matchRoute(0, '10.1.0.0/16', 'm')),
      ok(lessSpecific(0, named('m', 'DestHandle')), found('10.0.0.0/8')),
    ],
  },
  {
    ...base,
    id: 'lookup/protocol-takes-no-part-in-the-search',
    title: 'Which destination is found does not depend on the protocol asked for',
    rules: ['RTM-LOOKUP-011'],
    steps: [
      ...client(0, 'a'),
      ...client(1, 'b'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], specific: 7 })),
      ok(addRoute(1, '10.0.0.0/8', { hops: ['b'], specific: 8 })),
      ...[protocolOf(0), protocolOf(1), RTM_THIS_PROTOCOL, 4711].flatMap((protocol) => [
        ok(exactMatch(1, '10.1.0.0/16', undefined, { protocol }), found('10.1.0.0/16')),
        ok(lookUp(1, '10.1.2.3/32', `d${protocol}`, { protocol }), found('10.1.0.0/16')),
        ok(
          lessSpecific(1, named(`d${protocol}`, 'DestHandle'), undefined, { protocol }),
          found('10.0.0.0/8'),
        ),
      ]),
    ],
  },
  {
    ...base,
    id: 'lookup/best-route-of-a-protocol',
    title: 'A protocol that is named gets its own best route, though others be better',
    rules: ['RTM-LOOKUP-012'],
    steps: [
      ...client(0, 'a', 'b'),
      ...client(1, 'c'),
      ok(addRoute(1, '10.1.0.0/16', { hops: ['c'], metric: 1, specific: 9 })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 7, specific: 7 })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], metric: 6, specific: 6 })),
      ok(exactMatch(1, '10.1.0.0/16', 'of 0', { protocol: protocolOf(0) })),
      bestIn(1, 'of 0', 6),
      ok(lookUp(0, '10.1.0.1/32', 'of 1', { protocol: protocolOf(1) })),
      bestIn(0, 'of 1', 9),
      ok(exactMatch(0, '10.1.0.0/16', 'of none', { protocol: 4711 }), {
        DestInfo: { ViewInfo: [{ Route: null, Owner: null }] },
      }),
    ],
  },
  {
    ...base,
    id: 'lookup/best-route-of-all',
    title: 'RTM_BEST_PROTOCOL gives the best route of all, whoever owns it',
    rules: ['RTM-LOOKUP-013', 'RTM-BEST-002', 'RTM-VIEW-004'],
    steps: [
      ...client(0, 'a', 'b'),
      ...client(1),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 7, specific: 7 })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], metric: 6, specific: 6 })),
      ok(exactMatch(1, '10.1.0.0/16', 'd')),
      bestIn(1, 'd', 6),
      ok(lookUp(1, '10.1.0.1/32', 'e')),
      bestIn(1, 'e', 6),
    ],
  },
  {
    ...base,
    id: 'lookup/best-route-of-this-protocol',
    title: 'RTM_THIS_PROTOCOL gives the best route of the protocol of the caller',
    rules: ['RTM-LOOKUP-014'],
    steps: [
      ...client(0, 'a', 'b'),
      ...client(1, 'c'),
      ok(addRoute(1, '10.1.0.0/16', { hops: ['c'], metric: 1, specific: 9 })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 7, specific: 7 })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], metric: 6, specific: 6 })),
      ok(exactMatch(0, '10.1.0.0/16', 'd0', { protocol: RTM_THIS_PROTOCOL })),
      bestIn(0, 'd0', 6),
      ok(exactMatch(1, '10.1.0.0/16', 'd1', { protocol: RTM_THIS_PROTOCOL })),
      bestIn(1, 'd1', 9),
    ],
  },
  {
    ...base,
    id: 'lookup/invalid-registration-handle',
    title: 'Look-ups with a registration handle that never was valid are refused',
    rules: ['RTM-LOOKUP-015'],
    steps: [
      ...client(0, 'a'),
      ...routes('10.1.0.0/16'),
      refused(lookUp('made-up', '10.1.0.0/16'), 'ERROR_INVALID_HANDLE'),
      refused(lookUp('null', '10.1.0.0/16'), 'ERROR_INVALID_HANDLE'),
      { do: exactMatch('made-up', '10.1.0.0/16'), expect: { status: 'any error' } },
      { do: matchRoute('made-up', '10.1.0.0/16'), expect: { status: 'any error' } },
    ],
  },
  {
    ...base,
    id: 'lookup/bad-start',
    title: 'A walk cannot start at what never was a destination',
    rules: ['RTM-LOOKUP-016'],
    steps: [
      ...client(0, 'a'),
      ...routes('0.0.0.0/0'),
      ...(['made-up', 'null'] as const).map((bad) =>
        refused(lessSpecific(0, bad), 'ERROR_INVALID_PARAMETER', 'ERROR_INVALID_HANDLE'),
      ),
    ],
  },
  {
    ...base,
    id: 'lookup/failure-leaves-nothing',
    title: 'Look-ups that fail take no reference',
    rules: ['RTM-LOOKUP-017'],
    steps: [
      ...client(0, 'a'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'] }, 'r')),
      ok(exactMatch(0, '10.1.0.0/16', 'd')),
      refused(exactMatch(0, '10.2.0.0/16'), 'ERROR_NOT_FOUND'),
      refused(lookUp(0, '10.2.0.0/16'), 'ERROR_NOT_FOUND'),
      refused(lessSpecific(0, named('d', 'DestHandle')), 'ERROR_NOT_FOUND'),
      {
        do: matchRoute(0, '10.2.0.0/16'),
        expect: { status: 'ERROR_NOT_FOUND', counts: { as: 3 } },
      },
    ],
  },
  {
    ...base,
    id: 'lookup/result-has-its-own-length',
    title: 'The prefix delivered is that of the destination, not the one asked for',
    rules: ['RTM-LOOKUP-019', 'RTM-LOOKUP-004'],
    steps: [
      ...client(0, 'a'),
      ...routes('10.1.0.0/16'),
      ok(lookUp(0, '10.1.2.0/24'), { DestInfo: { DestAddress: { NumBits: 16 } } }),
      ok(lookUp(0, '10.1.0.0/16'), { DestInfo: { DestAddress: { NumBits: 16 } } }),
      ok(lookUp(0, '10.1.0.0/17'), found('10.1.0.0/16')),
    ],
  },
  {
    ...base,
    id: 'lookup/sample-best-route',
    title: 'The sample: the best unicast route towards an address',
    rules: ['RTM-LOOKUP-004', 'RTM-LOOKUP-013', 'RTM-VIEW-006', 'RTM-DEST-006'],
    steps: [
      ...client(0, 'a', 'b'),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['a'], metric: 5, specific: 7 })),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], metric: 3, specific: 8 })),
      ok(lookUp(0, '10.1.2.0/24', 'd'), {
        DestInfo: {
          DestAddress: '10.1.0.0/16',
          ViewInfo: [{ ViewId: 0, Route: { $present: true } }],
        },
      }),
      routeSays(0, named('d', 'ViewInfo.0.Route'), { EntitySpecificInfo: 8 }, 'i'),
      ok(invoke('RtmReleaseRouteInfo', 0, { RouteInfo: { named: 'i' } })),
      ok(releaseDestInfo(0, 'd')),
    ],
  },
];
