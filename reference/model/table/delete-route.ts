/** RtmDeleteRouteToDest: takes a route of the caller out of the table and its handle back. */
import { constants, statuses } from '../../../spec/index.ts';
import { type Out, parseCount } from '../calls.ts';
import { checkCaller } from '../caller.ts';
import { type Clause, misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import type { Entity, State } from '../state.ts';
import { denied } from './add-route.ts';
import { allBests } from './best-change.ts';
import type { TableCallOf } from './calls.ts';
import { settleChange } from './change.ts';
import { type Result, resultOf } from './choices.ts';
import { releaseToken } from './giving-back.ts';
import { nameOf } from './names.ts';
import { type Objection, objectionsToHandle, withObjections } from './objections.ts';
import type { Route } from './objects.ts';
import { presenceOf } from './presence.ts';
import { takeOut } from './route-table.ts';

type DeleteCall = TableCallOf<'RtmDeleteRouteToDest'>;

const { NO_ERROR, ERROR_INVALID_HANDLE, ERROR_NOT_FOUND } = statuses;

export function deleteRouteClauses(
  state: State,
  call: DeleteCall,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'routeInvalid',
    documentsInvalidHandle: true,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const named = nameOf(state, caller.entity.key, call.RouteHandle, 'route');
  const objections = objectionsToHandle(named, context, {
    rule: 'routeInvalid',
    parameter: 'RouteHandle',
  });
  const route = named.key === undefined ? undefined : state.tables.routes.get(named.key);
  if (route === undefined) return withObjections(state, objections, []);
  const presence = presenceOf(state, route);
  if (route.owner !== caller.entity.key)
    return withObjections(state, denied(objections, presence, 'routeOwnerDeletes'), []);
  const gone: readonly Objection[] =
    presence === 'sure'
      ? []
      : [
          {
            certainty: presence === 'gone' ? 'must' : 'may',
            statuses: [ERROR_NOT_FOUND, ERROR_INVALID_HANDLE],
            rule: 'routeDeletedOnce',
            sentence: 'the route has been deleted, or may have been',
          },
        ];
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'routeDeleted',
    sentence: 'the route is in the table and belongs to the caller, so it is deleted',
    accept: (out) => acceptDeletion(state, caller.entity, call, route, out),
    examples: () => [{ ChangeFlags: 0 }, { ChangeFlags: constants.RTM_ROUTE_CHANGE_BEST }],
  };
  return withObjections(state, [...gone, ...objections], [success]);
}

function acceptDeletion(
  state: State,
  caller: Entity,
  call: DeleteCall,
  route: Route,
  out: Out | undefined,
): Result {
  const flags = parseCount(out?.['ChangeFlags']);
  if (flags === undefined) return misfit('outDefined', 'ChangeFlags is not filled');
  const settled = deleteRoute(state, route, flags);
  if ('kind' in settled) return settled;
  return resultOf(releaseToken(settled, caller, call.RouteHandle, 'wholly'));
}

/** The route leaves the table, and best routes follow. */
export function deleteRoute(
  state: State,
  route: Route,
  flags: number | undefined,
): ReturnType<typeof settleChange> {
  const before = allBests(state, route.destination);
  const change = { destination: route.destination, before, touched: route.key };
  return settleChange(state, takeOut(state, route), change, flags);
}
