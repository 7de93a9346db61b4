import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { ruleById } from '../../spec/index.ts';
import { checks } from '../catalogue.ts';
import { connect } from '../runner/connect.ts';
import { killMutant, loadMutant, loadUnmodified, mutants, MutantError } from './index.ts';
import { applyEdit, sourceFile } from './load-mutant.ts';
import { type Edit, invariants, type Mutant } from './mutant.ts';

describe('the mutants', () => {
  test('have ids of their own that begin with their implementation', () => {
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
    for (const { id, implementation } of mutants) {
      expect(id.startsWith(`${implementation}/`)).toBe(true);
      expect(id).toMatch(/^[a-z-]+\/[a-z]+(-[a-z]+)*$/);
    }
  });

  test('are enough, of both implementations, and cover every invariant', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(36);
    const ofCore = mutants.filter(({ rule }) => ruleById(rule).feature === 'core');
    for (const name of ['notes-protocol', 'monitor'] as const) {
      const share = ofCore.filter(({ implementation }) => implementation === name).length;
      expect(share / ofCore.length).toBeGreaterThan(0.4);
    }
    const covered = new Set(mutants.map(({ invariant }) => invariant));
    expect(invariants.filter((invariant) => !covered.has(invariant))).toEqual([]);
  });

  test('break rules that must be kept', () => {
    for (const { rule } of mutants) expect([rule, ruleById(rule).level]).toEqual([rule, 'must']);
  });

  test('each change something, and no two the same', () => {
    for (const { edit } of mutants) expect(edit.replace).not.toBe(edit.find);
    expect(new Set(mutants.map(({ edit }) => JSON.stringify(edit))).size).toBe(mutants.length);
  });
});

describe('edits', () => {
  test.each(mutants)('$id applies once, also where types are stripped', async ({ id, edit }) => {
    const source = await readFile(sourceFile(edit.file), 'utf8');
    expect(applyEdit(source, edit, id)).not.toBe(source);
    // The compiler keeps what it does not strip as it is, esbuild does not quite.
    const { code } = await transform(source, { loader: 'ts', target: 'es2023' });
    const stripped = code
      .replaceAll('"', "'")
      .replaceAll('void 0', 'undefined')
      .replaceAll('for (; ; )', 'for (;;)');
    expect(applyEdit(stripped, edit, id)).not.toBe(stripped);
  });

  const edit: Edit = { file: 'reference/concurrent/monitor.ts', find: 'a  (b)', replace: 'c' };

  test('find text across line breaks, and replace nothing else', () => {
    expect(applyEdit('x a\n    (b) y', edit, 'm')).toBe('x c y');
    expect(applyEdit('a (b)', { ...edit, replace: '$& $1' }, 'm')).toBe('$& $1');
  });

  test('that name no place or two are refused, with the mutant and the file', () => {
    expect(() => applyEdit('x', edit, 'm')).toThrow(MutantError);
    expect(() => applyEdit('x', edit, 'm')).toThrow(/mutant m .* does not occur in .*monitor\.ts/);
    expect(() => applyEdit('a (b) a (b)', edit, 'm')).toThrow(/occurs 2 times/);
  });

  test('that do not apply keep a mutant from loading', async () => {
    const mutant: Mutant = { ...first(), id: 'monitor/none', implementation: 'monitor', edit };
    await expect(loadMutant(mutant)).rejects.toThrow(/monitor\/none/);
  });
});

test('a mutant goes by its id and is built once', async () => {
  const mutant = first();
  expect((await loadMutant(mutant)).name).toBe(mutant.id);
  expect(await loadMutant(mutant)).toBe(await loadMutant(mutant));
});

describe('unmodified implementations that are loaded in the same way pass', () => {
  test.each(['notes-protocol', 'monitor'] as const)('%s', async (name) => {
    const implementation = await loadUnmodified(name);
    expect(implementation.name).toBe(name);
    const subject = await connect(implementation, { adapter: name, profile: 'notes' });
    for (const check of checks) {
      const outcome = await check.run(subject, { seed: 7, effort: 0.02, interrupted: () => false });
      expect([check.id, outcome.status, outcome.message]).toEqual([check.id, 'pass', undefined]);
    }
  });
});

describe('each mutant is killed, by a rule that it breaks', () => {
  test.each(mutants)('$id', async (mutant) => {
    const { rule, rules = [] } = mutant;
    const { kill } = await killMutant(mutant, checks, { seed: 1, effort: 1 });
    expect(kill).toBeDefined();
    expect([rule, ...rules]).toContain(kill?.rule);
    expect(kill?.isExpectedRule).toBe(true);
  });
});

test('an implementation without a fault survives', async () => {
  const harmless: Mutant = {
    ...first(),
    id: 'monitor/harmless',
    implementation: 'monitor',
    edit: {
      file: 'reference/concurrent/guarded-entity.ts',
      find: 'const SEATS_MAX = 0x10000;',
      replace: 'const SEATS_MAX = 0x8000;',
    },
  };
  const attempt = await killMutant(harmless, checks, { seed: 1, effort: 0.02 });
  expect(attempt.kill).toBeUndefined();
  expect(attempt.executions).toBeGreaterThan(1000);
});

function first(): Mutant {
  const [mutant] = mutants;
  if (mutant === undefined) expect.unreachable('there are mutants');
  return mutant;
}
