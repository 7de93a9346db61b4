/** What speaks against a call: some of it must make the call fail, some may. */
import type { Clause, StatusSet } from '../clause.ts';
import { failure } from '../clause.ts';
import type { Context } from '../context.ts';
import { statuses } from '../../../spec/index.ts';
import type { RuleName } from '../model-rules.ts';
import type { State } from '../state.ts';
import type { Named } from './names.ts';

export interface Objection {
  readonly certainty: 'must' | 'may';
  readonly statuses: StatusSet;
  readonly rule: RuleName;
  readonly sentence: string;
}

/** The clauses of a call that fails by these objections, and of its success unless one forbids it. */
export function withObjections(
  state: State,
  objections: readonly Objection[],
  success: readonly Clause[],
): readonly Clause[] {
  const failuresOf = (certainty: Objection['certainty']) =>
    objections
      .filter((objection) => objection.certainty === certainty)
      .map(({ rule, statuses: permitted, sentence }) => failure(state, rule, permitted, sentence));
  // What must make it fail comes first, so that success is blamed on it.
  const [certain, possible] = [failuresOf('must'), failuresOf('may')];
  return certain.length > 0 ? [...certain, ...possible] : [...success, ...possible];
}

export interface HandleRule {
  readonly rule: RuleName;
  /** What the handle is called in the call. */
  readonly parameter: string;
  /** The statuses that refuse a handle; default ERROR_INVALID_HANDLE. */
  readonly statuses?: readonly number[] | 'error';
}

/** What speaks against a handle by what it stands for. */
export function objectionsToHandle(
  named: Named,
  context: Context,
  { rule, parameter, statuses: refusals = [statuses.ERROR_INVALID_HANDLE] }: HandleRule,
): readonly Objection[] {
  switch (named.standing) {
    case 'never':
      return [
        {
          certainty: 'must',
          statuses: refusals,
          rule,
          sentence: `${parameter} never was a handle`,
        },
      ];
    case 'foreign': {
      const sentence = `${parameter} is a handle of another kind`;
      return context.profile === 'notes'
        ? [{ certainty: 'must', statuses: refusals, rule: 'wrongKind', sentence }]
        : [{ certainty: 'must', statuses: 'any', rule: 'wrongKind', sentence }];
    }
    case 'stale': {
      const sentence = `${parameter} is of an object that has been freed`;
      return [{ certainty: 'must', statuses: 'error', rule, sentence }];
    }
    case 'named': {
      const sentence = `the caller may not hold a reference by ${parameter}`;
      return [{ certainty: 'may', statuses: 'error', rule, sentence }];
    }
    case 'held':
      return [];
  }
}
