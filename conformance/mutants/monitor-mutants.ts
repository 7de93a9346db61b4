/** Mutants of `reference/concurrent/monitor.ts`: code with a lock and a condition gone wrong. */
import type { Mutant } from './mutant.ts';

const implementation = 'monitor';
const MONITOR = 'reference/concurrent/monitor.ts';
const ENTITY = 'reference/concurrent/guarded-entity.ts';
const INFO = 'reference/concurrent/entity-info.ts';

/** The lock and the condition. */
const locking: readonly Mutant[] = [
  {
    id: 'monitor/no-lock',
    implementation,
    rule: 'RTM-SAFE-003',
    rules: ['RTM-REF-008'],
    invariant: 'every call returns, with a status',
    what: 'RtmReleaseEntityInfo reads the table without the lock, for it only reads; others write meanwhile.',
    edit: {
      file: MONITOR,
      find: `yield* this.lock.lock();
        const caller = yield* this.table.findRegistered(args.RtmRegHandle);
        yield* this.lock.unlock();`,
      replace: 'const caller = yield* this.table.findRegistered(args.RtmRegHandle);',
    },
  },
  {
    id: 'monitor/looks-before-it-locks',
    implementation,
    rule: 'RTM-SAFE-003',
    invariant: 'every call returns, with a status',
    what: 'RtmDeregisterEntity sorts out bad handles before it takes the lock, and so reads what others are writing.',
    edit: {
      file: MONITOR,
      find: 'yield* this.lock.lock(); const status = yield* this.deregister(args.RtmRegHandle);',
      replace: `const known = yield* this.table.find(args.RtmRegHandle);
        if (known === undefined) return { status: ERROR_INVALID_HANDLE };
        yield* this.lock.lock();
        const status = yield* this.deregister(args.RtmRegHandle);`,
    },
  },
  {
    id: 'monitor/unlocks-between-look-and-entry',
    implementation,
    rule: 'RTM-REG-006',
    rules: ['RTM-REG-004', 'RTM-LIST-003', 'RTM-SAFE-005'],
    invariant: 'an identity is registered once, a handle stands for one client',
    what: 'The lock is let go between the search for the identity and the entry of it: two registrations of one identity both succeed.',
    edit: {
      file: MONITOR,
      find: 'const entity = yield* this.table.add({ info, callback: args.EventCallback });',
      replace: `yield* this.lock.unlock();
        yield* this.lock.lock();
        const entity = yield* this.table.add({ info, callback: args.EventCallback });`,
    },
  },
  {
    id: 'monitor/unlocks-between-list-and-reference',
    implementation,
    rule: 'RTM-REF-007',
    rules: ['RTM-REF-005', 'RTM-REF-006', 'RTM-REF-001', 'RTM-REF-004', 'RTM-SAFE-003'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'A list lets the lock go between finding the entities and taking references on them; one that is freed in between is handed out.',
    edit: {
      file: MONITOR,
      find: 'const listed = yield* this.neighbours(caller);',
      replace: `const listed = yield* this.neighbours(caller);
        yield* this.lock.unlock();
        yield* this.lock.lock();`,
    },
  },
  {
    id: 'monitor/keeps-the-lock-on-refusal',
    implementation,
    rule: 'RTM-SAFE-001',
    invariant: 'every call returns, with a status',
    what: 'A deregistration that is refused returns with the lock held, and no call after it gets in.',
    edit: {
      file: MONITOR,
      find: 'const status = yield* this.deregister(args.RtmRegHandle); yield* this.lock.unlock();',
      replace: `const status = yield* this.deregister(args.RtmRegHandle);
        if (status !== NO_ERROR) return { status };
        yield* this.lock.unlock();`,
    },
  },
  {
    id: 'monitor/callback-under-the-lock',
    implementation,
    rule: 'RTM-SAFE-001',
    rules: ['RTM-EVENT-015', 'RTM-SAFE-003'],
    invariant: 'every call returns, with a status',
    what: 'Callbacks are called with the lock held: one that calls back in waits for itself.',
    edit: {
      file: MONITOR,
      find: `yield* this.lock.unlock();
        this.frames.push(receiver);
        yield* callback(receiver.registrationHandle, type, subject.entityHandle, info);
        this.frames.pop();
        yield* this.lock.lock();`,
      replace: `this.frames.push(receiver);
        yield* callback(receiver.registrationHandle, type, subject.entityHandle, info);
        this.frames.pop();`,
    },
  },
  {
    id: 'monitor/spins-with-the-lock',
    implementation,
    rule: 'RTM-SAFE-002',
    rules: ['RTM-DEREG-009', 'RTM-SAFE-001'],
    invariant: 'every call returns, with a status',
    what: 'A deregistration waits for a callback to end without letting the lock go, which the thread in the callback needs.',
    edit: { file: MONITOR, find: 'yield* this.attended.wait();', replace: '' },
  },
  {
    id: 'monitor/no-notification',
    implementation,
    rule: 'RTM-DEREG-009',
    rules: ['RTM-SAFE-001'],
    invariant: 'deregistration returns exactly when pending operations have drained',
    what: 'Nobody tells a waiting deregistration that the last callback has ended, and it sleeps for ever.',
    edit: { file: MONITOR, find: 'yield* this.attended.notifyAll();', replace: '' },
  },
  {
    id: 'monitor/waits-once',
    implementation,
    rule: 'RTM-EVENT-014',
    rules: ['RTM-EVENT-013', 'RTM-DEREG-008', 'RTM-REF-007'],
    invariant: 'no callback after deregistration returned',
    what: 'A deregistration that is woken does not look again whether its own callback has ended; it may have been somebody else’s.',
    edit: {
      file: MONITOR,
      find: 'while (yield* this.isCalledByOther(entity)) {',
      replace: 'if (yield* this.isCalledByOther(entity)) {',
    },
  },
];

/** What changes during the life of an entity. */
const lives: readonly Mutant[] = [
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
    rule: 'RTM-DEREG-005',
    rules: [
      'RTM-DEREG-006',
      'RTM-DEREG-007',
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
    rules: ['RTM-REF-011', 'RTM-REF-004', 'RTM-REF-009', 'RTM-REG-010'],
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

/** What calls do with arguments, references and results. */
const calls: readonly Mutant[] = [
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
    rule: 'RTM-REF-014',
    rules: ['RTM-REF-004', 'RTM-REF-009', 'RTM-LIST-012'],
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
    id: 'monitor/describes-other-families',
    implementation,
    rule: 'RTM-INFO-003',
    invariant: 'an identity is registered once, a handle stands for one client',
    what: 'RtmGetEntityInfo describes clients of other instances and address families to whoever has their handle.',
    edit: {
      file: MONITOR,
      find: 'if (entity === undefined || !isSameTable(entity.identity, caller.identity)) return undefined;',
      replace: 'if (entity === undefined) return undefined;',
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

/** Events. */
const events: readonly Mutant[] = [
  {
    id: 'monitor/two-attendants',
    implementation,
    rule: 'RTM-EVENT-001',
    rules: [
      'RTM-EVENT-002',
      'RTM-EVENT-014',
      'RTM-DEREG-009',
      'RTM-SAFE-001',
      'RTM-EVENT-013',
      'RTM-EVENT-012',
      'RTM-EVENT-015',
      'RTM-SAFE-002',
    ],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'Two threads deliver to one client at a time; the one that ends last leaves the other’s name behind, which is there for ever and keeps everybody else from delivering.',
    edit: {
      file: MONITOR,
      find: 'if (attendant !== NOBODY && attendant !== me) return;',
      replace: '',
    },
  },
  {
    id: 'monitor/queue-written-after-delivery',
    implementation,
    rule: 'RTM-EVENT-001',
    rules: [
      'RTM-EVENT-016',
      'RTM-EVENT-002',
      'RTM-EVENT-003',
      'RTM-REF-004',
      'RTM-REF-009',
      'RTM-SAFE-001',
      'RTM-SAFE-004',
    ],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'The queue is written back after the callback as it was before it: what was posted meanwhile is lost.',
    edit: {
      file: MONITOR,
      find: 'yield* this.table.change(entity, () => ({ queue: later })); yield* this.deliver(entity, event);',
      replace:
        'yield* this.deliver(entity, event); yield* this.table.change(entity, () => ({ queue: later }));',
    },
  },
  {
    id: 'monitor/one-event-in-the-queue',
    implementation,
    rule: 'RTM-EVENT-001',
    rules: ['RTM-EVENT-002'],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'A new event takes the place of those that wait for the same client.',
    edit: {
      file: MONITOR,
      find: 'queue: [...queue, { type, subject }],',
      replace: 'queue: [{ type, subject }],',
    },
  },
  {
    id: 'monitor/end-told-as-registration',
    implementation,
    rule: 'RTM-EVENT-002',
    rules: ['RTM-EVENT-003', 'RTM-EVENT-004'],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'A deregistration is told of as a registration.',
    edit: {
      file: MONITOR,
      find: 'this.post(events.RTM_ENTITY_DEREGISTERED, entity)',
      replace: 'this.post(events.RTM_ENTITY_REGISTERED, entity)',
    },
  },
  {
    id: 'monitor/about-the-one-who-is-told',
    implementation,
    rule: 'RTM-EVENT-006',
    rules: ['RTM-INFO-001', 'RTM-EVENT-003', 'RTM-EVENT-007', 'RTM-EVENT-001', 'RTM-EVENT-004'],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'Context1 is the handle of the client that is told, not of the one the event is about.',
    edit: {
      file: MONITOR,
      find: 'type, subject.entityHandle, info);',
      replace: 'type, receiver.entityHandle, info);',
    },
  },
  {
    id: 'monitor/describes-the-one-who-is-told',
    implementation,
    rule: 'RTM-EVENT-007',
    rules: ['RTM-REG-005', 'RTM-EVENT-001'],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'Context2 describes the client that is told, not the one the event is about.',
    edit: {
      file: MONITOR,
      find: 'const info = yield* this.infoOf(subject);',
      replace: 'const info = yield* this.infoOf(receiver);',
    },
  },
  {
    id: 'monitor/missing-callback-called',
    implementation,
    rule: 'RTM-EVENT-011',
    rules: ['RTM-SAFE-004', 'RTM-REG-012'],
    invariant: 'every call returns, with a status',
    what: 'A client without a callback is called all the same, and the registration of another ends in a crash.',
    edit: { file: MONITOR, find: 'if (callback === null) return;', replace: '' },
  },
];

export const monitorMutants: readonly Mutant[] = [...locking, ...lives, ...calls, ...events];
