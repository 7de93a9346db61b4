/**
 * The functions of rtmv2.h as calls in TypeScript: one object of IN parameters, one of OUT parameters.
 *
 * Both are named as in the header. Where the header wants a pointer to a variable, the call has the
 * variable's value on input under the same name and the reply the value on output. What NULL means
 * depends on where it may stand: for an OUT parameter that is optional, `null` in the call is the
 * NULL pointer, and nothing is wanted; leaving it out is a pointer to a variable that holds NULL.
 * Handles are of a type of the reader's own: opaque values for implementations, tokens for the model.
 */
import type { FunctionName } from './functions.ts';
import type { NetAddress } from './macros.ts';
import type {
  DestInfoShape,
  LiveNextHopInfo,
  LiveRouteInfo,
  MethodInputShape,
  MethodOutputShape,
  NextHopInfoShape,
  OpaquePointer,
  RouteInfoShape,
} from './shapes.ts';

interface Owned<H> {
  readonly RtmRegHandle: H;
}

/** No OUT parameters. */
type Nothing = { readonly [Name in never]: never };

/**
 * By function `in` and `out`. The functions of level `core` are described where implementations
 * are: `Rtm` of the adapters.
 */
export interface Signatures<H> {
  // --- Routes -----------------------------------------------------------------------------------
  RtmAddRouteToDest: {
    in: Owned<H> & {
      /** Absent: a handle is wanted. A handle: that route is to be updated. Null: neither. */
      readonly RouteHandle?: H | null;
      readonly DestAddress: NetAddress;
      readonly RouteInfo: RouteInfoShape<H>;
      /** Milliseconds, or INFINITE. */
      readonly TimeToLive: number;
      readonly RouteListHandle: H | null;
      readonly NotifyType: number;
      readonly NotifyHandle: H | null;
      readonly ChangeFlags: number;
    };
    out: { readonly RouteHandle?: H; readonly ChangeFlags: number };
  };
  RtmDeleteRouteToDest: {
    in: Owned<H> & { readonly RouteHandle: H };
    out: { readonly ChangeFlags: number };
  };
  RtmLockRoute: {
    in: Owned<H> & {
      readonly RouteHandle: H;
      readonly Exclusive: boolean;
      readonly LockRoute: boolean;
      readonly RoutePointer?: null;
    };
    out: { readonly RoutePointer?: LiveRouteInfo<H> };
  };
  RtmUpdateAndUnlockRoute: {
    in: Owned<H> & {
      readonly RouteHandle: H;
      readonly TimeToLive: number;
      readonly RouteListHandle: H | null;
      readonly NotifyType: number;
      readonly NotifyHandle: H | null;
    };
    out: { readonly ChangeFlags: number };
  };
  RtmGetRoutePointer: {
    in: Owned<H> & { readonly RouteHandle: H };
    out: { readonly RoutePointer: LiveRouteInfo<H> };
  };
  RtmIsBestRoute: {
    in: Owned<H> & { readonly RouteHandle: H };
    out: { readonly BestInViews: number };
  };
  RtmGetRouteInfo: {
    in: Owned<H> & {
      readonly RouteHandle: H;
      readonly RouteInfo?: null;
      readonly DestAddress?: null;
    };
    out: { readonly RouteInfo?: RouteInfoShape<H>; readonly DestAddress?: NetAddress };
  };
  RtmReleaseRouteInfo: {
    in: Owned<H> & { readonly RouteInfo: RouteInfoShape<H> };
    out: Nothing;
  };
  RtmReleaseRoutes: {
    in: Owned<H> & { readonly NumRoutes: number; readonly RouteHandles: readonly H[] };
    out: Nothing;
  };
  RtmGetDestInfo: {
    in: Owned<H> & {
      readonly DestHandle: H;
      readonly ProtocolId: number;
      readonly TargetViews: number;
    };
    out: { readonly DestInfo: DestInfoShape<H> };
  };
  RtmReleaseDestInfo: {
    in: Owned<H> & { readonly DestInfo: DestInfoShape<H> };
    out: Nothing;
  };
  // --- Look-up ----------------------------------------------------------------------------------
  RtmGetExactMatchDestination: {
    in: Owned<H> & {
      readonly DestAddress: NetAddress;
      readonly ProtocolId: number;
      readonly TargetViews: number;
    };
    out: { readonly DestInfo: DestInfoShape<H> };
  };
  RtmGetMostSpecificDestination: {
    in: Owned<H> & {
      readonly DestAddress: NetAddress;
      readonly ProtocolId: number;
      readonly TargetViews: number;
    };
    out: { readonly DestInfo: DestInfoShape<H> };
  };
  RtmGetLessSpecificDestination: {
    in: Owned<H> & {
      readonly DestHandle: H;
      readonly ProtocolId: number;
      readonly TargetViews: number;
    };
    out: { readonly DestInfo: DestInfoShape<H> };
  };
  RtmGetExactMatchRoute: {
    in: Owned<H> & {
      readonly DestAddress: NetAddress;
      readonly MatchingFlags: number;
      readonly RouteInfo: RouteInfoShape<H>;
      readonly InterfaceIndex: number;
      readonly TargetViews: number;
      readonly RouteHandle?: null;
    };
    out: { readonly RouteInfo: RouteInfoShape<H>; readonly RouteHandle?: H };
  };
  // --- Hold-down --------------------------------------------------------------------------------
  RtmHoldDestination: {
    in: Owned<H> & {
      readonly DestHandle: H;
      readonly TargetViews: number;
      /** Milliseconds. */
      readonly HoldTime: number;
    };
    out: Nothing;
  };
  // --- Next hops --------------------------------------------------------------------------------
  RtmAddNextHop: {
    in: Owned<H> & {
      readonly NextHopInfo: NextHopInfoShape<H>;
      /** As `RouteHandle` of RtmAddRouteToDest. */
      readonly NextHopHandle?: H | null;
    };
    out: { readonly NextHopHandle?: H; readonly ChangeFlags: number };
  };
  RtmFindNextHop: {
    in: Owned<H> & {
      readonly NextHopInfo: NextHopInfoShape<H>;
      readonly NextHopHandle?: null;
      readonly NextHopPointer?: null;
    };
    out: { readonly NextHopHandle?: H; readonly NextHopPointer?: LiveNextHopInfo<H> };
  };
  RtmDeleteNextHop: {
    in: Owned<H> & {
      readonly NextHopHandle: H | null;
      readonly NextHopInfo: NextHopInfoShape<H> | null;
    };
    out: Nothing;
  };
  RtmGetNextHopInfo: {
    in: Owned<H> & { readonly NextHopHandle: H };
    out: { readonly NextHopInfo: NextHopInfoShape<H> };
  };
  RtmReleaseNextHopInfo: {
    in: Owned<H> & { readonly NextHopInfo: NextHopInfoShape<H> };
    out: Nothing;
  };
  RtmReleaseNextHops: {
    in: Owned<H> & { readonly NumNextHops: number; readonly NextHopHandles: readonly H[] };
    out: Nothing;
  };
  RtmGetNextHopPointer: {
    in: Owned<H> & { readonly NextHopHandle: H };
    out: { readonly NextHopPointer: LiveNextHopInfo<H> };
  };
  RtmLockNextHop: {
    in: Owned<H> & {
      readonly NextHopHandle: H;
      readonly Exclusive: boolean;
      readonly LockNextHop: boolean;
    };
    out: { readonly NextHopPointer: LiveNextHopInfo<H> };
  };
  // --- Enumerations -----------------------------------------------------------------------------
  RtmCreateDestEnum: {
    in: Owned<H> & {
      readonly TargetViews: number;
      readonly EnumFlags: number;
      readonly NetAddress: NetAddress | null;
      readonly ProtocolId: number;
    };
    out: { readonly RtmEnumHandle: H };
  };
  RtmGetEnumDests: {
    in: Owned<H> & { readonly EnumHandle: H; readonly NumDests: number };
    out: { readonly NumDests: number; readonly DestInfos: readonly DestInfoShape<H>[] };
  };
  RtmReleaseDests: {
    in: Owned<H> & { readonly NumDests: number; readonly DestInfos: readonly DestInfoShape<H>[] };
    out: Nothing;
  };
  RtmCreateRouteEnum: {
    in: Owned<H> & {
      readonly DestHandle: H | null;
      readonly TargetViews: number;
      readonly EnumFlags: number;
      readonly StartDest: NetAddress | null;
      readonly MatchingFlags: number;
      readonly CriteriaRoute: RouteInfoShape<H> | null;
      readonly CriteriaInterface: number;
    };
    out: { readonly RtmEnumHandle: H };
  };
  RtmGetEnumRoutes: {
    in: Owned<H> & { readonly EnumHandle: H; readonly NumRoutes: number };
    out: { readonly NumRoutes: number; readonly RouteHandles: readonly H[] };
  };
  RtmCreateNextHopEnum: {
    in: Owned<H> & { readonly EnumFlags: number; readonly NetAddress: NetAddress | null };
    out: { readonly RtmEnumHandle: H };
  };
  RtmGetEnumNextHops: {
    in: Owned<H> & { readonly EnumHandle: H; readonly NumNextHops: number };
    out: { readonly NumNextHops: number; readonly NextHopHandles: readonly H[] };
  };
  RtmDeleteEnumHandle: {
    in: Owned<H> & { readonly EnumHandle: H };
    out: Nothing;
  };
  // --- Change notification ----------------------------------------------------------------------
  RtmRegisterForChangeNotification: {
    in: Owned<H> & {
      readonly TargetViews: number;
      readonly NotifyFlags: number;
      /** Handed back as Context2 of every RTM_CHANGE_NOTIFICATION. */
      readonly NotifyContext: unknown;
    };
    out: { readonly NotifyHandle: H };
  };
  RtmDeregisterFromChangeNotification: {
    in: Owned<H> & { readonly NotifyHandle: H };
    out: Nothing;
  };
  RtmMarkDestForChangeNotification: {
    in: Owned<H> & {
      readonly NotifyHandle: H;
      readonly DestHandle: H;
      readonly MarkDest: boolean;
    };
    out: Nothing;
  };
  RtmIsMarkedForChangeNotification: {
    in: Owned<H> & { readonly NotifyHandle: H; readonly DestHandle: H };
    out: { readonly DestMarked: boolean };
  };
  RtmGetChangedDests: {
    in: Owned<H> & { readonly NotifyHandle: H; readonly NumDests: number };
    out: { readonly NumDests: number; readonly ChangedDests: readonly DestInfoShape<H>[] };
  };
  RtmReleaseChangedDests: {
    in: Owned<H> & {
      readonly NotifyHandle: H;
      readonly NumDests: number;
      readonly ChangedDests: readonly DestInfoShape<H>[];
    };
    out: Nothing;
  };
  RtmIgnoreChangedDests: {
    in: Owned<H> & {
      readonly NotifyHandle: H;
      readonly NumDests: number;
      /** Bare handles of destinations. */
      readonly ChangedDests: readonly H[];
    };
    out: Nothing;
  };
  RtmGetChangeStatus: {
    in: Owned<H> & { readonly NotifyHandle: H; readonly DestHandle: H };
    out: { readonly ChangeStatus: boolean };
  };
  // --- Route lists ------------------------------------------------------------------------------
  RtmCreateRouteList: { in: Owned<H>; out: { readonly RouteListHandle: H } };
  RtmInsertInRouteList: {
    in: Owned<H> & {
      /** Null: the routes are taken out of the lists they are in. */
      readonly RouteListHandle: H | null;
      readonly NumRoutes: number;
      readonly RouteHandles: readonly H[];
    };
    out: Nothing;
  };
  RtmCreateRouteListEnum: {
    in: Owned<H> & { readonly RouteListHandle: H };
    out: { readonly RtmEnumHandle: H };
  };
  RtmGetListEnumRoutes: {
    in: Owned<H> & { readonly EnumHandle: H; readonly NumRoutes: number };
    out: { readonly NumRoutes: number; readonly RouteHandles: readonly H[] };
  };
  RtmDeleteRouteList: { in: Owned<H> & { readonly RouteListHandle: H }; out: Nothing };
  // --- Methods and opaque pointers ----------------------------------------------------------------
  RtmGetEntityMethods: {
    in: Owned<H> & {
      readonly EntityHandle: H;
      readonly NumMethods: number;
      readonly ExptMethods?: null;
    };
    out: { readonly NumMethods: number; readonly ExptMethods?: readonly unknown[] };
  };
  RtmInvokeMethod: {
    in: Owned<H> & {
      readonly EntityHandle: H;
      readonly Input: MethodInputShape;
      /** Bytes of room for outputs. */
      readonly OutputSize: number;
    };
    out: { readonly OutputSize: number; readonly Output: readonly MethodOutputShape[] };
  };
  RtmBlockMethods: {
    in: Owned<H> & {
      readonly TargetHandle: H | null;
      readonly TargetType: number;
      readonly BlockingFlag: number;
    };
    out: Nothing;
  };
  RtmGetOpaqueInformationPointer: {
    in: Owned<H> & { readonly DestHandle: H };
    out: { readonly OpaqueInfoPointer: OpaquePointer };
  };
  RtmLockDestination: {
    in: Owned<H> & {
      readonly DestHandle: H;
      readonly Exclusive: boolean;
      readonly LockDest: boolean;
    };
    out: Nothing;
  };
}

/** The functions of all levels but `core`. */
export type TableFunctionName = keyof Signatures<unknown> & FunctionName;

export type ArgumentsOf<Name extends TableFunctionName, H> = Signatures<H>[Name]['in'];
export type OutOf<Name extends TableFunctionName, H> = Signatures<H>[Name]['out'];
