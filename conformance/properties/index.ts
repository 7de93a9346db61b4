/** The properties: random programs of a kind each. */
import type { Check } from '../runner/check.ts';
import { type Focus, programs } from './arbitraries.ts';
import { propertyCheck } from './property-check.ts';
import { tableProperties } from './table-properties.ts';

const BASE: Focus = {
  weights: {},
  callbacks: 'none',
  threadsMax: 3,
  actionsMax: 4,
  identities: 3,
  slots: 3,
  tables: 1,
};

const BOTH = ['documented', 'notes'] as const;

export const properties: readonly Check[] = [
  propertyCheck({
    id: 'core/property/calls',
    title: 'Overlapping calls act as if one after the other, and every reference is accounted for',
    area: 'concurrency',
    rules: [
      'RTM-SAFE-005',
      'RTM-SAFE-003',
      'RTM-REF-001',
      'RTM-REF-008',
      'RTM-REF-009',
      'RTM-LIST-001',
      'RTM-LIST-002',
    ],
    profiles: BOTH,
    level: 'core',
    arbitrary: programs(BASE),
    lens: { exactReferences: true },
    programs: 200,
    schedules: 40,
  }),
  propertyCheck({
    id: 'core/property/deregistration',
    title: 'Deregistration shuts out new calls, waits for pending ones and happens once',
    area: 'concurrency',
    rules: [
      'RTM-DEREG-001',
      'RTM-DEREG-002',
      'RTM-DEREG-005',
      'RTM-DEREG-008',
      'RTM-DEREG-011',
      'RTM-REF-007',
      'RTM-REF-011',
    ],
    profiles: BOTH,
    level: 'core',
    arbitrary: programs({
      ...BASE,
      weights: { deregister: 8, register: 1 },
      slots: 2,
      actionsMax: 3,
    }),
    lens: { exactReferences: true },
    programs: 200,
    schedules: 40,
  }),
  propertyCheck({
    id: 'core/property/registration',
    title: 'Of the registrations that contend for one identity one succeeds',
    area: 'concurrency',
    rules: ['RTM-REG-004', 'RTM-REG-006', 'RTM-REG-010', 'RTM-LIST-003'],
    profiles: BOTH,
    level: 'core',
    arbitrary: programs({
      ...BASE,
      weights: { register: 8, deregister: 3, reference: 1, release: 1 },
      identities: 2,
      tables: 2,
    }),
    lens: { exactReferences: true },
    programs: 150,
    schedules: 40,
  }),
  propertyCheck({
    id: 'core/property/events',
    title: 'No event is lost, doubled or misaddressed, and none comes after deregistration',
    area: 'callbacks',
    rules: [
      'RTM-EVENT-001',
      'RTM-EVENT-002',
      'RTM-EVENT-003',
      'RTM-EVENT-004',
      'RTM-EVENT-005',
      'RTM-EVENT-013',
      'RTM-EVENT-014',
      'RTM-EVENT-015',
    ],
    profiles: BOTH,
    level: 'core',
    arbitrary: programs({
      ...BASE,
      callbacks: 'allowed',
      weights: { register: 6, deregister: 5 },
      actionsMax: 3,
    }),
    lens: {},
    programs: 200,
    schedules: 40,
  }),
  propertyCheck({
    id: 'core/property/forbidden-calls',
    title: 'Calls that are forbidden in callbacks harm nobody else',
    area: 'callbacks',
    rules: ['RTM-EVENT-016'],
    profiles: BOTH,
    level: 'core',
    arbitrary: programs({
      ...BASE,
      callbacks: 'any',
      weights: { register: 6, deregister: 4 },
      actionsMax: 3,
    }),
    lens: { hangsPermitted: true },
    programs: 100,
    schedules: 30,
  }),
  ...tableProperties,
];
