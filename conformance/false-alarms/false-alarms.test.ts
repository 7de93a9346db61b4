/**
 * No check accuses an implementation here. Each once made some check fail, or stands for a way of building
 * that is far from the references; a thorough run of all checks on all of them takes minutes, so this is a
 * small one: every scenario, and a few programs of each property and litmus program.
 */
import { describe, expect, it } from 'vitest';
import { type Implementation, loadModule } from '../../harness/adapters/index.ts';
import { checks } from '../catalogue.ts';
import { implementationLitmus } from '../litmus/index.ts';
import { isFor } from '../runner/check.ts';
import { connect } from '../runner/connect.ts';
import { examine } from '../runner/examine.ts';
import { correctImplementations } from './index.ts';

const LITMUS_EXECUTIONS = 8;
const budget = { seed: 7, effort: 0.02, interrupted: () => false };

/** Loaded as adapters are, so that every `await` in them is a step. */
const { module } = await loadModule('background.ts', { from: import.meta.dirname });
const loaded = Object.values(module as Record<string, Implementation>).map((implementation) => ({
  ...implementation,
  name: `${implementation.name}, loaded`,
}));

describe.each([...correctImplementations, ...loaded])('$name', (implementation) => {
  const own = implementation.profile ?? 'documented';
  const profiles = own === 'notes' ? (['documented', 'notes'] as const) : (['documented'] as const);

  it.each(profiles)('is accused by no check of the profile %s', async (profile) => {
    const subject = await connect(implementation, { adapter: 'fixture', profile });
    const accused: string[] = [];
    for (const check of checks) {
      if (check.kind === 'litmus' || !isFor(check, subject)) continue;
      if (check.kind === 'property' && profile !== own) continue;
      const { status, message } = await check.run(subject, budget);
      if (status !== 'pass') accused.push(`${check.id} ${status}: ${message ?? ''}`);
    }
    expect(accused).toEqual([]);
  });

  it('is accused by no litmus program', async () => {
    const subject = await connect(implementation, { adapter: 'fixture' });
    const accused: string[] = [];
    for (const { id, level = 'core', program, hangsPermitted } of implementationLitmus) {
      if (!implementation.levels.includes(level)) continue;
      const lens = { hangsPermitted: hangsPermitted === true };
      const options = { strategy: 'random', executions: LITMUS_EXECUTIONS, seed: 7 } as const;
      const { failure } = await examine(subject, program, lens, options);
      if (failure !== undefined) accused.push(`${id}: ${failure.message}`);
    }
    expect(accused).toEqual([]);
  });
});
