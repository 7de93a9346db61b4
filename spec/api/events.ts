/**
 * RTM_EVENT_TYPE: the events an RTM reports through RTM_EVENT_CALLBACK, and what the two contexts
 * of each mean (pages ne-rtmv2-rtm_event_type and nc-rtmv2-_event_callback).
 */
import { namesOf } from '../names.ts';

export const events = {
  RTM_ENTITY_REGISTERED: 0,
  RTM_ENTITY_DEREGISTERED: 1,
  RTM_ROUTE_EXPIRED: 2,
  RTM_CHANGE_NOTIFICATION: 3,
} as const;

export type EventTypeName = keyof typeof events;
export type EventType = (typeof events)[EventTypeName];

/** What Context2 points at is only lent, until the callback returns or the subscription ends. */
export const eventContexts = {
  RTM_ENTITY_REGISTERED: {
    level: 'core',
    meaning: 'a client has just registered',
    context1: { kind: 'entity', type: 'RTM_ENTITY_HANDLE' },
    context2: { type: 'PRTM_ENTITY_INFO', until: 'callback returns' },
  },
  RTM_ENTITY_DEREGISTERED: {
    level: 'core',
    meaning: 'a client has just deregistered',
    context1: { kind: 'entity', type: 'RTM_ENTITY_HANDLE' },
    context2: { type: 'PRTM_ENTITY_INFO', until: 'callback returns' },
  },
  RTM_ROUTE_EXPIRED: {
    level: 'hold-aging',
    meaning: 'the lifetime of a route has run out',
    context1: { kind: 'route', type: 'RTM_ROUTE_HANDLE' },
    context2: { type: 'PRTM_ROUTE_INFO', until: 'callback returns' },
  },
  RTM_CHANGE_NOTIFICATION: {
    level: 'notification',
    meaning: 'changes are ready to be fetched',
    context1: { kind: 'notification', type: 'RTM_NOTIFY_HANDLE' },
    context2: { type: 'PVOID', until: 'subscription ends' },
  },
} as const;

const namesByValue: ReadonlyMap<number, EventTypeName> = new Map(
  namesOf(events).map((name) => [events[name], name]),
);

/** The name of an event type, or undefined for a number that is none. */
export function eventTypeName(value: number): EventTypeName | undefined {
  return namesByValue.get(value);
}
