/** The scenarios, and how they are run and judged. */
import { registrationScenarios } from './registration.ts';
import type { Scenario } from './scenario.ts';

/** All of them, in the order in which they are reported. */
export const scenarios: readonly Scenario[] = [...registrationScenarios];

export type { ExpectedEvent, Expectation, Scenario, ScenarioArea, Step } from './scenario.ts';
