/** The protocol of the notes with calls that take too little, or hand out too much or the wrong thing. */
import type { Mutant } from '../mutant.ts';

const implementation = 'notes-protocol';
const PROTOCOL = 'reference/concurrent/notes-protocol.ts';

export const notesParameterMutants: readonly Mutant[] = [
  {
    id: 'notes-protocol/handle-of-the-next-client',
    implementation,
    rule: 'RTM-REG-002',
    rules: ['RTM-REG-003', 'RTM-LIST-001'],
    invariant: 'OUT parameters hold what is promised',
    what: 'A registration delivers the handle of the place behind its own, with which its client is turned away, or taken for the next one.',
    edit: {
      file: PROTOCOL,
      find: 'RtmRegHandle: entity.handle };',
      replace: 'RtmRegHandle: entity.handle + 16 };',
    },
  },
  {
    id: 'notes-protocol/callback-demanded',
    implementation,
    rule: 'RTM-REG-012',
    rules: ['RTM-REG-011'],
    invariant: 'every call returns, with a status',
    what: 'A client that wants no events is not registered.',
    edit: {
      file: PROTOCOL,
      find: 'if (info === undefined) return { status: ERROR_INVALID_PARAMETER }; const entity = yield* this.handles.allocate',
      replace: `if (info === undefined || args.EventCallback === null)
          return { status: ERROR_INVALID_PARAMETER };
        const entity = yield* this.handles.allocate`,
    },
  },
  {
    id: 'notes-protocol/instances-not-compared',
    implementation,
    rule: 'RTM-REG-009',
    rules: ['RTM-REG-008', 'RTM-REG-004', 'RTM-LIST-002', 'RTM-EVENT-009', 'RTM-LIST-003'],
    invariant: 'an identity is registered once, a handle stands for one client',
    what: 'Clients of all instances are in one list, and keep each other from registering.',
    edit: {
      file: 'reference/concurrent/entity-info.ts',
      find: 'a.RtmInstanceId === b.RtmInstanceId && a.AddressFamily',
      replace: 'a.AddressFamily',
    },
  },
  {
    id: 'notes-protocol/no-room-left',
    implementation,
    rule: 'RTM-LIST-007',
    rules: ['RTM-LIST-006'],
    invariant: 'OUT parameters hold what is promised',
    what: 'Room for exactly the clients that are registered is refused with ERROR_INSUFFICIENT_BUFFER.',
    edit: {
      file: PROTOCOL,
      find: 'if (total > room) return { total };',
      replace: 'if (total >= room) return { total };',
    },
  },
  {
    id: 'notes-protocol/records-in-a-buffer-of-its-own',
    implementation,
    rule: 'RTM-OUT-005',
    rules: ['RTM-LIST-010', 'RTM-LIST-011', 'RTM-LIST-002', 'RTM-LIST-001'],
    invariant: 'OUT parameters hold what is promised',
    what: 'The records of a list are in an array of the RTM, which the next list is written to.',
    edit: {
      file: PROTOCOL,
      find: 'infos.push(copyInfo(info)); } return infos;',
      replace: `infos.push(copyInfo(info)); }
        this.lent ??= [];
        this.lent.splice(0, Infinity, ...infos);
        return this.lent;`,
    },
  },
  {
    id: 'notes-protocol/referenced-in-name-only',
    implementation,
    rule: 'RTM-REL-003',
    rules: ['RTM-REF-003', 'RTM-REF-001', 'RTM-REF-002', 'RTM-REL-002', 'RTM-REF-009'],
    invariant: 'every reference taken is accounted for',
    what: 'RtmReferenceHandles looks whether the clients are there, and takes nothing.',
    edit: {
      file: PROTOCOL,
      find: 'const areTaken = yield* this.referenceAll(entities); yield* leave(caller);',
      replace:
        'const areTaken = yield* this.referenceAll(entities); if (areTaken) yield* this.dereferenceAll(entities); yield* leave(caller);',
    },
  },
  {
    id: 'notes-protocol/freed-one-too-early',
    implementation,
    rule: 'RTM-REF-005',
    rules: ['RTM-REF-007', 'RTM-REF-006', 'RTM-SAFE-004', 'RTM-REL-004', 'RTM-REF-004'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'The last handle but one takes the memory of a client that has left with it, and who holds the last one is left with nothing.',
    edit: {
      file: 'reference/concurrent/quiescent-entity.ts',
      find: 'if (count === 1) yield* heap.free',
      replace: 'if (count === 2) yield* heap.free',
    },
  },
  {
    id: 'notes-protocol/later-clients-go-along',
    implementation,
    rule: 'RTM-DEREG-012',
    rules: ['RTM-LIST-001', 'RTM-EVENT-001', 'RTM-LIST-003', 'RTM-REG-004'],
    invariant: 'a list is true of the registered clients',
    what: 'A client that leaves takes those off the list that registered after it.',
    edit: {
      file: PROTOCOL,
      find: 'const after = before.filter((other) => other !== entity);',
      replace: 'const after = before.slice(0, before.indexOf(entity));',
    },
  },
  {
    id: 'notes-protocol/half-a-release',
    implementation,
    rule: 'RTM-DEREG-011',
    rules: ['RTM-REF-009', 'RTM-REL-002', 'RTM-REF-004', 'RTM-REF-002', 'RTM-REF-007'],
    invariant: 'no success after deregistration began to return',
    what: 'A release that finds its client leaving stops there and succeeds: the rest of the handles is given back by nobody.',
    edit: {
      file: PROTOCOL,
      find: 'const entity = this.handles.find(handle); const isReleased =',
      replace: `const entity = this.handles.find(handle);
        if ((yield* caller.state.load()) > 1) break;
        const isReleased =`,
    },
  },
  {
    id: 'notes-protocol/freed-before-the-wait',
    implementation,
    rule: 'RTM-DEREG-010',
    rules: ['RTM-DEREG-008', 'RTM-REF-007', 'RTM-REF-005', 'RTM-SAFE-003', 'RTM-SAFE-004'],
    invariant: 'deregistration returns exactly when pending operations have drained',
    what: 'A client is shut out, taken off the lists and freed, and only then its pending operations are waited for, who work with what is freed.',
    edit: {
      file: PROTOCOL,
      find: `const isMine = yield* this.quiesce(entity); if (!isMine) return { status: ERROR_INVALID_HANDLE };
        yield* this.desk.depart(entity); const others = yield* this.withdraw(entity);
        yield* this.announce(events.RTM_ENTITY_DEREGISTERED, entity, others);
        yield* endRegistration(this.rt.heap, entity);`,
      replace: `const mayWait = !this.frames.isInside();
        const isMine = mayWait ? yield* shut(entity) : yield* this.quiesce(entity);
        if (!isMine) return { status: ERROR_INVALID_HANDLE };
        yield* this.desk.depart(entity);
        const others = yield* this.withdraw(entity);
        yield* this.announce(events.RTM_ENTITY_DEREGISTERED, entity, others);
        yield* endRegistration(this.rt.heap, entity);
        if (mayWait) yield* drain(this.rt, entity);`,
    },
  },
  {
    id: 'notes-protocol/one-answer-for-all',
    implementation,
    rule: 'RTM-EVENT-010',
    rules: ['RTM-EVENT-001', 'RTM-EVENT-002'],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'When a client answers an event by an error, those behind it are not told.',
    edit: {
      file: PROTOCOL,
      find: 'yield* callback(receiver.handle, type, subject.handle, copyInfo(info)); this.frames.pop();',
      replace: `const answer = yield* callback(receiver.handle, type, subject.handle, copyInfo(info));
        this.frames.pop();
        if (answer !== NO_ERROR) {
          yield* leave(receiver);
          return;
        }`,
    },
  },
  {
    id: 'notes-protocol/no-references-in-callbacks',
    implementation,
    rule: 'RTM-EVENT-015',
    rules: ['RTM-REF-003', 'RTM-REF-014'],
    invariant: 'every call returns, with a status',
    what: 'Inside a callback RtmReferenceHandles is refused, so that whoever is told of a client cannot keep it.',
    edit: {
      file: PROTOCOL,
      find: 'if (hasTableHandles(args)) return yield* this.desk.referenceHandles(args);',
      replace: `if (hasTableHandles(args)) return yield* this.desk.referenceHandles(args);
        if (this.frames.isInside()) return { status: ERROR_INVALID_HANDLE };`,
    },
  },
  {
    id: 'notes-protocol/pushed-onto-an-old-list',
    implementation,
    rule: 'RTM-SAFE-009',
    rules: ['RTM-LIST-001', 'RTM-LIST-002', 'RTM-REG-004', 'RTM-EVENT-001', 'RTM-SAFE-002'],
    invariant: 'a list is true of the registered clients',
    what: 'A registration that has to try again pushes itself onto the list it saw first, and who came in between is lost, or who went comes back.',
    edit: {
      file: PROTOCOL,
      find: 'for (;;) { const before = yield* this.registered.load(); if (before.some((other) => isSameClient(other.identity, entity.identity))) return undefined; const after = [...before, entity];',
      replace: `let first;
        for (;;) {
          const before = yield* this.registered.load();
          first ??= before;
          if (before.some((other) => isSameClient(other.identity, entity.identity))) return undefined;
          const after = [...first, entity];`,
    },
  },
  {
    id: 'notes-protocol/pointer-to-what-was-found-last',
    implementation,
    rule: 'RTM-HOP-016',
    rules: ['RTM-HOP-013', 'RTM-HOP-023'],
    invariant: 'information is true of what it describes',
    what: 'The pointer that RtmFindNextHop delivers leads to a place that the next search writes over.',
    edit: {
      file: 'reference/concurrent/routing/next-hop-procedures.ts',
      find: '{ NextHopPointer: liveHop(hop) }',
      replace: '{ NextHopPointer: Object.assign((visit.table.found ??= {}), liveHop(hop)) }',
    },
  },
];
