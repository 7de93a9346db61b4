/** Scenarios of RTM_EVENT_CALLBACK: who is told what, and what can be called there. */
import type { Scenario } from './scenario.ts';
import {
  deregister,
  getInfo,
  list,
  OTHER_FAMILY,
  OTHER_INSTANCE,
  quiesce,
  register,
  releaseAll,
} from './steps.ts';

const REGISTERED = 'RTM_ENTITY_REGISTERED';
const DEREGISTERED = 'RTM_ENTITY_DEREGISTERED';

export const callbackScenarios: readonly Scenario[] = [
  {
    id: 'core/callbacks/told-of-a-registration',
    title: 'A client with a callback is told of a registration',
    area: 'callbacks',
    rules: ['RTM-EVENT-001'],
    steps: [
      { do: register(0, { script: [] }) },
      { do: register(1), expect: { status: 'NO_ERROR' } },
      { do: quiesce, expect: { told: [{ type: REGISTERED, to: 0, about: 1 }] } },
    ],
  },
  {
    id: 'core/callbacks/everybody-is-told',
    title: 'Every client with a callback is told of those that register after it',
    area: 'callbacks',
    rules: ['RTM-EVENT-001'],
    steps: [
      { do: register(0, { script: [] }) },
      { do: register(1, { script: [] }) },
      { do: register(2, { script: [] }) },
      {
        do: quiesce,
        expect: {
          told: [
            { type: REGISTERED, to: 0, about: 1 },
            { type: REGISTERED, to: 0, about: 2 },
            { type: REGISTERED, to: 1, about: 2 },
          ],
        },
      },
    ],
  },
  {
    id: 'core/callbacks/told-of-other-instances',
    title: 'A client is told of one that differs from it only in EntityInstanceId',
    area: 'callbacks',
    rules: ['RTM-EVENT-001', 'RTM-REG-007'],
    steps: [
      { do: register(0, { script: [] }) },
      { do: register(1, { identity: 0, instance: 2, script: [] }) },
      { do: register(2, { identity: 0, instance: 3 }), expect: { status: 'NO_ERROR' } },
      {
        do: quiesce,
        expect: {
          told: [
            { type: REGISTERED, to: 0, about: 1 },
            { type: REGISTERED, to: 0, about: 2 },
            { type: REGISTERED, to: 1, about: 2 },
          ],
        },
      },
    ],
  },
  {
    id: 'core/callbacks/told-of-a-deregistration',
    title: 'A client with a callback is told of a deregistration',
    area: 'callbacks',
    rules: ['RTM-EVENT-002'],
    steps: [
      { do: register(1) },
      { do: register(0, { script: [] }) },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: quiesce, expect: { told: [{ type: DEREGISTERED, to: 0, about: 1 }] } },
    ],
  },
  {
    id: 'core/callbacks/not-told-of-the-past',
    title: 'A new client is not told of those registered before it',
    area: 'callbacks',
    rules: ['RTM-EVENT-003', 'RTM-EVENT-001'],
    steps: [
      { do: register(1) },
      { do: register(2) },
      { do: quiesce },
      { do: register(0, { script: [] }) },
      { do: quiesce, expect: { told: [], toldNothingElse: true } },
    ],
  },
  {
    id: 'core/callbacks/each-event-once',
    title: 'No event comes twice',
    area: 'callbacks',
    rules: ['RTM-EVENT-003'],
    steps: [
      { do: register(0, { script: [] }) },
      { do: register(1) },
      { do: list(0), expect: { status: 'NO_ERROR' } },
      { do: releaseAll(0) },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: quiesce },
      { do: register(2) },
      {
        do: quiesce,
        expect: {
          told: [
            { type: REGISTERED, to: 0, about: 1 },
            { type: DEREGISTERED, to: 0, about: 1 },
            { type: REGISTERED, to: 0, about: 2 },
          ],
        },
      },
    ],
  },
  {
    id: 'core/callbacks/refused-calls-tell-nobody',
    title: 'Nobody is told of a call that was refused',
    area: 'callbacks',
    rules: ['RTM-EVENT-004', 'RTM-REG-005'],
    steps: [
      { do: register(1) },
      { do: register(0, { script: [] }) },
      { do: register(2, { identity: 1 }), expect: { status: 'ERROR_ALREADY_EXISTS' } },
      { do: deregister('made-up'), expect: { status: 'ERROR_INVALID_HANDLE' } },
      { do: deregister('null'), expect: { status: 'ERROR_INVALID_HANDLE' } },
      { do: quiesce, expect: { told: [], toldNothingElse: true } },
    ],
  },
  {
    id: 'core/callbacks/carries-the-handle-of-its-client',
    title: 'A callback carries the registration handle of the client that is told',
    area: 'callbacks',
    rules: ['RTM-EVENT-005'],
    steps: [
      { do: register(0, { script: [] }) },
      { do: register(1, { script: [] }) },
      { do: register(2) },
      { do: deregister(2), expect: { status: 'NO_ERROR' } },
      {
        do: quiesce,
        expect: {
          told: [
            { type: REGISTERED, to: 0, about: 2, addressed: true },
            { type: REGISTERED, to: 1, about: 2, addressed: true },
            { type: DEREGISTERED, to: 0, about: 2, addressed: true },
            { type: DEREGISTERED, to: 1, about: 2, addressed: true },
          ],
        },
      },
    ],
  },
  {
    id: 'core/callbacks/context1-is-the-subject',
    title: 'Context1 is a handle of the client that has registered',
    area: 'callbacks',
    rules: ['RTM-EVENT-006', 'RTM-EVENT-015'],
    steps: [
      { do: register(0, { script: [getInfo('self', 'subject')] }) },
      { do: register(1) },
      { do: register(2) },
      {
        do: quiesce,
        expect: {
          told: [
            {
              type: REGISTERED,
              to: 0,
              about: 1,
              replies: [{ status: 'NO_ERROR', describes: [1] }],
            },
            {
              type: REGISTERED,
              to: 0,
              about: 2,
              replies: [{ status: 'NO_ERROR', describes: [2] }],
            },
          ],
        },
      },
    ],
  },
  {
    id: 'core/callbacks/context1-of-a-deregistration',
    title: 'Context1 of a deregistration never stands for another client',
    area: 'callbacks',
    rules: ['RTM-EVENT-006'],
    steps: [
      { do: register(1) },
      { do: register(2) },
      { do: register(0, { script: [getInfo('self', 'subject')] }) },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      {
        do: quiesce,
        expect: {
          told: [
            {
              type: DEREGISTERED,
              to: 0,
              about: 1,
              replies: [{ status: ['NO_ERROR', 'ERROR_INVALID_HANDLE'], describes: [1] }],
            },
          ],
        },
      },
    ],
  },
  {
    id: 'core/callbacks/context2-describes-the-subject',
    title: 'Context2 describes the client that the event is about',
    area: 'callbacks',
    rules: ['RTM-EVENT-007'],
    steps: [
      { do: register(0, { script: [] }) },
      { do: register(1, { identity: 70 }) },
      { do: register(2, { identity: 71 }) },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      {
        do: quiesce,
        expect: {
          told: [
            { type: REGISTERED, to: 0, about: 1 },
            { type: REGISTERED, to: 0, about: 2 },
            { type: DEREGISTERED, to: 0, about: 1 },
          ],
          toldNothingElse: true,
        },
      },
    ],
  },
  {
    id: 'core/callbacks/only-documented-events',
    title: 'Clients that come and go cause the two entity events and no other',
    area: 'callbacks',
    rules: ['RTM-EVENT-008', 'RTM-EVENT-004'],
    steps: [
      { do: register(0, { script: [] }) },
      { do: register(1) },
      { do: list(0) },
      { do: releaseAll(0) },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      {
        do: quiesce,
        expect: {
          told: [
            { type: REGISTERED, to: 0, about: 1 },
            { type: DEREGISTERED, to: 0, about: 1 },
          ],
          toldNothingElse: true,
        },
      },
    ],
  },
  ...[
    { where: 'families', noun: 'address family', table: OTHER_FAMILY },
    { where: 'instances', noun: 'instance', table: OTHER_INSTANCE },
  ].map(({ where, noun, table }): Scenario => ({
    id: `core/callbacks/${where}-apart`,
    title: `Nobody is told of clients of another ${noun}`,
    area: 'callbacks',
    rules: ['RTM-EVENT-009', 'RTM-REG-009'],
    steps: [
      { do: register(0, { script: [] }) },
      { do: register(1, { script: [], table }) },
      { do: register(2) },
      { do: register(3, { table }) },
      { do: deregister(2), expect: { status: 'NO_ERROR' } },
      {
        do: quiesce,
        expect: {
          told: [
            { type: REGISTERED, to: 0, about: 2 },
            { type: DEREGISTERED, to: 0, about: 2 },
            { type: REGISTERED, to: 1, about: 3 },
          ],
          toldNothingElse: true,
        },
      },
    ],
  })),
  {
    id: 'core/callbacks/client-without-callback',
    title: 'A client without a callback does not keep others from being told',
    area: 'callbacks',
    rules: ['RTM-EVENT-011', 'RTM-REG-012'],
    steps: [
      { do: register(1), expect: { status: 'NO_ERROR' } },
      { do: register(0, { script: [] }) },
      { do: register(2), expect: { status: 'NO_ERROR' } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: deregister(2), expect: { status: 'NO_ERROR' } },
      {
        do: quiesce,
        expect: {
          told: [
            { type: REGISTERED, to: 0, about: 2 },
            { type: DEREGISTERED, to: 0, about: 1 },
            { type: DEREGISTERED, to: 0, about: 2 },
          ],
        },
      },
    ],
  },
  {
    id: 'core/callbacks/registration-before-deregistration',
    title: 'A registration is reported before its end',
    area: 'callbacks',
    rules: ['RTM-EVENT-012'],
    steps: [
      { do: register(0, { script: [] }) },
      { do: register(1) },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      {
        do: quiesce,
        expect: {
          told: [
            { type: REGISTERED, to: 0, about: 1 },
            { type: DEREGISTERED, to: 0, about: 1 },
          ],
          toldInOrder: true,
        },
      },
    ],
  },
  {
    id: 'core/callbacks/silent-after-deregistration',
    title: 'A client is told nothing once it has deregistered',
    area: 'callbacks',
    rules: ['RTM-EVENT-013'],
    steps: [
      { do: register(0, { script: [] }) },
      { do: register(1, { script: [] }) },
      { do: register(2) },
      { do: deregister(0), expect: { status: 'NO_ERROR' } },
      { do: deregister(2), expect: { status: 'NO_ERROR' } },
      { do: register(3), expect: { status: 'NO_ERROR' } },
      {
        do: quiesce,
        expect: {
          told: [{ type: REGISTERED, to: 1, about: 3 }],
          departedToldNothing: true,
        },
      },
    ],
  },
];
