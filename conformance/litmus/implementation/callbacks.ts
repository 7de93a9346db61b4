/** Events on their way while the client they are for leaves, or calls back in. */
import type { ImplementationLitmus } from '../litmus.ts';

const rules = ['RTM-SAFE-001', 'RTM-SAFE-002', 'RTM-SAFE-004', 'RTM-SAFE-005'] as const;

/** A callback with steps of its own, so that something can come in between. */
const asks = [{ call: 'info', by: 'self', of: 'subject' }] as const;

export const callbackDeregister: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/callback-deregister',
  title: 'Callback × deregister of the client that is told',
  about:
    'A client registers, and the event is on its way to one that is just deregistering: either the ' +
    'callback, which asks who it is about, has returned when the deregistration returns, or it never begins.',
  rules: [...rules, 'RTM-EVENT-013', 'RTM-EVENT-014', 'RTM-DEREG-008', 'RTM-DEREG-010'],
  program: {
    setup: [{ call: 'register', slot: 0, identity: 0, script: asks }],
    threads: [[{ call: 'register', slot: 1, identity: 1 }], [{ call: 'deregister', by: 0 }]],
  },
  preemptionBound: 3,
};

export const callbackDeregisterSubject: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/callback-deregister-subject',
  title: 'Callback × deregister of the client it is about',
  about:
    'A client registers and leaves at once, while another one leaves too. A third one is told of all ' +
    'that, each event once, a registration before its end, and asks who it is about.',
  rules: [
    ...rules,
    'RTM-EVENT-002',
    'RTM-EVENT-003',
    'RTM-EVENT-006',
    'RTM-EVENT-012',
    'RTM-REF-007',
  ],
  program: {
    setup: [
      {
        call: 'register',
        slot: 0,
        identity: 0,
        script: asks,
      },
      { call: 'register', slot: 2, identity: 2 },
    ],
    threads: [
      [
        { call: 'register', slot: 1, identity: 1 },
        { call: 'deregister', by: 1 },
      ],
      [{ call: 'deregister', by: 2 }],
    ],
  },
  preemptionBound: 2,
};

export const callbackCallsBack: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/callback-reference',
  title: 'A callback that calls back in × deregister',
  about:
    'The client that is told of an event takes a reference on whom it is about and gives it back, from ' +
    'within its callback, which no document forbids, while somebody else deregisters.',
  rules: [...rules, 'RTM-EVENT-015', 'RTM-REF-007', 'RTM-REF-008'],
  program: {
    setup: [
      {
        call: 'register',
        slot: 0,
        identity: 0,
        script: [
          { call: 'reference', by: 'self', handles: ['subject'] },
          { call: 'release', by: 'self', handles: [0] },
        ],
      },
      { call: 'register', slot: 2, identity: 2 },
    ],
    threads: [[{ call: 'register', slot: 1, identity: 1 }], [{ call: 'deregister', by: 2 }]],
  },
  preemptionBound: 2,
};

export const deregisterInOwnCallback: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/deregister-in-own-callback',
  title: 'Deregistering from inside one’s own callback',
  about:
    'A client deregisters itself from within its callback, which the documents forbid. The call may be ' +
    'refused, may succeed, or may hang the thread that makes it; it must not corrupt anything, nor ' +
    'hinder anybody else.',
  rules: ['RTM-EVENT-016', 'RTM-EVENT-017', 'RTM-SAFE-003', 'RTM-SAFE-004', 'RTM-SAFE-005'],
  program: {
    setup: [
      { call: 'register', slot: 0, identity: 0, script: [{ call: 'deregister', by: 'self' }] },
      { call: 'register', slot: 2, identity: 2 },
    ],
    threads: [[{ call: 'register', slot: 1, identity: 1 }], [{ call: 'list', by: 2 }]],
  },
  preemptionBound: 3,
  hangsPermitted: true,
};

export const callbackOfOneLeavingAndOneStaying: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/callback-leaver-and-stayer',
  title: 'Two clients to be told × deregister of one',
  about:
    'A client registers while one of the two that are to be told of it leaves. The other one is told of ' +
    'both, whatever becomes of the event to the one that leaves.',
  rules: [...rules, 'RTM-EVENT-001', 'RTM-EVENT-002', 'RTM-EVENT-013'],
  program: {
    setup: [
      { call: 'register', slot: 0, identity: 0, script: [] },
      { call: 'register', slot: 2, identity: 2, script: [] },
    ],
    threads: [[{ call: 'register', slot: 1, identity: 1 }], [{ call: 'deregister', by: 0 }]],
  },
  preemptionBound: 3,
};

export const callbackDeregisterTwice: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/callback-deregister-deregister',
  title: 'Callback × deregister × deregister of the client that is told',
  about:
    'Two threads deregister the client that an event is on its way to. One of them succeeds, and only ' +
    'once the callback has returned.',
  rules: [
    ...rules,
    'RTM-DEREG-005',
    'RTM-DEREG-006',
    'RTM-DEREG-007',
    'RTM-EVENT-013',
    'RTM-EVENT-014',
  ],
  program: {
    setup: [{ call: 'register', slot: 0, identity: 0, script: asks }],
    threads: [
      [{ call: 'register', slot: 1, identity: 1 }],
      [{ call: 'deregister', by: 0 }],
      [{ call: 'deregister', by: 0 }],
    ],
  },
  preemptionBound: 2,
};

export const registerInCallback: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/register-in-callback',
  title: 'Registering from inside a callback × deregister',
  about:
    'The client that is told registers another one from within its callback, which the documents forbid, ' +
    'and goes on asking, while it is being deregistered: the callback within the callback is not the end ' +
    'of the one around it.',
  rules: ['RTM-EVENT-016', 'RTM-EVENT-014', 'RTM-SAFE-003', 'RTM-SAFE-004', 'RTM-SAFE-005'],
  program: {
    setup: [
      {
        call: 'register',
        slot: 0,
        identity: 0,
        script: [{ call: 'register', slot: 5, identity: 5 }, ...asks],
      },
    ],
    threads: [[{ call: 'register', slot: 1, identity: 1 }], [{ call: 'deregister', by: 0 }]],
  },
  preemptionBound: 2,
  hangsPermitted: true,
};

export const deregisterInOwnCallbackUnderRegistrations: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/deregister-in-own-callback-twice',
  title: 'Deregistering from inside one’s own callback × another event',
  about:
    'Two events are on their way to a client that deregisters itself from within its callback, which the ' +
    'documents forbid: whatever becomes of that call, nothing that the other event uses is taken away.',
  rules: ['RTM-EVENT-016', 'RTM-REF-007', 'RTM-SAFE-003', 'RTM-SAFE-004', 'RTM-SAFE-005'],
  program: {
    setup: [
      { call: 'register', slot: 0, identity: 0, script: [{ call: 'deregister', by: 'self' }] },
    ],
    threads: [
      [{ call: 'register', slot: 1, identity: 1 }],
      [{ call: 'register', slot: 2, identity: 2 }],
    ],
  },
  preemptionBound: 2,
  hangsPermitted: true,
};
