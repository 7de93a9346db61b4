import { describe, expect, it } from 'vitest';
import { explore, minimize, type Trace } from '../../harness/index.ts';
import { ruleIds } from '../../spec/index.ts';
import { algorithmLitmus, exhaustively, litmusPrograms } from './index.ts';

/** Interleavings of each algorithm litmus, and how many of them fail. */
const counts: readonly (readonly [id: string, interleavings: number, failures: number])[] = [
  ['litmus/interlocked-list/push-re-read', 16, 7],
  ['litmus/interlocked-list/push-re-read-freed', 9, 1],
  ['litmus/interlocked-list/push-repaired', 4, 0],
  ['litmus/interlocked-list/push-repaired-freed', 4, 0],
  ['litmus/interlocked-list/pop-compares-with-null', 1, 1],
  ['litmus/interlocked-list/pop-revives-entries', 84, 18],
  ['litmus/interlocked-list/pop-never-leaves', 1, 1],
  ['litmus/interlocked-list/pop-aba', 3021, 21],
  ['litmus/interlocked-list/pop-tagged', 3021, 0],
  ['litmus/interlocked-list/pop-tag-too-narrow', 3021, 21],
  ['litmus/interlocked-list/pop-reads-freed', 64, 6],
  ['litmus/interlocked-list/pop-hazard', 1150, 0],
  ['litmus/interlocked-list/plain-head', 12, 12],
  ['litmus/interlocked-list/plain-link', 134, 120],
  ['litmus/interlocked-list/push-argument', 1, 1],
  ['litmus/quiescence/two-clients', 2092, 0],
  ['litmus/quiescence/two-calls', 102, 0],
  ['litmus/quiescence/deregister-deregister', 1014, 0],
  ['litmus/quiescence/late-client', 21, 3],
  ['litmus/quiescence/late-deregistration', 18, 6],
  ['litmus/quiescence/handle-table', 898, 0],
  ['litmus/quiescence/check-then-count', 32, 5],
  ['litmus/quiescence/hoisted-read', 17, 10],
  ['litmus/quiescence/deregister-within-operation', 1, 1],
  ['litmus/quiescence/flag-overflow', 1234, 14],
  ['litmus/references/resurrection', 17, 5],
  ['litmus/references/counted-look-up', 25, 0],
  ['litmus/references/lost-decrement', 6, 4],
  ['litmus/waiting/lost-wake-up', 10, 1],
  ['litmus/waiting/signal-under-lock', 2, 0],
  ['litmus/waiting/callback-under-lock', 6, 2],
  ['litmus/waiting/callback-outside-lock', 7, 0],
  ['litmus/registration/published-before-initialised', 4, 3],
  ['litmus/registration/published-when-complete', 3, 0],
  ['litmus/registration/check-then-insert', 6, 4],
  ['litmus/registration/insert-if-free', 2, 0],
];

describe('every algorithm litmus', () => {
  const cases = algorithmLitmus.map((litmus) => ({
    litmus,
    row: counts.find(([id]) => id === litmus.id),
  }));

  it.each(cases)('$litmus.id', async ({ litmus, row }) => {
    const result = explore(litmus.program, exhaustively(litmus));
    expect(result.complete).toBe(true);
    expect([litmus.id, result.executions, result.failures]).toEqual(row);
    const { expected } = litmus;
    if (expected.verdict === 'holds') {
      expect(result.failure).toBeUndefined();
      return;
    }
    if (result.failure === undefined) throw new Error('nothing failed');
    const { id } = litmus;
    const minimal = minimize(litmus.program, result.failure);
    expect(minimal.kind).toBe(expected.kind);
    const name = id.replace('litmus/', '').replaceAll('/', '.');
    await expect(`${minimal.message}\n\n${textOf(minimal.trace)}`).toMatchFileSnapshot(
      `__snapshots__/${name}.golden.txt`,
    );
  });

  it('has no count that belongs to none', () => {
    expect(counts.map(([id]) => id)).toEqual(algorithmLitmus.map(({ id }) => id));
  });
});

/** One line for a step: who, what, and whether somebody who could have gone on was interrupted. */
function textOf(trace: Trace): string {
  const lines = trace.entries.map((entry) => {
    if (entry.kind === 'note') return entry.text;
    const thread = trace.threads[entry.thread] ?? '';
    const parts = [entry.operation, entry.object, entry.detail].filter((part) => part !== '');
    return `${entry.preempts ? '>' : ' '} ${thread}: ${parts.join(' ')}`;
  });
  return `${lines.join('\n')}\n`;
}

describe('the registry', () => {
  it('names each program once', () => {
    const ids = litmusPrograms.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names the sort of a program in its id', () => {
    for (const litmus of litmusPrograms) {
      const level = litmus.kind === 'algorithm' ? undefined : (litmus.level ?? 'core');
      const place = level === undefined ? 'litmus/' : `${level}/litmus/`;
      expect(litmus.id.startsWith(place)).toBe(true);
      expect(litmus.id).toMatch(/^[a-z/-]+$/);
    }
  });

  it('cites rules that exist, each once', () => {
    for (const { id, rules } of litmusPrograms) {
      expect(
        rules.filter((rule) => !ruleIds.includes(rule)),
        id,
      ).toEqual([]);
      expect(new Set(rules).size, id).toBe(rules.length);
    }
  });
});
