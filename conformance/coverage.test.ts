import { describe, expect, it } from 'vitest';
import { rules } from '../spec/index.ts';
import { checks } from './catalogue.ts';
import { cli } from './cli/shell.test-support.ts';
import { coverageByLevel, coverageOf, isOwed } from './coverage.ts';
import { kills, type Mutant, mutants } from './mutants/index.ts';
import type { Check } from './runner/check.ts';

describe('coverage', () => {
  it('counts for each rule what names it', () => {
    const coverage = coverageOf({ checks, mutants, kills: [] });
    expect(coverage.map(({ rule }) => rule.id)).toEqual(rules.map(({ id }) => id));
    const found = coverage.find(({ rule }) => rule.id === 'RTM-REG-004');
    const naming = checks.filter((check) => check.rules.includes('RTM-REG-004'));
    expect(naming.length).toBeGreaterThan(0);
    expect(found?.checks).toEqual(naming);
    expect(found?.mutants.length).toBeGreaterThan(0);
    expect(found?.kills).toEqual([]);
  });

  it('counts a kill only by a check that names the rule, on a mutant of it or as a breach of it', () => {
    const [some] = checks;
    const [any] = mutants;
    if (some === undefined || any === undefined) throw new Error('no checks, no mutants');
    const check: Check = { ...some, id: 'a/check', rules: ['RTM-REG-004', 'RTM-REG-005'] };
    const other: Check = { ...some, id: 'another/check', rules: ['RTM-REG-006'] };
    const mutant: Mutant = {
      ...any,
      id: 'monitor/some',
      rule: 'RTM-REG-004',
      rules: ['RTM-REG-005', 'RTM-REG-006'],
    };
    const shownBy = (kill: Partial<(typeof kills)[number]>): readonly string[] => {
      const whole = { mutant: mutant.id, check: check.id, rule: 'RTM-REG-004', ...kill } as const;
      const suite = { checks: [check, other], mutants: [mutant], kills: [whole] };
      return coverageOf(suite).flatMap(({ rule, kills: shown }) =>
        shown.length > 0 ? [rule.id] : [],
      );
    };
    expect(shownBy({})).toEqual(['RTM-REG-004']);
    expect(shownBy({ rule: 'RTM-REG-005' })).toEqual(['RTM-REG-004', 'RTM-REG-005']);
    expect(shownBy({ rule: 'RTM-REG-006' })).toEqual(['RTM-REG-004']);
    expect(shownBy({ check: other.id })).toEqual([]);
    expect(shownBy({ check: other.id, rule: 'RTM-REG-006' })).toEqual(['RTM-REG-006']);
    expect(shownBy({ check: 'no/check' })).toEqual([]);
    expect(shownBy({ mutant: 'monitor/none' })).toEqual([]);
  });

  it('adds up by level what an RTM owes', () => {
    const coverage = coverageOf({ checks, mutants, kills: kills.slice(0, 1) });
    const levels = coverageByLevel(coverage);
    expect(levels.reduce((sum, { rules: count }) => sum + count, 0)).toBe(rules.length);
    expect(levels.reduce((sum, { killed }) => sum + killed, 0)).toBe(
      coverage.filter(({ rule, kills: shown }) => isOwed(rule) && shown.length > 0).length,
    );
  });

  it('is whole: of each must that can be seen, a check has killed a mutant', () => {
    const owed = coverageOf({ checks, mutants, kills }).filter(({ rule }) => isOwed(rule));
    expect(owed.length).toBeGreaterThan(300);
    expect(owed.filter(({ kills: shown }) => shown.length === 0)).toEqual([]);
  });

  it('is printed by level, with what nothing checks', async () => {
    const ran = await cli(['coverage', '--level', 'core']);
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/^level +rules +observable musts +checked +kill a mutant$/m);
    expect(ran.out).toMatch(/^core +\d+ +\d+ +\d+ +\d+$/m);
    const [first] = JSON.parse((await cli(['coverage', '--json'])).out) as unknown[];
    expect(first).toMatchObject({ rule: rules[0]?.id, checks: expect.any(Array) as unknown });
  });
});
