import { expect, it } from 'vitest';
import { ruleById } from '../spec/index.ts';
import { checkById, checks } from './catalogue.ts';

it('gives each check an id of its own, by which it is found', () => {
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  for (const check of checks) expect(checkById(check.id)).toBe(check);
});

it('has scenarios, then litmus programs, then properties', () => {
  const kinds = checks
    .map(({ kind }) => kind)
    .filter((kind, index, all) => kind !== all[index - 1]);
  expect(kinds).toEqual(['scenario', 'litmus', 'property']);
});

it('names rules that exist, for some profile', () => {
  for (const { rules, profiles } of checks) {
    expect(rules.length).toBeGreaterThan(0);
    expect(profiles.length).toBeGreaterThan(0);
    for (const rule of rules) expect(ruleById(rule)).toBeDefined();
  }
});
