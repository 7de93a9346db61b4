/**
 * The functions that clients give to the RTM, and what clients may not call in which event.
 */
import type { Profile } from '../levels.ts';
import type { EventTypeName } from './events.ts';
import type { FunctionName } from './functions.ts';

export const callbacks = {
  RTM_EVENT_CALLBACK: {
    page: 'nc-rtmv2-_event_callback',
    level: 'core',
    returns: 'DWORD',
    parameters: [
      { name: 'RtmRegHandle', type: 'RTM_ENTITY_HANDLE', direction: 'in', optional: false },
      { name: 'EventType', type: 'RTM_EVENT_TYPE', direction: 'in', optional: false },
      { name: 'Context1', type: 'PVOID', direction: 'in', optional: false },
      { name: 'Context2', type: 'PVOID', direction: 'in', optional: false },
    ],
  },
  RTM_ENTITY_EXPORT_METHOD: {
    page: 'nc-rtmv2-_entity_method',
    level: 'methods',
    returns: 'VOID',
    parameters: [
      { name: 'CallerHandle', type: 'RTM_ENTITY_HANDLE', direction: 'in', optional: false },
      { name: 'CalleeHandle', type: 'RTM_ENTITY_HANDLE', direction: 'in', optional: false },
      { name: 'Input', type: 'RTM_ENTITY_METHOD_INPUT *', direction: 'in', optional: false },
      { name: 'Output', type: 'RTM_ENTITY_METHOD_OUTPUT *', direction: 'inout', optional: false },
    ],
  },
} as const;

export type CallbackName = keyof typeof callbacks;

const inEntityEvent = [
  'RtmRegisterEntity',
  'RtmDeregisterEntity',
  'RtmGetRegisteredEntities',
] as const;

/**
 * The calls that a client must not make while it handles an event (rules RTM-EVENT-017 to
 * RTM-EVENT-021). Functions that only the notes name and no header declares are left out.
 */
export const forbiddenCalls: {
  readonly [Event in EventTypeName]: { readonly [P in Profile]: readonly FunctionName[] };
} = {
  RTM_ENTITY_REGISTERED: { documented: inEntityEvent, notes: inEntityEvent },
  RTM_ENTITY_DEREGISTERED: { documented: inEntityEvent, notes: inEntityEvent },
  RTM_ROUTE_EXPIRED: { documented: [], notes: [] },
  RTM_CHANGE_NOTIFICATION: {
    documented: ['RtmRegisterForChangeNotification'],
    notes: ['RtmRegisterForChangeNotification', 'RtmDeregisterFromChangeNotification'],
  },
};
