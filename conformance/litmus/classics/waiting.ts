/** Waiting with a lock and a condition for operations to drain. */
import type { Program, Runtime } from '../../../harness/index.ts';
import type { AlgorithmLitmus } from '../litmus.ts';

/** The last operation ends, and tells the deregistration that waits for it: with the lock, or without. */
function lastOperationAgainstWait(options: { readonly signalUnderLock: boolean }): Program {
  return (rt) => {
    const lock = rt.mutex('entity lock');
    const drained = rt.condition(lock, 'drained');
    const operations = rt.atomic(1, 'operations');
    rt.spawn('operation', function* () {
      if (options.signalUnderLock) yield* lock.lock();
      if ((yield* operations.fetchSub(1)) === 1) yield* drained.notify();
      if (options.signalUnderLock) yield* lock.unlock();
    });
    rt.spawn('deregister', function* () {
      yield* lock.lock();
      while ((yield* operations.load()) > 0) yield* drained.wait();
      yield* lock.unlock();
    });
  };
}

export const lostWakeUp: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/waiting/lost-wake-up',
  title: 'A signal that comes before the wait',
  about:
    'A deregistration looks at the count under its lock and then waits for the signal that the count ' +
    'is zero. The count is atomic, so the operation that ends does without the lock: its signal falls ' +
    'between look and wait, where nobody hears it.',
  rules: ['RTM-DEREG-009', 'RTM-SAFE-001'],
  program: lastOperationAgainstWait({ signalUnderLock: false }),
  expected: { verdict: 'fails', kind: 'deadlock', defect: 'signal without the lock' },
};

export const heardWakeUp: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/waiting/signal-under-lock',
  title: 'A signal under the lock is heard',
  about: 'The same program with count and signal changed under the lock of the condition.',
  rules: ['RTM-DEREG-009', 'RTM-SAFE-001'],
  program: lastOperationAgainstWait({ signalUnderLock: true }),
  expected: { verdict: 'holds' },
};

/** A client locks its own data in its callback, and around its calls; the RTM locks its table. */
function callbackAgainstCall(options: { readonly callbackUnderLock: boolean }): Program {
  return (rt: Runtime) => {
    const table = rt.mutex('RTM table');
    const clientData = rt.mutex('client data');
    rt.spawn('register', function* () {
      yield* table.lock();
      if (!options.callbackUnderLock) yield* table.unlock();
      yield* clientData.lock();
      yield* rt.point('callback');
      yield* clientData.unlock();
      if (options.callbackUnderLock) yield* table.unlock();
    });
    rt.spawn('client', function* () {
      yield* clientData.lock();
      yield* table.lock();
      yield* rt.point('list');
      yield* table.unlock();
      yield* clientData.unlock();
    });
  };
}

export const callbackUnderLock: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/waiting/callback-under-lock',
  title: 'A callback under the lock of the RTM',
  about:
    'A client protects its data with a lock of its own, which it takes in its callback and holds while ' +
    'it calls the RTM. If the RTM calls back with its table locked, each waits for the lock of the other.',
  rules: ['RTM-EVENT-015', 'RTM-SAFE-001'],
  program: callbackAgainstCall({ callbackUnderLock: true }),
  expected: { verdict: 'fails', kind: 'deadlock', defect: 'callback under lock' },
};

export const callbackOutsideLock: AlgorithmLitmus = {
  kind: 'algorithm',
  id: 'litmus/waiting/callback-outside-lock',
  title: 'A callback outside all locks',
  about:
    'The same program with the table unlocked before the callback: there is nothing to wait for.',
  rules: ['RTM-EVENT-015', 'RTM-SAFE-001'],
  program: callbackAgainstCall({ callbackUnderLock: false }),
  expected: { verdict: 'holds' },
};
