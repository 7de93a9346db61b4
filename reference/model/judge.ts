/** Judging one call: what is permitted in a state, whether a reply is, and which rule says so. */
import type { RuleId } from '../../spec/index.ts';
import { statuses } from '../../spec/index.ts';
import type { Call, Out, Reply } from './calls.ts';
import type { Clause, Misfit } from './clause.ts';
import {
  fits,
  isMisfit,
  misfit,
  showReply,
  showStatus,
  showStatuses,
  showValue,
} from './clause.ts';
import type { Context } from './context.ts';
import { widest } from './context.ts';
import { acceptEvent, acceptQuiet, endEvent } from './delivery.ts';
import {
  beginDeregistration,
  deregisterClauses,
  finishDeregistration,
  refuse,
  unlist,
} from './deregistration.ts';
import { getInfoClauses, releaseInfoClauses } from './information.ts';
import { closeClauses, listClauses, openList } from './listing.ts';
import { referenceClauses, releaseClauses } from './references.ts';
import {
  beginRegistration,
  finishRegistration,
  listRegistration,
  registerClauses,
} from './registration.ts';
import type { RuleName } from './model-rules.ts';
import { ruleOf } from './model-rules.ts';
import type { Debt, State } from './state.ts';
import { compareDebts } from './state.ts';
import type { TableOccurrence } from './table/calls.ts';
import { tableClauses, tableOccurs } from './table/judge-table.ts';
import { beginInvocation } from './table/methods.ts';

/** One permitted way for a call to end, with an example of the OUT parameters that go with it. */
export interface Outcome {
  readonly status: number;
  readonly out?: Out;
  readonly rule: RuleId;
  readonly sentence: string;
  /** The events that this outcome makes due. */
  readonly owed: readonly Debt[];
  readonly next: State;
}

/** Why a reply is not permitted. */
export interface Blame {
  readonly rule: RuleId;
  readonly observed: string;
  /** What is wrong with it, as a sentence. */
  readonly reason: string;
  /** What would have been permitted, as sentences, each with its rule. */
  readonly permitted: readonly string[];
}

/**
 * All outcomes permitted for a call, one example for each that a client can tell apart. Where any
 * error will do, ERROR_INVALID_HANDLE stands for it.
 */
export function step(state: State, call: Call, context: Context = widest): readonly Outcome[] {
  return clausesOf(state, call, context).flatMap((clause) => {
    const examples = clause.examples?.() ?? [undefined];
    return examples.flatMap((out) => {
      const result = clause.accept(out);
      if (isMisfit(result)) return [];
      return result.map((next): Outcome => ({
        status: exampleStatus(clause),
        ...(out === undefined ? {} : { out }),
        rule: ruleOf(clause.rule),
        sentence: clause.sentence,
        owed: newlyDue(state, next),
        next,
      }));
    });
  });
}

/** The states that explain a reply; none when it is not permitted. */
export function matches(
  state: State,
  call: Call,
  reply: Reply,
  context: Context = widest,
): readonly State[] {
  const states = clausesOf(state, call, context).flatMap((clause) => {
    if (!fits(clause.statuses, reply.status)) return [];
    const result = clause.accept(reply.out);
    return isMisfit(result) ? [] : result;
  });
  // A failure may have several reasons, and one consequence.
  return states.length < 2 ? states : [...new Set(states)];
}

/** What is permitted here, as sentences. */
export function permitted(state: State, call: Call, context: Context = widest): readonly string[] {
  return clausesOf(state, call, context).map(showClause);
}

/** Why a reply is not permitted; undefined when it is. */
export function blame(
  state: State,
  call: Call,
  reply: Reply,
  context: Context = widest,
): Blame | undefined {
  const clauses = clausesOf(state, call, context);
  const fitting = clauses.filter((clause) => fits(clause.statuses, reply.status));
  const results = fitting.map((clause) => clause.accept(reply.out));
  if (results.some((result) => !isMisfit(result) && result.length > 0)) return undefined;
  const misfits: readonly Misfit[] = results.filter(isMisfit);
  const [first] = misfits;
  const found =
    first ?? misfit(statusRule(clauses), `${showStatus(reply.status)} is not permitted here`);
  return {
    rule: ruleOf(found.rule),
    observed: showReply(reply),
    reason: found.sentence,
    permitted: clauses.map(showClause),
  };
}

/** One paragraph about a reply: that it is permitted, or what is wrong and what would be right. */
export function explain(state: State, call: Call, reply: Reply, context: Context = widest): string {
  const { name, ...args } = call;
  const found = blame(state, call, reply, context);
  const observed = `${name} ${showValue(args)} returned ${showReply(reply)}`;
  if (found === undefined) return `${observed}, which is permitted.`;
  const choices = found.permitted.map((sentence) => `\n  ${sentence}`).join('');
  return `${observed}, against ${found.rule}: ${found.reason}. Permitted is:${choices}`;
}

/** Carries all the states that explain a run so far over one more call; none means a violation. */
export function follow(
  states: readonly State[],
  call: Call,
  reply: Reply,
  context: Context = widest,
): readonly State[] {
  return states.flatMap((state) => matches(state, call, reply, context));
}

function statusRule(clauses: readonly Clause[]): RuleName {
  return clauses[0]?.rule ?? 'documentedStatus';
}

function showClause(clause: Clause): string {
  return `${showStatuses(clause.statuses)}: ${clause.sentence} (${ruleOf(clause.rule)})`;
}

function exampleStatus(clause: Clause): number {
  if (clause.statuses === 'error') return statuses.ERROR_INVALID_HANDLE;
  if (clause.statuses === 'any') return statuses.NO_ERROR;
  return clause.statuses[0] ?? statuses.NO_ERROR;
}

function newlyDue(before: State, after: State): readonly Debt[] {
  return after.debts.filter(
    (debt) =>
      debt.kind === 'due' &&
      !before.debts.some((old) => old.kind === 'due' && compareDebts(old, debt) === 0),
  );
}

/** Everything that is permitted when the call is made, or the moment comes, in this state. */
function clausesOf(state: State, call: Call, context: Context): readonly Clause[] {
  switch (call.name) {
    case 'RtmRegisterEntity':
      return registerClauses(state, call, context);
    case 'RtmDeregisterEntity':
      return deregisterClauses(state, call, context);
    case 'RtmGetRegisteredEntities':
      return listClauses(state, call, context);
    case 'RtmReleaseEntities':
      return releaseClauses(state, call, context);
    case 'RtmReferenceHandles':
      return referenceClauses(state, call, context);
    case 'RtmGetEntityInfo':
      return getInfoClauses(state, call, context);
    case 'RtmReleaseEntityInfo':
      return releaseInfoClauses(state, call, context);
    case 'list.close':
      return closeClauses(state, call.op, call.call, context);
    case 'event':
    case 'event.start':
    case 'event.end':
    case 'quiesce':
    case 'register.begin':
    case 'register.list':
    case 'register.finish':
    case 'deregister.begin':
    case 'deregister.refuse':
    case 'deregister.unlist':
    case 'deregister.finish':
    case 'list.open':
    case 'invoke.begin':
      return [momentClause(state, call, context)];
    case 'time':
    case 'write.route':
    case 'write.opaque':
    case 'read.opaque':
    case 'method':
      return [occurrenceClause(state, call)];
    default:
      return tableClauses(state, call, context);
  }
}

type SingleCall = Exclude<
  Call,
  { name: `Rtm${string}` } | { name: 'list.close' } | TableOccurrence
>;

function occurrenceClause(state: State, call: TableOccurrence): Clause {
  return {
    statuses: 'any',
    rule: 'documentedStatus',
    sentence: 'something happens that is no call',
    accept: () => tableOccurs(state, call),
  };
}

/** Calls that either happen or do not, and have no status of their own. */
function momentClause(state: State, call: SingleCall, context: Context): Clause {
  const [rule, sentence] = momentTexts[call.name];
  return {
    statuses: 'any',
    rule,
    sentence,
    accept: (out) => happen(state, call, out, context),
  };
}

function happen(
  state: State,
  call: SingleCall,
  out: Out | undefined,
  context: Context,
): readonly State[] | Misfit {
  switch (call.name) {
    case 'event':
      return acceptEvent(state, call, { context, op: null });
    case 'event.start':
      return acceptEvent(state, call.event, { context, op: call.op });
    case 'event.end':
      return [endEvent(state, call.op)];
    case 'quiesce':
      return acceptQuiet(state);
    case 'register.begin':
      return [beginRegistration(state, call.op, call)];
    case 'register.list':
      return listRegistration(state, call.op, out);
    case 'register.finish':
      return finishRegistration(state, call.op, context);
    case 'deregister.begin':
      return beginDeregistration(state, call.op, call);
    case 'deregister.refuse':
      return refuse(state, call.op);
    case 'deregister.unlist':
      return unlist(state, call.op);
    case 'deregister.finish':
      return finishDeregistration(state, call, context);
    case 'list.open':
      return openList(state, call.op, call, context);
    case 'invoke.begin':
      return [beginInvocation(state, call.op, call.call, context)];
  }
}

const momentTexts: Readonly<Record<SingleCall['name'], readonly [RuleName, string]>> = {
  event: ['registrationTold', 'a callback starts for an event that its client is owed or may get'],
  'event.start': [
    'registrationTold',
    'a callback starts for an event its client is owed or may get',
  ],
  'event.end': ['registrationTold', 'a callback returns'],
  quiesce: ['registrationTold', 'every event that is owed has started'],
  'register.begin': ['registrationSucceeds', 'a registration that will succeed begins'],
  'register.list': [
    'registrationSucceeds',
    'the entity enters the lists, as the only one with its identity',
  ],
  'register.finish': ['registrationSucceeds', 'the registration returns'],
  'deregister.begin': ['deregistrationInvalid', 'the deregistration of a registered entity begins'],
  'deregister.refuse': ['deregisteredOnce', 'the handle stops to be valid, once'],
  'deregister.unlist': ['deregistrationSucceeds', 'the entity leaves the lists, once'],
  'deregister.finish': ['deregistrationSucceeds', 'the deregistration returns'],
  'invoke.begin': ['methodRun', 'an invocation of methods begins'],
  'list.open': ['staleHandle', 'a list begins with a handle that is valid'],
};
