/** Judging the functions beyond `core`: by function, what is permitted in a state. */
import type { Clause, Misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import type { State } from '../state.ts';
import type { TableCall, TableOccurrence } from './calls.ts';
import type { TableState } from './state.ts';

/** Everything that is permitted when the call is made in this state. */
export function tableClauses(state: State, _call: TableCall, _context: Context): readonly Clause[] {
  // A function that is not modelled yet: whatever it does is permitted.
  return [
    {
      statuses: 'any',
      rule: 'documentedStatus',
      sentence: 'nothing is known of this function',
      accept: () => [state],
    },
  ];
}

/** The states after something that is no call. */
export function tableOccurs(state: State, call: TableOccurrence): readonly State[] | Misfit {
  if (call.name !== 'time') return [state];
  return [{ ...state, tables: { ...state.tables, now: call.now } }];
}

/** The states after a call that never returned and yet has had its effect. */
export function stepUnansweredTable(state: State, _call: TableCall): readonly State[] {
  return [state];
}

/** Equal keys mean equal tables. */
export function tablesKey(tables: TableState): string {
  const { now, nextKey, ...maps } = tables;
  const rows = Object.values(maps).map((map) => JSON.stringify(map));
  return `${now} ${nextKey} ${rows.join('|')}`;
}
