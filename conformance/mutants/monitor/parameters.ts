/** The monitor with calls of level core that take too little, or hand out too much or the wrong thing. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const MONITOR = 'reference/concurrent/monitor.ts';
const ENTITY = 'reference/concurrent/guarded-entity.ts';

export const parameterMutants: readonly Mutant[] = [
  {
    id: 'monitor/methods-demanded',
    implementation,
    rule: 'RTM-REG-011',
    rules: ['RTM-REG-012'],
    invariant: 'every call returns, with a status',
    what: 'A client that exports no methods is not registered.',
    edit: {
      file: MONITOR,
      find: 'if (info === undefined) return { status: ERROR_INVALID_PARAMETER };',
      replace:
        'if (info === undefined || args.ExportMethods === null) return { status: ERROR_INVALID_PARAMETER };',
    },
  },
  {
    id: 'monitor/both-arrays-demanded',
    implementation,
    rule: 'RTM-LIST-009',
    rules: ['RTM-LIST-005', 'RTM-LIST-012'],
    invariant: 'every call returns, with a status',
    what: 'Who wants the records of a list without the handles, or the other way round, gets neither.',
    edit: {
      file: MONITOR,
      find: 'const isWanted = args.EntityHandles !== null || args.EntityInfos !== null;',
      replace: `const isWanted = args.EntityHandles !== null && args.EntityInfos !== null;
        if (!isWanted) return { status: ERROR_INVALID_PARAMETER, out: nothing };`,
    },
  },
  {
    id: 'monitor/first-record-for-all',
    implementation,
    rule: 'RTM-LIST-011',
    rules: ['RTM-LIST-010', 'RTM-LIST-001', 'RTM-LIST-002', 'RTM-LIST-003'],
    invariant: 'a list is true of the registered clients',
    what: 'Every record of a list shows the identity of the first client on it.',
    edit: {
      file: MONITOR,
      find: 'for (const entity of listed) infos.push(yield* this.infoOf(entity));',
      replace: 'for (const _ of listed) infos.push(yield* this.infoOf(listed[0]));',
    },
  },
  {
    id: 'monitor/one-description-for-all',
    implementation,
    rule: 'RTM-INFO-004',
    rules: ['RTM-OUT-005', 'RTM-INFO-001'],
    invariant: 'information is true of what it describes',
    what: 'RtmGetEntityInfo hands out a structure of its own, which the next call writes over.',
    edit: {
      file: MONITOR,
      find: 'if (entity === undefined || !isSameTable(entity.identity, caller.identity)) return undefined; return yield* this.infoOf(entity);',
      replace: `if (entity === undefined || !isSameTable(entity.identity, caller.identity)) return undefined;
        this.lent = Object.assign(this.lent ?? {}, yield* this.infoOf(entity));
        return this.lent;`,
    },
  },
  {
    id: 'monitor/only-of-the-registered-given-back',
    implementation,
    rule: 'RTM-INFO-005',
    invariant: 'every call returns, with a status',
    what: 'Information about a client that is gone cannot be given back.',
    edit: {
      file: MONITOR,
      find: 'const caller = yield* this.table.findRegistered(args.RtmRegHandle); yield* this.lock.unlock(); if (caller === undefined) return { status: ERROR_INVALID_HANDLE }; const info = readEntityInfo(args.EntityInfo);',
      replace: `const caller = yield* this.table.findRegistered(args.RtmRegHandle);
        const known = yield* this.table.entities();
        yield* this.lock.unlock();
        if (caller === undefined) return { status: ERROR_INVALID_HANDLE };
        const given = readEntityInfo(args.EntityInfo);
        const isKnown = known.some(({ identity }) => given !== undefined && isSameClient(identity, given));
        const info = isKnown ? given : undefined;`,
    },
  },
  {
    id: 'monitor/anybody-gives-information-back',
    implementation,
    rule: 'RTM-INFO-006',
    rules: ['RTM-DEREG-003'],
    invariant: 'every call returns, with a status',
    what: 'RtmReleaseEntityInfo does not look at the registration handle.',
    edit: {
      file: MONITOR,
      find: 'yield* this.lock.unlock(); if (caller === undefined) return { status: ERROR_INVALID_HANDLE }; const info = readEntityInfo(args.EntityInfo);',
      replace: 'yield* this.lock.unlock(); const info = readEntityInfo(args.EntityInfo);',
    },
  },
  {
    id: 'monitor/registration-becomes-a-handle',
    implementation,
    rule: 'RTM-REL-001',
    rules: ['RTM-REF-009', 'RTM-REF-004', 'RTM-REG-010'],
    invariant: 'every reference taken is accounted for',
    what: 'A deregistration leaves the reference of its handle behind, for which no handle is left to give back.',
    edit: {
      file: MONITOR,
      find: "yield* this.table.change(entity, () => ({ phase: 'left' }));",
      replace:
        "yield* this.table.change(entity, ({ handles }) => ({ phase: 'left', handles: handles + 1 }));",
    },
  },
  {
    id: 'monitor/one-entry-too-many',
    implementation,
    rule: 'RTM-REL-002',
    rules: ['RTM-REL-003', 'RTM-REL-004'],
    invariant: 'every call returns, with a status',
    what: 'RtmReleaseEntities reads one entry beyond the array, and reports what it finds there as a bad handle.',
    edit: {
      file: MONITOR,
      find: 'entriesOf(args.EntityHandles, args.NumEntities)',
      replace: 'entriesOf(args.EntityHandles, args.NumEntities + 1)',
    },
  },
  {
    id: 'monitor/last-handle-ends-the-registration',
    implementation,
    rule: 'RTM-REL-006',
    rules: ['RTM-REF-010', 'RTM-REF-007', 'RTM-REF-004', 'RTM-LIST-001', 'RTM-EVENT-001'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'When the last handle of a client is released the client counts as gone, though it never deregistered.',
    edit: {
      file: ENTITY,
      find: 'yield* this.change(entity, () => ({ handles: handles - 1 }));',
      replace:
        "yield* this.change(entity, () => handles === 1 ? { handles: 0, phase: 'left' } : { handles: handles - 1 });",
    },
  },
  {
    id: 'monitor/an-event-of-its-own',
    implementation,
    rule: 'RTM-EVENT-008',
    rules: ['RTM-EVENT-004', 'RTM-EVENT-002', 'RTM-EVENT-003'],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'When a client begins to leave the others are told by an event that no client knows.',
    edit: {
      file: MONITOR,
      find: "({ phase: 'leaving' })); yield* this.attend(entity);",
      replace:
        "({ phase: 'leaving' })); yield* this.attendAll(yield* this.post(4, entity)); yield* this.attend(entity);",
    },
  },
  {
    id: 'monitor/any-object-will-do',
    implementation,
    rule: 'RTM-SAFE-008',
    rules: ['RTM-SAFE-004', 'RTM-HOP-025', 'RTM-ROUTE-018', 'RTM-SAFE-001'],
    invariant: 'every call returns, with a status',
    what: 'Functions on tables do not look at the kind of object that a handle stands for: a route is read as a next hop.',
    edit: {
      file: 'reference/concurrent/functions/visit.ts',
      find: 'object === undefined || object.kind !== kind || object.home',
      replace: 'object === undefined || object.home',
    },
  },
];
