/** The monitor with events gone wrong. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const MONITOR = 'reference/concurrent/monitor.ts';

export const monitorEventMutants: readonly Mutant[] = [
  {
    id: 'monitor/two-attendants',
    implementation,
    rule: 'RTM-EVENT-001',
    rules: [
      'RTM-EVENT-002',
      'RTM-EVENT-014',
      'RTM-DEREG-009',
      'RTM-SAFE-001',
      'RTM-EVENT-013',
      'RTM-EVENT-012',
      'RTM-EVENT-015',
      'RTM-SAFE-002',
    ],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'Two threads deliver to one client at a time; the one that ends last leaves the other’s name behind, which is there for ever and keeps everybody else from delivering.',
    edit: {
      file: MONITOR,
      find: 'if (attendant !== NOBODY && attendant !== me) return;',
      replace: '',
    },
  },
  {
    id: 'monitor/queue-written-after-delivery',
    implementation,
    rule: 'RTM-EVENT-001',
    rules: [
      'RTM-EVENT-016',
      'RTM-EVENT-002',
      'RTM-EVENT-003',
      'RTM-REF-004',
      'RTM-REF-009',
      'RTM-SAFE-001',
      'RTM-SAFE-004',
    ],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'The queue is written back after the callback as it was before it: what was posted meanwhile is lost.',
    edit: {
      file: MONITOR,
      find: 'yield* this.table.change(entity, () => ({ queue: later })); yield* this.deliver(entity, event);',
      replace:
        'yield* this.deliver(entity, event); yield* this.table.change(entity, () => ({ queue: later }));',
    },
  },
  {
    id: 'monitor/one-event-in-the-queue',
    implementation,
    rule: 'RTM-EVENT-001',
    rules: ['RTM-EVENT-002'],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'A new event takes the place of those that wait for the same client.',
    edit: {
      file: MONITOR,
      find: 'queue: [...queue, { type, subject }],',
      replace: 'queue: [{ type, subject }],',
    },
  },
  {
    id: 'monitor/end-told-as-registration',
    implementation,
    rule: 'RTM-EVENT-002',
    rules: ['RTM-EVENT-003', 'RTM-EVENT-004'],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'A deregistration is told of as a registration.',
    edit: {
      file: MONITOR,
      find: 'this.post(events.RTM_ENTITY_DEREGISTERED, entity)',
      replace: 'this.post(events.RTM_ENTITY_REGISTERED, entity)',
    },
  },
  {
    id: 'monitor/about-the-one-who-is-told',
    implementation,
    rule: 'RTM-EVENT-006',
    rules: ['RTM-INFO-001', 'RTM-EVENT-003', 'RTM-EVENT-007', 'RTM-EVENT-001', 'RTM-EVENT-004'],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'Context1 is the handle of the client that is told, not of the one the event is about.',
    edit: {
      file: MONITOR,
      find: 'type, subject.entityHandle, info);',
      replace: 'type, receiver.entityHandle, info);',
    },
  },
  {
    id: 'monitor/describes-the-one-who-is-told',
    implementation,
    rule: 'RTM-EVENT-007',
    rules: ['RTM-REG-005', 'RTM-EVENT-001'],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'Context2 describes the client that is told, not the one the event is about.',
    edit: {
      file: MONITOR,
      find: 'const info = yield* this.infoOf(subject);',
      replace: 'const info = yield* this.infoOf(receiver);',
    },
  },
  {
    id: 'monitor/missing-callback-called',
    implementation,
    rule: 'RTM-EVENT-011',
    rules: ['RTM-SAFE-004', 'RTM-REG-012'],
    invariant: 'every call returns, with a status',
    what: 'A client without a callback is called all the same, and the registration of another ends in a crash.',
    edit: { file: MONITOR, find: 'if (callback === null) return;', replace: '' },
  },
  {
    id: 'monitor/nested-delivery-ends-the-outer-one',
    implementation,
    rule: 'RTM-EVENT-014',
    rules: ['RTM-EVENT-016', 'RTM-EVENT-013'],
    invariant: 'forbidden calls in callbacks are harmless',
    what: 'A delivery inside a callback ends with nobody as attendant, although the callback outside runs on: a deregistration does not wait for it.',
    edit: {
      file: MONITOR,
      find: 'yield* this.table.change(entity, () => ({ attendant }));',
      replace: 'yield* this.table.change(entity, () => ({ attendant: NOBODY }));',
    },
  },
];
