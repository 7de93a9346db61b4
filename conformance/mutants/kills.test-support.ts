/** Has kills on record again: a test for each, in one file for each family of levels. */
import { describe, expect, test } from 'vitest';
import { type Level, ruleById } from '../../spec/index.ts';
import { checkById } from '../catalogue.ts';
import { connectMutant, holdAgainst, kills, mutants, RECORDED } from './index.ts';

/** By the level of the rule that a mutant is made to break. */
export const families: Readonly<Record<string, readonly Level[]>> = {
  core: ['core'],
  routes: ['routes', 'views', 'hold-aging'],
  'next-hops': ['nexthops', 'lookup', 'methods', 'opaque'],
  walks: ['enumeration', 'lists', 'notification'],
};

export function describeKills(family: string): void {
  const levels = families[family] ?? [];
  const held = kills.flatMap((recorded) => {
    const mutant = mutants.find(({ id }) => id === recorded.mutant);
    if (mutant === undefined || !levels.includes(ruleById(mutant.rule).feature)) return [];
    return [{ ...recorded, breaks: mutant }];
  });
  describe('each mutant is killed, by a rule that it breaks', () => {
    test.each(held)('$mutant by $check', async ({ breaks, check: id, rule }) => {
      const check = checkById(id);
      if (check === undefined) expect.unreachable(`there is no check ${id}`);
      const target = { mutant: breaks, subject: await connectMutant(breaks) };
      const { kill } = await holdAgainst(check, target, RECORDED);
      expect(kill).toMatchObject({ killedBy: id, rule, isExpectedRule: true });
    });
  });
}
