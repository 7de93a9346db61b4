/**
 * The structures of rtmv2.h: fields with their C types, and sizes and offsets in bytes as measured
 * with the x86-64 and the 32-bit x86 compiler of mingw-w64.
 *
 * `overlays` marks a union member that shares its bytes with the fields before it. An array type
 * such as `UCHAR[1]` at the end of a structure has as many elements as the count before it says.
 */
export const structures = {
  RTM_ENTITY_ID: {
    page: 'ns-rtmv2-rtm_entity_id',
    size: { x64: 8, x86: 8 },
    fields: [
      { name: 'EntityProtocolId', type: 'ULONG', offset: { x64: 0, x86: 0 } },
      { name: 'EntityInstanceId', type: 'ULONG', offset: { x64: 4, x86: 4 } },
      { name: 'EntityId', type: 'ULONGLONG', offset: { x64: 0, x86: 0 }, overlays: true },
    ],
  },
  RTM_ENTITY_INFO: {
    page: 'ns-rtmv2-rtm_entity_info',
    size: { x64: 16, x86: 16 },
    fields: [
      { name: 'RtmInstanceId', type: 'USHORT', offset: { x64: 0, x86: 0 } },
      { name: 'AddressFamily', type: 'USHORT', offset: { x64: 2, x86: 2 } },
      { name: 'EntityId', type: 'RTM_ENTITY_ID', offset: { x64: 8, x86: 8 } },
    ],
  },
  RTM_REGN_PROFILE: {
    page: 'ns-rtmv2-rtm_regn_profile',
    size: { x64: 16, x86: 16 },
    fields: [
      { name: 'MaxNextHopsInRoute', type: 'UINT', offset: { x64: 0, x86: 0 } },
      { name: 'MaxHandlesInEnum', type: 'UINT', offset: { x64: 4, x86: 4 } },
      { name: 'ViewsSupported', type: 'RTM_VIEW_SET', offset: { x64: 8, x86: 8 } },
      { name: 'NumberOfViews', type: 'UINT', offset: { x64: 12, x86: 12 } },
    ],
  },
  RTM_ENTITY_EXPORT_METHODS: {
    page: 'ns-rtmv2-rtm_entity_export_methods',
    size: { x64: 16, x86: 8 },
    fields: [
      { name: 'NumMethods', type: 'UINT', offset: { x64: 0, x86: 0 } },
      { name: 'Methods', type: 'RTM_ENTITY_EXPORT_METHOD[1]', offset: { x64: 8, x86: 4 } },
    ],
  },
  RTM_ENTITY_METHOD_INPUT: {
    page: 'ns-rtmv2-rtm_entity_method_input',
    size: { x64: 12, x86: 12 },
    fields: [
      { name: 'MethodType', type: 'RTM_ENTITY_METHOD_TYPE', offset: { x64: 0, x86: 0 } },
      { name: 'InputSize', type: 'UINT', offset: { x64: 4, x86: 4 } },
      { name: 'InputData', type: 'UCHAR[1]', offset: { x64: 8, x86: 8 } },
    ],
  },
  RTM_ENTITY_METHOD_OUTPUT: {
    page: 'ns-rtmv2-rtm_entity_method_output',
    size: { x64: 16, x86: 16 },
    fields: [
      { name: 'MethodType', type: 'RTM_ENTITY_METHOD_TYPE', offset: { x64: 0, x86: 0 } },
      { name: 'MethodStatus', type: 'DWORD', offset: { x64: 4, x86: 4 } },
      { name: 'OutputSize', type: 'UINT', offset: { x64: 8, x86: 8 } },
      { name: 'OutputData', type: 'UCHAR[1]', offset: { x64: 12, x86: 12 } },
    ],
  },
  RTM_NET_ADDRESS: {
    page: 'ns-rtmv2-rtm_net_address',
    size: { x64: 20, x86: 20 },
    fields: [
      { name: 'AddressFamily', type: 'USHORT', offset: { x64: 0, x86: 0 } },
      { name: 'NumBits', type: 'USHORT', offset: { x64: 2, x86: 2 } },
      { name: 'AddrBits', type: 'UCHAR[16]', offset: { x64: 4, x86: 4 } },
    ],
  },
  RTM_PREF_INFO: {
    page: 'ns-rtmv2-rtm_pref_info',
    size: { x64: 8, x86: 8 },
    fields: [
      { name: 'Metric', type: 'ULONG', offset: { x64: 0, x86: 0 } },
      { name: 'Preference', type: 'ULONG', offset: { x64: 4, x86: 4 } },
    ],
  },
  RTM_NEXTHOP_LIST: {
    page: 'ns-rtmv2-rtm_nexthop_list',
    size: { x64: 16, x86: 8 },
    fields: [
      { name: 'NumNextHops', type: 'USHORT', offset: { x64: 0, x86: 0 } },
      { name: 'NextHops', type: 'RTM_NEXTHOP_HANDLE[1]', offset: { x64: 8, x86: 4 } },
    ],
  },
  // The element of RTM_DEST_INFO.ViewInfo, which has no name in the header.
  RTM_DEST_INFO_VIEW: {
    page: 'ns-rtmv2-rtm_dest_info',
    size: { x64: 40, x86: 24 },
    fields: [
      { name: 'ViewId', type: 'RTM_VIEW_ID', offset: { x64: 0, x86: 0 } },
      { name: 'NumRoutes', type: 'UINT', offset: { x64: 4, x86: 4 } },
      { name: 'Route', type: 'RTM_ROUTE_HANDLE', offset: { x64: 8, x86: 8 } },
      { name: 'Owner', type: 'RTM_ENTITY_HANDLE', offset: { x64: 16, x86: 12 } },
      { name: 'DestFlags', type: 'DWORD', offset: { x64: 24, x86: 16 } },
      { name: 'HoldRoute', type: 'RTM_ROUTE_HANDLE', offset: { x64: 32, x86: 20 } },
    ],
  },
  RTM_DEST_INFO: {
    page: 'ns-rtmv2-rtm_dest_info',
    size: { x64: 88, x86: 64 },
    fields: [
      { name: 'DestHandle', type: 'RTM_DEST_HANDLE', offset: { x64: 0, x86: 0 } },
      { name: 'DestAddress', type: 'RTM_NET_ADDRESS', offset: { x64: 8, x86: 4 } },
      { name: 'LastChanged', type: 'FILETIME', offset: { x64: 28, x86: 24 } },
      { name: 'BelongsToViews', type: 'RTM_VIEW_SET', offset: { x64: 36, x86: 32 } },
      { name: 'NumberOfViews', type: 'UINT', offset: { x64: 40, x86: 36 } },
      { name: 'ViewInfo', type: 'RTM_DEST_INFO_VIEW[1]', offset: { x64: 48, x86: 40 } },
    ],
  },
  RTM_ROUTE_INFO: {
    page: 'ns-rtmv2-rtm_route_info',
    size: { x64: 64, x86: 40 },
    fields: [
      { name: 'DestHandle', type: 'RTM_DEST_HANDLE', offset: { x64: 0, x86: 0 } },
      { name: 'RouteOwner', type: 'RTM_ENTITY_HANDLE', offset: { x64: 8, x86: 4 } },
      { name: 'Neighbour', type: 'RTM_NEXTHOP_HANDLE', offset: { x64: 16, x86: 8 } },
      { name: 'State', type: 'UCHAR', offset: { x64: 24, x86: 12 } },
      { name: 'Flags1', type: 'UCHAR', offset: { x64: 25, x86: 13 } },
      { name: 'Flags', type: 'USHORT', offset: { x64: 26, x86: 14 } },
      { name: 'PrefInfo', type: 'RTM_PREF_INFO', offset: { x64: 28, x86: 16 } },
      { name: 'BelongsToViews', type: 'RTM_VIEW_SET', offset: { x64: 36, x86: 24 } },
      { name: 'EntitySpecificInfo', type: 'PVOID', offset: { x64: 40, x86: 28 } },
      { name: 'NextHopsList', type: 'RTM_NEXTHOP_LIST', offset: { x64: 48, x86: 32 } },
    ],
  },
  RTM_NEXTHOP_INFO: {
    page: 'ns-rtmv2-rtm_nexthop_info',
    size: { x64: 56, x86: 40 },
    fields: [
      { name: 'NextHopAddress', type: 'RTM_NET_ADDRESS', offset: { x64: 0, x86: 0 } },
      { name: 'NextHopOwner', type: 'RTM_ENTITY_HANDLE', offset: { x64: 24, x86: 20 } },
      { name: 'InterfaceIndex', type: 'ULONG', offset: { x64: 32, x86: 24 } },
      { name: 'State', type: 'USHORT', offset: { x64: 36, x86: 28 } },
      { name: 'Flags', type: 'USHORT', offset: { x64: 38, x86: 30 } },
      { name: 'EntitySpecificInfo', type: 'PVOID', offset: { x64: 40, x86: 32 } },
      { name: 'RemoteNextHop', type: 'RTM_DEST_HANDLE', offset: { x64: 48, x86: 36 } },
    ],
  },
} as const;

export type StructureName = keyof typeof structures;
