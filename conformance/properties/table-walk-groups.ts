/** Groups of actions that go through tables and route lists in batches, for random programs. */
import fc from 'fast-check';
import { constants, type TableFunctionName } from '../../spec/index.ts';
import type { Action, EntityRef } from '../programs/rtm-program.ts';
import type { FetchName, NumberRef } from '../programs/table-actions.ts';
import { drain } from '../programs/table-drain.ts';
import {
  address,
  atDestination,
  batchSize,
  by,
  call,
  type Family,
  giveBack,
  got,
  type Group,
  held,
  look,
  protocol,
  targetViews,
} from './table-values.ts';

const { RTM_ENUM_NEXT, RTM_ENUM_OWN_DESTS, RTM_ENUM_OWN_ROUTES } = constants;
const { RTM_ENUM_RANGE, RTM_ENUM_START } = constants;

/** How much of an enumeration is fetched at once: one batch, or everything in batches of so many. */
type Fetching = { readonly once: number | NumberRef } | { readonly batches: number };

const fetching: fc.Arbitrary<Fetching> = fc.oneof<fc.Arbitrary<Fetching>[]>(
  batchSize.map((once) => ({ once })),
  fc.integer({ min: 1, max: 2 }).map((batches) => ({ batches })),
);

export function enumerationGroups(family: Family): readonly Group[] {
  const handle = { EnumHandle: held('enumeration') };
  return [
    ...walksOver(family),
    look('RtmGetEnumDests', { ...handle, NumDests: batchSize }),
    look('RtmGetEnumRoutes', { ...handle, NumRoutes: batchSize }),
    look('RtmGetEnumNextHops', { ...handle, NumNextHops: batchSize }),
    giveBack('RtmReleaseDests'),
    look('RtmDeleteEnumHandle', handle),
  ];
}

function walksOver(family: Family): readonly Group[] {
  const part = fc.oneof(
    fc.constant({ flags: RTM_ENUM_START, start: null }),
    fc.record({ flags: fc.constantFrom(RTM_ENUM_NEXT, RTM_ENUM_RANGE), start: address(family) }),
  );
  const own = fc.constantFrom(0, 1);
  const drawn = { caller: by, part, own, views: targetViews, fetching };
  return [
    fc.record({ ...drawn, protocol }).map((parts) =>
      walk('RtmGetEnumDests', parts, 'RtmCreateDestEnum', {
        TargetViews: parts.views,
        EnumFlags: parts.part.flags + parts.own * RTM_ENUM_OWN_DESTS,
        NetAddress: parts.part.start,
        ProtocolId: parts.protocol,
      }),
    ),
    fc.record(drawn).map((parts) =>
      walk('RtmGetEnumRoutes', parts, 'RtmCreateRouteEnum', {
        ...anyRoute,
        DestHandle: null,
        TargetViews: parts.views,
        EnumFlags: parts.part.flags + parts.own * RTM_ENUM_OWN_ROUTES,
        StartDest: parts.part.start,
      }),
    ),
    atDestination(
      family,
      fc.record({ views: targetViews, fetching }).map(
        (parts) => (caller, dest) =>
          walk('RtmGetEnumRoutes', { ...parts, caller }, 'RtmCreateRouteEnum', {
            ...anyRoute,
            DestHandle: dest,
            TargetViews: parts.views,
            EnumFlags: RTM_ENUM_NEXT,
            StartDest: null,
          }),
      ),
    ),
    fc.record({ caller: by, part, fetching }).map((parts) =>
      walk('RtmGetEnumNextHops', parts, 'RtmCreateNextHopEnum', {
        EnumFlags: parts.part.flags,
        NetAddress: parts.part.start,
      }),
    ),
  ];
}

const anyRoute = { MatchingFlags: 0, CriteriaRoute: null, CriteriaInterface: 0 };

export function listGroups(): readonly Group[] {
  const RouteListHandle = held('route-list');
  const insert = (list: fc.Arbitrary<unknown>): Group =>
    fc
      .record({ caller: by, list, refs: fc.array(held('route'), { minLength: 1, maxLength: 2 }) })
      .map(({ caller, list: into, refs }) => [
        call('RtmInsertInRouteList', caller, {
          RouteListHandle: into,
          NumRoutes: refs.length,
          RouteHandles: refs,
        }),
      ]);
  return [
    look('RtmCreateRouteList'),
    insert(RouteListHandle),
    insert(RouteListHandle),
    insert(fc.constant(null)),
    fc.record({ caller: by, list: RouteListHandle, fetching }).map((parts) =>
      walk('RtmGetListEnumRoutes', parts, 'RtmCreateRouteListEnum', {
        RouteListHandle: parts.list,
      }),
    ),
    look('RtmGetListEnumRoutes', { EnumHandle: held('enumeration'), NumRoutes: batchSize }),
    look('RtmDeleteRouteList', { RouteListHandle }),
  ];
}

const counts: Readonly<Record<FetchName, string>> = {
  RtmGetEnumDests: 'NumDests',
  RtmGetEnumRoutes: 'NumRoutes',
  RtmGetEnumNextHops: 'NumNextHops',
  RtmGetListEnumRoutes: 'NumRoutes',
  RtmGetChangedDests: 'NumDests',
};

/** Begins an enumeration and fetches from it. */
function walk(
  fetch: FetchName,
  parts: { readonly caller: EntityRef; readonly fetching: Fetching },
  create: TableFunctionName,
  args: Readonly<Record<string, unknown>>,
): readonly Action[] {
  const { caller, fetching: how } = parts;
  const source = got('walk', caller);
  return [
    call(create, caller, args, `walk ${caller}`),
    'batches' in how
      ? drain(caller, fetch, source, { room: how.batches, release: 'filled' })
      : call(fetch, caller, { EnumHandle: source, [counts[fetch]]: how.once }),
  ];
}
