/** Mutants of `reference/concurrent/notes-protocol.ts`: lock-free code gone wrong. */
import type { Mutant } from './mutant.ts';

const implementation = 'notes-protocol';
const PROTOCOL = 'reference/concurrent/notes-protocol.ts';
const ENTITY = 'reference/concurrent/quiescent-entity.ts';
const INFO = 'reference/concurrent/entity-info.ts';

/** The state word: who may act, and who has to wait. */
const stateWord: readonly Mutant[] = [
  {
    id: 'notes-protocol/no-back-off',
    implementation,
    rule: 'RTM-DEREG-009',
    rules: ['RTM-SAFE-002'],
    invariant: 'deregistration returns exactly when pending operations have drained',
    what: 'An operation that is turned away stays counted, so the deregistration that turned it away waits for it for ever.',
    edit: {
      file: ENTITY,
      find: 'const before = yield* entity.state.fetchAdd(1);',
      replace:
        'const before = yield* entity.state.fetchAdd(1); if (before >= DEREGISTERED) return false;',
    },
  },
  {
    id: 'notes-protocol/flag-compared-by-more-than',
    implementation,
    rule: 'RTM-DEREG-002',
    rules: ['RTM-DEREG-003', 'RTM-DEREG-007', 'RTM-REF-007', 'RTM-REF-005', 'RTM-EVENT-013'],
    invariant: 'no success after deregistration began to return',
    what: 'The flag alone, with no operation counted, is taken for a registered entity: the first operation after a deregistration gets in.',
    edit: {
      file: ENTITY,
      find: 'if (before >= DEREGISTERED) { yield* entity.state.fetchSub(1);',
      replace: 'if (before > DEREGISTERED) { yield* entity.state.fetchSub(1);',
    },
  },
  {
    id: 'notes-protocol/looks-before-it-counts',
    implementation,
    rule: 'RTM-DEREG-008',
    rules: [
      'RTM-DEREG-002',
      'RTM-DEREG-003',
      'RTM-DEREG-007',
      'RTM-REF-005',
      'RTM-REF-007',
      'RTM-EVENT-013',
      'RTM-EVENT-014',
    ],
    invariant: 'deregistration returns exactly when pending operations have drained',
    what: 'An operation looks at the flag and counts itself in afterwards; a deregistration in between has seen nobody to wait for and returns while the operation goes on.',
    edit: {
      file: ENTITY,
      find: 'const before = yield* entity.state.fetchAdd(1);',
      replace:
        'if ((yield* entity.state.load()) >= DEREGISTERED) return false; const before = 0; yield* entity.state.fetchAdd(1);',
    },
  },
  {
    id: 'notes-protocol/no-wait-for-pending',
    implementation,
    rule: 'RTM-DEREG-008',
    rules: [
      'RTM-SAFE-003',
      'RTM-DEREG-002',
      'RTM-DEREG-011',
      'RTM-REF-005',
      'RTM-REF-007',
      'RTM-EVENT-014',
      'RTM-EVENT-013',
    ],
    invariant: 'deregistration returns exactly when pending operations have drained',
    what: 'Deregistration raises the flag and goes on at once: operations that were in work with an entity that is being taken down.',
    edit: {
      file: PROTOCOL,
      find: 'if (isFirst) yield* drain(this.rt, entity);',
      replace: '',
    },
  },
  {
    id: 'notes-protocol/waits-for-all-but-one',
    implementation,
    rule: 'RTM-DEREG-008',
    rules: [
      'RTM-SAFE-003',
      'RTM-DEREG-002',
      'RTM-DEREG-011',
      'RTM-REF-005',
      'RTM-REF-007',
      'RTM-EVENT-014',
      'RTM-EVENT-013',
    ],
    invariant: 'deregistration returns exactly when pending operations have drained',
    what: 'Deregistration counts itself among the operations, wrongly, and goes on while one is still in.',
    edit: {
      file: ENTITY,
      find: 'entity.state.load()) !== DEREGISTERED)',
      replace: 'entity.state.load()) > DEREGISTERED + 1)',
    },
  },
  {
    id: 'notes-protocol/never-drained',
    implementation,
    rule: 'RTM-DEREG-009',
    rules: ['RTM-SAFE-002'],
    invariant: 'deregistration returns exactly when pending operations have drained',
    what: 'Deregistration waits for a state word of zero, which its own flag keeps it from ever being.',
    edit: {
      file: ENTITY,
      find: 'entity.state.load()) !== DEREGISTERED)',
      replace: 'entity.state.load()) !== 0)',
    },
  },
  {
    id: 'notes-protocol/flag-not-raised-atomically',
    implementation,
    rule: 'RTM-DEREG-005',
    rules: [
      'RTM-DEREG-006',
      'RTM-DEREG-008',
      'RTM-DEREG-009',
      'RTM-SAFE-002',
      'RTM-REF-006',
      'RTM-REF-007',
    ],
    invariant: 'an identity is registered once, a handle stands for one client',
    what: 'The flag is raised by a load and a store: two deregistrations both find it down and both succeed, or an operation that came in between is forgotten.',
    edit: {
      file: ENTITY,
      find: 'const before = yield* entity.state.fetchAdd(DEREGISTERED);',
      replace:
        'const before = yield* entity.state.load(); yield* entity.state.store(before + DEREGISTERED);',
    },
  },
  {
    id: 'notes-protocol/refused-deregistration-leaves-its-flag',
    implementation,
    rule: 'RTM-DEREG-006',
    rules: ['RTM-DEREG-009', 'RTM-SAFE-002'],
    invariant: 'deregistration returns exactly when pending operations have drained',
    what: 'A deregistration that comes second does not take its flag back, and the first one waits for a word that never comes.',
    edit: {
      file: ENTITY,
      find: 'yield* entity.state.fetchSub(DEREGISTERED);',
      replace: '',
    },
  },
  {
    id: 'notes-protocol/no-leave-after-refusal',
    implementation,
    rule: 'RTM-DEREG-009',
    rules: ['RTM-SAFE-002'],
    invariant: 'deregistration returns exactly when pending operations have drained',
    what: 'RtmGetEntityInfo returns early when it refuses a handle and stays counted in: its caller can never deregister.',
    edit: {
      file: PROTOCOL,
      find: 'yield* leave(caller); if (info === undefined) return { status: ERROR_INVALID_HANDLE };',
      replace:
        'if (info === undefined) return { status: ERROR_INVALID_HANDLE }; yield* leave(caller);',
    },
  },
  {
    id: 'notes-protocol/operation-without-entry-check',
    implementation,
    rule: 'RTM-DEREG-002',
    rules: ['RTM-DEREG-003'],
    invariant: 'no success after deregistration began to return',
    what: 'RtmReferenceHandles only looks its caller up and never asks whether it is registered still.',
    edit: {
      file: PROTOCOL,
      find: `const caller = yield* this.begin(args.RtmRegHandle);
        if (caller === undefined) return { status: ERROR_INVALID_HANDLE };
        const entries = entriesOf(args.RtmHandles, args.NumHandles);
        const entities = entries.map((handle) => this.handles.find(handle));
        const areTaken = yield* this.referenceAll(entities);
        yield* leave(caller);`,
      replace: `const caller = this.handles.find(args.RtmRegHandle);
        if (caller === undefined) return { status: ERROR_INVALID_HANDLE };
        const entries = entriesOf(args.RtmHandles, args.NumHandles);
        const entities = entries.map((handle) => this.handles.find(handle));
        const areTaken = yield* this.referenceAll(entities);`,
    },
  },
];

/** The reference count: when the memory goes. */
const referenceCount: readonly Mutant[] = [
  {
    id: 'notes-protocol/reference-not-atomic',
    implementation,
    rule: 'RTM-REF-008',
    rules: [
      'RTM-REF-001',
      'RTM-REF-003',
      'RTM-REF-007',
      'RTM-REL-002',
      'RTM-REL-003',
      'RTM-REF-004',
      'RTM-REF-009',
    ],
    invariant: 'every reference taken is accounted for',
    what: 'A reference is taken by a load and a store; of two taken at once one is lost, and the memory goes a release too early.',
    edit: {
      file: ENTITY,
      find: 'const found = yield* entity.references.compareExchange(count, count + 1);',
      replace: 'const found = count; yield* entity.references.store(count + 1);',
    },
  },
  {
    id: 'notes-protocol/release-not-atomic',
    implementation,
    rule: 'RTM-REF-008',
    rules: [
      'RTM-REF-002',
      'RTM-REF-004',
      'RTM-REF-006',
      'RTM-REF-007',
      'RTM-REF-009',
      'RTM-REL-002',
    ],
    invariant: 'every reference taken is accounted for',
    what: 'A reference is given back by a load and a store; of two given back at once one stays, and the memory with it.',
    edit: {
      file: ENTITY,
      find: 'const found = yield* entity.references.compareExchange(count, count - 1);',
      replace: 'const found = count; yield* entity.references.store(count - 1);',
    },
  },
  {
    id: 'notes-protocol/retry-with-the-old-count',
    implementation,
    rule: 'RTM-SAFE-002',
    invariant: 'every call returns, with a status',
    what: 'The count is loaded once, before the loop: whoever loses the race for it once compares with a count of the past for ever.',
    edit: {
      file: ENTITY,
      find: 'for (;;) { const count = yield* entity.references.load(); if (count === 0) return false;',
      replace:
        'const count = yield* entity.references.load(); for (;;) { if (count === 0) return false;',
    },
  },
  {
    id: 'notes-protocol/resurrection',
    implementation,
    rule: 'RTM-REF-007',
    rules: ['RTM-REF-005', 'RTM-REF-006'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'A count of zero is raised again: a list that still has an entity in sight hands out memory that has been freed.',
    edit: { file: ENTITY, find: 'if (count === 0) return false;', replace: '' },
  },
  {
    id: 'notes-protocol/freed-while-registered',
    implementation,
    rule: 'RTM-REF-010',
    rules: ['RTM-REF-005', 'RTM-REF-006', 'RTM-REF-007', 'RTM-REL-006'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'The last handle takes the memory with it although the entity is registered.',
    edit: {
      file: ENTITY,
      find: 'if (count === 1) yield* heap.free',
      replace: 'if (count % REGISTRATION === 1) yield* heap.free',
    },
  },
  {
    id: 'notes-protocol/freed-with-the-registration',
    implementation,
    rule: 'RTM-REF-011',
    rules: ['RTM-REF-005', 'RTM-REF-006', 'RTM-REF-007'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'Deregistration frees the memory whoever holds handles to it.',
    edit: { file: ENTITY, find: 'if (before === REGISTRATION) yield*', replace: 'yield*' },
  },
  {
    id: 'notes-protocol/registration-never-freed',
    implementation,
    rule: 'RTM-REF-004',
    rules: ['RTM-REF-009', 'RTM-REL-001'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'Deregistration brings the count to zero and forgets to free: every registration nobody has a handle to leaks.',
    edit: {
      file: ENTITY,
      find: 'if (before === REGISTRATION) yield*',
      replace: 'if (before === 0) yield*',
    },
  },
  {
    id: 'notes-protocol/zero-looked-at-afterwards',
    implementation,
    rule: 'RTM-REF-006',
    invariant: 'an object is freed when and only when its count is zero',
    what: 'Deregistration subtracts and then loads the count to see whether it was the last: with a release in between both are the last, and both free.',
    edit: {
      file: ENTITY,
      find: 'const before = yield* entity.references.fetchSub(REGISTRATION); if (before === REGISTRATION)',
      replace:
        'yield* entity.references.fetchSub(REGISTRATION); if ((yield* entity.references.load()) === 0)',
    },
  },
  {
    id: 'notes-protocol/counted-after-publication',
    implementation,
    rule: 'RTM-REF-008',
    rules: [
      'RTM-REF-001',
      'RTM-REF-004',
      'RTM-REF-007',
      'RTM-REF-005',
      'RTM-REF-009',
      'RTM-REL-002',
      'RTM-LIST-012',
      'RTM-SAFE-002',
    ],
    invariant: 'every reference taken is accounted for',
    what: 'The count is set when the entity is in the lists already, over the references that others have taken meanwhile.',
    edit: {
      file: PROTOCOL,
      find: 'const others = yield* this.publish(entity);',
      replace:
        'const others = yield* this.publish(entity); yield* entity.references.store(REGISTRATION);',
    },
  },
  {
    id: 'notes-protocol/description-keeps-its-reference',
    implementation,
    rule: 'RTM-REL-007',
    rules: ['RTM-REF-004', 'RTM-REF-009', 'RTM-INFO-005', 'RTM-REF-014'],
    invariant: 'every reference taken is accounted for',
    what: 'RtmGetEntityInfo takes a reference of its own and never gives it back, nor does the release of the structure.',
    edit: {
      file: PROTOCOL,
      find: 'yield* dereference(this.rt.heap, entity); return copyInfo(info);',
      replace: 'return copyInfo(info);',
    },
  },
  {
    id: 'notes-protocol/records-keep-references',
    implementation,
    rule: 'RTM-LIST-012',
    rules: ['RTM-REF-001', 'RTM-REF-004', 'RTM-REF-009'],
    invariant: 'every reference taken is accounted for',
    what: 'A list without handles keeps the references it took to look at the entities; no client can give them back.',
    edit: {
      file: PROTOCOL,
      find: 'else yield* this.dereferenceAll(listed.entities);',
      replace: '',
    },
  },
  {
    id: 'notes-protocol/retry-keeps-references',
    implementation,
    rule: 'RTM-REF-008',
    rules: ['RTM-REF-001', 'RTM-REF-004', 'RTM-REF-009', 'RTM-REF-014', 'RTM-LIST-012'],
    invariant: 'every reference taken is accounted for',
    what: 'A list that meets an entity just freed starts anew and forgets the references it had taken before it.',
    edit: {
      file: PROTOCOL,
      find: 'yield* this.dereferenceAll(taken); return false;',
      replace: 'return false;',
    },
  },
  {
    id: 'notes-protocol/refused-registration-leaks',
    implementation,
    rule: 'RTM-REG-005',
    rules: ['RTM-REF-004', 'RTM-REF-009', 'RTM-REF-014'],
    invariant: 'every reference taken is accounted for',
    what: 'A registration refused with ERROR_ALREADY_EXISTS leaves the entity behind that it had made for itself.',
    edit: {
      file: PROTOCOL,
      find: 'yield* shut(entity); yield* endRegistration(this.rt.heap, entity);',
      replace: 'yield* shut(entity);',
    },
  },
];

/** The array of registered entities, and the slots. */
const tables: readonly Mutant[] = [
  {
    id: 'notes-protocol/slots-not-counted-atomically',
    implementation,
    rule: 'RTM-REG-003',
    rules: [
      'RTM-DEREG-001',
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

/** Events. */
const events: readonly Mutant[] = [
  {
    id: 'notes-protocol/callback-after-the-end',
    implementation,
    rule: 'RTM-EVENT-013',
    rules: ['RTM-REF-007', 'RTM-REF-005', 'RTM-EVENT-014', 'RTM-DEREG-009', 'RTM-SAFE-002'],
    invariant: 'no callback after deregistration returned',
    what: 'A callback is counted in on its receiver, but nobody looks whether that has left meanwhile.',
    edit: { file: PROTOCOL, find: 'if (!isIn) continue;', replace: '' },
  },
  {
    id: 'notes-protocol/callback-not-counted',
    implementation,
    rule: 'RTM-EVENT-014',
    rules: ['RTM-DEREG-008', 'RTM-EVENT-013'],
    invariant: 'no callback after deregistration returned',
    what: 'The receiver is left before its callback is called: its deregistration returns while the callback runs, or before it begins.',
    edit: {
      file: PROTOCOL,
      find: 'yield* callback(receiver.handle, type, subject.handle, copyInfo(info));',
      replace: `yield* leave(receiver);
        yield* callback(receiver.handle, type, subject.handle, copyInfo(info));
        yield* receiver.state.fetchAdd(1);`,
    },
  },
  {
    id: 'notes-protocol/told-again-on-retry',
    implementation,
    rule: 'RTM-EVENT-003',
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'A deregistration tells of itself inside the loop that takes it off the array: each time it loses the race, all are told again.',
    edit: {
      file: PROTOCOL,
      find: `const after = before.filter((other) => other !== entity);
        const found = yield* this.registered.compareExchange(before, after);
        if (found === before) return neighbours(entity, after);`,
      replace: `const after = before.filter((other) => other !== entity);
        yield* this.announce(events.RTM_ENTITY_DEREGISTERED, entity, neighbours(entity, after));
        const found = yield* this.registered.compareExchange(before, after);
        if (found === before) return [];`,
    },
  },
  {
    id: 'notes-protocol/tells-of-refused-registrations',
    implementation,
    rule: 'RTM-EVENT-004',
    rules: ['RTM-REG-005', 'RTM-EVENT-003'],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'Clients are told of a registration that was refused with ERROR_ALREADY_EXISTS.',
    edit: {
      file: PROTOCOL,
      find: 'yield* shut(entity); yield* endRegistration(this.rt.heap, entity);',
      replace: `const told = neighbours(entity, yield* this.registered.load());
        yield* this.announce(events.RTM_ENTITY_REGISTERED, entity, told);
        yield* shut(entity);
        yield* endRegistration(this.rt.heap, entity);`,
    },
  },
  {
    id: 'notes-protocol/carries-the-handle-of-the-subject',
    implementation,
    rule: 'RTM-EVENT-005',
    rules: ['RTM-EVENT-003', 'RTM-EVENT-006', 'RTM-EVENT-013'],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'A callback is given the registration handle of the client it is about in place of that of the client told.',
    edit: {
      file: PROTOCOL,
      find: 'callback(receiver.handle, type, subject.handle,',
      replace: 'callback(subject.handle, type, subject.handle,',
    },
  },
  {
    id: 'notes-protocol/tells-all-families',
    implementation,
    rule: 'RTM-EVENT-009',
    rules: ['RTM-REG-008', 'RTM-REG-009'],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'Clients of other instances and address families are told as well.',
    edit: {
      file: PROTOCOL,
      find: 'return all.filter((other) => isSameTable(other.identity, entity.identity));',
      replace: 'return all.filter((other) => other !== entity);',
    },
  },
  {
    id: 'notes-protocol/freed-before-it-is-told',
    implementation,
    rule: 'RTM-EVENT-006',
    rules: ['RTM-REF-007', 'RTM-REF-005', 'RTM-EVENT-007'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'A deregistration gives up its entity and tells of it afterwards, with a handle to memory that may be gone.',
    edit: {
      file: PROTOCOL,
      find: `yield* this.announce(events.RTM_ENTITY_DEREGISTERED, entity, others);
        yield* endRegistration(this.rt.heap, entity);`,
      replace: `yield* endRegistration(this.rt.heap, entity);
        yield* this.announce(events.RTM_ENTITY_DEREGISTERED, entity, others);`,
    },
  },
];

export const notesProtocolMutants: readonly Mutant[] = [
  ...stateWord,
  ...referenceCount,
  ...tables,
  ...events,
];
