/** The monitor with arguments, references or results gone wrong. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const MONITOR = 'reference/concurrent/monitor.ts';
const ENTITY = 'reference/concurrent/guarded-entity.ts';
const INFO = 'reference/concurrent/entity-info.ts';

export const callMutants: readonly Mutant[] = [
  {
    id: 'monitor/one-reference-for-each-client',
    implementation,
    rule: 'RTM-REF-003',
    rules: ['RTM-REF-001', 'RTM-REF-008', 'RTM-REL-003', 'RTM-REL-002', 'RTM-REF-005'],
    invariant: 'every reference taken is accounted for',
    what: 'RtmReferenceHandles takes one reference for a handle that is listed twice.',
    edit: {
      file: MONITOR,
      find: 'for (const entity of entities) yield* this.table.hold(entity); return NO_ERROR;',
      replace:
        'for (const entity of new Set(entities)) yield* this.table.hold(entity); return NO_ERROR;',
    },
  },
  {
    id: 'monitor/last-reference-stays',
    implementation,
    rule: 'RTM-REF-002',
    rules: ['RTM-REF-004', 'RTM-REF-009', 'RTM-REL-002'],
    invariant: 'every reference taken is accounted for',
    what: 'The last reference that clients hold is never given back: the count stops at one.',
    edit: {
      file: ENTITY,
      find: 'handles: handles - 1',
      replace: 'handles: Math.max(1, handles - 1)',
    },
  },
  {
    id: 'monitor/handles-without-references',
    implementation,
    rule: 'RTM-LIST-012',
    rules: ['RTM-REF-001', 'RTM-REL-002', 'RTM-REF-011'],
    invariant: 'every reference taken is accounted for',
    what: 'A list that is asked for handles alone delivers them without references.',
    edit: {
      file: MONITOR,
      find: 'for (const entity of listed) yield* this.table.hold(entity);',
      replace:
        'if (args.EntityInfos !== null) for (const entity of listed) yield* this.table.hold(entity);',
    },
  },
  {
    id: 'monitor/references-before-it-measures',
    implementation,
    rule: 'RTM-REF-009',
    rules: ['RTM-REF-004', 'RTM-REF-014', 'RTM-LIST-012'],
    invariant: 'every reference taken is accounted for',
    what: 'A list takes its references before it looks whether there is room, and keeps them when it refuses a call that wanted no handles.',
    edit: {
      file: MONITOR,
      find: 'const isTooMuch = listed.length > args.NumEntities;',
      replace: `const isTooMuch = listed.length > args.NumEntities;
        if (isTooMuch) for (const entity of listed) yield* this.table.hold(entity);`,
    },
  },
  {
    id: 'monitor/bad-entry-not-reported',
    implementation,
    rule: 'RTM-REL-005',
    invariant: 'every call returns, with a status',
    what: 'RtmReleaseEntities passes over entries that are no handles and reports success.',
    edit: {
      file: MONITOR,
      find: 'if (!isReleased) status = ERROR_INVALID_HANDLE;',
      replace: 'if (!isReleased) continue;',
    },
  },
  {
    id: 'monitor/entries-not-checked',
    implementation,
    rule: 'RTM-SAFE-004',
    rules: ['RTM-REF-013'],
    invariant: 'every call returns, with a status',
    what: 'RtmReferenceHandles uses what it finds behind an entry without looking whether it found anything.',
    edit: {
      file: MONITOR,
      find: 'const entity = yield* this.table.findPresent(handle); if (entity === undefined) return ERROR_INVALID_HANDLE;',
      replace: 'const entity = yield* this.table.findPresent(handle);',
    },
  },
  {
    id: 'monitor/room-must-be-left',
    implementation,
    rule: 'RTM-LIST-007',
    invariant: 'OUT parameters hold what is promised',
    what: 'Room for exactly the clients there are is refused with ERROR_INSUFFICIENT_BUFFER.',
    edit: {
      file: MONITOR,
      find: 'const isTooMuch = listed.length > args.NumEntities;',
      replace: 'const isTooMuch = listed.length >= args.NumEntities;',
    },
  },
  {
    id: 'monitor/count-is-the-room',
    implementation,
    rule: 'RTM-LIST-005',
    rules: ['RTM-OUT-001'],
    invariant: 'OUT parameters hold what is promised',
    what: 'NumEntities comes back as it was handed in, so the caller reads entries that were never written.',
    edit: {
      file: MONITOR,
      find: 'NumEntities: listed.length }',
      replace: 'NumEntities: args.NumEntities }',
    },
  },
  {
    id: 'monitor/count-undefined-on-failure',
    implementation,
    rule: 'RTM-OUT-002',
    rules: ['RTM-OUT-004', 'RTM-LIST-006'],
    invariant: 'OUT parameters hold what is promised',
    what: 'After too little room NumEntities is a number that tells nothing of this call.',
    edit: {
      file: MONITOR,
      find: 'return { status: ERROR_INSUFFICIENT_BUFFER, out: nothing };',
      replace: 'return { status: ERROR_INSUFFICIENT_BUFFER, out: { NumEntities: 0xcdcd } };',
    },
  },
  {
    id: 'monitor/identity-taken-twice',
    implementation,
    rule: 'RTM-REG-004',
    rules: ['RTM-REG-005', 'RTM-REG-006', 'RTM-LIST-003'],
    invariant: 'an identity is registered once, a handle stands for one client',
    what: 'The search for the identity stops at the first client: one that is registered behind it is registered again.',
    edit: {
      file: MONITOR,
      find: 'if (!isGone && isSameClient(other.identity, info)) return { status: ERROR_ALREADY_EXISTS };',
      replace:
        'if (!isGone && isSameClient(other.identity, info)) return { status: ERROR_ALREADY_EXISTS }; break;',
    },
  },
  {
    id: 'monitor/protocol-does-not-count',
    implementation,
    rule: 'RTM-REG-007',
    rules: ['RTM-REG-001', 'RTM-REG-004'],
    invariant: 'an identity is registered once, a handle stands for one client',
    what: 'Two clients with different protocols and the same instance number are taken for one.',
    edit: {
      file: INFO,
      find: 'a.EntityId.EntityProtocolId === b.EntityId.EntityProtocolId &&',
      replace: '',
    },
  },
];
