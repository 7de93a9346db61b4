/** Holds the suite against a mutant: the checks one after another, the likeliest and cheapest first, until one fails. */
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
  const { interrupted = () => false } = options;
  const subject = await connectMutant(mutant);
  let executions = 0;
  for (const check of likeliestFirst(mutant, checks, subject)) {
    if (interrupted()) break;
    const tried = await holdAgainst(check, { mutant, subject }, options);
    executions += tried.executions;
    if (tried.kill !== undefined) return { mutant: mutant.id, executions, kill: tried.kill };
  }
  return { mutant: mutant.id, executions, kill: undefined };
}

/** Holds one check against a mutant. */
export async function holdAgainst(
  check: Check,
  target: { readonly mutant: Mutant; readonly subject: Subject },
  { seed, effort, interrupted = () => false }: KillOptions,
): Promise<Pick<KillAttempt, 'executions' | 'kill'>> {
  const { subject, hasFailed } = watching(target.subject);
  // One failure is enough: nobody is going to read about it, so nothing is made small.
  const budget = {
    seed,
    effort,
    explain: false,
    interrupted: () => hasFailed() || interrupted(),
  };
  const { status, executions, failure } = await check.run(subject, budget);
  if (!KILLING.includes(status)) return { executions, kill: undefined };
  const rule = ruleIds.find((id) => id === failure?.rule.id);
  const token = failure?.token;
  const kill: Kill = {
    killedBy: check.id,
    status,
    rule,
    isExpectedRule: rule !== undefined && rulesOf(target.mutant).includes(rule),
    program: token === undefined ? undefined : decodeSuiteToken(token).program,
  };
  return { executions, kill };
}

export async function connectMutant(mutant: Mutant): Promise<Subject> {
  const implementation = await loadMutant(mutant);
  return connect(implementation, { adapter: `mutant:${mutant.id}`, profile: PROFILE });
}

/** A scenario is a moment's work, a litmus program a fraction of a second, a property seconds. */
const COST: Readonly<Record<CheckKind, number>> = { scenario: 0, litmus: 1, property: 2 };
const KINDS = 3;

/**
 * The checks that a mutant is most likely to fail soonest: those that look for the rule it is made to break, then those
 * of its level, then all others; and in each of these the cheaper kinds, and of one kind those that look
 * for what else it may be found out by.
 */
function likeliestFirst(
  mutant: Mutant,
  checks: readonly Check[],
  subject: Subject,
): readonly Check[] {
  const suspects = rulesOf(mutant);
  const { feature } = ruleById(mutant.rule);
  const distanceOf = (check: Check): number => {
    const isNear = check.level === feature;
    const isMeant = check.rules.includes(mutant.rule);
    // Properties name whatever random programs may come upon, and litmus programs of other levels much of it.
    if (isMeant && (check.kind === 'scenario' || (check.kind === 'litmus' && isNear))) return 0;
    return isNear ? 1 : 2;
  };
  const rank = (check: Check): number =>
    distanceOf(check) * KINDS +
    COST[check.kind] +
    (check.rules.some((rule) => suspects.includes(rule)) ? 0 : 0.5);
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
