/** Turns a scenario into a program, and its expectations into the look at each step. */
import type { ObjectCensus } from '../../harness/adapters/index.ts';
import type { Client } from '../programs/client.ts';
import type { ProgramOptions } from '../programs/harness-program.ts';
import type { RtmProgram } from '../programs/rtm-program.ts';
import type { Profile } from '../../spec/index.ts';
import { mismatchOf } from './expectation.ts';
import { mismatchOfCounts } from './expected-counts.ts';
import { mismatchOfTables } from './expected-tables.ts';
import { observe, recordedBy } from './observed-run.ts';
import type { Scenario } from './scenario.ts';

/** The steps as a program: all in the set-up, for one thread. */
export function programOf(scenario: Scenario): RtmProgram {
  return { setup: scenario.steps.map((step) => step.do), threads: [] };
}

/** Holds what came of each step against what the scenario expects; keeps nothing between runs. */
export function expectationOf(scenario: Scenario): NonNullable<ProgramOptions['expect']> {
  const { steps } = scenario;
  const [rule] = scenario.rules;
  const hasCounts = steps.some((step) => step.expect?.counts !== undefined);
  const slots = steps.flatMap((step) => (step.do.call === 'register' ? [step.do.slot] : []));
  const censuses = new WeakMap<Client, Map<number, ObjectCensus>>();
  return (outcome, place, client, census) => {
    const expectation = steps[place.index]?.expect;
    if (hasCounts && place.thread === -1) remember(censuses, client, place.index, census());
    if (expectation === undefined || place.thread !== -1) return undefined;
    const run = observe(recordedBy(client), slots);
    const observed = outcome.reply === undefined ? undefined : run.calls.at(-1);
    const found =
      mismatchOf(expectation, observed, run, steps) ??
      mismatchOfTables(expectation, outcome.reply, client) ??
      mismatchOfCounts(expectation, place.index, censuses.get(client));
    if (found === undefined) return undefined;
    const call = observed === undefined ? 'when all is quiet' : observed.call.name;
    return { rule, ...found, message: `${call}: ${found.message}` };
  };
}

function remember(
  censuses: WeakMap<Client, Map<number, ObjectCensus>>,
  client: Client,
  step: number,
  census: ObjectCensus | undefined,
): void {
  if (census === undefined) return;
  const known = censuses.get(client) ?? new Map<number, ObjectCensus>();
  censuses.set(client, known.set(step, census));
}

/** How a scenario is run. */
export function programOptionsOf(scenario: Scenario, profile: Profile): ProgramOptions {
  return {
    profile,
    expect: expectationOf(scenario),
    exactReferences: scenario.exactReferences === true,
  };
}

/** Whether a scenario says anything about implementations of a profile. */
export function isForProfile(scenario: Scenario, profile: Profile): boolean {
  return scenario.profile === undefined || scenario.profile === profile;
}
