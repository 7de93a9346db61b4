/** Scenarios of RtmDeregisterEntity. */
import type { Scenario } from './scenario.ts';
import { deregister, getInfo, list, quiesce, reference, register, releaseAll } from './steps.ts';

export const deregistrationScenarios: readonly Scenario[] = [
  {
    id: 'core/deregistration/takes-the-client-out',
    title: 'Lists made after a deregistration do not contain the client',
    area: 'deregistration',
    rules: ['RTM-DEREG-001', 'RTM-LIST-002'],
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: register(2) },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [2] } },
      { do: deregister(2), expect: { status: 'NO_ERROR' } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [] } },
    ],
  },
  {
    id: 'core/deregistration/null-handle',
    title: 'The NULL handle cannot be deregistered',
    area: 'deregistration',
    rules: ['RTM-DEREG-004', 'RTM-SAFE-004'],
    steps: [
      { do: register(0) },
      { do: deregister('null'), expect: { status: 'ERROR_INVALID_HANDLE' } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [] } },
    ],
  },
  {
    id: 'core/deregistration/made-up-handle',
    title: 'A handle that was never given out cannot be deregistered',
    area: 'deregistration',
    rules: ['RTM-DEREG-004', 'RTM-SAFE-004'],
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: deregister('made-up'), expect: { status: 'ERROR_INVALID_HANDLE' } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
    ],
  },
  {
    id: 'core/deregistration/twice',
    title: 'A second deregistration of one registration is refused',
    area: 'deregistration',
    rules: ['RTM-DEREG-005', 'RTM-DEREG-003'],
    profile: 'notes',
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: deregister(1), expect: { status: 'ERROR_INVALID_HANDLE' } },
      { do: deregister(1), expect: { status: 'ERROR_INVALID_HANDLE' } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [] } },
    ],
  },
  {
    id: 'core/deregistration/list-with-a-stale-handle',
    title: 'A list made with the handle of a deregistered client is refused',
    area: 'deregistration',
    rules: ['RTM-DEREG-003', 'RTM-DEREG-002'],
    profile: 'notes',
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: list(1), expect: { status: 'ERROR_INVALID_HANDLE' } },
      { do: list(1, { capacity: 0 }), expect: { status: 'ERROR_INVALID_HANDLE' } },
    ],
  },
  {
    id: 'core/deregistration/info-with-a-stale-handle',
    title: 'A deregistered client is told nothing about others',
    area: 'deregistration',
    rules: ['RTM-DEREG-003', 'RTM-DEREG-002'],
    profile: 'notes',
    steps: [
      { do: register(1) },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: register(0, { script: [getInfo(1, 'subject')] }) },
      { do: register(2) },
      {
        do: quiesce,
        expect: {
          told: [
            {
              type: 'RTM_ENTITY_REGISTERED',
              to: 0,
              about: 2,
              replies: [{ status: 'ERROR_INVALID_HANDLE', unlessGivenOutAgain: true }],
            },
          ],
        },
      },
    ],
  },
  {
    id: 'core/deregistration/reference-with-a-stale-handle',
    title: 'A deregistered client cannot take references',
    area: 'deregistration',
    rules: ['RTM-DEREG-003', 'RTM-DEREG-002'],
    profile: 'notes',
    steps: [
      { do: register(1) },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: register(0, { script: [reference(1, 'subject')] }) },
      { do: register(2) },
      {
        do: quiesce,
        expect: {
          told: [
            {
              type: 'RTM_ENTITY_REGISTERED',
              to: 0,
              about: 2,
              replies: [{ status: 'ERROR_INVALID_HANDLE', unlessGivenOutAgain: true }],
            },
          ],
        },
      },
    ],
  },
  {
    id: 'core/deregistration/concerns-one-client',
    title: 'Deregistering one client ends neither the registration nor the references of another',
    area: 'deregistration',
    rules: ['RTM-DEREG-012'],
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: register(2) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1, 2] } },
      { do: list(1), expect: { status: 'NO_ERROR', lists: [0, 2] } },
      { do: releaseAll(1), expect: { status: 'NO_ERROR' } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: list(2), expect: { status: 'NO_ERROR', lists: [0] } },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
      { do: deregister(0), expect: { status: 'NO_ERROR' } },
      { do: list(2), expect: { status: 'NO_ERROR', lists: [] } },
    ],
  },
  {
    id: 'core/deregistration/while-others-hold-handles',
    title: 'A client can deregister while others hold handles on it',
    area: 'deregistration',
    rules: ['RTM-DEREG-001', 'RTM-REL-004'],
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [] } },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
    ],
  },
];
