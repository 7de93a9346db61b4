/** RtmHoldDestination: marks a destination, so that its last route is held when it is deleted. */
import { statuses } from '../../../spec/index.ts';
import { checkCaller } from '../caller.ts';
import type { Clause } from '../clause.ts';
import type { Context } from '../context.ts';
import type { Entity, State } from '../state.ts';
import type { TableCallOf } from './calls.ts';
import { profileOf } from './contents.ts';
import { nameOf } from './names.ts';
import { type Objection, objectionsToHandle, withObjections } from './objections.ts';
import type { Destination } from './objects.ts';
import { presenceOf, routesOf } from './presence.ts';
import { put, withTables } from './store.ts';

type HoldCall = TableCallOf<'RtmHoldDestination'>;

const { NO_ERROR, ERROR_INVALID_PARAMETER, ERROR_NOT_SUPPORTED } = statuses;

export function holdClauses(state: State, call: HoldCall, context: Context): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'holdInvalid',
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const named = nameOf(state, entity.key, call.DestHandle, 'destination');
  const objections: Objection[] = [
    ...objectionsToHandle(named, context, { rule: 'holdInvalid', parameter: 'DestHandle' }),
  ];
  if (call.HoldTime === 0) {
    objections.push({
      certainty: 'must',
      statuses: [ERROR_INVALID_PARAMETER],
      rule: 'holdTime',
      sentence: 'HoldTime is zero',
    });
  }
  if (viewsToHold(state, entity, call) !== call.TargetViews >>> 0 || call.TargetViews === 0) {
    objections.push({
      certainty: 'may',
      statuses: [ERROR_INVALID_PARAMETER, ERROR_NOT_SUPPORTED],
      rule: 'holdViews',
      sentence: 'TargetViews has no views, or some that are not supported',
    });
  }
  const destination =
    named.key === undefined ? undefined : state.tables.destinations.get(named.key);
  if (destination === undefined) return withObjections(state, objections, []);
  if (routesOf(state.tables, destination).every((r) => presenceOf(state, r) !== 'sure')) {
    objections.push({
      certainty: 'may',
      statuses: 'error',
      rule: 'holdInvalid',
      sentence: 'the destination has no route, or may have none',
    });
  }
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'holdMarks',
    sentence: 'the destination is marked, and nothing else changes',
    accept: () => [markForHold(state, entity, destination, call)],
  };
  return withObjections(state, objections, [success]);
}

function viewsToHold(state: State, caller: Entity, { TargetViews }: HoldCall): number {
  return (TargetViews & profileOf(state.tables, caller).views) >>> 0;
}

/** What a further call does to an earlier one is open (RTM-AMB-136): its own views are held in any case. */
export function markForHold(
  state: State,
  caller: Entity,
  destination: Destination,
  call: HoldCall,
): State {
  const longest = Math.max(destination.mark?.longest ?? 0, call.HoldTime);
  const mark = { views: viewsToHold(state, caller, call), longest };
  return withTables(state, put(state.tables, { ...destination, mark }));
}
