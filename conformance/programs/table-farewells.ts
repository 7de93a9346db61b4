/** How a client gives back what it holds on routing tables when it leaves. */
import { type HandleKind, type TableFunctionName } from '../../spec/index.ts';
import type { InvokeAction } from './table-actions.ts';
import type { HeldStructure } from './table-ledger.ts';

/** A handle as it is. */
export interface DirectRef {
  readonly direct: unknown;
}

/** How handles that are held to the end are got rid of: the object removed where it is one's own, or let go. */
export const farewells: readonly {
  readonly kind: HandleKind;
  readonly delete?: (ref: DirectRef) => InvokeAction;
  readonly release?: (ref: DirectRef) => InvokeAction;
}[] = [
  {
    kind: 'notification',
    delete: (NotifyHandle) => leave('RtmDeregisterFromChangeNotification', { NotifyHandle }),
  },
  { kind: 'enumeration', delete: (EnumHandle) => leave('RtmDeleteEnumHandle', { EnumHandle }) },
  {
    kind: 'route',
    delete: (RouteHandle) => leave('RtmDeleteRouteToDest', { RouteHandle }),
    release: (handle) => leave('RtmReleaseRoutes', { NumRoutes: 1, RouteHandles: [handle] }),
  },
  {
    kind: 'route-list',
    delete: (RouteListHandle) => leave('RtmDeleteRouteList', { RouteListHandle }),
  },
  {
    kind: 'nexthop',
    delete: (NextHopHandle) => leave('RtmDeleteNextHop', { NextHopHandle, NextHopInfo: null }),
    release: (handle) => leave('RtmReleaseNextHops', { NumNextHops: 1, NextHopHandles: [handle] }),
  },
];

/** The call that gives a structure back, which is at a place among those of its type. */
export function returnOf(structure: HeldStructure, place: number): InvokeAction {
  const received = { received: structure.type, place };
  const count = Array.isArray(structure.value) ? structure.value.length : 1;
  switch (structure.type) {
    case 'RouteInfo':
      return leave('RtmReleaseRouteInfo', { RouteInfo: received });
    case 'DestInfo':
      return leave('RtmReleaseDestInfo', { DestInfo: received });
    case 'NextHopInfo':
      return leave('RtmReleaseNextHopInfo', { NextHopInfo: received });
    case 'DestInfos':
      return leave('RtmReleaseDests', { NumDests: count, DestInfos: received });
    case 'ChangedDests':
      return leave('RtmReleaseChangedDests', {
        NotifyHandle: { direct: structure.source },
        NumDests: count,
        ChangedDests: received,
      });
  }
}

export function leave(
  name: TableFunctionName,
  args: Readonly<Record<string, unknown>>,
): InvokeAction {
  // Written down for what it is by the functions above; `by` is the caller's in any case.
  return { call: 'invoke', name, by: 'self', args } as unknown as InvokeAction;
}
