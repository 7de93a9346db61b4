/** The scenarios, and how they are run and judged. */
import { answerScenarios } from './callback-answers.ts';
import { callbackScenarios } from './callbacks.ts';
import { callsInCallbackScenarios } from './calls-in-callbacks.ts';
import { deregistrationScenarios } from './deregistration.ts';
import { entityInfoScenarios } from './entity-info.ts';
import { foreignCallerScenarios } from './foreign-callers.ts';
import { listScenarios } from './lists.ts';
import { outParameterScenarios } from './out-parameters.ts';
import { referenceScenarios } from './references.ts';
import { registrationScenarios } from './registration.ts';
import { releaseScenarios } from './release.ts';
import type { Scenario } from './scenario.ts';

/** All of them, in the order in which they are reported. */
export const scenarios: readonly Scenario[] = [
  ...registrationScenarios,
  ...deregistrationScenarios,
  ...listScenarios,
  ...entityInfoScenarios,
  ...referenceScenarios,
  ...releaseScenarios,
  ...foreignCallerScenarios,
  ...callbackScenarios,
  ...answerScenarios,
  ...callsInCallbackScenarios,
  ...outParameterScenarios,
];

export { expectationOf, isForProfile, programOf, programOptionsOf } from './judge-scenario.ts';
export { rulesElsewhere } from './rules-elsewhere.ts';
export type { ExpectedEvent, Expectation, Scenario, ScenarioArea, Step } from './scenario.ts';
