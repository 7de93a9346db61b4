/** The monitor with exported methods that run when they should not, or tell something else. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const METHOD_CALLS = 'reference/concurrent/functions/method-calls.ts';
const METHOD_FUNCTIONS = 'reference/concurrent/functions/method-functions.ts';

export const methodMutants: readonly Mutant[] = [
  {
    id: 'monitor/first-method-not-listed',
    implementation,
    rule: 'RTM-METHOD-001',
    rules: ['RTM-METHOD-003', 'RTM-METHOD-002', 'RTM-METHOD-005'],
    invariant: 'information is true of what it describes',
    what: 'The first method of a client is left out of the list of its methods.',
    edit: {
      file: METHOD_FUNCTIONS,
      find: 'const methods = visit.membership.methodsOf(entity);',
      replace: 'const methods = visit.membership.methodsOf(entity).slice(1);',
    },
  },
  {
    id: 'monitor/methods-not-counted',
    implementation,
    rule: 'RTM-METHOD-002',
    invariant: 'OUT parameters hold what is promised',
    what: 'Whoever asks how many methods there are finds the 0 that was handed in.',
    edit: {
      file: METHOD_FUNCTIONS,
      find: 'if (NumMethods === 0 || ExptMethods === null) return done(out);',
      replace: 'if (NumMethods === 0 || ExptMethods === null) return done({ NumMethods });',
    },
  },
  {
    id: 'monitor/method-list-overrun',
    implementation,
    rule: 'RTM-METHOD-003',
    invariant: 'OUT parameters hold what is promised',
    what: 'All methods are written, however little room there is: memory of the client is overwritten.',
    edit: {
      file: METHOD_FUNCTIONS,
      find: 'if (NumMethods < methods.length) return { status: ERROR_INSUFFICIENT_BUFFER, out };',
      replace: '',
    },
  },
  {
    id: 'monitor/lower-methods-run-too',
    implementation,
    rule: 'RTM-METHOD-006',
    rules: ['RTM-METHOD-009'],
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'With a method all that have lower bits are run, although nobody has asked for them.',
    edit: {
      file: METHOD_CALLS,
      find: '& 1) === 0) continue;',
      replace: '& 1) === 0 && MethodType >>> index === 0) continue;',
    },
  },
  {
    id: 'monitor/method-run-twice',
    implementation,
    rule: 'RTM-METHOD-006',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'Each method is run twice.',
    edit: {
      file: METHOD_CALLS,
      find: 'const { MethodStatus, OutputData } = yield* this.callOut(parties, method, args);',
      replace:
        'yield* this.callOut(parties, method, args); const { MethodStatus, OutputData } = yield* this.callOut(parties, method, args);',
    },
  },
  {
    id: 'monitor/method-called-by-its-client',
    implementation,
    rule: 'RTM-METHOD-007',
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'A method is told that its own client has invoked it.',
    edit: {
      file: METHOD_CALLS,
      find: 'yield* method(caller.entityHandle, callee.registrationHandle, Input)',
      replace: 'yield* method(callee.entityHandle, callee.registrationHandle, Input)',
    },
  },
  {
    id: 'monitor/method-input-cut',
    implementation,
    rule: 'RTM-METHOD-008',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'The last byte of the input does not reach the method.',
    edit: {
      file: METHOD_CALLS,
      find: 'InputData: [...InputData] };',
      replace: 'InputData: InputData.slice(0, -1) };',
    },
  },
  {
    id: 'monitor/method-output-lost',
    implementation,
    rule: 'RTM-METHOD-009',
    rules: ['RTM-METHOD-006', 'RTM-METHOD-019'],
    invariant: 'OUT parameters hold what is promised',
    what: 'Of the output of a method nothing but the size is delivered.',
    edit: {
      file: METHOD_CALLS,
      find: 'OutputSize: OutputData.length, OutputData: [...OutputData] };',
      replace: 'OutputSize: OutputData.length, OutputData: [] };',
    },
  },
  {
    id: 'monitor/method-output-overrun',
    implementation,
    rule: 'RTM-METHOD-010',
    invariant: 'OUT parameters hold what is promised',
    what: 'Output that does not fit is written all the same.',
    edit: {
      file: METHOD_CALLS,
      find: 'if (OutputSize > args.OutputSize) return { status: statuses.ERROR_INSUFFICIENT_BUFFER };',
      replace: '',
    },
  },
  {
    id: 'monitor/methods-of-nobody-not-found',
    implementation,
    rule: 'RTM-METHOD-012',
    invariant: 'every call returns, with a status',
    what: 'An invocation with a handle that never was one says that nothing was found.',
    edit: {
      file: METHOD_CALLS,
      find: "if (output === 'refused') return { status: statuses.ERROR_INVALID_HANDLE };",
      replace: "if (output === 'refused') return { status: statuses.ERROR_NOT_FOUND };",
    },
  },
  {
    id: 'monitor/block-has-no-effect',
    implementation,
    rule: 'RTM-METHOD-013',
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'Methods begin although their client has blocked them, in the midst of what it rearranges.',
    edit: {
      file: METHOD_CALLS,
      find: 'if (isBlocked) this.blocked.add(entity);',
      replace: 'if (isBlocked) this.blocked.delete(entity);',
    },
  },
  {
    id: 'monitor/blocked-invocation-refused',
    implementation,
    rule: 'RTM-METHOD-014',
    rules: ['RTM-METHOD-012', 'RTM-SAFE-005', 'RTM-METHOD-006'],
    invariant: 'every call returns, with a status',
    what: 'An invocation that meets blocked methods is refused instead of waiting.',
    edit: { file: METHOD_CALLS, find: 'yield* this.desk.wait();', replace: "return 'refused';" },
  },
  {
    id: 'monitor/resumption-wakes-nobody',
    implementation,
    rule: 'RTM-METHOD-014',
    rules: ['RTM-SAFE-001'],
    invariant: 'every call returns, with a status',
    what: 'Invocations that wait for blocked methods wait on when these are resumed.',
    edit: {
      file: METHOD_CALLS,
      find: 'else if (this.blocked.delete(entity)) this.resumptions += 1;',
      replace: 'else this.blocked.delete(entity);',
    },
  },
  {
    id: 'monitor/block-blocks-everybody',
    implementation,
    rule: 'RTM-METHOD-015',
    rules: ['RTM-SAFE-001'],
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'A client that blocks its methods blocks those of others, and waits for itself when it invokes one.',
    edit: {
      file: METHOD_CALLS,
      find: 'this.blocked.has(parties.callee)',
      replace: 'this.blocked.size > 0',
    },
  },
  {
    id: 'monitor/block-wants-a-target',
    implementation,
    rule: 'RTM-METHOD-016',
    rules: ['RTM-METHOD-015'],
    invariant: 'every call returns, with a status',
    what: 'Blocking without a target is refused.',
    edit: {
      file: METHOD_FUNCTIONS,
      find: 'if (TargetHandle !== null) refuse(ERROR_INVALID_HANDLE);',
      replace: 'if (TargetHandle === null) refuse(ERROR_INVALID_HANDLE);',
    },
  },
  {
    id: 'monitor/departed-can-be-invoked',
    implementation,
    rule: 'RTM-METHOD-017',
    invariant: 'no success after deregistration began to return',
    what: 'Invoking a client that has left succeeds as long as somebody holds its handle.',
    edit: {
      file: METHOD_CALLS,
      find: `const callee = yield* entities.findPresent(args.EntityHandle);
        if (caller === undefined || callee === undefined) return undefined;
        const { phase } = yield* callee.life.read();
        const isThere = phase === 'registered' && isSameTable(caller.identity, callee.identity);`,
      replace: `const callee = yield* entities.find(args.EntityHandle);
        if (caller === undefined || callee === undefined) return undefined;
        const isThere = isSameTable(caller.identity, callee.identity);`,
    },
  },
  {
    id: 'monitor/departure-waits-for-no-method',
    implementation,
    rule: 'RTM-METHOD-018',
    invariant: 'deregistration returns exactly when pending operations have drained',
    what: 'A deregistration returns while a method of the client is running, whose data is then taken away.',
    edit: {
      file: METHOD_CALLS,
      find: 'return this.threadsOf(entity).some((thread) => thread !== this.desk.thread());',
      replace: 'return false;',
    },
  },
  {
    id: 'monitor/invocations-mixed',
    implementation,
    rule: 'RTM-METHOD-020',
    rules: ['RTM-METHOD-006', 'RTM-METHOD-007', 'RTM-METHOD-008', 'RTM-METHOD-009'],
    invariant: 'what is added, changed or deleted is what was asked for',
    what: 'Of two invocations at the same time the one that comes first is carried out like the other one.',
    edit: {
      file: METHOD_CALLS,
      find: `yield* lock.lock();
        const answer = yield* this.runAll(args);`,
      replace: `this.latest = args;
        yield* lock.lock();
        const answer = yield* this.runAll(this.latest);`,
    },
  },
];
