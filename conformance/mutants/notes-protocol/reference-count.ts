/** The notes’ protocol with a reference count gone wrong: when the memory goes. */
import type { Mutant } from '../mutant.ts';

const implementation = 'notes-protocol';
const PROTOCOL = 'reference/concurrent/notes-protocol.ts';
const ENTITY = 'reference/concurrent/quiescent-entity.ts';

export const referenceCountMutants: readonly Mutant[] = [
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
