/** What the reports look like, in files to be read in review. `vitest run reports -u` refreshes them. */
import { describe, expect, it } from 'vitest';
import type { FailureReport, RunResult, TraceRow } from '../result.ts';
import {
  failingRun,
  incompleteRun,
  passingRun,
  sampleCheck,
  sampleFailure,
} from '../sample-runs.ts';
import { runResult } from '../verdict.ts';
import { renderFailure } from './failure.ts';
import { renderers } from './registry.ts';
import { renderTrace } from './trace.ts';

const nasty =
  '\u001B[2J]]>&lt;<script>"\'|`\u202E\u0000\uD800 @everyone #1 **b** [x](http://e)\n```\n日本e\u0301';

const hostileFailure: FailureReport = {
  ...sampleFailure,
  kind: nasty,
  message: nasty,
  observed: nasty,
  permitted: [nasty],
  program: { threads: [{ name: nasty, lines: [nasty] }] },
  trace: {
    threads: [nasty, 'b'],
    rows: [{ thread: 0, kind: 'step', text: nasty, depth: 0, preempts: false }],
  },
};

const hostileRun: RunResult = runResult({
  ...failingRun,
  implementation: { ...failingRun.implementation, name: nasty, adapter: nasty },
  problem: { kind: 'adapter', code: nasty, message: nasty },
  planned: 2,
  checks: [
    sampleCheck({
      id: `core/${nasty}`,
      area: nasty,
      status: 'fail',
      message: nasty,
      failure: hostileFailure,
    }),
    sampleCheck({ id: 'core/other', status: 'crash', message: nasty }),
  ],
});

const runs: Readonly<Record<string, RunResult>> = {
  passing: passingRun,
  failing: failingRun,
  incomplete: incompleteRun,
  hostile: hostileRun,
};

describe.each(Object.entries(runs))('%s run', (name, run) => {
  it.each(renderers.map((renderer) => [renderer.name, renderer] as const))(
    '%s',
    async (reporter, renderer) => {
      await expect(renderer.render(run)).toMatchFileSnapshot(
        `__snapshots__/${name}.${reporter}.golden.txt`,
      );
    },
  );
});

function step(thread: number, text: string, change: Partial<TraceRow> = {}): TraceRow {
  return { thread, text, kind: 'step', depth: 0, preempts: false, ...change };
}

describe('failure', () => {
  it.each([80, 200])('at width %i', async (width) => {
    await expect(renderFailure(sampleFailure, { width })).toMatchFileSnapshot(
      `__snapshots__/failure-${width}.golden.txt`,
    );
  });

  it('in colour', async () => {
    await expect(renderFailure(sampleFailure, { color: true })).toMatchFileSnapshot(
      '__snapshots__/failure-colour.golden.txt',
    );
  });
});

describe('trace', () => {
  it('of five threads on 80 columns', async () => {
    const threads = ['register', 'deregister', 'list', 'release', 'look up'];
    const rows = threads.flatMap((name, thread): TraceRow[] => [
      step(thread, `RtmOperation(${name})`, { kind: 'call' }),
      step(thread, 'table.lock', { preempts: thread === 2 }),
      step(thread, 'callback of B: RTM_ENTITY_REGISTERED(A)', { kind: 'callback', depth: 1 }),
      step(
        thread,
        'RtmGetRegisteredEntities(B, 16, handles and infos wanted) while nobody looks at it',
        { kind: 'call', depth: 1 },
      ),
      step(thread, 'table.entities.read [A, B]', { depth: 1 }),
      step(thread, 'NO_ERROR', { kind: 'callback-return', depth: 1 }),
    ]);
    const text = renderTrace({ threads, rows }, { width: 80 });
    await expect(text).toMatchFileSnapshot('__snapshots__/trace-five-threads.golden.txt');
  });

  it('of a hundred rows, folded', async () => {
    const rows = Array.from({ length: 100 }, (_, index) =>
      step(Math.floor(index / 20) % 2, `count.load ${index}`, {
        preempts: index === 20,
        critical: index === 51,
      }),
    );
    const text = renderTrace({ threads: ['first', 'second'], rows }, { width: 80 });
    await expect(text).toMatchFileSnapshot('__snapshots__/trace-folded.golden.txt');
  });

  it('of more threads than there is room for', async () => {
    const threads = Array.from({ length: 24 }, (_, index) => `thread ${index}`);
    const text = renderTrace({
      threads,
      rows: [step(0, 'a.load'), step(23, 'a.store'), step(-1, 'end', { kind: 'note' })],
    });
    await expect(text).toMatchFileSnapshot('__snapshots__/trace-many-threads.golden.txt');
  });
});
