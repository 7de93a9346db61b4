/** The monitor with its lock or its condition gone wrong. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const MONITOR = 'reference/concurrent/monitor.ts';

export const lockingMutants: readonly Mutant[] = [
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
