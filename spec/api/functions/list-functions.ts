/** Functions of level `lists`: client-specific lists of routes. Parameters as in rtmv2.h, statuses as on the reference pages. */
export const listFunctions = {
  RtmCreateRouteList: {
    page: 'nf-rtmv2-rtmcreateroutelist',
    level: 'lists',
    purpose: 'Creates an empty list of routes.',
    parameters: [
      { name: 'RtmRegHandle', type: 'RTM_ENTITY_HANDLE', direction: 'in', optional: false },
      {
        name: 'RouteListHandle',
        type: 'PRTM_ROUTE_LIST_HANDLE',
        direction: 'out',
        optional: false,
      },
    ],
    statuses: [
      { status: 'NO_ERROR', when: 'the call succeeded' },
      { status: 'ERROR_NOT_ENOUGH_MEMORY', when: 'memory is short' },
    ],
    handlesReturned: [{ kind: 'route-list', at: 'RouteListHandle' }],
    referencesTaken: [{ kind: 'route-list', at: 'RouteListHandle' }],
    handlesConsumed: [],
    releasedBy: ['RtmDeleteRouteList'],
  },
  RtmInsertInRouteList: {
    page: 'nf-rtmv2-rtminsertinroutelist',
    level: 'lists',
    purpose: 'Moves routes into a list, or off all lists.',
    parameters: [
      { name: 'RtmRegHandle', type: 'RTM_ENTITY_HANDLE', direction: 'in', optional: false },
      { name: 'RouteListHandle', type: 'RTM_ROUTE_LIST_HANDLE', direction: 'in', optional: true },
      { name: 'NumRoutes', type: 'UINT', direction: 'in', optional: false },
      { name: 'RouteHandles', type: 'PRTM_ROUTE_HANDLE', direction: 'in', optional: false },
    ],
    statuses: [
      { status: 'NO_ERROR', when: 'the call succeeded' },
      { status: 'ERROR_INVALID_HANDLE', when: 'a handle is not valid' },
    ],
    handlesReturned: [],
    referencesTaken: [],
    handlesConsumed: [],
    releasedBy: [],
  },
  RtmCreateRouteListEnum: {
    page: 'nf-rtmv2-rtmcreateroutelistenum',
    level: 'lists',
    purpose: 'Starts an enumeration of a list.',
    parameters: [
      { name: 'RtmRegHandle', type: 'RTM_ENTITY_HANDLE', direction: 'in', optional: false },
      { name: 'RouteListHandle', type: 'RTM_ROUTE_LIST_HANDLE', direction: 'in', optional: false },
      { name: 'RtmEnumHandle', type: 'PRTM_ENUM_HANDLE', direction: 'out', optional: false },
    ],
    statuses: [
      { status: 'NO_ERROR', when: 'the call succeeded' },
      { status: 'ERROR_NOT_ENOUGH_MEMORY', when: 'memory is short' },
    ],
    handlesReturned: [{ kind: 'enumeration', at: 'RtmEnumHandle' }],
    referencesTaken: [{ kind: 'enumeration', at: 'RtmEnumHandle' }],
    handlesConsumed: [],
    releasedBy: ['RtmDeleteEnumHandle'],
  },
  RtmGetListEnumRoutes: {
    page: 'nf-rtmv2-rtmgetlistenumroutes',
    level: 'lists',
    purpose: 'Fetches the next batch of route handles of a list.',
    parameters: [
      { name: 'RtmRegHandle', type: 'RTM_ENTITY_HANDLE', direction: 'in', optional: false },
      { name: 'EnumHandle', type: 'RTM_ENUM_HANDLE', direction: 'in', optional: false },
      { name: 'NumRoutes', type: 'PUINT', direction: 'inout', optional: false },
      { name: 'RouteHandles', type: 'PRTM_ROUTE_HANDLE', direction: 'out', optional: false },
    ],
    statuses: [
      { status: 'NO_ERROR', when: 'the call succeeded' },
      {
        status: 'ERROR_INVALID_PARAMETER',
        when: 'more entries are wanted than RTM_REGN_PROFILE allows per call',
      },
    ],
    handlesReturned: [{ kind: 'route', at: 'RouteHandles[]' }],
    referencesTaken: [{ kind: 'route', at: 'RouteHandles[]' }],
    handlesConsumed: [],
    releasedBy: ['RtmReleaseRoutes'],
  },
  RtmDeleteRouteList: {
    page: 'nf-rtmv2-rtmdeleteroutelist',
    level: 'lists',
    purpose: 'Empties a list and destroys it.',
    parameters: [
      { name: 'RtmRegHandle', type: 'RTM_ENTITY_HANDLE', direction: 'in', optional: false },
      { name: 'RouteListHandle', type: 'RTM_ROUTE_LIST_HANDLE', direction: 'in', optional: false },
    ],
    statuses: [
      { status: 'NO_ERROR', when: 'the call succeeded' },
      { status: 'ERROR_INVALID_HANDLE', when: 'a handle is not valid' },
    ],
    handlesReturned: [],
    referencesTaken: [],
    handlesConsumed: [{ kind: 'route-list', at: 'RouteListHandle' }],
    releasedBy: [],
  },
} as const;
