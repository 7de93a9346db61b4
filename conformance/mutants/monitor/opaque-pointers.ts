/** The monitor with opaque pointers that go astray, and locks of destinations that do not lock. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const LOCKS = 'reference/concurrent/table/locks.ts';
const OPAQUE_FUNCTIONS = 'reference/concurrent/functions/opaque-functions.ts';
const TABLE_DESK = 'reference/concurrent/functions/table-desk.ts';

const RESERVED =
  'if (!visit.membership.reservesPointer(visit.entity)) return refuse(ERROR_NOT_FOUND);';

export const opaqueMutants: readonly Mutant[] = [
  {
    id: 'monitor/no-slot-in-wide-prefixes',
    implementation,
    rule: 'RTM-OPAQUE-001',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'Destinations with short prefixes have no slots.',
    edit: {
      file: OPAQUE_FUNCTIONS,
      find: RESERVED,
      replace: `${RESERVED} if (destination.prefix.length < 9) return refuse(ERROR_NOT_FOUND);`,
    },
  },
  {
    id: 'monitor/slots-for-all',
    implementation,
    rule: 'RTM-OPAQUE-002',
    invariant: 'every call returns, with a status',
    what: 'A client that reserved no pointer is given one all the same.',
    edit: { file: OPAQUE_FUNCTIONS, find: RESERVED, replace: '' },
  },
  {
    id: 'monitor/slot-of-nothing-not-found',
    implementation,
    rule: 'RTM-OPAQUE-003',
    invariant: 'every call returns, with a status',
    what: 'A destination that never was one is said to have no slot, as if the client had reserved none.',
    edit: {
      file: OPAQUE_FUNCTIONS,
      find: 'const destination = visit.destination(DestHandle);',
      replace:
        'if (DestHandle === null) return refuse(ERROR_NOT_FOUND); const destination = visit.destination(DestHandle);',
    },
  },
  {
    id: 'monitor/slot-made-anew',
    implementation,
    rule: 'RTM-OPAQUE-004',
    rules: ['RTM-OPAQUE-005', 'RTM-OPAQUE-006', 'RTM-OPAQUE-008'],
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'Each time a slot is looked for it is a new one: what was stored is lost.',
    edit: {
      file: OPAQUE_FUNCTIONS,
      find: 'const pointer = pointers.get(destination) ?? { value: null };',
      replace: 'const pointer = { value: null };',
    },
  },
  {
    id: 'monitor/slots-shared-by-clients',
    implementation,
    rule: 'RTM-OPAQUE-005',
    rules: ['RTM-OPAQUE-004'],
    invariant: 'only the owner changes what it owns',
    what: 'All clients find the same slot in a destination, and overwrite what others have stored.',
    edit: {
      file: OPAQUE_FUNCTIONS,
      find: 'const { pointers } = visit.member;',
      replace: 'const pointers = (visit.tables.pointers ??= new Map());',
    },
  },
  {
    id: 'monitor/one-slot-for-all-destinations',
    implementation,
    rule: 'RTM-OPAQUE-006',
    rules: ['RTM-OPAQUE-004'],
    invariant: 'information is true of what it describes',
    what: 'A client has one slot, whatever the destination.',
    edit: {
      file: OPAQUE_FUNCTIONS,
      find: 'const pointer = pointers.get(destination) ?? { value: null };',
      replace: 'const pointer = [...pointers.values()][0] ?? { value: null };',
    },
  },
  {
    id: 'monitor/slots-for-owners-only',
    implementation,
    rule: 'RTM-OPAQUE-007',
    rules: ['RTM-OPAQUE-001', 'RTM-OPAQUE-005'],
    invariant: 'every call returns, with a status',
    what: 'Only clients that have a route to a destination find their slots there.',
    edit: {
      file: OPAQUE_FUNCTIONS,
      find: RESERVED,
      replace: `${RESERVED} if (destination.routes.every(({ owner }) => owner !== visit.member)) return refuse(ERROR_NOT_FOUND);`,
    },
  },
  {
    id: 'monitor/latest-client-takes-the-slots',
    implementation,
    rule: 'RTM-OPAQUE-008',
    rules: ['RTM-OPAQUE-004', 'RTM-OPAQUE-001', 'RTM-OPAQUE-005'],
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'The client that registers last takes the slots of all others.',
    edit: {
      file: TABLE_DESK,
      find: 'this.registrations.set(entity, args);',
      replace: `for (const [other, its] of this.registrations) {
          this.registrations.set(other, { ...its, ReserveOpaquePointer: false });
        }
        this.registrations.set(entity, args);`,
    },
  },
  {
    id: 'monitor/unlocking-a-destination-refused',
    implementation,
    rule: 'RTM-LOCK-001',
    rules: ['RTM-OPAQUE-004', 'RTM-LOCK-004'],
    invariant: 'every call returns, with a status',
    what: 'Unlocking a destination is said to have failed, although it is unlocked.',
    edit: {
      file: OPAQUE_FUNCTIONS,
      find: 'else if (!locks.giveUp(destination, visit.actor, Exclusive)) refuse(ERROR_INVALID_HANDLE);',
      replace:
        'else { locks.giveUp(destination, visit.actor, Exclusive); refuse(ERROR_INVALID_HANDLE); }',
    },
  },
  {
    id: 'monitor/exclusive-lock-lets-changes-in',
    implementation,
    rule: 'RTM-LOCK-002',
    invariant: 'only the owner changes what it owns',
    what: 'Routes are added to a destination while another client has it for itself.',
    edit: {
      file: LOCKS,
      find: 'if (target.locks.some((held) => !isOf(held, actor))) haveToWait();',
      replace:
        'if (target.locks.some((held) => !held.exclusive && !isOf(held, actor))) haveToWait();',
    },
  },
  {
    id: 'monitor/shared-lock-lets-changes-in',
    implementation,
    rule: 'RTM-LOCK-003',
    invariant: 'only the owner changes what it owns',
    what: 'Routes are added to a destination while another client reads it under a shared lock.',
    edit: {
      file: LOCKS,
      find: 'if (target.locks.some((held) => !isOf(held, actor))) haveToWait();',
      replace:
        'if (target.locks.some((held) => held.exclusive && !isOf(held, actor))) haveToWait();',
    },
  },
  {
    id: 'monitor/unlocking-wakes-nobody',
    implementation,
    rule: 'RTM-LOCK-004',
    rules: ['RTM-SAFE-001'],
    invariant: 'every call returns, with a status',
    what: 'Calls that wait for a lock wait on when it is given up.',
    edit: { file: LOCKS, find: 'this.givenUp += 1;', replace: '' },
  },
  {
    id: 'monitor/nothing-is-locked',
    implementation,
    rule: 'RTM-LOCK-005',
    invariant: 'every call returns, with a status',
    what: 'Locking a destination that never was one succeeds, and guards nothing.',
    edit: {
      file: OPAQUE_FUNCTIONS,
      find: "const destination = visit.find('destination', DestHandle);",
      replace:
        "if (DestHandle === null) return DONE; const destination = visit.find('destination', DestHandle);",
    },
  },
  {
    id: 'monitor/lock-refused-as-not-found',
    implementation,
    rule: 'RTM-LOCK-006',
    invariant: 'every call returns, with a status',
    what: 'A client without a route to a destination is told that there is none when it wants to lock it.',
    edit: {
      file: OPAQUE_FUNCTIONS,
      find: 'if (LockDest) locks.take(destination, visit.actor, Exclusive);',
      replace: `if (destination.routes.every(({ owner }) => owner !== visit.member)) refuse(ERROR_NOT_FOUND);
        if (LockDest) locks.take(destination, visit.actor, Exclusive);`,
    },
  },
];
