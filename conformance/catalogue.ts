/** All checks of the suite: scenarios, then litmus programs, then properties. */
import { implementationLitmus } from './litmus/index.ts';
import type { ImplementationLitmus } from './litmus/index.ts';
import { properties } from './properties/index.ts';
import type { Check } from './runner/check.ts';
import { fixedCheck } from './runner/fixed-check.ts';
import { expectationOf, programOf, scenarios } from './scenarios/index.ts';
import type { Scenario } from './scenarios/index.ts';

/** A litmus program of an implementation with very many steps ends here, and is not complete then. */
export const EXECUTIONS_MAX = 20_000;
/**
 * A scenario is one thread, but an implementation may have its own: a few schedules, so that one which
 * delivers events in the background is not seen at its most punctual only.
 */
const SCENARIO_EXECUTIONS = 3;

const BOTH = ['documented', 'notes'] as const;

export const checks: readonly Check[] = [
  ...scenarios.map(scenarioCheck),
  ...implementationLitmus.map(litmusCheck),
  ...properties,
];

const byId: ReadonlyMap<string, Check> = new Map(checks.map((check) => [check.id, check]));

export function checkById(id: string): Check | undefined {
  return byId.get(id);
}

function scenarioCheck(scenario: Scenario): Check {
  const { id, title, area, level = 'core', needs = [], rules, profile } = scenario;
  return fixedCheck({
    id,
    title,
    area,
    level,
    needs,
    kind: 'scenario',
    rules,
    profiles: profile === undefined ? BOTH : [profile],
    program: programOf(scenario),
    lens: {
      expect: expectationOf(scenario),
      exactReferences: scenario.exactReferences === true,
      hangsPermitted: scenario.mayHang === true,
    },
    explore: { strategy: 'random', executions: SCENARIO_EXECUTIONS },
  });
}

function litmusCheck(litmus: ImplementationLitmus): Check {
  const { id, title, rules, level = 'core', needs, program, preemptionBound } = litmus;
  return fixedCheck({
    id,
    title,
    area: 'litmus',
    level,
    ...(needs === undefined ? {} : { needs }),
    kind: 'litmus',
    rules,
    profiles: BOTH,
    program,
    lens: { hangsPermitted: litmus.hangsPermitted === true },
    explore: { strategy: 'dfs', preemptionBound, executions: EXECUTIONS_MAX },
  });
}
