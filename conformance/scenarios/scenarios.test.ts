import { describe, expect, test } from 'vitest';
import { profiles } from '../../spec/index.ts';
import type { Violation } from '../programs/judge.ts';
import { type Fault, faultsByScenario } from './fixtures/faults.ts';
import { oneReading, oppositeReading } from './fixtures/readings.ts';
import { runScenario } from './fixtures/run-scenario.ts';
import { expectationOf, isForProfile, scenarios as all } from './index.ts';

/** The fake is one of level `core`. */
const scenarios = all.filter(({ level }) => level === undefined);

const readings = [oneReading, oppositeReading];

describe('a correct implementation under either reading passes', () => {
  for (const scenario of scenarios) {
    test(scenario.id, () => {
      for (const profile of profiles.filter((name) => isForProfile(scenario, name))) {
        for (const reading of readings) {
          const { result, violation } = runScenario(scenario, profile, { readings: reading });
          expect([violation, result.failure?.message]).toEqual([undefined, undefined]);
        }
      }
    });
  }
});

describe('a fault is found, with the rule it goes against', () => {
  const faults: Readonly<Record<string, Fault>> = faultsByScenario;
  for (const scenario of scenarios) {
    test(scenario.id, () => {
      const fault = faults[scenario.id];
      if (fault === undefined) expect.unreachable('a fault is known for each scenario');
      for (const profile of profiles.filter((name) => isForProfile(scenario, name))) {
        const expected = expectationOf(scenario);
        /** What the scenario itself found, before the model had its say. */
        const mismatches: Violation[] = [];
        const runs = readings.map((reading) =>
          runScenario(
            scenario,
            profile,
            { readings: reading, fault },
            {
              expect: (...look) => {
                const found = expected(...look);
                if (found !== undefined) mismatches.push(found);
                return found;
              },
            },
          ),
        );
        const found = runs.flatMap(({ result }) => result.failure?.kind ?? []);
        expect(found).not.toEqual([]);
        for (const rule of found) expect(scenario.rules).toContain(rule);
        // The census is looked at when all steps are done.
        if (scenario.exactReferences !== true) expect(mismatches).not.toEqual([]);
        for (const { rule, observed, permitted } of mismatches) {
          expect(rule).toBe(scenario.rules[0]);
          expect(observed).not.toBe('');
          expect(permitted).not.toEqual([]);
        }
      }
    });
  }
});
