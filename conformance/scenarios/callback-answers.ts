/**
 * Scenarios of what callbacks return. For the events of clients it means nothing; only for a route that
 * expires it does, where ERROR_NOT_SUPPORTED hands the decision back to the RTM.
 */
import { statuses } from '../../spec/index.ts';
import type { Scenario } from './scenario.ts';
import { deregister, list, quiesce, register } from './steps.ts';

const REGISTERED = 'RTM_ENTITY_REGISTERED';
const DEREGISTERED = 'RTM_ENTITY_DEREGISTERED';

/** A client whose callback returns `status` at every event. */
function answering(status: keyof typeof statuses): { script: []; answer: number } {
  return { script: [], answer: statuses[status] };
}

export const answerScenarios: readonly Scenario[] = [
  {
    id: 'core/callbacks/answer-fails-no-call',
    title: 'A call succeeds whatever the callbacks return that it causes',
    area: 'callbacks',
    rules: ['RTM-EVENT-010'],
    steps: [
      { do: register(0, answering('ERROR_INVALID_PARAMETER')) },
      { do: register(1, answering('ERROR_ACCESS_DENIED')), expect: { status: 'NO_ERROR' } },
      { do: register(2), expect: { status: 'NO_ERROR' } },
      { do: quiesce },
      { do: deregister(2), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    id: 'core/callbacks/answer-undoes-nothing',
    title: 'No callback can undo the registration that it is told of',
    area: 'callbacks',
    rules: ['RTM-EVENT-010'],
    steps: [
      { do: register(0, answering('ERROR_ACCESS_DENIED')) },
      { do: register(1), expect: { status: 'NO_ERROR' } },
      { do: quiesce },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
      { do: list(1), expect: { status: 'NO_ERROR', lists: [0] } },
    ],
  },
  {
    id: 'core/callbacks/answer-keeps-events-coming',
    title: 'A client is told of later events whatever it returned for earlier ones',
    area: 'callbacks',
    rules: ['RTM-EVENT-010', 'RTM-EVENT-001', 'RTM-EVENT-002'],
    steps: [
      { do: register(0, answering('ERROR_NOT_ENOUGH_MEMORY')) },
      { do: register(1), expect: { status: 'NO_ERROR' } },
      { do: quiesce },
      { do: register(2), expect: { status: 'NO_ERROR' } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      {
        do: quiesce,
        expect: {
          told: [
            { type: REGISTERED, to: 0, about: 1 },
            { type: REGISTERED, to: 0, about: 2 },
            { type: DEREGISTERED, to: 0, about: 1 },
          ],
        },
      },
    ],
  },
  {
    id: 'core/callbacks/answer-concerns-nobody-else',
    title: 'The others are told of an event whatever one client returns for it',
    area: 'callbacks',
    rules: ['RTM-EVENT-010', 'RTM-EVENT-001'],
    steps: [
      { do: register(0, answering('ERROR_INVALID_DATA')) },
      { do: register(1, answering('ERROR_INVALID_DATA')) },
      { do: register(2, answering('ERROR_INVALID_DATA')) },
      { do: register(3), expect: { status: 'NO_ERROR' } },
      {
        do: quiesce,
        expect: {
          told: [
            { type: REGISTERED, to: 0, about: 3 },
            { type: REGISTERED, to: 1, about: 3 },
            { type: REGISTERED, to: 2, about: 3 },
          ],
        },
      },
    ],
  },
  {
    id: 'core/callbacks/answer-repeats-nothing',
    title: 'An event does not come again because its callback failed',
    area: 'callbacks',
    rules: ['RTM-EVENT-010', 'RTM-EVENT-003'],
    steps: [
      { do: register(0, answering('ERROR_NO_SYSTEM_RESOURCES')) },
      { do: register(1), expect: { status: 'NO_ERROR' } },
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
  {
    id: 'core/callbacks/answer-releases-nothing',
    title: 'ERROR_NOT_SUPPORTED, returned for the event of a client, releases no handle of it',
    area: 'callbacks',
    rules: ['RTM-EVENT-010', 'RTM-REF-010', 'RTM-REF-001'],
    exactReferences: true,
    steps: [
      { do: register(0, answering('ERROR_NOT_SUPPORTED')) },
      { do: register(1), expect: { status: 'NO_ERROR' } },
      { do: quiesce },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1] } },
    ],
  },
];
