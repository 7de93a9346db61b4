/**
 * A clause: one way in which a rule permits a call to end. All clauses of a call in a state, taken
 * together, are what is permitted there; the first is the one to name when none fits.
 */
import { statuses, statusName } from '../../spec/index.ts';
import type { Out, Reply } from './calls.ts';
import type { RuleName } from './model-rules.ts';
import type { State } from './state.ts';

/** The statuses a clause is about. `error`: all but NO_ERROR. */
export type StatusSet = readonly number[] | 'error' | 'any';

export interface Clause {
  readonly statuses: StatusSet;
  readonly rule: RuleName;
  /** What is permitted and why, as a sentence. */
  readonly sentence: string;
  /** The states after a reply with these OUT parameters, or what is wrong with them. */
  accept(out: Out | undefined): readonly State[] | Misfit;
  /** OUT parameters that fit, one for each choice a client can tell apart; undefined for none. */
  readonly examples?: () => readonly (Out | undefined)[];
}

export interface Misfit {
  readonly kind: 'misfit';
  readonly rule: RuleName;
  readonly sentence: string;
}

export function misfit(rule: RuleName, sentence: string): Misfit {
  return { kind: 'misfit', rule, sentence };
}

export function isMisfit(result: readonly State[] | Misfit): result is Misfit {
  return 'kind' in result;
}

/** A clause under which the call fails and changes nothing. */
export function failure(
  state: State,
  rule: RuleName,
  permitted: StatusSet,
  sentence: string,
): Clause {
  return { statuses: permitted, rule, sentence, accept: () => [state] };
}

export function fits(set: StatusSet, status: number): boolean {
  if (set === 'any') return true;
  if (set === 'error') return status !== statuses.NO_ERROR;
  return set.includes(status);
}

export function showStatuses(set: StatusSet): string {
  if (set === 'any') return 'any status';
  if (set === 'error') return 'any error';
  return set.map(showStatus).join(' or ');
}

export function showStatus(status: number): string {
  return statusName(status) ?? `status ${status}`;
}

export function showReply(reply: Reply): string {
  const status = showStatus(reply.status);
  return reply.out === undefined ? status : `${status} with ${showValue(reply.out)}`;
}

/** Writes a value for people; handles are shown as the tokens they are. */
export function showValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(showValue).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, field]) => `${name}: ${showValue(field)}`);
    return `{ ${fields.join(', ')} }`;
  }
  return String(value);
}
