/** Holds the suite against a mutant: the checks one after another, the cheapest first, until one fails. */
import type { CheckKind, CheckStatus } from '../../reports/index.ts';
import { ruleById, type RuleId, ruleIds } from '../../spec/index.ts';
import type { RtmProgram } from '../programs/rtm-program.ts';
import { type Check, isFor } from '../runner/check.ts';
import { connect } from '../runner/connect.ts';
import type { Subject } from '../runner/subject.ts';
import { decodeSuiteToken } from '../runner/token.ts';
import { loadMutant } from './load-mutant.ts';
import type { Mutant } from './mutant.ts';

export interface KillOptions {
  readonly seed: number;
  /** As in `Budget`: 1 is the default run. */
  readonly effort: number;
  readonly interrupted?: () => boolean;
}

export interface Kill {
  /** Id of the check. */
  readonly killedBy: string;
  readonly status: CheckStatus;
  /** The rule that the verdict names; undefined when it names none. */
  readonly rule: RuleId | undefined;
  /** Whether that is a rule by which the mutant is known to be wrong. */
  readonly isExpectedRule: boolean;
  /** The program that failed, if it was one. */
  readonly program: RtmProgram | undefined;
}

export interface KillAttempt {
  /** Id of the mutant. */
  readonly mutant: string;
  /** Those of all checks up to the one that failed. */
  readonly executions: number;
  /** Undefined: it has survived. */
  readonly kill: Kill | undefined;
}

const KILLING: readonly CheckStatus[] = ['fail', 'crash', 'timeout'];

/** The profile in which mutants are judged: it has all the rules of the other one. */
const PROFILE = 'notes';

export async function killMutant(
  mutant: Mutant,
  checks: readonly Check[],
  options: KillOptions,
): Promise<KillAttempt> {
  const { seed, effort, interrupted = () => false } = options;
  const connected = await connectMutant(mutant);
  let executions = 0;
  for (const check of cheapestFirst(mutant, checks, connected)) {
    if (interrupted()) break;
    const { subject, hasFailed } = watching(connected);
    // One failure is enough: nobody is going to read about it, so nothing is made small.
    const budget = {
      seed,
      effort,
      explain: false,
      interrupted: () => hasFailed() || interrupted(),
    };
    const outcome = await check.run(subject, budget);
    executions += outcome.executions;
    if (!KILLING.includes(outcome.status)) continue;
    const rule = ruleIds.find((id) => id === outcome.failure?.rule.id);
    const token = outcome.failure?.token;
    const kill: Kill = {
      killedBy: check.id,
      status: outcome.status,
      rule,
      isExpectedRule: rule !== undefined && rulesOf(mutant).includes(rule),
      program: token === undefined ? undefined : decodeSuiteToken(token).program,
    };
    return { mutant: mutant.id, executions, kill };
  }
  return { mutant: mutant.id, executions, kill: undefined };
}

export async function connectMutant(mutant: Mutant): Promise<Subject> {
  const implementation = await loadMutant(mutant);
  return connect(implementation, { adapter: `mutant:${mutant.id}`, profile: PROFILE });
}

/** A scenario is a moment's work, a litmus program a fraction of a second, a property seconds. */
const COST: Readonly<Record<CheckKind, number>> = { scenario: 0, litmus: 0.5, property: 4 };

/** More than any kind costs. */
const OTHER_LEVEL = 10;

/**
 * The level in question first, and among its checks the cheaper kinds, and of each kind those that look at the
 * rules in question.
 */
function cheapestFirst(
  mutant: Mutant,
  checks: readonly Check[],
  subject: Subject,
): readonly Check[] {
  const suspects = rulesOf(mutant);
  const { feature } = ruleById(mutant.rule);
  const rank = (check: Check): number =>
    (check.level === feature ? 0 : OTHER_LEVEL) +
    COST[check.kind] +
    (check.rules.some((rule) => suspects.includes(rule)) ? 0 : 1);
  return checks.filter((check) => isFor(check, subject)).toSorted((a, b) => rank(a) - rank(b));
}

function rulesOf({ rule, rules = [] }: Mutant): readonly RuleId[] {
  return [rule, ...rules];
}

/** The same subject, with a look at whether an exploration of it has failed. */
function watching(connected: Subject): {
  readonly subject: Subject;
  readonly hasFailed: () => boolean;
} {
  let failed = false;
  const note = <T>(result: T): T => {
    failed ||=
      typeof result === 'object' && result !== null && Reflect.get(result, 'failure') !== undefined;
    return result;
  };
  const subject: Subject = {
    ...connected,
    drive: (runs) => {
      const result = connected.drive(runs);
      return result instanceof Promise ? result.then(note) : note(result);
    },
  };
  return { subject, hasFailed: () => failed };
}
