/** Scenarios of what enumerations refuse, of their end, of what was fetched, and of tables that change meanwhile. */
import { constants } from '../../../spec/index.ts';
import { invoke } from '../../programs/table-actions.ts';
import { addRoute, deleteRoute, getRouteInfo, named } from '../../programs/table-steps.ts';
import type { Scenario, Step } from '../scenario.ts';
import { client, getDestInfo, ok, refused, releaseRoutes } from './route-steps.ts';
import {
  allDests,
  allHops,
  allRoutes,
  at,
  destEnum,
  endEnum,
  fetchDests,
  fetchHops,
  fetchRoutes,
  hopEnum,
  madeUpDest,
  one,
  releaseDests,
  routeEnum,
} from './walk-steps.ts';

const { RTM_ENUM_NEXT } = constants;

const base = { area: 'enumeration', level: 'enumeration', needs: ['routes', 'nexthops'] } as const;

const prefixes = ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16', '10.4.0.0/16'];

/** Client 0 with two next hops and routes `r1` to `r4`, client 1 with nothing. */
const table: readonly Step[] = [
  ...client(0, 'a', 'b'),
  ...client(1),
  ...prefixes.map((to, index) => ok(addRoute(0, to, { hops: ['a'] }, `r${index + 1}`))),
];

const tooMany = { profile: 'MaxHandlesInEnum', plus: 1 } as const;
const several = { profile: 'MaxHandlesInEnum', atMost: 2 } as const;

/** What the census showed before the first step that follows the table. */
const asBefore = { status: 'NO_ERROR', counts: { as: table.length - 1 } } as const;

export const enumerationLifeScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'enumeration/too-large-batches',
    title: 'A batch larger than MaxHandlesInEnum is refused and moves nothing',
    rules: ['RTM-ENUM-016'],
    steps: [
      ...table,
      ok(destEnum(0, 'dests')),
      ok(routeEnum(0, 'routes')),
      ok(hopEnum(0, 'hops')),
      ...[1, 2].flatMap((): readonly Step[] => [
        refused(
          invoke('RtmGetEnumDests', 0, { EnumHandle: named('dests'), NumDests: tooMany }),
          'ERROR_INVALID_PARAMETER',
        ),
        refused(
          invoke('RtmGetEnumRoutes', 0, { EnumHandle: named('routes'), NumRoutes: tooMany }),
          'ERROR_INVALID_PARAMETER',
        ),
        refused(
          invoke('RtmGetEnumNextHops', 0, { EnumHandle: named('hops'), NumNextHops: tooMany }),
          'ERROR_INVALID_PARAMETER',
        ),
      ]),
      allDests(0, 'dests', at(...prefixes)),
      allRoutes(0, 'routes', 4),
      allHops(0, 'hops', 2),
    ],
  },
  {
    ...base,
    id: 'enumeration/prefixes-too-long',
    title: 'A prefix with more bits than an address has starts no enumeration',
    rules: ['RTM-ENUM-031'],
    steps: [
      ...table,
      refused(
        destEnum(0, 'dests', { flags: RTM_ENUM_NEXT, from: '10.1.0.0/33' }),
        'ERROR_INVALID_PARAMETER',
      ),
      refused(
        routeEnum(0, 'routes', { flags: RTM_ENUM_NEXT, from: '10.1.0.0/33' }),
        'ERROR_INVALID_PARAMETER',
      ),
      {
        do: hopEnum(0, 'hops', { flags: RTM_ENUM_NEXT, from: '10.1.0.0/33' }),
        expect: { ...asBefore, status: 'ERROR_INVALID_PARAMETER' },
      },
    ],
  },
  {
    ...base,
    id: 'enumeration/batches-in-parts',
    title:
      'Delivered destinations can be given back in parts, after their routes and the enumeration',
    rules: ['RTM-ENUM-020', 'RTM-ENUM-037'],
    steps: [
      ...table,
      ok(destEnum(0, 'e')),
      {
        do: invoke('RtmGetEnumDests', 0, { EnumHandle: named('e'), NumDests: several }, 'two'),
        expect: { status: 'NO_ERROR' },
      },
      ok(releaseDests(0, 'two', 1)),
      one(fetchDests(0, 'e', 1, 'another')),
      ok(deleteRoute(0, 'r2')),
      ok(deleteRoute(0, 'r3')),
      ok(endEnum(0, 'e')),
      ok(releaseDests(0, 'another')),
      ok(releaseDests(0, 'two')),
    ],
  },
  {
    ...base,
    id: 'enumeration/release-of-what-is-no-handle',
    title: 'RtmReleaseDests refuses what never was a handle',
    rules: ['RTM-ENUM-021'],
    steps: [
      ...table,
      refused(
        invoke('RtmReleaseDests', 0, { NumDests: 1, DestInfos: [madeUpDest] }),
        'ERROR_INVALID_HANDLE',
      ),
      ok(destEnum(0, 'e')),
      one(fetchDests(0, 'e', 1, 'd')),
      refused(
        invoke('RtmReleaseDests', 'made-up', {
          NumDests: { lengthOf: 'DestInfos' },
          DestInfos: { named: 'd' },
        }),
        'ERROR_INVALID_HANDLE',
      ),
    ],
  },
  {
    ...base,
    id: 'enumeration/empty-batch',
    title: 'An empty batch can be given back',
    rules: ['RTM-ENUM-022'],
    steps: [
      ...table,
      {
        do: invoke('RtmReleaseDests', 0, { NumDests: 0, DestInfos: [] }),
        expect: { ...asBefore },
      },
    ],
  },
  {
    ...base,
    id: 'enumeration/delivered-references',
    title: 'What was delivered carries one reference each, and no more',
    rules: ['RTM-ENUM-019', 'RTM-ENUM-020'],
    steps: [
      ...table,
      ok(destEnum(0, 'dests', { views: 1 })),
      allDests(0, 'dests', at(...prefixes), { release: 'filled' }),
      ok(endEnum(0, 'dests')),
      ok(routeEnum(1, 'routes')),
      allRoutes(1, 'routes', 4, { room: 2, release: 'filled' }),
      ok(endEnum(1, 'routes')),
      ok(hopEnum(0, 'hops')),
      allHops(0, 'hops', 2, { room: 1, release: 'filled' }),
      { do: endEnum(0, 'hops'), expect: asBefore },
    ],
  },
  {
    ...base,
    id: 'enumeration/deleted-leaves-nothing',
    title: 'A deleted enumeration leaves nothing behind, exhausted or not',
    rules: ['RTM-ENUM-035', 'RTM-ENUM-034'],
    steps: [
      ...table,
      ok(destEnum(0, 'fresh')),
      ok(routeEnum(0, 'half')),
      ok(hopEnum(0, 'done')),
      one(fetchRoutes(0, 'half', 1, 'r')),
      ok(releaseRoutes(0, 'r')),
      allHops(0, 'done', 2, { release: 'filled' }),
      ok(endEnum(0, 'done')),
      ok(endEnum(0, 'fresh')),
      { do: endEnum(0, 'half'), expect: asBefore },
    ],
  },
  {
    ...base,
    needs: [...base.needs, 'lists'],
    id: 'enumeration/deleted-at-any-time',
    title:
      'RtmDeleteEnumHandle ends an enumeration of each kind, before, amid and after its fetches',
    rules: ['RTM-ENUM-034'],
    steps: [
      ...table,
      ok(invoke('RtmCreateRouteList', 0, {}, 'list')),
      ok(
        invoke('RtmInsertInRouteList', 0, {
          RouteListHandle: named('list'),
          NumRoutes: 1,
          RouteHandles: [named('r1')],
        }),
      ),
      ok(invoke('RtmCreateRouteListEnum', 0, { RouteListHandle: named('list') }, 'members')),
      ok(invoke('RtmCreateRouteListEnum', 0, { RouteListHandle: named('list') }, 'members too')),
      ok(invoke('RtmGetListEnumRoutes', 0, { EnumHandle: named('members'), NumRoutes: 1 })),
      ok(destEnum(0, 'dests')),
      ok(destEnum(0, 'dests too')),
      one(fetchDests(0, 'dests', 1)),
      ok(routeEnum(0, 'routes')),
      allRoutes(0, 'routes', 4),
      ok(hopEnum(0, 'hops')),
      one(fetchHops(0, 'hops', 1)),
      ...['members', 'members too', 'dests', 'dests too', 'routes', 'hops'].map((name) =>
        ok(endEnum(0, name)),
      ),
    ],
  },
  {
    ...base,
    id: 'enumeration/deletion-of-what-is-no-handle',
    title: 'RtmDeleteEnumHandle refuses what never was a handle',
    rules: ['RTM-ENUM-036'],
    steps: [
      ...table,
      ok(destEnum(0, 'e')),
      refused(invoke('RtmDeleteEnumHandle', 0, { EnumHandle: 'made-up' }), 'ERROR_INVALID_HANDLE'),
      refused(
        invoke('RtmDeleteEnumHandle', 'made-up', { EnumHandle: named('e') }),
        'ERROR_INVALID_HANDLE',
      ),
      allDests(0, 'e', at(...prefixes)),
    ],
  },
  {
    ...base,
    id: 'enumeration/fetched-outlives-its-enumeration',
    title: 'What was fetched stays valid when its enumeration is deleted',
    rules: ['RTM-ENUM-037', 'RTM-ENUM-015'],
    steps: [
      ...table,
      ok(destEnum(1, 'dests')),
      one(fetchDests(1, 'dests', 1, 'd')),
      ok(endEnum(1, 'dests')),
      ok(routeEnum(1, 'routes')),
      one(fetchRoutes(1, 'routes', 1, 'r')),
      ok(endEnum(1, 'routes')),
      // Information on the destination would hold the route anew.
      ok(getRouteInfo(1, named('r')), { DestAddress: '10.1.0.0/16' }),
      ok(releaseRoutes(1, 'r')),
      ok(getDestInfo(1, named('d', '0.DestHandle')), { DestInfo: { DestAddress: '10.1.0.0/16' } }),
      ok(releaseDests(1, 'd')),
    ],
  },
  {
    ...base,
    id: 'enumeration/destinations-while-the-table-changes',
    title: 'Destinations that are there all the time come once, though others come and go',
    rules: ['RTM-ENUM-038', 'RTM-ENUM-039'],
    steps: [
      ...table,
      ok(addRoute(0, '10.0.0.0/16', { hops: ['a'] }, 'gone before')),
      ok(deleteRoute(0, 'gone before')),
      ok(destEnum(0, 'e')),
      one(fetchDests(0, 'e', 1, 'd'), { DestInfos: at('10.1.0.0/16') }),
      // Nobody keeps the destination alive that is the place in the table.
      ok(releaseDests(0, 'd')),
      ok(deleteRoute(0, 'r1')),
      ok(deleteRoute(0, 'r2')),
      ok(addRoute(0, '10.0.0.0/8', { hops: ['a'] })),
      ok(addRoute(0, '10.9.0.0/16', { hops: ['a'] })),
      allDests(
        0,
        'e',
        {
          $oneOf: [
            at('10.3.0.0/16', '10.4.0.0/16', '10.9.0.0/16'),
            at('10.2.0.0/16', '10.3.0.0/16', '10.4.0.0/16'),
            at('10.3.0.0/16', '10.4.0.0/16'),
            at('10.2.0.0/16', '10.3.0.0/16', '10.4.0.0/16', '10.9.0.0/16'),
          ],
        },
        { room: 1 },
      ),
    ],
  },
  {
    ...base,
    id: 'enumeration/routes-while-the-table-changes',
    title: 'Routes that are there all the time come once, though their neighbours change and go',
    rules: ['RTM-ENUM-038'],
    steps: [
      ...table,
      ok(addRoute(0, '10.2.0.0/16', { hops: ['b'], metric: 50 }, 'second')),
      ok(routeEnum(0, 'e')),
      one(fetchRoutes(0, 'e', 1, 'first')),
      one(fetchRoutes(0, 'e', 1, 'another')),
      // The place in the table is that of a route which is there no more.
      ok(deleteRoute(0, 'r2')),
      ok(deleteRoute(0, 'r1')),
      allRoutes(0, 'e', 3, { room: 1, as: 'rest' }),
      ok(getRouteInfo(0, named('rest', '0')), { DestAddress: '10.2.0.0/16' }),
      ok(getRouteInfo(0, named('rest', '1')), { DestAddress: '10.3.0.0/16' }),
      ok(getRouteInfo(0, named('rest', '2')), { DestAddress: '10.4.0.0/16' }),
    ],
  },
  {
    ...base,
    id: 'enumeration/enumerations-side-by-side',
    title: 'Enumerations do not disturb each other',
    rules: ['RTM-ENUM-040'],
    steps: [
      ...table,
      ok(destEnum(0, 'e1')),
      one(fetchDests(0, 'e1', 1), { DestInfos: at('10.1.0.0/16') }),
      ok(destEnum(0, 'e2')),
      ok(destEnum(1, 'e3')),
      one(fetchDests(0, 'e2', 1), { DestInfos: at('10.1.0.0/16') }),
      one(fetchDests(1, 'e3', 1), { DestInfos: at('10.1.0.0/16') }),
      one(fetchDests(0, 'e1', 1), { DestInfos: at('10.2.0.0/16') }),
      ok(endEnum(0, 'e2')),
      allDests(1, 'e3', at('10.2.0.0/16', '10.3.0.0/16', '10.4.0.0/16')),
      ok(endEnum(1, 'e3')),
      allDests(0, 'e1', at('10.3.0.0/16', '10.4.0.0/16')),
    ],
  },
  {
    ...base,
    id: 'enumeration/sample-all-destinations',
    title: 'Sample: all destinations in both views by a range, with the routes to each',
    needs: ['routes', 'nexthops', 'views'],
    rules: ['RTM-ENUM-007', 'RTM-ENUM-001', 'RTM-ENUM-014', 'RTM-ENUM-024'],
    steps: [
      ...table,
      ok(destEnum(0, 'e', { views: 3, flags: 2, from: '0.0.0.0/0' })),
      ...prefixes.flatMap((to, index): readonly Step[] => [
        one(fetchDests(0, 'e', 1, `d${index}`), {
          NumDests: 1,
          DestInfos: [{ DestAddress: to, ViewInfo: { 0: { ViewId: 0, NumRoutes: 1 } } }],
        }),
        ok(
          routeEnum(0, `routes${index}`, {
            of: named(`d${index}`, '0.DestHandle'),
            views: 3,
            flags: 2,
            from: to,
          }),
        ),
        allRoutes(0, `routes${index}`, 1, { release: 'filled' }),
        ok(endEnum(0, `routes${index}`)),
        ok(releaseDests(0, `d${index}`)),
      ]),
      allDests(0, 'e', [], { release: 'all' }),
      ok(endEnum(0, 'e')),
    ],
  },
  {
    ...base,
    id: 'enumeration/sample-own-routes',
    title: 'Sample: the own routes in both views, each described and given back',
    needs: ['routes', 'nexthops', 'views'],
    rules: ['RTM-ENUM-025', 'RTM-ENUM-015', 'RTM-ENUM-023'],
    steps: [
      ...table,
      ok(routeEnum(0, 'e', { views: 3, flags: 0x0001_0000 })),
      ...prefixes.flatMap((to, index): readonly Step[] => [
        one(fetchRoutes(0, 'e', 1, `x${index}`), { NumRoutes: 1 }),
        ok(getRouteInfo(0, named(`x${index}`), `info${index}`), { DestAddress: to }),
        ok(invoke('RtmReleaseRouteInfo', 0, { RouteInfo: { named: `info${index}` } })),
        ok(releaseRoutes(0, `x${index}`)),
      ]),
      allRoutes(0, 'e', 0),
      ok(endEnum(0, 'e')),
    ],
  },
];
