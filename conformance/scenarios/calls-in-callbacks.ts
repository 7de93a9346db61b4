/** Scenarios of calls made inside callbacks: those that have to work, and those that must do no harm. */
import type { Scenario } from './scenario.ts';
import {
  deregister,
  getInfo,
  list,
  OTHER_FAMILY,
  quiesce,
  reference,
  register,
  release,
  releaseAll,
  releaseInfo,
} from './steps.ts';

const REGISTERED = 'RTM_ENTITY_REGISTERED';
const DEREGISTERED = 'RTM_ENTITY_DEREGISTERED';

export const callsInCallbackScenarios: readonly Scenario[] = [
  {
    id: 'core/callbacks/calls-work-inside',
    title: 'What is not forbidden in an entity event works there',
    area: 'callbacks',
    rules: ['RTM-EVENT-015', 'RTM-SAFE-001'],
    steps: [
      {
        do: register(0, {
          script: [
            getInfo('self', 'subject'),
            releaseInfo('self'),
            reference('self', 'subject'),
            release('self', 0),
          ],
        }),
      },
      { do: register(1) },
      {
        do: quiesce,
        expect: {
          told: [
            {
              type: REGISTERED,
              to: 0,
              about: 1,
              replies: [
                { status: 'NO_ERROR', describes: [1] },
                { status: 'NO_ERROR' },
                { status: 'NO_ERROR' },
                { status: 'NO_ERROR' },
              ],
            },
          ],
        },
      },
    ],
  },
  {
    id: 'core/callbacks/held-handles-released-inside',
    title: 'Handles held from before can be released inside a callback',
    area: 'callbacks',
    rules: ['RTM-EVENT-015', 'RTM-REL-002'],
    steps: [
      { do: register(1) },
      { do: register(0, { script: [releaseAll('self')] }) },
      { do: quiesce },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      {
        do: quiesce,
        expect: {
          told: [{ type: DEREGISTERED, to: 0, about: 1, replies: [{ status: 'NO_ERROR' }] }],
        },
      },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [] } },
    ],
  },
  {
    id: 'core/callbacks/referenced-inside',
    title: 'A handle referenced inside a callback is good after it',
    area: 'callbacks',
    rules: ['RTM-EVENT-015', 'RTM-REL-003'],
    steps: [
      { do: register(0, { script: [reference('self', 'subject')] }) },
      { do: register(1) },
      {
        do: quiesce,
        expect: {
          told: [{ type: REGISTERED, to: 0, about: 1, replies: [{ status: 'NO_ERROR' }] }],
        },
      },
      { do: getInfo(0, 0), expect: { status: 'NO_ERROR', describes: [0, 1] } },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/callbacks/list-inside-is-harmless',
    title: 'A list made inside a callback, which is forbidden, harms nobody',
    area: 'callbacks',
    rules: ['RTM-EVENT-016'],
    mayHang: true,
    steps: [
      { do: register(0, { script: [list('self'), releaseAll('self')] }) },
      { do: register(1, { script: [] }) },
      { do: register(2), expect: { status: 'NO_ERROR' } },
      {
        do: quiesce,
        expect: {
          told: [
            { type: REGISTERED, to: 0, about: 1 },
            { type: REGISTERED, to: 0, about: 2 },
            { type: REGISTERED, to: 1, about: 2 },
          ],
          toldNothingElse: true,
        },
      },
      { do: list(1), expect: { status: 'NO_ERROR', lists: [0, 2] } },
    ],
  },
  {
    id: 'core/callbacks/registration-inside-is-harmless',
    title: 'A registration made inside a callback, which is forbidden, harms nobody',
    area: 'callbacks',
    rules: ['RTM-EVENT-016'],
    mayHang: true,
    steps: [
      { do: register(0, { script: [register(90, { table: OTHER_FAMILY })] }) },
      { do: register(1, { script: [] }) },
      { do: register(2), expect: { status: 'NO_ERROR' } },
      {
        do: quiesce,
        expect: {
          told: [
            { type: REGISTERED, to: 0, about: 1 },
            { type: REGISTERED, to: 0, about: 2 },
            { type: REGISTERED, to: 1, about: 2 },
          ],
          toldNothingElse: true,
        },
      },
      { do: list(1), expect: { status: 'NO_ERROR', lists: [0, 2] } },
    ],
  },
  {
    id: 'core/callbacks/deregistration-inside-is-harmless',
    title: 'A deregistration made inside a callback, which is forbidden, harms nobody',
    area: 'callbacks',
    rules: ['RTM-EVENT-016'],
    mayHang: true,
    steps: [
      { do: register(0, { script: [deregister('self')] }) },
      { do: register(1, { script: [] }) },
      { do: register(2), expect: { status: 'NO_ERROR' } },
      { do: quiesce, expect: { told: [{ type: REGISTERED, to: 1, about: 2 }] } },
      { do: list(2, { handles: false }), expect: { status: 'NO_ERROR' } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
    ],
  },
];
