/** Scenarios of reference counting and RtmReferenceHandles. */
import type { Scenario, Step } from './scenario.ts';
import {
  deregister,
  getInfo,
  list,
  quiesce,
  reference,
  register,
  release,
  releaseAll,
  releaseInfo,
} from './steps.ts';

/** A client comes, is listed, let go of and leaves. */
function visit(slot: number): readonly Step[] {
  return [
    { do: register(slot, { identity: 60 }), expect: { status: 'NO_ERROR' } },
    { do: list(0), expect: { status: 'NO_ERROR', lists: [slot] } },
    { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
    { do: deregister(slot), expect: { status: 'NO_ERROR' } },
  ];
}

export const referenceScenarios: readonly Scenario[] = [
  {
    id: 'core/references/taken-and-given-back',
    title: 'A handle referenced once more has to be released once more',
    area: 'references',
    rules: ['RTM-REF-003', 'RTM-REL-003', 'RTM-REF-001', 'RTM-REF-009'],
    exactReferences: true,
    steps: [
      { do: register(0) },
      { do: register(1) },
      // One call names what is held but once, so it takes two lists to name one client twice.
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: reference(0, 0, 1), expect: { status: 'NO_ERROR' } },
      { do: reference(0, 0), expect: { status: 'NO_ERROR' } },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/references/count-as-held',
    title: 'Every reference taken is held until it is released',
    area: 'references',
    rules: ['RTM-REF-003', 'RTM-REF-001'],
    exactReferences: true,
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: reference(0, 0), expect: { status: 'NO_ERROR' } },
      { do: reference(0, 0), expect: { status: 'NO_ERROR' } },
      { do: reference(0, 0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/references/kept-for-the-last-holder',
    title: 'A client that has left is kept until its last handle is released',
    area: 'references',
    rules: ['RTM-REF-005', 'RTM-REL-004', 'RTM-REF-011'],
    exactReferences: true,
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: register(2) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1, 2] } },
      { do: list(1), expect: { status: 'NO_ERROR', lists: [0, 2] } },
      { do: deregister(2), expect: { status: 'NO_ERROR' } },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
      // Whether one that has left is described is left open, but not that it may be asked for.
      { do: getInfo(1, 1) },
      { do: getInfo(1, 2) },
      { do: releaseAll(1), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/references/each-release-takes-one',
    title: 'Each release takes one reference away',
    area: 'references',
    rules: ['RTM-REF-002', 'RTM-REF-004', 'RTM-REF-009'],
    exactReferences: true,
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/references/outlive-a-deregistration',
    title: 'A reference outlives the deregistration of its client, and ends with its release',
    area: 'references',
    rules: ['RTM-REF-011', 'RTM-REL-004', 'RTM-REF-001', 'RTM-REF-004', 'RTM-REF-009'],
    exactReferences: true,
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: reference(0, 0), expect: { status: 'NO_ERROR' } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: release(0, 0), expect: { status: 'NO_ERROR' } },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/references/held-beyond-a-deregistration',
    title: 'The object of a client that has gone is kept while it is referenced',
    area: 'references',
    rules: ['RTM-REF-011', 'RTM-REF-001', 'RTM-REF-004', 'RTM-REF-009'],
    exactReferences: true,
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/references/registration-keeps-alive',
    title: 'A registered client stays, however often others release handles on it',
    area: 'references',
    rules: ['RTM-REF-010', 'RTM-REL-006'],
    steps: [
      { do: register(0) },
      { do: register(1) },
      ...[0, 1, 2].flatMap((): readonly Step[] => [
        { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
        { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
      ]),
      { do: list(1), expect: { status: 'NO_ERROR', lists: [0] } },
      { do: getInfo(1, 0), expect: { status: 'NO_ERROR', describes: [0, 1] } },
      { do: releaseInfo(1), expect: { status: 'NO_ERROR' } },
      { do: releaseAll(1), expect: { status: 'NO_ERROR' } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/references/nothing-grows',
    title: 'Clients that come and go leave nothing behind',
    area: 'references',
    rules: ['RTM-REF-009', 'RTM-REF-004'],
    exactReferences: true,
    steps: [{ do: register(0) }, ...[1, 2, 3, 4, 5].flatMap(visit)],
  },
  {
    id: 'core/references/null-entry',
    title: 'The NULL handle cannot be referenced',
    area: 'references',
    rules: ['RTM-REF-013', 'RTM-SAFE-004'],
    steps: [
      { do: register(0) },
      { do: reference(0, 'null'), expect: { status: 'ERROR_INVALID_HANDLE' } },
    ],
  },
  {
    id: 'core/references/made-up-entry',
    title: 'A handle that was never given out cannot be referenced',
    area: 'references',
    rules: ['RTM-REF-013', 'RTM-SAFE-004'],
    steps: [
      { do: register(0) },
      { do: reference(0, 'made-up'), expect: { status: 'ERROR_INVALID_HANDLE' } },
      { do: reference(0, 'made-up', 'null'), expect: { status: 'ERROR_INVALID_HANDLE' } },
    ],
  },
  {
    id: 'core/references/null-registration-handle',
    title: 'A caller without registration handle can take no reference',
    area: 'references',
    rules: ['RTM-REF-013', 'RTM-SAFE-004'],
    steps: [
      { do: register(0, { script: [reference('null', 'subject')] }) },
      { do: register(1) },
      {
        do: quiesce,
        expect: {
          told: [
            {
              type: 'RTM_ENTITY_REGISTERED',
              to: 0,
              about: 1,
              replies: [{ status: 'ERROR_INVALID_HANDLE' }],
            },
          ],
        },
      },
    ],
  },
  {
    id: 'core/references/made-up-registration-handle',
    title: 'A caller with a handle that was never given out can take no reference',
    area: 'references',
    rules: ['RTM-REF-013', 'RTM-SAFE-004'],
    steps: [
      { do: register(0, { script: [reference('made-up', 'subject')] }) },
      { do: register(1) },
      {
        do: quiesce,
        expect: {
          told: [
            {
              type: 'RTM_ENTITY_REGISTERED',
              to: 0,
              about: 1,
              replies: [{ status: 'ERROR_INVALID_HANDLE' }],
            },
          ],
        },
      },
    ],
  },
  {
    id: 'core/references/refusal-takes-none',
    title: 'A refused RtmReferenceHandles leaves no reference',
    area: 'references',
    rules: ['RTM-REF-014', 'RTM-REF-004', 'RTM-REF-009'],
    exactReferences: true,
    steps: [
      { do: register(0, { script: [reference('null', 'subject')] }) },
      { do: register(1) },
      { do: quiesce },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
    ],
  },
];
