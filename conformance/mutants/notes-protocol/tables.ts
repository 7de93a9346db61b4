/** The notes’ protocol with its array of registered entities or its slots gone wrong. */
import type { Mutant } from '../mutant.ts';

const implementation = 'notes-protocol';
const PROTOCOL = 'reference/concurrent/notes-protocol.ts';
const ENTITY = 'reference/concurrent/quiescent-entity.ts';
const INFO = 'reference/concurrent/entity-info.ts';

export const tableMutants: readonly Mutant[] = [
  {
    id: 'notes-protocol/slots-not-counted-atomically',
    implementation,
    rule: 'RTM-REG-003',
    rules: [
      'RTM-DEREG-001',
      'RTM-EVENT-006',
      'RTM-SAFE-005',
      'RTM-LIST-003',
      'RTM-LIST-010',
      'RTM-DEREG-002',
      'RTM-REF-009',
    ],
    invariant: 'an identity is registered once, a handle stands for one client',
    what: 'The next slot is found by a load and a store: two registrations at once share a slot, and their handle.',
    edit: {
      file: ENTITY,
      find: 'const index = yield* this.used.fetchAdd(1);',
      replace: 'const index = yield* this.used.load(); yield* this.used.store(index + 1);',
    },
  },
  {
    id: 'notes-protocol/handles-wrap-round',
    implementation,
    rule: 'RTM-DEREG-004',
    rules: ['RTM-REL-005', 'RTM-REF-013', 'RTM-INFO-002', 'RTM-SAFE-007'],
    invariant: 'every call returns, with a status',
    what: 'The index in a handle is not checked but folded into the table, so that a value never given out stands for somebody.',
    edit: {
      file: ENTITY,
      find: 'return this.slots[(handle - FIRST_HANDLE) / SLOT_BYTES];',
      replace:
        'return this.slots[Math.floor((handle - FIRST_HANDLE) / SLOT_BYTES) % this.slots.length];',
    },
  },
  {
    id: 'notes-protocol/publication-not-atomic',
    implementation,
    rule: 'RTM-REG-006',
    rules: [
      'RTM-REG-004',
      'RTM-LIST-001',
      'RTM-LIST-002',
      'RTM-SAFE-005',
      'RTM-EVENT-001',
      'RTM-SAFE-002',
    ],
    invariant: 'an identity is registered once, a handle stands for one client',
    what: 'The array of the registered is stored, not compared and exchanged: two registrations of one identity both succeed, and one of two different ones drops out.',
    edit: {
      file: PROTOCOL,
      find: 'const after = [...before, entity]; const found = yield* this.registered.compareExchange(before, after);',
      replace:
        'const after = [...before, entity]; const found = before; yield* this.registered.store(after);',
    },
  },
  {
    id: 'notes-protocol/retry-without-looking',
    implementation,
    rule: 'RTM-REG-006',
    rules: ['RTM-REG-004', 'RTM-LIST-003', 'RTM-SAFE-005'],
    invariant: 'an identity is registered once, a handle stands for one client',
    what: 'A registration that loses the race for the array tries again with what it found, without looking whether its identity is in there by now.',
    edit: {
      file: PROTOCOL,
      find: 'const found = yield* this.registered.compareExchange(before, after); if (found === before) return neighbours(entity, before);',
      replace: `let known = before;
        let found = yield* this.registered.compareExchange(known, after);
        while (found !== known) {
          known = found;
          found = yield* this.registered.compareExchange(known, [...known, entity]);
        }
        return neighbours(entity, known);`,
    },
  },
  {
    id: 'notes-protocol/withdrawal-not-atomic',
    implementation,
    rule: 'RTM-LIST-001',
    rules: [
      'RTM-LIST-002',
      'RTM-DEREG-012',
      'RTM-DEREG-001',
      'RTM-SAFE-002',
      'RTM-SAFE-005',
      'RTM-EVENT-001',
      'RTM-EVENT-002',
    ],
    invariant: 'a list is true of the registered clients',
    what: 'A deregistration stores the array without itself over one that has changed: somebody who has just registered vanishes from the lists.',
    edit: {
      file: PROTOCOL,
      find: 'const after = before.filter((other) => other !== entity); const found = yield* this.registered.compareExchange(before, after);',
      replace:
        'const after = before.filter((other) => other !== entity); const found = before; yield* this.registered.store(after);',
    },
  },
  {
    id: 'notes-protocol/never-withdrawn',
    implementation,
    rule: 'RTM-REG-010',
    rules: ['RTM-DEREG-001', 'RTM-SAFE-002'],
    invariant: 'an identity is registered once, a handle stands for one client',
    what: 'A deregistered entity stays in the array: its identity is taken for ever, and lists wait for it to come alive.',
    edit: {
      file: PROTOCOL,
      find: 'const after = before.filter((other) => other !== entity);',
      replace: 'const after = [...before];',
    },
  },
  {
    id: 'notes-protocol/list-of-a-stale-load',
    implementation,
    rule: 'RTM-REF-007',
    rules: ['RTM-REF-001', 'RTM-REF-005', 'RTM-LIST-012', 'RTM-REF-008'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'A list does not care whether its references could be taken and hands out entities that were freed since it loaded the array.',
    edit: {
      file: PROTOCOL,
      find: 'if (areTaken) return { total, entities };',
      replace: 'return { total, entities };',
    },
  },
  {
    id: 'notes-protocol/count-of-a-stale-load',
    implementation,
    rule: 'RTM-LIST-005',
    rules: ['RTM-LIST-004', 'RTM-OUT-001', 'RTM-LIST-010'],
    invariant: 'OUT parameters hold what is promised',
    what: 'A list leaves out who was freed since it loaded the array, but NumEntities counts them.',
    edit: {
      file: PROTOCOL,
      find: 'const areTaken = yield* this.referenceAll(entities); if (areTaken) return { total, entities };',
      replace: `const present = [];
        for (const entity of entities) if (yield* reference(entity)) present.push(entity);
        return { total, entities: present };`,
    },
  },
  {
    id: 'notes-protocol/list-of-all-families',
    implementation,
    rule: 'RTM-LIST-002',
    rules: ['RTM-REG-001', 'RTM-REG-008', 'RTM-LIST-005'],
    invariant: 'a list is true of the registered clients',
    what: 'A list is filtered by instance only and shows clients of other address families.',
    edit: {
      file: PROTOCOL,
      find: 'const entities = all.filter((entity) => isSameTable(entity.identity, caller.identity));',
      replace:
        'const entities = all.filter((entity) => entity.identity.RtmInstanceId === caller.identity.RtmInstanceId);',
    },
  },
  {
    id: 'notes-protocol/room-for-one-more',
    implementation,
    rule: 'RTM-LIST-008',
    rules: ['RTM-LIST-006', 'RTM-LIST-005'],
    invariant: 'OUT parameters hold what is promised',
    what: 'A list takes one entry more than there is room for, and writes it beyond the end of the array.',
    edit: {
      file: PROTOCOL,
      find: 'if (total > room) return { total };',
      replace: 'if (total > room + 1) return { total };',
    },
  },
  {
    id: 'notes-protocol/identity-without-family',
    implementation,
    rule: 'RTM-REG-008',
    rules: ['RTM-REG-009'],
    invariant: 'an identity is registered once, a handle stands for one client',
    what: 'Two registrations count as one client whatever their address family, so a client cannot register for a second one.',
    edit: {
      file: INFO,
      find: 'isSameTable(a, b) && a.EntityId',
      replace: 'a.RtmInstanceId === b.RtmInstanceId && a.EntityId',
    },
  },
];
