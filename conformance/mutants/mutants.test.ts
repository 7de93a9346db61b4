import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { levels, ruleById } from '../../spec/index.ts';
import { checkById, checks } from '../catalogue.ts';
import { killMutant, kills, loadMutant, mutants, MutantError } from './index.ts';
import { families } from './kills.test-support.ts';
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

describe('the kills on record', () => {
  test('are of every mutant, and of mutants and checks that there are', () => {
    const killed = new Set(kills.map(({ mutant }) => mutant));
    expect(mutants.filter(({ id }) => !killed.has(id))).toEqual([]);
    expect(killed.size).toBe(mutants.length);
    for (const { check } of kills) expect([check, checkById(check)?.id]).toEqual([check, check]);
    expect(new Set(kills.map(({ mutant, check }) => `${mutant} ${check}`)).size).toBe(kills.length);
  });

  test('are by every litmus program, among others', () => {
    const killers = new Set(kills.map(({ check }) => check));
    const litmus = checks.filter(({ kind }) => kind === 'litmus');
    expect(litmus.filter(({ id }) => !killers.has(id)).map(({ id }) => id)).toEqual([]);
  });

  test('are each held again by one test file', () => {
    expect(Object.values(families).flat().toSorted()).toEqual(levels.toSorted());
    for (const family of Object.keys(families)) {
      const file = fileURLToPath(new URL(`kills-of-${family}.test.ts`, import.meta.url));
      expect([file, existsSync(file)]).toEqual([file, true]);
    }
  });
});

describe('the search for a kill', () => {
  test('begins with the checks that look for the rule', async () => {
    for (const name of ['monitor/room-must-be-left', 'notes-protocol/no-room-left']) {
      const mutant = mutants.find(({ id }) => id === name) ?? first();
      const only = checks.filter(({ kind }) => kind === 'scenario');
      const { kill, executions } = await killMutant(mutant, only, { seed: 1, effort: 1 });
      if (kill === undefined) continue;
      expect(checkById(kill.killedBy)?.rules).toContain(mutant.rule);
      expect(executions).toBeLessThan(20);
    }
  });

  test('ends when it is interrupted', async () => {
    const options = { seed: 1, effort: 1, interrupted: () => true };
    expect(await killMutant(first(), checks, options)).toMatchObject({ executions: 0 });
  });
});

function first(): Mutant {
  const [mutant] = mutants;
  if (mutant === undefined) expect.unreachable('there are mutants');
  return mutant;
}
