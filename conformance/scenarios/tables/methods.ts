/** Scenarios of exported methods: listing, invoking and blocking them. */
import { constants } from '../../../spec/index.ts';
import type { Action } from '../../programs/rtm-program.ts';
import type { Pattern } from '../pattern.ts';
import type { Scenario } from '../scenario.ts';
import { deregister, register } from '../steps.ts';
import {
  blockMethods,
  exporter,
  invokeMethods,
  listMethods,
  other,
  resumeMethods,
} from './method-steps.ts';
import { ok, refused } from './route-steps.ts';

const { METHOD_TYPE_ALL_METHODS } = constants;

const base = {
  area: 'methods',
  level: 'methods',
  needs: ['routes', 'nexthops', 'lookup'],
} as const;

/** Three methods, each known by its output. */
const three = [
  { id: 1, output: [11] },
  { id: 2, output: [22, 2] },
  { id: 3, output: [33] },
];

/** What a method has put out. Who writes MethodStatus is open (RTM-AMB-279). */
const record = (MethodType: number, ...OutputData: readonly number[]): Pattern => ({
  MethodType,
  OutputSize: OutputData.length,
  OutputData,
});

/** The first of the three runs and says so. */
const answers = ok(invokeMethods(0, other, 1), { Output: [record(1, 11)] });
const anyError = (action: Action) => ({ do: action, expect: { status: 'any error' as const } });

export const methodScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'methods/are-listed',
    title: 'RtmGetEntityMethods delivers all methods that a client exports, and their number',
    rules: ['RTM-METHOD-001'],
    steps: [
      ...exporter(...three),
      ok(listMethods(0, other, 3), {
        NumMethods: 3,
        ExptMethods: [{ $present: true }, { $present: true }, { $present: true }],
      }),
      ok(listMethods(0, other, 8), { NumMethods: 3 }),
    ],
  },
  {
    ...base,
    id: 'methods/are-counted',
    title: 'A count of zero asks how many methods there are',
    rules: ['RTM-METHOD-002'],
    steps: [
      ...exporter(...three),
      {
        do: listMethods(0, other, 0),
        expect: { status: ['NO_ERROR', 'ERROR_INSUFFICIENT_BUFFER'], out: { NumMethods: 3 } },
      },
    ],
  },
  {
    ...base,
    id: 'methods/too-little-room-for-a-list',
    title: 'Room for some methods only is reported, and enough of it is enough afterwards',
    rules: ['RTM-METHOD-003', 'RTM-METHOD-001'],
    steps: [
      ...exporter(...three),
      refused(listMethods(0, other, 1), 'ERROR_INSUFFICIENT_BUFFER'),
      refused(listMethods(0, other, 2), 'ERROR_INSUFFICIENT_BUFFER'),
      ok(listMethods(0, other, 3), { NumMethods: 3 }),
    ],
  },
  {
    ...base,
    id: 'methods/none-exported',
    title: 'A client that registered without methods exports none',
    rules: ['RTM-METHOD-005'],
    steps: [...exporter(), ok(listMethods(0, other, 2), { NumMethods: 0 })],
  },
  {
    ...base,
    id: 'methods/the-one-selected-runs',
    title: 'Of several methods the one runs that MethodType selects',
    rules: ['RTM-METHOD-006', 'RTM-METHOD-009'],
    steps: [
      ...exporter(...three),
      ok(invokeMethods(0, other, 2), { Output: [record(2, 22, 2)] }),
      ok(invokeMethods(0, other, 4), { Output: [record(4, 33)] }),
      answers,
    ],
  },
  {
    ...base,
    id: 'methods/all-selected-run',
    title: 'Several methods that are selected at once run, each once, and no other does',
    rules: ['RTM-METHOD-006', 'RTM-METHOD-009'],
    steps: [
      ...exporter(...three),
      ok(invokeMethods(0, other, 1 | 4), {
        Output: { $inAnyOrder: [record(1, 11), record(4, 33)] },
      }),
      ok(invokeMethods(0, other, 1 | 2 | 4), {
        Output: { $inAnyOrder: [record(1, 11), record(2, 22, 2), record(4, 33)] },
      }),
    ],
  },
  {
    ...base,
    id: 'methods/told-who-calls-whom',
    title: 'A method is told which client invokes it, and its own',
    rules: ['RTM-METHOD-007', 'RTM-METHOD-020'],
    steps: [
      ...exporter({ id: 1, output: [11] }),
      { do: register(2) },
      answers,
      ok(invokeMethods(0, other, 1), { Output: [record(1, 11)] }),
    ],
  },
  {
    ...base,
    id: 'methods/input-arrives',
    title: 'The bytes of InputData reach the method as they are, none, one or many',
    rules: ['RTM-METHOD-008'],
    steps: [
      ...exporter({ id: 1, output: [11] }),
      ok(invokeMethods(0, other, 1, { input: [] })),
      ok(invokeMethods(0, other, 1, { input: [0] })),
      ok(invokeMethods(0, other, 1, { input: [255, 0, 1, 2, 3, 4, 5, 6] })),
    ],
  },
  {
    ...base,
    id: 'methods/output-and-its-size',
    title:
      'What a method puts out reaches the caller, and OutputSize is no more than there was room',
    rules: ['RTM-METHOD-009', 'RTM-METHOD-010'],
    steps: [
      ...exporter({ id: 1, output: [1, 2, 3, 4, 5, 6, 7, 8] }, { id: 2, output: [] }),
      ok(invokeMethods(0, other, 1), { Output: [record(1, 1, 2, 3, 4, 5, 6, 7, 8)] }),
      ok(invokeMethods(0, other, 2), { Output: [record(2)] }),
    ],
  },
  {
    ...base,
    id: 'methods/output-too-large',
    title: 'Never more is put out than there is room for',
    rules: ['RTM-METHOD-010'],
    steps: [
      ...exporter({ id: 1, output: [1, 2, 3, 4, 5, 6, 7, 8] }),
      // What comes of it is open (RTM-AMB-277), but not the size.
      { do: invokeMethods(0, other, 1, { room: 16 }) },
      { do: invokeMethods(0, other, 1, { room: 0 }) },
      ok(invokeMethods(0, other, 1), { Output: [record(1, 1, 2, 3, 4, 5, 6, 7, 8)] }),
    ],
  },
  {
    ...base,
    id: 'methods/bad-handles',
    title: 'Invocations by and of nobody are refused, and nobody blocks anything',
    rules: ['RTM-METHOD-012'],
    steps: [
      ...exporter({ id: 1, output: [11] }),
      refused(invokeMethods(0, 'made-up', 1), 'ERROR_INVALID_HANDLE'),
      refused(invokeMethods(0, 'null', 1), 'ERROR_INVALID_HANDLE'),
      refused(blockMethods('made-up'), 'ERROR_INVALID_HANDLE'),
      refused(resumeMethods('null'), 'ERROR_INVALID_HANDLE'),
      answers,
    ],
  },
  {
    ...base,
    id: 'methods/nobody-invokes',
    title: 'An invocation with a registration handle that never was one is refused',
    rules: ['RTM-METHOD-012'],
    steps: [
      { do: register(0, { methods: [{ id: 1 }] }) },
      refused(invokeMethods('made-up', { slot: 0 }, 1), 'ERROR_INVALID_HANDLE'),
      refused(invokeMethods('null', { slot: 0 }, 1), 'ERROR_INVALID_HANDLE'),
    ],
  },
  {
    ...base,
    id: 'methods/blocked-and-resumed',
    title: 'A client blocks its methods and resumes them, and they can be invoked as before',
    rules: ['RTM-METHOD-016', 'RTM-METHOD-014'],
    steps: [
      ...exporter({ id: 1, output: [11] }),
      ok(blockMethods(1)),
      ok(resumeMethods(1)),
      answers,
      ok(blockMethods(1)),
      ok(resumeMethods(1)),
      answers,
    ],
  },
  {
    ...base,
    id: 'methods/others-are-not-blocked',
    title: 'While a client blocks its methods it invokes those of others',
    rules: ['RTM-METHOD-015', 'RTM-METHOD-016'],
    steps: [
      ...exporter({ id: 1, output: [11] }),
      ok(blockMethods(0)),
      ok(invokeMethods(0, other, 1, { keepsLocks: true }), { Output: [record(1, 11)] }),
      ok(resumeMethods(0)),
    ],
  },
  {
    ...base,
    id: 'methods/of-a-client-that-left',
    title: 'No method runs of a client that has left',
    rules: ['RTM-METHOD-017'],
    steps: [
      ...exporter({ id: 1, output: [11] }),
      answers,
      ok({ call: 'deregister', by: 1, tidy: true }),
      anyError(invokeMethods(0, other, 1)),
    ],
  },
  {
    area: 'methods',
    level: 'methods',
    id: 'methods/sample-invoke-ones-own',
    title:
      'A client asks for its own methods, how many and which, and invokes them all, as in the sample',
    rules: ['RTM-METHOD-019', 'RTM-METHOD-002', 'RTM-METHOD-009'],
    steps: [
      { do: register(0, { methods: [{ id: 1, output: [0, 0, 0, 0] }] }) },
      {
        do: listMethods(0, { slot: 0 }, 0),
        expect: { status: ['NO_ERROR', 'ERROR_INSUFFICIENT_BUFFER'], out: { NumMethods: 1 } },
      },
      ok(listMethods(0, { slot: 0 }, 1), { NumMethods: 1, ExptMethods: [{ $present: true }] }),
      // Whether identifiers without a method make it fail is open (RTM-AMB-275), and the sample expects that not.
      { do: invokeMethods(0, { slot: 0 }, METHOD_TYPE_ALL_METHODS, { input: [72, 105] }) },
      ok(invokeMethods(0, { slot: 0 }, 1, { input: [72, 105] }), {
        Output: [record(1, 0, 0, 0, 0)],
      }),
      ok(deregister(0)),
    ],
  },
];
