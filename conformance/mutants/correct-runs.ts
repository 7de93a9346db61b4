/** Whether the suite lets correct implementations pass: all checks, seed by seed, by every profile they may be judged by. */
import { setImmediate } from 'node:timers/promises';
import type { Implementation } from '../../harness/adapters/index.ts';
import type { CheckStatus } from '../../reports/index.ts';
import { type Profile, profiles } from '../../spec/index.ts';
import { type Check, isFor } from '../runner/check.ts';
import { connect } from '../runner/connect.ts';
import type { Subject } from '../runner/subject.ts';

export interface PlannedRun {
  /** Names the run for ever, for shards. */
  readonly id: string;
  readonly implementation: Implementation;
  readonly profile: Profile;
  readonly seed: number;
}

/** A correct implementation that the suite took exception to. */
export interface FalseAlarm {
  readonly implementation: string;
  readonly profile: Profile;
  readonly check: string;
  readonly seed: number;
  readonly status: CheckStatus;
  readonly message: string;
}

export interface CorrectRun {
  /** That of the plan. */
  readonly id: string;
  /** What was judged, and by which profile. */
  readonly subject: string;
  readonly checks: number;
  readonly executions: number;
  readonly falseAlarms: readonly FalseAlarm[];
}

/** @param seeds How many, from 1 on. */
export function plannedRuns(
  correct: readonly Implementation[],
  seeds: number,
): readonly PlannedRun[] {
  return correct.flatMap((implementation) =>
    profilesOf(implementation).flatMap((profile) =>
      Array.from({ length: seeds }, (_, index) => ({
        id: `${subjectText(implementation, profile)}, seed ${index + 1}`,
        implementation,
        profile,
        seed: index + 1,
      })),
    ),
  );
}

/** Who does what the notes ask for does what is documented; not the other way round. */
function profilesOf({ profile }: Implementation): readonly Profile[] {
  return profile === 'notes' ? profiles : ['documented'];
}

function subjectText({ name }: Implementation, profile: Profile): string {
  return `${name} (${profile})`;
}

/** Undefined when it was interrupted before it had an answer to anything. */
export async function judgeCorrect(
  { id, implementation, profile, seed }: PlannedRun,
  checks: readonly Check[],
  budget: { readonly effort: number; readonly interrupted: () => boolean },
): Promise<CorrectRun | undefined> {
  const { name } = implementation;
  const subject = await connect(implementation, { adapter: `built-in:${name}`, profile });
  const falseAlarms: FalseAlarm[] = [];
  let count = 0;
  let executions = 0;
  for (const check of checks.filter((each) => isWorthwhile(each, subject, seed))) {
    // Signals arrive when the event loop turns, and not before.
    await setImmediate();
    const outcome = await check.run(subject, { seed, ...budget });
    const { status, message = '' } = outcome;
    if (status === 'not-run') break;
    count += 1;
    executions += outcome.executions;
    if (status === 'pass') continue;
    falseAlarms.push({ implementation: name, profile, check: check.id, seed, status, message });
  }
  if (count === 0) return undefined;
  const judgedAs = subjectText(implementation, profile);
  return { id, subject: judgedAs, checks: count, executions, falseAlarms };
}

/** Litmus programs are explored exhaustively: no seed shows anything that another one does not. */
function isWorthwhile(check: Check, subject: Subject, seed: number): boolean {
  return isFor(check, subject) && (seed === 1 || check.kind !== 'litmus');
}
