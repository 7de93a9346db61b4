/** The scenarios, and how they are run and judged. */
import { answerScenarios } from './callback-answers.ts';
import { callbackScenarios } from './callbacks.ts';
import { callsInCallbackScenarios } from './calls-in-callbacks.ts';
import { deregistrationScenarios } from './deregistration.ts';
import { entityInfoScenarios } from './entity-info.ts';
import { foreignCallerScenarios } from './foreign-callers.ts';
import { entitySampleScenarios } from './entity-samples.ts';
import { listScenarios } from './lists.ts';
import { outParameterScenarios } from './out-parameters.ts';
import { referenceScenarios } from './references.ts';
import { registrationScenarios } from './registration.ts';
import { releaseScenarios } from './release.ts';
import type { Scenario } from './scenario.ts';
import { lookUpScenarios } from './tables/lookup-destinations.ts';
import { destEnumerationScenarios } from './tables/enumeration-destinations.ts';
import { enumerationLifeScenarios } from './tables/enumeration-lives.ts';
import { hopEnumerationScenarios } from './tables/enumeration-nexthops.ts';
import { routeEnumerationScenarios } from './tables/enumeration-routes.ts';
import { agingScenarios } from './tables/hold-aging-expiry.ts';
import { holdScenarios } from './tables/hold-aging-hold.ts';
import { listEnumerationScenarios } from './tables/lists-enumeration.ts';
import { listMembershipScenarios } from './tables/lists-membership.ts';
import { matchingScenarios } from './tables/lookup-matching.ts';
import { methodScenarios } from './tables/methods.ts';
import { nextHopAddingScenarios } from './tables/nexthops-adding.ts';
import { nextHopUsingScenarios } from './tables/nexthops-using.ts';
import { changeFetchingScenarios } from './tables/notification-fetching.ts';
import { changeKindScenarios } from './tables/notification-kinds.ts';
import { subscriptionScenarios } from './tables/notification-subscriptions.ts';
import { opaqueScenarios } from './tables/opaque-pointers.ts';
import { routeAddingScenarios } from './tables/routes-adding.ts';
import { routeBestScenarios } from './tables/routes-best.ts';
import { routeContentScenarios } from './tables/routes-content.ts';
import { routeDeletingScenarios } from './tables/routes-deleting.ts';
import { routeDestinationScenarios } from './tables/routes-destinations.ts';
import { routeInPlaceScenarios } from './tables/routes-in-place.ts';
import { routeSampleScenarios } from './tables/routes-samples.ts';
import { viewScenarios } from './tables/views-reports.ts';

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
  ...entitySampleScenarios,
  ...routeAddingScenarios,
  ...routeContentScenarios,
  ...routeDeletingScenarios,
  ...routeInPlaceScenarios,
  ...routeBestScenarios,
  ...routeDestinationScenarios,
  ...routeSampleScenarios,
  ...viewScenarios,
  ...nextHopAddingScenarios,
  ...nextHopUsingScenarios,
  ...lookUpScenarios,
  ...matchingScenarios,
  ...destEnumerationScenarios,
  ...routeEnumerationScenarios,
  ...hopEnumerationScenarios,
  ...enumerationLifeScenarios,
  ...changeKindScenarios,
  ...changeFetchingScenarios,
  ...subscriptionScenarios,
  ...listMembershipScenarios,
  ...listEnumerationScenarios,
  ...holdScenarios,
  ...agingScenarios,
  ...methodScenarios,
  ...opaqueScenarios,
];

export { expectationOf, isForProfile, programOf, programOptionsOf } from './judge-scenario.ts';
export { rulesElsewhere } from './rules-elsewhere.ts';
export type { ExpectedEvent, Expectation, Scenario, ScenarioArea, Step } from './scenario.ts';
