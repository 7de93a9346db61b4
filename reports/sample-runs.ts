/** Runs to try a renderer on: everything went well, something failed, not everything was answered. */
import type { CheckResult, FailureReport, RunResult, TraceRow } from './result.ts';
import { runResult, type RunFindings } from './verdict.ts';

const findings: Omit<RunFindings, 'planned' | 'checks'> = {
  suite: { name: 'rtm-conformance', version: '0.1.0', ruleSet: '1.0' },
  implementation: {
    name: 'interlocked table',
    version: '2.1',
    adapter: './rtm/adapter.ts',
    distance: 'controlled',
    levels: ['core'],
    profile: 'notes',
  },
  config: { seed: 7, profile: 'notes', selectors: [], schedules: 1000 },
  deselected: 0,
  gaps: [
    'routes',
    'nexthops',
    'lookup',
    'enumeration',
    'notification',
    'lists',
    'methods',
    'opaque',
    'hold-aging',
    'views',
  ],
};

/** A check that passed, with what is given changed. */
export function sampleCheck(change: Partial<CheckResult> = {}): CheckResult {
  return {
    id: 'core/register/returns-profile',
    title: 'Registration returns the profile',
    area: 'registration',
    level: 'core',
    kind: 'scenario',
    rules: ['RTM-REG-001'],
    status: 'pass',
    executions: 1000,
    interleavings: 412,
    steps: 23_100,
    ...change,
  };
}

const rows: readonly TraceRow[] = [
  row(0, 'call', 'RtmGetEntityInfo(A, entity B)'),
  row(0, 'step', 'state.load → {ops: 0, live}'),
  row(0, 'step', 'state.compareExchange {ops: 0} → {ops: 1}', { critical: true }),
  row(1, 'call', 'RtmDeregisterEntity(A)'),
  row(1, 'step', 'state.fetchOr deregistered → {ops: 1, live}', { preempts: true, critical: true }),
  row(1, 'step', 'table.lock'),
  row(1, 'step', 'table.entities.write [B]'),
  row(1, 'step', 'table.unlock'),
  row(1, 'callback', 'callback of B: RTM_ENTITY_DEREGISTERED(A)', { depth: 1 }),
  row(1, 'call', 'RtmGetRegisteredEntities(B, 4)', { depth: 1 }),
  row(1, 'step', 'table.lock', { depth: 1 }),
  row(1, 'step', 'table.entities.read [B]', { depth: 1 }),
  row(2, 'call', 'RtmReleaseEntities(B, [entity A])'),
  row(2, 'note', 'waits for table'),
  row(1, 'step', 'table.unlock', { depth: 1 }),
  row(1, 'return', 'NO_ERROR, NumEntities 1', { depth: 1 }),
  row(1, 'callback-return', 'NO_ERROR', { depth: 1 }),
  row(1, 'step', 'heap.free entity A', { critical: true }),
  row(1, 'return', 'NO_ERROR'),
  row(2, 'step', 'table.lock'),
  row(2, 'step', 'table.unlock'),
  row(2, 'return', 'NO_ERROR'),
  row(0, 'step', 'heap.access entity A', { critical: true }),
  row(0, 'violation', 'use after free: entity A was freed at row 18 by deregister'),
];

function row(
  thread: number,
  kind: TraceRow['kind'],
  text: string,
  change: Partial<TraceRow> = {},
): TraceRow {
  return { thread, kind, text, depth: 0, preempts: false, ...change };
}

export const sampleFailure: FailureReport = {
  rule: {
    id: 'RTM-DEREG-003',
    title: 'Deregistration waits for the operations in progress',
    statement:
      'RtmDeregisterEntity marks the entity as deregistered and returns only after every operation that had begun with its handle has ended; only then is the state of the entity cleaned up.',
    level: 'must',
    profile: 'notes',
    sources: [
      "Implementer's notes, 3: code in RtmDeregisterEntity",
      'RtmDeregisterEntity, Remarks',
    ],
  },
  kind: 'use-after-free',
  message: 'RtmGetEntityInfo touched entity A after RtmDeregisterEntity had freed it.',
  observed: 'RtmDeregisterEntity(A) returned NO_ERROR while RtmGetEntityInfo(A, …) was in progress',
  permitted: [
    'RtmDeregisterEntity(A) returns after RtmGetEntityInfo(A, …) has returned NO_ERROR',
    'RtmGetEntityInfo(A, …) returns ERROR_INVALID_HANDLE',
  ],
  program: {
    setup: ['A := RtmRegisterEntity(protocol 1)', 'B := RtmRegisterEntity(protocol 2, callback)'],
    threads: [
      { name: 'client', lines: ['RtmGetEntityInfo(A, entity B)'] },
      { name: 'deregister', lines: ['RtmDeregisterEntity(A)'] },
      { name: 'release', lines: ['RtmReleaseEntities(B, [entity A])'] },
    ],
    callbacks: [
      { name: 'B on RTM_ENTITY_DEREGISTERED', lines: ['RtmGetRegisteredEntities(B, 4)'] },
    ],
  },
  trace: { threads: ['client', 'deregister', 'release'], rows },
  minimal: ['threads', 'operations', 'switches'],
  shrink: { executions: 311, fromSteps: 187, toSteps: 15, fromSwitches: 21, toSwitches: 5 },
  seen: { failures: 14, executions: 1000 },
  token: 'rtm1.Zm9yLWV4YW1wbGU',
  replay: 'rtm-conformance replay rtm1.Zm9yLWV4YW1wbGU --adapter ./rtm/adapter.ts',
};

const passing: readonly CheckResult[] = [
  sampleCheck(),
  sampleCheck({
    id: 'core/register/duplicate',
    area: 'registration',
    executions: 1,
    interleavings: 1,
    steps: 40,
  }),
  sampleCheck({
    id: 'core/deregister/drains',
    area: 'deregistration',
    kind: 'property',
    executions: 12_000,
    interleavings: 9312,
  }),
  sampleCheck({
    id: 'core/list/complete',
    area: 'lists',
    kind: 'property',
    executions: 4000,
    interleavings: 3801,
  }),
  sampleCheck({ id: 'core/callback/order', area: 'callbacks', kind: 'property' }),
  sampleCheck({
    id: 'core/litmus/deregister-twice',
    area: 'litmus',
    kind: 'litmus',
    complete: true,
    executions: 252,
    interleavings: 252,
  }),
];

export const passingRun: RunResult = runResult({
  ...findings,
  planned: passing.length,
  checks: passing,
  timings: { wallMs: 4210, checksMs: { 'core/list/complete': 1300 } },
});

const failing: readonly CheckResult[] = [
  ...passing.slice(0, 2),
  sampleCheck({
    id: 'core/deregister/drains',
    title: 'Deregistration waits for the operations in progress',
    area: 'deregistration',
    kind: 'property',
    rules: ['RTM-DEREG-003'],
    status: 'fail',
    message: sampleFailure.message,
    failure: sampleFailure,
  }),
  sampleCheck({
    id: 'core/deregister/twice',
    area: 'deregistration',
    status: 'timeout',
    message: 'RtmDeregisterEntity(A) did not return within 10000 steps.',
  }),
  ...passing.slice(3),
];

export const failingRun: RunResult = runResult({
  ...findings,
  planned: failing.length,
  checks: failing,
});

export const incompleteRun: RunResult = runResult({
  ...findings,
  config: { ...findings.config, selectors: ['core/list', 'core/callback'], grep: 'order|complete' },
  planned: 4,
  deselected: 59,
  interrupted: 'SIGINT',
  checks: [
    sampleCheck({ id: 'core/list/complete', area: 'lists' }),
    sampleCheck({
      id: 'core/list/bounded',
      area: 'lists',
      status: 'inconclusive',
      message: 'The history was too long to judge within 100000 states.',
    }),
    sampleCheck({
      id: 'core/callback/order',
      area: 'callbacks',
      status: 'not-run',
      message: 'Interrupted before it began.',
      executions: 0,
      interleavings: 0,
      steps: 0,
    }),
  ],
});
