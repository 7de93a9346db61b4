/**
 * Deregistration against each kind of operation of the same entity, and against another deregistration:
 * the operation happens wholly or not at all, and the deregistration waits for it.
 */
import type { Action } from '../../programs/rtm-program.ts';
import type { ImplementationLitmus } from '../litmus.ts';

const rules = [
  'RTM-DEREG-001',
  'RTM-DEREG-007',
  'RTM-DEREG-008',
  'RTM-DEREG-009',
  'RTM-DEREG-011',
  'RTM-SAFE-001',
  'RTM-SAFE-004',
  'RTM-SAFE-005',
] as const;

/** Entity 0 is the one that leaves; entity 1 stays, so that there is somebody to list. */
const twoEntities: readonly Action[] = [
  { call: 'register', slot: 0, identity: 0 },
  { call: 'register', slot: 1, identity: 1 },
];

/** The same, with entity 0 holding a handle on each of the two. */
const twoEntitiesAndHandles: readonly Action[] = [...twoEntities, { call: 'list', by: 0 }];

const deregister: Action = { call: 'deregister', by: 0 };

export const deregisterList: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/deregister-list',
  title: 'Deregister × list',
  about:
    'An entity deregisters while it asks who is registered. It is either answered with a list that is ' +
    'true of one moment, handles and references included, or turned away.',
  rules: [...rules, 'RTM-LIST-004', 'RTM-REF-009'],
  program: { setup: twoEntities, threads: [[deregister], [{ call: 'list', by: 0 }]] },
  preemptionBound: 3,
};

export const deregisterInfo: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/deregister-info',
  title: 'Deregister × information',
  about: 'An entity deregisters while it asks for information about the first entity it holds.',
  rules: [...rules, 'RTM-INFO-001', 'RTM-REF-005'],
  program: {
    setup: twoEntitiesAndHandles,
    threads: [[deregister], [{ call: 'info', by: 0, of: 0 }]],
  },
  preemptionBound: 3,
};

export const deregisterInfoOfLeaving: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/deregister-info-of-leaving',
  title: 'Deregister × information about the one that leaves',
  about:
    'An entity deregisters while another one, which holds its handles, asks who it is and then gives ' +
    'the handles back: the handles stay good, and the memory goes with the last of them.',
  rules: [...rules, 'RTM-REF-005', 'RTM-REF-011', 'RTM-REL-004'],
  program: {
    setup: [...twoEntities, { call: 'list', by: 1 }],
    threads: [
      [deregister],
      [
        { call: 'info', by: 1, of: 0 },
        { call: 'release', by: 1, handles: [0] },
      ],
    ],
  },
  preemptionBound: 3,
};

export const deregisterRelease: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/deregister-release',
  title: 'Deregister × release',
  about:
    'An entity deregisters while it gives back the handles of a list, its own among them: each ' +
    'reference is taken back once, and nothing is freed twice.',
  rules: [...rules, 'RTM-REF-002', 'RTM-REF-006', 'RTM-REL-002'],
  program: {
    setup: twoEntitiesAndHandles,
    threads: [[deregister], [{ call: 'release', by: 0, handles: [0, 0] }]],
  },
  preemptionBound: 3,
};

export const deregisterReference: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/deregister-reference',
  title: 'Deregister × reference',
  about:
    'An entity deregisters while it takes a further reference on a handle it holds: the reference is ' +
    'counted or the call refused, and no reference is taken on memory that is going.',
  rules: [...rules, 'RTM-REF-003', 'RTM-REF-007', 'RTM-REF-008'],
  program: {
    setup: twoEntitiesAndHandles,
    threads: [[deregister], [{ call: 'reference', by: 0, handles: [0] }]],
  },
  preemptionBound: 3,
};

export const deregisterDeregister: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/deregister-deregister',
  title: 'Deregister × deregister',
  about:
    'Two threads deregister one entity: no more than one succeeds, by the notes exactly one, and the ' +
    'other one is told that the handle is not valid.',
  rules: [...rules, 'RTM-DEREG-005', 'RTM-DEREG-006', 'RTM-REF-006'],
  program: { setup: twoEntities, threads: [[deregister], [deregister]] },
  preemptionBound: 3,
};

export const deregisterOther: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/deregister-list-of-another',
  title: 'Deregister × list of another',
  about:
    'An entity deregisters while another one lists who is registered and releases what it got: the ' +
    'list has the leaving one or has it not, and a handle it was given is good until released.',
  rules: [...rules, 'RTM-DEREG-012', 'RTM-LIST-001', 'RTM-LIST-002', 'RTM-REF-007', 'RTM-REL-004'],
  program: {
    setup: twoEntities,
    threads: [
      [deregister],
      [
        { call: 'list', by: 1 },
        { call: 'release', by: 1, handles: [0] },
      ],
    ],
  },
  preemptionBound: 3,
};
