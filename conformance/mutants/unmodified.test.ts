/**
 * What is loaded as mutants are, but has no fault, is not accused. That litmus programs do not accuse it is
 * seen where their interleavings are counted.
 */
import { expect, test } from 'vitest';
import { checks } from '../catalogue.ts';
import { connect } from '../runner/connect.ts';
import { killMutant, loadUnmodified, type Mutant } from './index.ts';

const random = checks.filter(({ kind }) => kind !== 'litmus');

test.each(['notes-protocol', 'monitor'] as const)('%s as it is passes', async (name) => {
  const implementation = await loadUnmodified(name);
  expect(implementation.name).toBe(name);
  const subject = await connect(implementation, { adapter: name, profile: 'notes' });
  for (const check of random) {
    const outcome = await check.run(subject, { seed: 7, effort: 0.02, interrupted: () => false });
    expect([check.id, outcome.status, outcome.message]).toEqual([check.id, 'pass', undefined]);
  }
});

test('a change that is no fault survives', async () => {
  const harmless: Mutant = {
    id: 'monitor/harmless',
    implementation: 'monitor',
    rule: 'RTM-REG-003',
    invariant: 'an identity is registered once, a handle stands for one client',
    what: 'Handles are other numbers.',
    edit: {
      file: 'reference/concurrent/guarded-entity.ts',
      find: 'const SEATS_MAX = 0x10000;',
      replace: 'const SEATS_MAX = 0x8000;',
    },
  };
  const attempt = await killMutant(harmless, random, { seed: 1, effort: 0.02 });
  expect(attempt.kill).toBeUndefined();
  expect(attempt.executions).toBeGreaterThan(1000);
});
