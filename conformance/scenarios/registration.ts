/** Scenarios of RtmRegisterEntity. */
import type { StatusName } from '../../spec/index.ts';
import type { Scenario } from './scenario.ts';
import {
  deregister,
  list,
  OTHER_FAMILY,
  OTHER_INSTANCE,
  quiesce,
  register,
  releaseAll,
} from './steps.ts';

/** Other instances and families need not be configured (RTM-AMB-005, RTM-AMB-006). */
const otherTable: readonly StatusName[] = [
  'NO_ERROR',
  'ERROR_FILE_NOT_FOUND',
  'ERROR_BAD_CONFIGURATION',
  'ERROR_INVALID_PARAMETER',
  'ERROR_INVALID_DATA',
];

export const registrationScenarios: readonly Scenario[] = [
  {
    id: 'core/registration/delivers-a-handle',
    title: 'A registration delivers a handle that its client can call with',
    area: 'registration',
    rules: ['RTM-REG-002', 'RTM-OUT-001'],
    steps: [
      { do: register(0), expect: { status: 'NO_ERROR', handle: 'distinct' } },
      { do: list(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/registration/delivers-a-profile',
    title: 'A registration fills every field of the profile',
    area: 'registration',
    rules: ['RTM-REG-002', 'RTM-OUT-001'],
    steps: [{ do: register(0), expect: { status: 'NO_ERROR', profile: 'complete' } }],
  },
  {
    id: 'core/registration/counts-the-views',
    title: 'NumberOfViews is the number of bits in ViewsSupported',
    area: 'registration',
    rules: ['RTM-REG-016'],
    steps: [{ do: register(0), expect: { status: 'NO_ERROR', profile: 'views counted' } }],
  },
  {
    id: 'core/registration/limits-leave-room',
    title: 'No limit of the profile is zero',
    area: 'registration',
    rules: ['RTM-REG-017'],
    steps: [{ do: register(0), expect: { status: 'NO_ERROR', profile: 'usable' } }],
  },
  {
    id: 'core/registration/joins-its-table',
    title: 'A client is registered once its registration has returned',
    area: 'registration',
    rules: ['RTM-REG-001', 'RTM-LIST-001'],
    steps: [
      { do: register(0) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [] } },
      { do: register(1), expect: { status: 'NO_ERROR' } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: list(1), expect: { status: 'NO_ERROR', lists: [0] } },
    ],
  },
  {
    id: 'core/registration/handles-differ',
    title: 'Clients registered at the same time have different handles',
    area: 'registration',
    rules: ['RTM-REG-003'],
    steps: [
      { do: register(0), expect: { status: 'NO_ERROR', handle: 'distinct' } },
      { do: register(1), expect: { status: 'NO_ERROR', handle: 'distinct' } },
      { do: register(2), expect: { status: 'NO_ERROR', handle: 'distinct' } },
    ],
  },
  {
    id: 'core/registration/handle-acts-for-its-client',
    title: 'A call acts for the client whose handle it carries',
    area: 'registration',
    rules: ['RTM-REG-003', 'RTM-DEREG-001'],
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: register(2) },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [2] } },
      { do: list(2), expect: { status: 'NO_ERROR', lists: [0] } },
    ],
  },
  {
    id: 'core/registration/same-identity-twice',
    title: 'A second registration of one identity is refused',
    area: 'registration',
    rules: ['RTM-REG-004'],
    steps: [
      { do: register(0), expect: { status: 'NO_ERROR' } },
      { do: register(1, { identity: 0 }), expect: { status: 'ERROR_ALREADY_EXISTS' } },
      { do: register(2, { identity: 0 }), expect: { status: 'ERROR_ALREADY_EXISTS' } },
    ],
  },
  {
    id: 'core/registration/refusal-leaves-the-table-alone',
    title: 'A refused registration leaves the first one registered',
    area: 'registration',
    rules: ['RTM-REG-005', 'RTM-REG-004'],
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: register(2, { identity: 1 }), expect: { status: 'ERROR_ALREADY_EXISTS' } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: releaseAll(0) },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [] } },
    ],
  },
  {
    id: 'core/registration/refusal-tells-nobody',
    title: 'Nobody is told of a registration that was refused',
    area: 'registration',
    rules: ['RTM-REG-005', 'RTM-EVENT-004'],
    steps: [
      { do: register(0, { script: [] }) },
      { do: register(1) },
      { do: register(2, { identity: 1 }), expect: { status: 'ERROR_ALREADY_EXISTS' } },
      {
        do: quiesce,
        expect: {
          told: [{ type: 'RTM_ENTITY_REGISTERED', to: 0, about: 1 }],
          toldNothingElse: true,
        },
      },
    ],
  },
  {
    id: 'core/registration/identities-side-by-side',
    title: 'Clients with different identities are registered side by side',
    area: 'registration',
    rules: ['RTM-REG-007'],
    steps: [
      { do: register(0), expect: { status: 'NO_ERROR' } },
      { do: register(1), expect: { status: 'NO_ERROR' } },
      { do: register(2), expect: { status: 'NO_ERROR' } },
      { do: register(3), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/registration/instances-side-by-side',
    title: 'Clients that differ only in EntityInstanceId are registered side by side',
    area: 'registration',
    rules: ['RTM-REG-007', 'RTM-LIST-001'],
    steps: [
      { do: register(0), expect: { status: 'NO_ERROR', handle: 'distinct' } },
      {
        do: register(1, { identity: 0, instance: 2 }),
        expect: { status: 'NO_ERROR', handle: 'distinct' },
      },
      {
        do: register(2, { identity: 0, instance: 3 }),
        expect: { status: 'NO_ERROR', handle: 'distinct' },
      },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1, 2] } },
      { do: list(2), expect: { status: 'NO_ERROR', lists: [0, 1] } },
    ],
  },
  {
    id: 'core/registration/instances-to-the-last-bit',
    title: 'All 32 bits of EntityInstanceId count',
    area: 'registration',
    rules: ['RTM-REG-007'],
    steps: [0x0000_0001, 0x0000_0101, 0x0001_0001, 0x8000_0001, 0xffff_ffff].map(
      (instance, slot) => ({
        do: register(slot, { identity: 0, instance }),
        expect: { status: 'NO_ERROR', handle: 'distinct' },
      }),
    ),
  },
  {
    id: 'core/registration/parts-of-the-identity-in-order',
    title: 'Clients with the two parts of the identity exchanged are different clients',
    area: 'registration',
    rules: ['RTM-REG-007'],
    steps: [
      { do: register(0, { identity: 0, instance: 101 }), expect: { status: 'NO_ERROR' } },
      { do: register(1, { identity: 1, instance: 100 }), expect: { status: 'NO_ERROR' } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: list(1), expect: { status: 'NO_ERROR', lists: [0] } },
    ],
  },
  {
    id: 'core/registration/same-instance-twice',
    title: 'A second registration is refused, whichever other instances there are',
    area: 'registration',
    rules: ['RTM-REG-004', 'RTM-REG-007'],
    steps: [
      { do: register(0), expect: { status: 'NO_ERROR' } },
      { do: register(1, { identity: 0, instance: 2 }), expect: { status: 'NO_ERROR' } },
      { do: register(2, { identity: 0, instance: 3 }), expect: { status: 'NO_ERROR' } },
      {
        do: register(3, { identity: 0, instance: 2 }),
        expect: { status: 'ERROR_ALREADY_EXISTS' },
      },
      {
        do: register(4, { identity: 0, instance: 3 }),
        expect: { status: 'ERROR_ALREADY_EXISTS' },
      },
      { do: register(5, { identity: 0 }), expect: { status: 'ERROR_ALREADY_EXISTS' } },
    ],
  },
  {
    id: 'core/registration/same-identity-in-another-family',
    title: 'One identity can be registered once for each address family',
    area: 'registration',
    rules: ['RTM-REG-008'],
    steps: [
      { do: register(0), expect: { status: 'NO_ERROR' } },
      {
        do: register(1, { identity: 0, table: OTHER_FAMILY }),
        expect: { status: otherTable, handle: 'distinct' },
      },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [] } },
      { do: list(1), expect: { status: 'NO_ERROR', lists: [] } },
    ],
  },
  {
    id: 'core/registration/same-identity-in-another-instance',
    title: 'One identity can be registered with each instance',
    area: 'registration',
    rules: ['RTM-REG-009'],
    steps: [
      { do: register(0), expect: { status: 'NO_ERROR' } },
      {
        do: register(1, { identity: 0, table: OTHER_INSTANCE }),
        expect: { status: otherTable, handle: 'distinct' },
      },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [] } },
      { do: register(2, { identity: 0 }), expect: { status: 'ERROR_ALREADY_EXISTS' } },
    ],
  },
  {
    id: 'core/registration/identity-free-again',
    title: 'An identity can be registered again once its client has deregistered',
    area: 'registration',
    rules: ['RTM-REG-010'],
    steps: [
      { do: register(0) },
      { do: register(1, { identity: 7 }) },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: register(2, { identity: 7 }), expect: { status: 'NO_ERROR', handle: 'distinct' } },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [2] } },
    ],
  },
  {
    id: 'core/registration/identity-free-after-the-last-release',
    title: 'An identity can be registered again once nobody holds handles on the old client',
    area: 'registration',
    rules: ['RTM-REG-010', 'RTM-REF-011'],
    steps: [
      { do: register(0) },
      { do: register(1, { identity: 7 }) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      {
        do: register(2, { identity: 7 }),
        expect: { status: ['NO_ERROR', 'ERROR_ALREADY_EXISTS'] },
      },
      { do: deregister(2), expect: { status: 'NO_ERROR' } },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
      { do: register(3, { identity: 7 }), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/registration/without-methods-and-callback',
    title: 'A client needs neither exported methods nor a callback',
    area: 'registration',
    rules: ['RTM-REG-012', 'RTM-REG-011'],
    steps: [
      { do: register(0), expect: { status: 'NO_ERROR' } },
      { do: deregister(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/registration/with-a-callback',
    title: 'A client with a callback needs no exported methods',
    area: 'registration',
    rules: ['RTM-REG-011'],
    steps: [
      { do: register(0, { script: [] }), expect: { status: 'NO_ERROR' } },
      { do: deregister(0), expect: { status: 'NO_ERROR' } },
    ],
  },
];
