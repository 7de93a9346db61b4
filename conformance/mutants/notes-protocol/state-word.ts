/** The notes’ protocol with a state word gone wrong: who may act, and who has to wait. */
import type { Mutant } from '../mutant.ts';

const implementation = 'notes-protocol';
const PROTOCOL = 'reference/concurrent/notes-protocol.ts';
const ENTITY = 'reference/concurrent/quiescent-entity.ts';

export const stateWordMutants: readonly Mutant[] = [
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
    id: 'notes-protocol/half-a-deregistration-in-a-callback',
    implementation,
    rule: 'RTM-EVENT-016',
    rules: ['RTM-DEREG-001', 'RTM-EVENT-001', 'RTM-EVENT-002'],
    invariant: 'forbidden calls in callbacks are harmless',
    what: 'A deregistration inside a callback is refused after it has raised the flag: its client stays in the lists, and can neither call nor leave.',
    edit: {
      file: PROTOCOL,
      find: 'return yield* shutIfOnly(entity, this.frames.countOf(entity));',
      replace: 'yield* shutIfOnly(entity, this.frames.countOf(entity)); return false;',
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
