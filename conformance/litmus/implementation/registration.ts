/** Registration against registration, deregistration and list. */
import type { Action } from '../../programs/rtm-program.ts';
import type { ImplementationLitmus } from '../litmus.ts';

const rules = ['RTM-SAFE-001', 'RTM-SAFE-004', 'RTM-SAFE-005'] as const;

const watcher: Action = { call: 'register', slot: 0, identity: 0, script: [] };

export const registerSame: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/register-register-same',
  title: 'Register × register of one identity',
  about: 'Two threads register the same identity at the same time: exactly one succeeds.',
  rules: [...rules, 'RTM-REG-004', 'RTM-REG-005', 'RTM-REG-006'],
  program: {
    setup: [],
    threads: [
      [{ call: 'register', slot: 1, identity: 1 }],
      [{ call: 'register', slot: 2, identity: 1 }],
    ],
  },
  preemptionBound: 3,
};

export const registerDifferent: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/register-register-different',
  title: 'Register × register of two identities with callbacks',
  about:
    'Two clients with callbacks register at the same time. Both succeed, under different handles, and ' +
    'whoever is told of the other is told once, and the truth.',
  rules: [...rules, 'RTM-REG-003', 'RTM-EVENT-001', 'RTM-EVENT-003', 'RTM-EVENT-004'],
  program: {
    setup: [],
    threads: [
      [{ call: 'register', slot: 1, identity: 1, script: [] }],
      [{ call: 'register', slot: 2, identity: 2, script: [] }],
    ],
  },
  preemptionBound: 3,
};

export const registerWatched: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/register-register-same-watched',
  title: 'Register × register of one identity, watched',
  about:
    'As register-register-same, with a third client that is told of registrations: it hears of the ' +
    'one that succeeds and never of the one that is refused.',
  rules: [...rules, 'RTM-REG-005', 'RTM-REG-006', 'RTM-EVENT-001', 'RTM-EVENT-003'],
  program: {
    setup: [watcher],
    threads: [
      [{ call: 'register', slot: 1, identity: 1 }],
      [{ call: 'register', slot: 2, identity: 1 }],
    ],
  },
  preemptionBound: 3,
};

export const registerList: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/register-list',
  title: 'Register × list',
  about:
    'A client registers while another one lists: the newcomer is in the list whole, with handle and ' +
    'description, or not at all; never half of it.',
  rules: [...rules, 'RTM-LIST-001', 'RTM-LIST-002', 'RTM-LIST-004', 'RTM-LIST-010'],
  program: {
    setup: [{ call: 'register', slot: 0, identity: 0 }],
    threads: [
      [{ call: 'register', slot: 1, identity: 1 }],
      [
        { call: 'list', by: 0 },
        { call: 'info', by: 0, of: 1 },
      ],
    ],
  },
  preemptionBound: 3,
};

export const registerListTightly: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/register-list-no-room',
  title: 'Register × list with room for one',
  about:
    'As register-list, with room for the one client there was: either it is enough, or the call says ' +
    'that it is not and delivers nothing.',
  rules: [...rules, 'RTM-LIST-005', 'RTM-LIST-006', 'RTM-LIST-008', 'RTM-REF-014'],
  program: {
    setup: [{ call: 'register', slot: 0, identity: 0 }],
    threads: [[{ call: 'register', slot: 1, identity: 1 }], [{ call: 'list', by: 0, capacity: 1 }]],
  },
  preemptionBound: 3,
};

export const deregisterRegister: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/deregister-register',
  title: 'Deregister × register of the same identity',
  about:
    'A client deregisters while its successor registers under the same identity: the registration is ' +
    'refused, or comes after; there are never two, and the newcomer is not taken away with the old one.',
  rules: [...rules, 'RTM-REG-004', 'RTM-REG-010', 'RTM-DEREG-001', 'RTM-DEREG-012', 'RTM-LIST-003'],
  program: {
    setup: [
      { call: 'register', slot: 0, identity: 0 },
      { call: 'register', slot: 1, identity: 1 },
    ],
    threads: [
      [{ call: 'deregister', by: 1 }],
      [
        { call: 'register', slot: 2, identity: 1 },
        { call: 'list', by: 0 },
      ],
    ],
  },
  preemptionBound: 3,
};

export const registerDeregisterOthers: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/register-deregister-list',
  title: 'Register × deregister of another, and a list after each',
  about:
    'One client comes while another goes, and a third one lists after both: who has come is there, and ' +
    'who has gone is not, however the table of clients is kept.',
  rules: [...rules, 'RTM-SAFE-009', 'RTM-LIST-001', 'RTM-LIST-002', 'RTM-DEREG-012'],
  program: {
    setup: [
      { call: 'register', slot: 0, identity: 0 },
      { call: 'register', slot: 2, identity: 2 },
    ],
    threads: [
      [
        { call: 'register', slot: 1, identity: 1 },
        { call: 'list', by: 0 },
      ],
      [
        { call: 'deregister', by: 2 },
        { call: 'list', by: 0 },
      ],
    ],
  },
  preemptionBound: 2,
};
