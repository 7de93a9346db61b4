/** Rules that ask something of the RTM and are named by no scenario, with the reason. */
import type { RuleId } from '../../spec/index.ts';

const OVERLAP = 'Only calls that overlap show it: properties and litmus programs look for it.';

export const rulesElsewhere: readonly { readonly rule: RuleId; readonly reason: string }[] = [
  { rule: 'RTM-REG-006', reason: OVERLAP },
  { rule: 'RTM-DEREG-006', reason: OVERLAP },
  { rule: 'RTM-DEREG-007', reason: OVERLAP },
  { rule: 'RTM-DEREG-008', reason: OVERLAP },
  { rule: 'RTM-DEREG-009', reason: OVERLAP },
  { rule: 'RTM-DEREG-011', reason: OVERLAP },
  { rule: 'RTM-LIST-004', reason: OVERLAP },
  { rule: 'RTM-REF-008', reason: OVERLAP },
  { rule: 'RTM-EVENT-014', reason: OVERLAP },
  { rule: 'RTM-SAFE-002', reason: OVERLAP },
  { rule: 'RTM-SAFE-005', reason: OVERLAP },
  { rule: 'RTM-ROUTE-024', reason: OVERLAP },
  { rule: 'RTM-ROUTE-034', reason: OVERLAP },
  { rule: 'RTM-HOP-036', reason: OVERLAP },
  { rule: 'RTM-METHOD-013', reason: OVERLAP },
  { rule: 'RTM-METHOD-018', reason: OVERLAP },
  { rule: 'RTM-LOCK-002', reason: OVERLAP },
  { rule: 'RTM-LOCK-003', reason: OVERLAP },
  {
    rule: 'RTM-METHOD-011',
    reason: 'RTM-AMB-279 leaves open who writes the status, so that nobody can be held to it.',
  },
  {
    rule: 'RTM-OUT-006',
    reason: 'The contract for implementations hands in no OUT parameter, so none holds anything.',
  },
  {
    rule: 'RTM-RLIST-013',
    reason: 'RTM-AMB-239 leaves it open, so that nobody can be held to it.',
  },
];
