/** The monitor with entities that begin, leave or are freed at the wrong moment. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const MONITOR = 'reference/concurrent/monitor.ts';
const ENTITY = 'reference/concurrent/guarded-entity.ts';

export const lifeMutants: readonly Mutant[] = [
  {
    id: 'monitor/no-wait-for-callbacks',
    implementation,
    rule: 'RTM-EVENT-014',
    rules: ['RTM-EVENT-013', 'RTM-DEREG-008', 'RTM-REF-007'],
    invariant: 'no callback after deregistration returned',
    what: 'A deregistration returns although another thread is inside a callback of its entity.',
    edit: {
      file: MONITOR,
      find: 'while (yield* this.isCalledByOther(entity)) { yield* this.attended.wait(); }',
      replace: '',
    },
  },
  {
    id: 'monitor/not-marked-as-leaving',
    implementation,
    rule: 'RTM-DEREG-005',
    rules: [
      'RTM-DEREG-006',
      'RTM-DEREG-007',
      'RTM-DEREG-002',
      'RTM-DEREG-003',
      'RTM-REF-006',
      'RTM-REF-004',
      'RTM-EVENT-013',
      'RTM-EVENT-003',
      'RTM-SAFE-003',
    ],
    invariant: 'no success after deregistration began to return',
    what: 'While a deregistration waits for a callback its entity counts as registered: a second deregistration begins, and both succeed.',
    edit: {
      file: MONITOR,
      find: "yield* this.table.change(entity, () => ({ phase: 'leaving' }));",
      replace: '',
    },
  },
  {
    id: 'monitor/leaving-may-call',
    implementation,
    rule: 'RTM-DEREG-007',
    rules: [
      'RTM-DEREG-006',
      'RTM-DEREG-005',
      'RTM-DEREG-002',
      'RTM-DEREG-003',
      'RTM-REF-006',
      'RTM-REF-004',
      'RTM-EVENT-003',
    ],
    invariant: 'no success after deregistration began to return',
    what: 'Only those who have left are turned away, not those who are leaving: calls begin and succeed while the deregistration waits, a second deregistration among them.',
    edit: {
      file: ENTITY,
      find: "return phase === 'registered' ? entity : undefined;",
      replace: "return phase === 'left' ? undefined : entity;",
    },
  },
  {
    id: 'monitor/queue-not-emptied-on-leaving',
    implementation,
    rule: 'RTM-EVENT-013',
    rules: ['RTM-EVENT-014', 'RTM-REF-007'],
    invariant: 'no callback after deregistration returned',
    what: 'A deregistration leaves the events that are queued for it to whoever posted them, who delivers them after it has returned.',
    edit: {
      file: MONITOR,
      find: "({ phase: 'leaving' })); yield* this.attend(entity);",
      replace: "({ phase: 'leaving' }));",
    },
  },
  {
    id: 'monitor/handles-do-not-count',
    implementation,
    rule: 'RTM-REF-011',
    rules: ['RTM-REG-010', 'RTM-REF-005', 'RTM-REF-001', 'RTM-REF-007', 'RTM-REL-004'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'The handles of others are left out of the sum that decides whether an entity is freed.',
    edit: {
      file: ENTITY,
      find: 'return registration + handles + pins;',
      replace: 'return registration + pins;',
    },
  },
  {
    id: 'monitor/pins-do-not-count',
    implementation,
    rule: 'RTM-EVENT-006',
    rules: [
      'RTM-REF-007',
      'RTM-REF-005',
      'RTM-REF-006',
      'RTM-EVENT-007',
      'RTM-REF-004',
      'RTM-SAFE-003',
    ],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'Events on their way do not keep their subject: one that leaves before they are delivered is freed under them.',
    edit: {
      file: ENTITY,
      find: 'return registration + handles + pins;',
      replace: 'return registration + handles;',
    },
  },
  {
    id: 'monitor/receivers-stay-pinned',
    implementation,
    rule: 'RTM-REF-004',
    rules: ['RTM-REF-009', 'RTM-REL-001'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'Whoever is told of an event keeps a reference that nobody gives back, and is never freed.',
    edit: { file: MONITOR, find: 'yield* this.table.unpin(receiver);', replace: '' },
  },
  {
    id: 'monitor/seat-not-vacated',
    implementation,
    rule: 'RTM-REF-007',
    rules: ['RTM-REF-004', 'RTM-REF-005', 'RTM-REF-006', 'RTM-REF-009', 'RTM-INFO-002'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'A freed entity stays in its seat, and is found and freed again by later calls.',
    edit: {
      file: ENTITY,
      find: 'replace(seats, entity.seat, { generation, entity: undefined })',
      replace: 'replace(seats, entity.seat, { generation, entity })',
    },
  },
  {
    id: 'monitor/seat-given-up-with-the-registration',
    implementation,
    rule: 'RTM-REL-004',
    rules: ['RTM-REF-011', 'RTM-REF-004', 'RTM-REF-009', 'RTM-REG-010', 'RTM-DEREG-001'],
    invariant: 'an identity is registered once, a handle stands for one client',
    what: 'The seat is vacant for others as soon as its client has left: those who hold handles on it can give them back no more, and the memory stays.',
    edit: {
      file: ENTITY,
      find: 'if (referencesOf(life) > 0) return; const seats',
      replace: `if (referencesOf(life) > 0 && life.phase !== 'left') return;
        if (life.handles > 0) {
          const vacated = yield* this.seats.read();
          const { generation } = vacated[entity.seat];
          yield* this.seats.write(replace(vacated, entity.seat, { generation, entity: undefined }));
        }
        if (referencesOf(life) > 0) return;
        const seats`,
    },
  },
];
