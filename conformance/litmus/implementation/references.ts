/** Counts of references under two threads. */
import type { Action } from '../../programs/rtm-program.ts';
import type { ImplementationLitmus } from '../litmus.ts';

const rules = [
  'RTM-REF-008',
  'RTM-REF-009',
  'RTM-SAFE-003',
  'RTM-SAFE-004',
  'RTM-SAFE-005',
] as const;

/** Two entities that both hold handles on both. */
const twoHolders: readonly Action[] = [
  { call: 'register', slot: 0, identity: 0 },
  { call: 'register', slot: 1, identity: 1 },
  { call: 'list', by: 0 },
  { call: 'list', by: 1 },
];

export const releaseList: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/release-list',
  title: 'Release × list',
  about:
    'One thread gives back what it holds while another one lists the same entities anew: the counts ' +
    'come out even, and an entity that is registered is never freed.',
  rules: [...rules, 'RTM-LIST-012', 'RTM-REF-002', 'RTM-REF-005', 'RTM-REF-010', 'RTM-REL-006'],
  program: {
    setup: twoHolders,
    threads: [[{ call: 'release', by: 0, handles: [0, 0] }], [{ call: 'list', by: 1 }]],
  },
  preemptionBound: 3,
};

export const referenceRelease: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/reference-release',
  title: 'Reference × release by two holders',
  about: 'One holder of an entity adds a reference while another holder takes his away.',
  rules: [...rules, 'RTM-REF-002', 'RTM-REF-003'],
  program: {
    setup: twoHolders,
    threads: [
      [{ call: 'reference', by: 0, handles: [1] }],
      [{ call: 'release', by: 1, handles: [1] }],
    ],
  },
  preemptionBound: 3,
};

export const releaseRelease: ImplementationLitmus = {
  kind: 'implementation',
  id: 'core/litmus/release-release-of-departed',
  title: 'Release × release of an entity that has left',
  about:
    'An entity has deregistered, and two holders give back the last two references at the same time: ' +
    'its memory is freed, once.',
  rules: [...rules, 'RTM-REF-004', 'RTM-REF-006', 'RTM-REF-011', 'RTM-REL-004'],
  program: {
    setup: [
      { call: 'register', slot: 2, identity: 2 },
      { call: 'register', slot: 0, identity: 0 },
      { call: 'register', slot: 1, identity: 1 },
      { call: 'list', by: 0 },
      { call: 'list', by: 1 },
      { call: 'deregister', by: 2 },
    ],
    threads: [
      [{ call: 'release', by: 0, handles: [0, 0, 0] }],
      [{ call: 'release', by: 1, handles: [0, 0, 0] }],
    ],
  },
  preemptionBound: 3,
};
