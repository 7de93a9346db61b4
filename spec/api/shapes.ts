/**
 * The structures of rtmv2.h as TypeScript values. Fields are named as in the header; `H` is whatever a
 * handle is to the reader, and a NULL handle is null.
 */
import type { NetAddress } from './macros.ts';

export interface EntityInfoShape {
  readonly RtmInstanceId: number;
  readonly AddressFamily: number;
  readonly EntityId: { readonly EntityProtocolId: number; readonly EntityInstanceId: number };
}

export interface RegistrationProfileShape {
  readonly MaxNextHopsInRoute: number;
  readonly MaxHandlesInEnum: number;
  readonly ViewsSupported: number;
  readonly NumberOfViews: number;
}

export interface PrefInfoShape {
  readonly Metric: number;
  readonly Preference: number;
}

/** RTM_ROUTE_INFO. */
export interface RouteInfoShape<H> {
  readonly DestHandle: H | null;
  readonly RouteOwner: H | null;
  /** A next hop. */
  readonly Neighbour: H | null;
  readonly State: number;
  readonly Flags1: number;
  readonly Flags: number;
  readonly PrefInfo: PrefInfoShape;
  readonly BelongsToViews: number;
  /** The client's own; the RTM only keeps it. */
  readonly EntitySpecificInfo: unknown;
  readonly NextHopsList: { readonly NumNextHops: number; readonly NextHops: readonly H[] };
}

export interface NextHopInfoShape<H> {
  readonly NextHopAddress: NetAddress;
  readonly NextHopOwner: H | null;
  readonly InterfaceIndex: number;
  readonly State: number;
  readonly Flags: number;
  readonly EntitySpecificInfo: unknown;
  /** A destination. */
  readonly RemoteNextHop: H | null;
}

export interface DestInfoViewShape<H> {
  readonly ViewId: number;
  readonly NumRoutes: number;
  readonly Route: H | null;
  readonly Owner: H | null;
  readonly DestFlags: number;
  readonly HoldRoute: H | null;
}

/** RTM_DEST_INFO: `ViewInfo` has as many elements as `NumberOfViews` says. */
export interface DestInfoShape<H> {
  readonly DestHandle: H | null;
  readonly DestAddress: NetAddress;
  /** A FILETIME, in units of 100 ns. */
  readonly LastChanged: bigint | number;
  readonly BelongsToViews: number;
  readonly NumberOfViews: number;
  readonly ViewInfo: readonly DestInfoViewShape<H>[];
}

/** RTM_ENTITY_METHOD_INPUT and RTM_ENTITY_METHOD_OUTPUT; sizes are those of the data in bytes. */
export interface MethodInputShape {
  readonly MethodType: number;
  readonly InputSize: number;
  readonly InputData: readonly number[];
}

export interface MethodOutputShape {
  readonly MethodType: number;
  readonly MethodStatus: number;
  readonly OutputSize: number;
  readonly OutputData: readonly number[];
}

/** The RTM_ROUTE_INFO behind a pointer to live data; its owner may write it between lock and unlock. */
export type LiveRouteInfo<H> = {
  -readonly [Field in keyof RouteInfoShape<H>]: RouteInfoShape<H>[Field];
};

export type LiveNextHopInfo<H> = {
  -readonly [Field in keyof NextHopInfoShape<H>]: NextHopInfoShape<H>[Field];
};

/** What RtmGetOpaqueInformationPointer hands out: the address of a pointer that is the client's to write. */
export interface OpaquePointer {
  value: unknown;
}
