/** The notes’ protocol with events gone wrong. */
import type { Mutant } from '../mutant.ts';

const implementation = 'notes-protocol';
const PROTOCOL = 'reference/concurrent/notes-protocol.ts';

export const eventMutants: readonly Mutant[] = [
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
  {
    id: 'notes-protocol/one-leaves-and-none-is-told',
    implementation,
    rule: 'RTM-EVENT-001',
    rules: ['RTM-EVENT-002', 'RTM-EVENT-011'],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'Telling stops at the first receiver that is leaving: those after it never hear of the event.',
    edit: { file: PROTOCOL, find: 'if (!isIn) continue;', replace: 'if (!isIn) break;' },
  },
  {
    id: 'notes-protocol/deregisters-over-the-heads-of-others',
    implementation,
    rule: 'RTM-EVENT-016',
    rules: [
      'RTM-SAFE-003',
      'RTM-REF-007',
      'RTM-REF-005',
      'RTM-EVENT-014',
      'RTM-DEREG-008',
      'RTM-DEREG-002',
    ],
    invariant: 'forbidden calls in callbacks are harmless',
    what: 'A deregistration from within a callback succeeds without regard to other operations in progress, which then work with freed memory.',
    edit: {
      file: PROTOCOL,
      find: 'return yield* shutIfOnly(entity, this.frames.countOf(entity));',
      replace: 'return yield* shut(entity);',
    },
  },
];
