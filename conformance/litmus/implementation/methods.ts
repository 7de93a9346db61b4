/** Exported methods under two threads: invoked while they are blocked, and while their client leaves. */
import type { Action } from '../../programs/rtm-program.ts';
import {
  blockMethods,
  exporter,
  invokeMethods,
  other,
  resumeMethods,
} from '../../scenarios/tables/method-steps.ts';
import { exactMatch, named } from '../../programs/table-steps.ts';
import type { ImplementationLitmus } from '../litmus.ts';

const safe = ['RTM-SAFE-002', 'RTM-SAFE-003', 'RTM-SAFE-004', 'RTM-SAFE-005'] as const;
const base = {
  kind: 'implementation',
  level: 'methods',
  needs: ['routes', 'nexthops', 'lookup'],
  preemptionBound: 2,
} as const;

/** Client 1 exports methods, client 0 has a handle of it. */
const setup: readonly Action[] = exporter({ id: 1, output: [11] }, { id: 2, output: [22] }).map(
  (step) => step.do,
);

const leave = (by: number): Action => ({ call: 'deregister', by, tidy: true });

export const invokeBlock: ImplementationLitmus = {
  ...base,
  id: 'methods/litmus/invoke-block',
  title: 'Invoke × block × resume',
  about:
    'A client blocks its methods and resumes them while another one invokes one: wholly before, or after ' +
    'they are resumed, for which the invocation waits.',
  rules: [...safe, 'RTM-METHOD-013', 'RTM-METHOD-014', 'RTM-METHOD-006'],
  program: {
    setup,
    threads: [[blockMethods(1), resumeMethods(1)], [invokeMethods(0, other, 1)]],
  },
};

export const invokeBlockForLong: ImplementationLitmus = {
  ...base,
  id: 'methods/litmus/invoke-block-for-long',
  title: 'Invoke × block, resumed when everybody waits',
  about:
    'Methods are blocked until nothing moves any more. An invocation that found them blocked waits all the ' +
    'while, and is carried out then.',
  rules: [...safe, 'RTM-METHOD-014', 'RTM-METHOD-013'],
  program: {
    setup,
    threads: [
      [blockMethods(1), { call: 'sleep', ms: 100 }, resumeMethods(1)],
      [invokeMethods(0, other, 1), invokeMethods(0, other, 2)],
    ],
  },
};

export const invokeDeregister: ImplementationLitmus = {
  ...base,
  id: 'methods/litmus/invoke-deregister',
  title: 'Invoke × deregister of the target',
  about:
    'A client leaves while another one invokes its methods: they run before it has left, or not at all, and ' +
    'by the notes the deregistration waits for those that run.',
  rules: [...safe, 'RTM-METHOD-017', 'RTM-DEREG-001'],
  program: { setup, threads: [[leave(1)], [invokeMethods(0, other, 1)]] },
};

export const invokeDeregisterInvoker: ImplementationLitmus = {
  ...base,
  id: 'methods/litmus/invoke-deregister-invoker',
  title: 'Invoke × deregister of the client that invokes',
  about: 'A client leaves while a thread of its own invokes a method of another client.',
  rules: [...safe, 'RTM-METHOD-006', 'RTM-DEREG-005'],
  program: {
    setup,
    threads: [[{ call: 'deregister', by: 0 }], [invokeMethods(0, other, 1)]],
  },
};

export const invokeBlockDeregister: ImplementationLitmus = {
  ...base,
  id: 'methods/litmus/invoke-block-deregister',
  title: 'Invoke × block × resume × deregister',
  about:
    'A client blocks its methods, resumes them and leaves, while another one invokes one, perhaps in vain. ' +
    'Whoever waited for the methods is let go.',
  rules: [...safe, 'RTM-METHOD-013', 'RTM-METHOD-014', 'RTM-METHOD-017'],
  program: {
    setup,
    threads: [[blockMethods(1), resumeMethods(1), leave(1)], [invokeMethods(0, other, 1)]],
  },
};

export const invokeBlockForLongDeregister: ImplementationLitmus = {
  ...base,
  id: 'methods/litmus/invoke-block-for-long-deregister',
  title: 'Invoke × block, resumed when everybody waits × deregister',
  about:
    'An invocation waits for methods that are blocked until nothing moves any more. Their client resumes ' +
    'them and leaves at once: the methods run before it has left, or not at all.',
  rules: [...safe, 'RTM-METHOD-014', 'RTM-METHOD-017', 'RTM-DEREG-008'],
  program: {
    setup,
    threads: [
      [blockMethods(1), { call: 'sleep', ms: 100 }, resumeMethods(1), leave(1)],
      [invokeMethods(0, other, 1)],
    ],
  },
};

export const invokeInvoke: ImplementationLitmus = {
  ...base,
  id: 'methods/litmus/invoke-invoke',
  title: 'Invoke × invoke of one method by two clients',
  about:
    'Two clients invoke methods of a third with inputs of their own at the same time: each gets the output of ' +
    'its own invocation, and each method sees who called it, and its input.',
  rules: [...safe, 'RTM-METHOD-020', 'RTM-METHOD-007', 'RTM-METHOD-008', 'RTM-METHOD-009'],
  program: {
    setup: [
      ...setup,
      { call: 'register', slot: 2, identity: 2 },
      exactMatch(2, '10.1.0.0/16', 'too'),
    ],
    threads: [
      [invokeMethods(0, other, 1, { input: [1] })],
      [invokeMethods(2, named('too', 'ViewInfo.0.Owner'), 2, { input: [2, 2] })],
    ],
  },
};

export const invokeOthersWhileBlocking: ImplementationLitmus = {
  ...base,
  id: 'methods/litmus/invoke-while-blocking',
  title: 'Invoke by a client that blocks its own × block by the target',
  about:
    'A client that blocks its own methods invokes one of another client, which blocks and resumes its own ' +
    'meanwhile: neither block is the other one’s.',
  rules: [...safe, 'RTM-METHOD-015', 'RTM-METHOD-014'],
  program: {
    setup,
    threads: [
      [blockMethods(0), invokeMethods(0, other, 1, { keepsLocks: true }), resumeMethods(0)],
      [blockMethods(1), resumeMethods(1)],
    ],
  },
};

export const deregisterRunning: ImplementationLitmus = {
  ...base,
  id: 'methods/litmus/deregister-running',
  title: 'Deregister × a method that takes its time',
  about:
    'A client leaves while a method of it is running, which takes until nothing else moves any more. By the ' +
    'notes the deregistration waits for it; in any case nobody waits for ever.',
  rules: [...safe, 'RTM-METHOD-018', 'RTM-METHOD-017'],
  program: {
    setup: exporter({ id: 1, output: [11], script: [{ call: 'sleep', ms: 100 }] }).map(
      (step) => step.do,
    ),
    threads: [[leave(1)], [invokeMethods(0, other, 1)]],
  },
};
