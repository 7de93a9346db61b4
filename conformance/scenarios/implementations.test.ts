/** Implementations that are held to be correct pass every scenario, at whichever distance they are. */
import { describe, expect, test } from 'vitest';
import { type Implementation, loadImplementation } from '../../harness/adapters/index.ts';
import { referenceImplementations } from '../../reference/index.ts';
import { type Profile, profiles } from '../../spec/index.ts';
import { connect } from '../runner/connect.ts';
import { examine } from '../runner/examine.ts';
import { isForProfile, programOf, programOptionsOf, type Scenario, scenarios } from './index.ts';

const examples = ['synchronous', 'async', 'controlled'];

/** The scenarios that do not pass, each with what is wrong. */
async function failuresOf(implementation: Implementation, profile: Profile): Promise<string[]> {
  const subject = await connect(implementation, { adapter: implementation.name, profile });
  const failures: string[] = [];
  const { levels } = implementation;
  const isClaimed = ({ level = 'core', needs = [] }: Scenario): boolean =>
    [level, ...needs].every((one) => levels.includes(one));
  for (const scenario of scenarios.filter(
    (entry) => isForProfile(entry, profile) && isClaimed(entry),
  )) {
    const lens = {
      ...programOptionsOf(scenario, profile),
      hangsPermitted: scenario.mayHang === true,
    };
    const options = { strategy: 'random', seed: 1, executions: 3 } as const;
    const { failure, unknown } = await examine(subject, programOf(scenario), lens, options);
    if (failure !== undefined) failures.push(`${scenario.id}: ${failure.kind}`);
    if (unknown > 0) failures.push(`${scenario.id}: unknown`);
  }
  return failures;
}

describe.each(profiles)('under the profile %s', (profile) => {
  test.each(referenceImplementations)('the reference $name passes', async (implementation) => {
    expect(await failuresOf(implementation, profile)).toEqual([]);
  });

  test.each(examples)('the %s example passes', async (name) => {
    const file = new URL(`../../examples/${name}/rtm.ts`, import.meta.url);
    const implementation = await loadImplementation(file.href);
    expect(await failuresOf(implementation, profile)).toEqual([]);
  });
});
