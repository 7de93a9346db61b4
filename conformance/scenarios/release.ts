/** Scenarios of RtmReleaseEntities and of what gives back what. */
import type { Scenario, Step } from './scenario.ts';
import { deregister, list, quiesce, reference, register, release, releaseAll } from './steps.ts';

const fourClients: readonly Step[] = [0, 1, 2, 3].map((slot) => ({ do: register(slot) }));

export const releaseScenarios: readonly Scenario[] = [
  {
    id: 'core/release/all-at-once',
    title: 'The handles of a list can be released by one call',
    area: 'release',
    rules: ['RTM-REL-002'],
    steps: [
      ...fourClients,
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1, 2, 3] } },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/release/in-any-order',
    title: 'The handles of lists can be released in any order and grouping',
    area: 'release',
    rules: ['RTM-REL-002'],
    steps: [
      ...fourClients,
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1, 2, 3] } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1, 2, 3] } },
      { do: release(0, 4), expect: { status: 'NO_ERROR' } },
      { do: release(0, 2, 0), expect: { status: 'NO_ERROR' } },
      { do: release(0, 1, 1, 0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/release/handle-of-an-event',
    title: 'A handle that came with an event and was referenced can be released',
    area: 'release',
    rules: ['RTM-REL-003'],
    steps: [
      { do: register(0, { script: [reference('self', 'subject')] }) },
      { do: register(1) },
      { do: quiesce, expect: { told: [{ type: 'RTM_ENTITY_REGISTERED', to: 0, about: 1 }] } },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/release/referenced-handle',
    title: 'A handle that was referenced can be released as often as it is held',
    area: 'release',
    rules: ['RTM-REL-003'],
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: reference(0, 0), expect: { status: 'NO_ERROR' } },
      { do: release(0, 0), expect: { status: 'NO_ERROR' } },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/release/after-its-client-has-gone',
    title: 'A handle can be released after its client has deregistered',
    area: 'release',
    rules: ['RTM-REL-004'],
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: register(2), expect: { status: 'NO_ERROR' } },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/release/null-entry',
    title: 'The NULL handle cannot be released',
    area: 'release',
    rules: ['RTM-REL-005', 'RTM-SAFE-004'],
    steps: [
      { do: register(0) },
      { do: release(0, 'null'), expect: { status: 'ERROR_INVALID_HANDLE' } },
    ],
  },
  {
    id: 'core/release/made-up-entry',
    title: 'A handle that was never given out cannot be released',
    area: 'release',
    rules: ['RTM-REL-005', 'RTM-SAFE-004'],
    steps: [
      { do: register(0) },
      { do: release(0, 'made-up'), expect: { status: 'ERROR_INVALID_HANDLE' } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [] } },
    ],
  },
  {
    id: 'core/release/no-registration-handle',
    title: 'Nothing can be released without a registration handle',
    area: 'release',
    rules: ['RTM-REL-005', 'RTM-SAFE-004'],
    steps: [
      { do: register(0) },
      { do: release('null', 'made-up'), expect: { status: 'ERROR_INVALID_HANDLE' } },
      { do: release('made-up', 'made-up'), expect: { status: 'ERROR_INVALID_HANDLE' } },
      { do: release('null', 'null'), expect: { status: 'ERROR_INVALID_HANDLE' } },
    ],
  },
  {
    id: 'core/release/does-not-deregister',
    title: 'A client whose handles are released stays registered',
    area: 'release',
    rules: ['RTM-REL-006', 'RTM-REF-010'],
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/release/of-a-registration',
    title: 'Deregistration gives back all that a registration took',
    area: 'release',
    rules: ['RTM-REL-001', 'RTM-REF-004', 'RTM-REF-009'],
    exactReferences: true,
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: deregister(0), expect: { status: 'NO_ERROR' } },
      { do: register(2) },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: deregister(2), expect: { status: 'NO_ERROR' } },
    ],
  },
];
