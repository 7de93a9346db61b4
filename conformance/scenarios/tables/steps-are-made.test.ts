/** Scenarios on tables say what they seem to: every call is made, and the monitor, whose counts are told, passes. */
import { describe, expect, test } from 'vitest';
import { explore } from '../../../harness/index.ts';
import { monitor } from '../../../reference/concurrent/index.ts';
import { profiles } from '../../../spec/index.ts';
import { harnessProgram } from '../../programs/harness-program.ts';
import { connectorFor } from '../../runner/connect.ts';
import { expectationOf, isForProfile, programOf, scenarios } from '../index.ts';

const connector = connectorFor(monitor, 'controlled');
const onTables = scenarios.filter(({ level }) => level !== undefined);

describe.each(profiles)('under the profile %s', (profile) => {
  test.each(onTables.filter((scenario) => isForProfile(scenario, profile)))('$id', (scenario) => {
    const expected = expectationOf(scenario);
    const omitted = new Set(
      scenario.steps.flatMap((step, index) => (step.do.call === 'invoke' ? [index] : [])),
    );
    const judged = harnessProgram(connector, programOf(scenario), {
      profile,
      expect: (outcome, place, ...rest) => {
        if (place.thread === -1 && outcome.reply !== undefined) omitted.delete(place.index);
        return expected(outcome, place, ...rest);
      },
    });
    const { failure } = explore(judged.program, { strategy: 'round-robin', executions: 1 });
    expect([judged.violation(), failure?.message]).toEqual([undefined, undefined]);
    expect(judged.counts.unknown).toBe(0);
    expect([...omitted]).toEqual([]);
  });
});
