/** Scenarios of RtmGetEntityInfo and RtmReleaseEntityInfo. */
import type { Scenario } from './scenario.ts';
import {
  deregister,
  getInfo,
  list,
  OTHER_FAMILY,
  quiesce,
  register,
  releaseAll,
  releaseInfo,
} from './steps.ts';

export const entityInfoScenarios: readonly Scenario[] = [
  {
    id: 'core/entity-info/describes-a-listed-client',
    title: 'A client is described as it registered',
    area: 'entity info',
    rules: ['RTM-INFO-001', 'RTM-OUT-001'],
    steps: [
      { do: register(0) },
      { do: register(1, { identity: 50 }) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: getInfo(0, 0), expect: { status: 'NO_ERROR', describes: [0, 1] } },
      { do: getInfo(0, 1), expect: { status: 'NO_ERROR', describes: [0, 1] } },
      { do: getInfo(0, 0), expect: { status: 'NO_ERROR', describes: 'as listed' } },
    ],
  },
  {
    id: 'core/entity-info/describes-the-client-of-an-event',
    title: 'The client that an event tells of is described as it registered',
    area: 'entity info',
    rules: ['RTM-INFO-001', 'RTM-EVENT-015'],
    steps: [
      { do: register(0, { script: [getInfo('self', 'subject')] }) },
      { do: register(1, { identity: 50 }) },
      {
        do: quiesce,
        expect: {
          told: [
            {
              type: 'RTM_ENTITY_REGISTERED',
              to: 0,
              about: 1,
              replies: [{ status: 'NO_ERROR', describes: [1] }],
            },
          ],
        },
      },
    ],
  },
  {
    id: 'core/entity-info/tells-instances-apart',
    title: 'Clients that differ only in EntityInstanceId are each described as they registered',
    area: 'entity info',
    rules: ['RTM-INFO-001', 'RTM-REG-007'],
    steps: [
      { do: register(0) },
      { do: register(1, { identity: 0, instance: 2 }) },
      { do: register(2, { identity: 0, instance: 3 }) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1, 2] } },
      { do: getInfo(0, 0), expect: { status: 'NO_ERROR', describes: 'as listed' } },
      { do: getInfo(0, 1), expect: { status: 'NO_ERROR', describes: 'as listed' } },
      { do: releaseInfo(0), expect: { status: 'NO_ERROR' } },
      { do: releaseInfo(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/entity-info/null-entity-handle',
    title: 'The NULL handle is described as nobody',
    area: 'entity info',
    rules: ['RTM-INFO-002', 'RTM-SAFE-004'],
    steps: [
      { do: register(0) },
      { do: getInfo(0, 'null'), expect: { status: 'ERROR_INVALID_HANDLE' } },
    ],
  },
  {
    id: 'core/entity-info/made-up-entity-handle',
    title: 'A handle that was never given out is described as nobody',
    area: 'entity info',
    rules: ['RTM-INFO-002', 'RTM-SAFE-004'],
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: getInfo(0, 'made-up'), expect: { status: 'ERROR_INVALID_HANDLE' } },
    ],
  },
  {
    id: 'core/entity-info/null-registration-handle',
    title: 'Nobody is described to a caller without registration handle',
    area: 'entity info',
    rules: ['RTM-INFO-002', 'RTM-SAFE-004'],
    steps: [
      { do: register(0, { script: [getInfo('null', 'subject')] }) },
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
    id: 'core/entity-info/made-up-registration-handle',
    title: 'Nobody is described to a caller with a handle that was never given out',
    area: 'entity info',
    rules: ['RTM-INFO-002', 'RTM-SAFE-004'],
    steps: [
      { do: register(0, { script: [getInfo('made-up', 'subject')] }) },
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
    id: 'core/entity-info/made-up-handles-are-caught',
    title: 'Every function catches a handle that leads nowhere',
    area: 'entity info',
    rules: ['RTM-SAFE-007', 'RTM-SAFE-004'],
    profile: 'notes',
    steps: [
      { do: register(0) },
      { do: list('made-up'), expect: { status: 'ERROR_INVALID_HANDLE' } },
      { do: list('null'), expect: { status: 'ERROR_INVALID_HANDLE' } },
      { do: deregister('made-up'), expect: { status: 'ERROR_INVALID_HANDLE' } },
      { do: getInfo(0, 'made-up'), expect: { status: 'ERROR_INVALID_HANDLE' } },
      { do: getInfo('made-up', 'made-up'), expect: { status: 'ERROR_INVALID_HANDLE' } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [] } },
    ],
  },
  {
    id: 'core/entity-info/families-apart',
    title: 'A client of another address family is not described',
    area: 'entity info',
    rules: ['RTM-INFO-003'],
    steps: [
      { do: register(2, { table: OTHER_FAMILY }) },
      { do: register(0, { script: [getInfo(2, 'subject')] }) },
      { do: register(1) },
      {
        do: quiesce,
        expect: {
          told: [
            {
              type: 'RTM_ENTITY_REGISTERED',
              to: 0,
              about: 1,
              replies: [{ status: 'any error' }],
            },
          ],
        },
      },
    ],
  },
  {
    id: 'core/entity-info/stays-as-delivered',
    title: 'A description that was delivered does not change when another is asked for',
    area: 'entity info',
    rules: ['RTM-INFO-004', 'RTM-OUT-005'],
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: register(2) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1, 2] } },
      { do: getInfo(0, 0), expect: { status: 'NO_ERROR', describes: 'as listed' } },
      { do: getInfo(0, 1), expect: { status: 'NO_ERROR', describes: 'as listed', still: [3, 4] } },
      { do: getInfo(0, 0), expect: { status: 'NO_ERROR', describes: 'as listed', still: [4, 5] } },
    ],
  },
  {
    id: 'core/entity-info/can-be-given-back',
    title: 'A structure that was delivered can be given back',
    area: 'entity info',
    rules: ['RTM-INFO-005'],
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: getInfo(0, 0), expect: { status: 'NO_ERROR' } },
      { do: getInfo(0, 0), expect: { status: 'NO_ERROR' } },
      { do: releaseInfo(0), expect: { status: 'NO_ERROR' } },
      { do: releaseInfo(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/entity-info/can-be-given-back-later',
    title: 'A structure can be given back after its client has deregistered',
    area: 'entity info',
    rules: ['RTM-INFO-005'],
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: getInfo(0, 0), expect: { status: 'NO_ERROR' } },
      { do: getInfo(0, 1), expect: { status: 'NO_ERROR' } },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: releaseInfo(0), expect: { status: 'NO_ERROR' } },
      { do: releaseInfo(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/entity-info/balances',
    title: 'Descriptions that were given back leave no references',
    area: 'entity info',
    rules: ['RTM-REL-007', 'RTM-REF-004', 'RTM-REF-009'],
    exactReferences: true,
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      ...[0, 1, 0].flatMap((of) => [
        { do: getInfo(0, of), expect: { status: 'NO_ERROR' } as const },
        { do: releaseInfo(0), expect: { status: 'NO_ERROR' } as const },
      ]),
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/entity-info/never-describes-a-successor',
    title: 'A handle kept beyond the deregistration of its client never describes another',
    area: 'entity info',
    rules: ['RTM-INFO-001', 'RTM-REF-011'],
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: register(2), expect: { status: 'NO_ERROR' } },
      ...[0, 1].map((of) => ({
        do: getInfo(0, of),
        expect: {
          status: ['NO_ERROR', 'ERROR_INVALID_HANDLE'],
          describes: 'as listed',
        } as const,
      })),
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [2] } },
    ],
  },
];
