import { describe, expect, it } from 'vitest';
import { checkStatuses, type CheckStatus, type RunProblem, type Verdict } from './result.ts';
import { sampleCheck } from './sample-runs.ts';
import { arithmeticOf, countsOf, exitCodeOf, verdictOf } from './verdict.ts';

interface Row {
  readonly statuses: readonly CheckStatus[];
  readonly planned?: number;
  readonly deselected?: number;
  readonly interrupted?: 'SIGINT' | 'SIGTERM';
  readonly problem?: RunProblem['kind'];
}

function check(row: Row, expected: readonly [Verdict, number]): void {
  const { statuses, planned = statuses.length, deselected = 0, interrupted, problem } = row;
  const run = {
    checks: statuses.map((status, index) => sampleCheck({ id: `core/x/${index}`, status })),
    planned,
    deselected,
    ...(interrupted === undefined ? {} : { interrupted }),
    ...(problem === undefined ? {} : { problem: { kind: problem, code: 'x', message: '' } }),
  };
  it(JSON.stringify(row), () => {
    expect([verdictOf(run), exitCodeOf(run)]).toEqual(expected);
  });
}

describe('one status at a time', () => {
  check({ statuses: ['pass'] }, ['conformant', 0]);
  check({ statuses: ['pass', 'fail'] }, ['non-conformant', 1]);
  check({ statuses: ['pass', 'crash'] }, ['non-conformant', 1]);
  check({ statuses: ['pass', 'timeout'] }, ['non-conformant', 1]);
  check({ statuses: ['pass', 'known-fail'] }, ['partial', 0]);
  check({ statuses: ['pass', 'changed-fail'] }, ['non-conformant', 3]);
  check({ statuses: ['pass', 'unexpected-pass'] }, ['conformant', 3]);
  check({ statuses: ['pass', 'unsupported'] }, ['partial', 0]);
  check({ statuses: ['pass', 'inconclusive'] }, ['incomplete', 4]);
  check({ statuses: ['pass', 'not-run'] }, ['incomplete', 4]);
  check({ statuses: ['pass', 'adapter-error'] }, ['invalid', 5]);
  check({ statuses: ['pass', 'suite-error'] }, ['invalid', 70]);
});

describe('several at a time: 70, 5, 1, 4, 3', () => {
  check({ statuses: [...checkStatuses] }, ['invalid', 70]);
  check({ statuses: ['adapter-error', 'fail', 'inconclusive', 'unexpected-pass'] }, ['invalid', 5]);
  check({ statuses: ['fail', 'inconclusive', 'unexpected-pass'] }, ['non-conformant', 1]);
  check({ statuses: ['changed-fail', 'inconclusive', 'pass'] }, ['non-conformant', 4]);
  check({ statuses: ['unexpected-pass', 'not-run', 'pass'] }, ['incomplete', 4]);
});

describe('what is missing never reads as green', () => {
  check({ statuses: ['pass'], planned: 2 }, ['incomplete', 4]);
  check({ statuses: ['pass', 'pass'], planned: 1 }, ['incomplete', 4]);
  check({ statuses: ['unsupported', 'unsupported'] }, ['incomplete', 4]);
  check({ statuses: [], planned: 3 }, ['incomplete', 4]);
  check({ statuses: ['pass'], deselected: 9 }, ['partial', 0]);
  check({ statuses: [] }, ['incomplete', 6]);
});

describe('the run as a whole', () => {
  check({ statuses: ['pass'], interrupted: 'SIGINT', planned: 2 }, ['incomplete', 130]);
  check({ statuses: ['fail'], interrupted: 'SIGTERM', planned: 2 }, ['non-conformant', 143]);
  check({ statuses: ['adapter-error'], interrupted: 'SIGINT' }, ['invalid', 130]);
  check({ statuses: [], problem: 'usage' }, ['invalid', 2]);
  check({ statuses: [], problem: 'selection' }, ['invalid', 6]);
  check({ statuses: ['fail'], problem: 'adapter' }, ['invalid', 5]);
  check({ statuses: ['fail'], problem: 'suite' }, ['invalid', 70]);
});

describe('arithmetic', () => {
  const checks = (['fail', 'pass', 'pass', 'fail', 'inconclusive'] as const).map((status) =>
    sampleCheck({ status }),
  );

  it('accounts for every planned check', () => {
    expect(arithmeticOf({ checks, planned: 5 })).toBe(
      'planned 5 = 2 pass + 2 fail + 1 inconclusive',
    );
    expect(arithmeticOf({ checks, planned: 7 })).toBe(
      'planned 7 = 2 pass + 2 fail + 1 inconclusive + 2 without a result',
    );
    expect(arithmeticOf({ checks, planned: 4 })).toBe(
      'planned 4 ≠ 2 pass + 2 fail + 1 inconclusive',
    );
    expect(arithmeticOf({ checks: [], planned: 0 })).toBe('planned 0 = 0');
  });

  it('counts every status', () => {
    const every = countsOf(checkStatuses.map((status) => sampleCheck({ status })));
    expect(Object.keys(every).toSorted()).toEqual([...checkStatuses].toSorted());
    expect(Object.values(every).every((count) => count === 1)).toBe(true);
  });
});
