/**
 * Scenarios of OUT parameters. After a failure nothing but a count is looked at, and that only after
 * ERROR_INSUFFICIENT_BUFFER.
 */
import type { Scenario, Step } from './scenario.ts';
import { deregister, list, register, releaseAll } from './steps.ts';

const fiveClients: readonly Step[] = [0, 1, 2, 3, 4].map((slot) => ({ do: register(slot) }));

export const outParameterScenarios: readonly Scenario[] = [
  {
    id: 'core/out-parameters/success-defines-all',
    title: 'A list that succeeds fills both arrays and the count',
    area: 'out parameters',
    rules: ['RTM-OUT-001', 'RTM-LIST-005'],
    steps: [
      ...fiveClients,
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1, 2, 3, 4], count: [4, 5] } },
      { do: list(4), expect: { status: 'NO_ERROR', lists: [0, 1, 2, 3], count: [4, 5] } },
    ],
  },
  {
    id: 'core/out-parameters/count-after-an-overflow',
    title: 'After too little room NumEntities says what was delivered or what there is',
    area: 'out parameters',
    rules: ['RTM-LIST-006', 'RTM-OUT-004'],
    steps: [
      ...fiveClients,
      {
        do: list(0, { capacity: 2, handles: false }),
        expect: { status: 'ERROR_INSUFFICIENT_BUFFER', count: [0, 1, 2, 4, 5] },
      },
    ],
  },
  {
    id: 'core/out-parameters/count-is-defined',
    title: 'The count is defined after too little room',
    area: 'out parameters',
    rules: ['RTM-OUT-002'],
    profile: 'notes',
    steps: [
      ...fiveClients,
      {
        do: list(0, { capacity: 2, handles: false }),
        expect: {
          status: 'ERROR_INSUFFICIENT_BUFFER',
          count: [0, 1, 2, 4, 5],
          countDefined: true,
        },
      },
      {
        do: list(0, { capacity: 0 }),
        expect: { status: 'ERROR_INSUFFICIENT_BUFFER', count: [0, 4, 5], countDefined: true },
      },
    ],
  },
  {
    id: 'core/out-parameters/count-is-no-left-over',
    title: 'The count after too little room is none of an earlier call',
    area: 'out parameters',
    rules: ['RTM-OUT-002'],
    profile: 'notes',
    steps: [
      ...fiveClients,
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1, 2, 3, 4] } },
      { do: releaseAll(0), expect: { status: 'NO_ERROR' } },
      { do: deregister(4), expect: { status: 'NO_ERROR' } },
      { do: deregister(3), expect: { status: 'NO_ERROR' } },
      {
        do: list(0, { capacity: 1, handles: false }),
        expect: {
          status: 'ERROR_INSUFFICIENT_BUFFER',
          count: [0, 1, 2, 3],
          countDefined: true,
        },
      },
    ],
  },
  {
    id: 'core/out-parameters/list-stays-as-delivered',
    title: 'A list that was delivered does not change when clients come and go',
    area: 'out parameters',
    rules: ['RTM-OUT-005'],
    steps: [
      { do: register(0) },
      { do: register(1) },
      { do: register(2) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [1, 2] } },
      { do: deregister(1), expect: { status: 'NO_ERROR' } },
      { do: register(3) },
      { do: list(0), expect: { status: 'NO_ERROR', lists: [2, 3], still: [3] } },
    ],
  },
];
