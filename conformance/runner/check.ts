/** A check: something that a conforming RTM shows, with how it is looked for. */
import type { CheckKind, CheckResult } from '../../reports/index.ts';
import type { Level, Profile, RuleId } from '../../spec/index.ts';
import type { Lens } from './examine.ts';
import type { Subject } from './subject.ts';

export type CheckOutcome = Omit<CheckResult, 'id' | 'title' | 'area' | 'level' | 'kind' | 'rules'>;

export interface Budget {
  readonly seed: number;
  /** Multiplies what every check does: 1 is the default run. */
  readonly effort: number;
  /** Programs for each property, whatever the effort. */
  readonly programs?: number;
  /** False: a failure is reported as it was found, nothing being made small. Default true. */
  readonly explain?: boolean;
  /** Asked between programs: true once the run is to stop. */
  readonly interrupted: () => boolean;
}

export interface Check {
  /** For ever the same. */
  readonly id: string;
  readonly title: string;
  readonly area: string;
  readonly level: Level;
  /** Levels that have to be claimed besides. */
  readonly needs?: readonly Level[];
  readonly kind: CheckKind;
  readonly rules: readonly RuleId[];
  readonly profiles: readonly Profile[];
  /** How programs of this check are looked at, also when one is replayed. */
  lens(): Lens;
  run(subject: Subject, budget: Budget): Promise<CheckOutcome>;
}

/** Whether an implementation is to be judged by a check: by its profile, and by the levels it claims. */
export function isFor(
  check: Check,
  { profile, implementation }: Pick<Subject, 'profile' | 'implementation'>,
): boolean {
  return (
    check.profiles.includes(profile) && missingLevel(check, implementation.levels) === undefined
  );
}

/** The first level that a check is about or calls functions of, and that is not claimed. */
export function missingLevel(
  { level, needs = [] }: Check,
  claimed: readonly string[],
): Level | undefined {
  return [level, ...needs].find((needed) => !claimed.includes(needed));
}
