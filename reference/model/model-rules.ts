/** The rules of the catalogue that the model judges by, under the names the model uses for them. */
import type { RuleId } from '../../spec/index.ts';
import { tableRules } from './table/table-rules.ts';
import { walkRules } from './table/walk-rules.ts';

export const modelRules = {
  registrationSucceeds: 'RTM-REG-001',
  registrationDelivers: 'RTM-REG-002',
  handleDistinct: 'RTM-REG-003',
  identityTaken: 'RTM-REG-004',
  identityFree: 'RTM-REG-010',
  badArgument: 'RTM-REG-013',
  configuration: 'RTM-REG-014',
  shortage: 'RTM-REG-015',
  deregistrationSucceeds: 'RTM-DEREG-001',
  staleHandle: 'RTM-DEREG-002',
  staleHandleExactly: 'RTM-DEREG-003',
  deregistrationInvalid: 'RTM-DEREG-004',
  deregisteredOnce: 'RTM-DEREG-005',
  leaveHolding: 'RTM-DEREG-014',
  listComplete: 'RTM-LIST-001',
  listInvented: 'RTM-LIST-002',
  listOnce: 'RTM-LIST-003',
  listCount: 'RTM-LIST-005',
  listOverflow: 'RTM-LIST-006',
  listRoom: 'RTM-LIST-007',
  listPaired: 'RTM-LIST-010',
  listRecords: 'RTM-LIST-011',
  listHandles: 'RTM-LIST-012',
  countDefined: 'RTM-OUT-002',
  overflowCount: 'RTM-OUT-004',
  outDefined: 'RTM-OUT-001',
  infoContent: 'RTM-INFO-001',
  infoInvalid: 'RTM-INFO-002',
  infoTable: 'RTM-INFO-003',
  infoRelease: 'RTM-INFO-005',
  infoReleaseInvalid: 'RTM-INFO-006',
  releaseHeld: 'RTM-REL-002',
  releaseDeparted: 'RTM-REL-004',
  releaseInvalid: 'RTM-REL-005',
  releaseOnce: 'RTM-REL-008',
  referenceHeld: 'RTM-REF-003',
  referenceInvalid: 'RTM-REF-013',
  heldAlive: 'RTM-REF-011',
  wrongKind: 'RTM-SAFE-008',
  documentedStatus: 'RTM-SAFE-006',
  registrationTold: 'RTM-EVENT-001',
  deregistrationTold: 'RTM-EVENT-002',
  eventOnce: 'RTM-EVENT-003',
  eventTrue: 'RTM-EVENT-004',
  eventReceiver: 'RTM-EVENT-005',
  eventSubject: 'RTM-EVENT-006',
  eventDescription: 'RTM-EVENT-007',
  eventType: 'RTM-EVENT-008',
  eventTable: 'RTM-EVENT-009',
  eventAfterDeregistration: 'RTM-EVENT-013',
  callbackRunning: 'RTM-EVENT-014',
} as const;

export type RuleName = keyof typeof modelRules | keyof typeof tableRules | keyof typeof walkRules;

const rules: Readonly<Record<RuleName, RuleId>> = { ...modelRules, ...tableRules, ...walkRules };

/** Each is a rule of the catalogue. */
export function ruleOf(name: RuleName): RuleId {
  return rules[name];
}
