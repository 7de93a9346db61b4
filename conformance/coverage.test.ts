import { describe, expect, it } from 'vitest';
import { rules } from '../spec/index.ts';
import { checks } from './catalogue.ts';
import { cli } from './cli/shell.test-support.ts';
import { coverageByLevel, coverageOf } from './coverage.ts';
import { mutants } from './mutants/index.ts';

describe('coverage', () => {
  it('counts for each rule what names it', () => {
    const coverage = coverageOf(checks, mutants);
    expect(coverage.map(({ rule }) => rule.id)).toEqual(rules.map(({ id }) => id));
    const found = coverage.find(({ rule }) => rule.id === 'RTM-REG-004');
    const naming = checks.filter((check) => check.rules.includes('RTM-REG-004'));
    expect(naming.length).toBeGreaterThan(0);
    expect(found?.checks).toEqual(naming);
    expect(found?.mutants.length).toBeGreaterThan(0);
    expect(found?.mutants[0]?.killedBy).toBeUndefined();
  });

  it('tells killed mutants from survivors', () => {
    const [mutant, other] = mutants;
    if (mutant === undefined || other === undefined) throw new Error('no mutants');
    const kill = {
      killedBy: 'a/check',
      status: 'fail',
      rule: mutant.rule,
      isExpectedRule: true,
      program: undefined,
    } as const;
    const { rule, implementation, invariant, what, edit } = mutant;
    const bare = { rule, implementation, invariant, what, edit };
    const coverage = coverageOf(
      [],
      [
        { ...bare, id: mutant.id },
        { ...bare, id: other.id },
      ],
      [
        { mutant: mutant.id, executions: 1, kill },
        { mutant: other.id, executions: 1, kill: undefined },
      ],
    );
    const found = coverage.find(({ rule }) => rule.id === mutant.rule);
    expect(found?.mutants.map(({ killedBy }) => killedBy)).toEqual(['a/check', null]);
    const core = coverageByLevel(coverage).find(({ level }) => level === 'core');
    expect(core?.killed).toBe(1);
    expect(core?.checked).toBe(0);
  });

  it('is printed by level, with what nothing checks', async () => {
    const ran = await cli(['coverage', '--level', 'core']);
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/^level +rules +observable musts +checked +broken by a mutant$/m);
    expect(ran.out).toMatch(/^core +\d+ +\d+ +\d+ +\d+$/m);
    const [first] = JSON.parse((await cli(['coverage', '--json'])).out) as unknown[];
    expect(first).toMatchObject({ rule: rules[0]?.id, checks: expect.any(Array) as unknown });
  });
});
