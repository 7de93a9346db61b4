/** RtmGetRouteInfo, RtmGetRoutePointer and RtmIsBestRoute: what a route is, given its handle. */
import { statuses } from '../../../spec/index.ts';
import { type Out, parseCount } from '../calls.ts';
import { checkCaller } from '../caller.ts';
import { type Clause, type Misfit, misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import type { RuleName } from '../model-rules.ts';
import type { Entity, State } from '../state.ts';
import { denied } from './add-route.ts';
import { observeBest } from './best-routes.ts';
import type { TableCallOf } from './calls.ts';
import { exampleAddress, exampleRouteInfo } from './examples.ts';
import { nameOf } from './names.ts';
import { type Objection, objectionsToHandle, withObjections } from './objections.ts';
import type { Presence, Route } from './objects.ts';
import { parseAddress, prefixBitsOf } from './prefixes.ts';
import { bitOf, perhapsViewsOf, presenceOf } from './presence.ts';
import { acceptRouteInfo } from './route-description.ts';

const { NO_ERROR, ERROR_INVALID_HANDLE } = statuses;

/** Whether a call may be refused because of where its route is (RTM-AMB-116, RTM-AMB-131). */
export function objectionsToPresence(presence: Presence): readonly Objection[] {
  if (presence === 'sure') return [];
  const sentence = 'the route has been deleted, or may have been';
  return [{ certainty: 'may', statuses: [ERROR_INVALID_HANDLE], rule: 'routeInvalid', sentence }];
}

export interface RouteCase {
  readonly caller: Entity;
  readonly route: Route | undefined;
  readonly presence: Presence;
  readonly objections: readonly Objection[];
}

/** Who calls about which route; clauses when the call ends there. */
export function routeCase(
  state: State,
  call: { readonly RtmRegHandle: number; readonly RouteHandle: unknown },
  context: Context,
  rule: RuleName,
  documentsInvalidHandle = true,
): RouteCase | { readonly clauses: readonly Clause[] } {
  const caller = checkCaller(state, call.RtmRegHandle, context, { rule, documentsInvalidHandle });
  if (caller.kind === 'bad') return { clauses: caller.clauses };
  const named = nameOf(state, caller.entity.key, call.RouteHandle, 'route');
  const objections = objectionsToHandle(named, context, {
    rule,
    parameter: 'RouteHandle',
    ...(documentsInvalidHandle ? {} : { statuses: 'error' as const }),
  });
  const route = named.key === undefined ? undefined : state.tables.routes.get(named.key);
  const presence = route === undefined ? 'gone' : presenceOf(state, route);
  return { caller: caller.entity, route, presence, objections };
}

export function routeInfoClauses(
  state: State,
  call: TableCallOf<'RtmGetRouteInfo'>,
  context: Context,
): readonly Clause[] {
  const found = routeCase(state, call, context, 'routeInvalid');
  if ('clauses' in found) return found.clauses;
  const { caller, route, presence } = found;
  if (route === undefined) return withObjections(state, found.objections, []);
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'routeInfo',
    sentence: 'RouteHandle is of a route, which is described as it is',
    accept: (out) => acceptInfo(state, caller, route, call, out),
    examples: () => [
      {
        ...(call.RouteInfo === null ? {} : { RouteInfo: exampleRouteInfo(state, route) }),
        ...(call.DestAddress === null
          ? {}
          : { DestAddress: exampleAddress(caller.info.AddressFamily, prefixOf(route)) }),
      },
    ],
  };
  return withObjections(state, [...found.objections, ...objectionsToPresence(presence)], [success]);
}

function prefixOf({ destination }: Route): string {
  return destination.split('/')[1] ?? '';
}

function acceptInfo(
  state: State,
  caller: Entity,
  route: Route,
  call: TableCallOf<'RtmGetRouteInfo'>,
  out: Out | undefined,
): readonly State[] | Misfit {
  if (call.DestAddress !== null) {
    const flaw = addressFlaw(state, route, out?.['DestAddress']);
    if (flaw !== undefined) return flaw;
  }
  if (call.RouteInfo === null) return [state];
  return acceptRouteInfo(state, caller, route, out?.['RouteInfo']);
}

/** Whether an address is the prefix of the route's destination. */
function addressFlaw(state: State, route: Route, value: unknown): Misfit | undefined {
  const destination = state.tables.destinations.get(route.destination);
  const address = parseAddress(value);
  if (address === undefined) return misfit('outDefined', 'DestAddress is not filled');
  const family = Number(destination?.table.split('.')[1]);
  return destination === undefined || prefixBitsOf(address, family) === destination.prefix
    ? undefined
    : misfit('routeInfo', 'DestAddress is not the prefix of the destination of the route');
}

export function routePointerClauses(
  state: State,
  call: TableCallOf<'RtmGetRoutePointer'>,
  context: Context,
): readonly Clause[] {
  const found = routeCase(state, call, context, 'routeInvalid');
  if ('clauses' in found) return found.clauses;
  const { caller, route, presence, objections } = found;
  if (route === undefined) return withObjections(state, objections, []);
  if (route.owner !== caller.key)
    return withObjections(state, denied(objections, presence, 'routeOwnerPointer'), []);
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'routePointer',
    sentence: 'the route belongs to the caller, who gets a pointer to it',
    accept: (out) => acceptRouteInfo(state, caller, route, out?.['RoutePointer'], { isLive: true }),
    examples: () => [{ RoutePointer: exampleRouteInfo(state, route) }],
  };
  return withObjections(state, [...objections, ...objectionsToPresence(presence)], [success]);
}

export function isBestClauses(
  state: State,
  call: TableCallOf<'RtmIsBestRoute'>,
  context: Context,
): readonly Clause[] {
  const found = routeCase(state, call, context, 'bestInvalid');
  if ('clauses' in found) return found.clauses;
  const { route, presence, objections } = found;
  if (route === undefined) return withObjections(state, objections, []);
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'bestInViews',
    sentence: 'the views are told in which the route is the best one',
    accept: (out) => acceptBestInViews(state, route, out),
    examples: () => [0, 1, 2, 3].map((BestInViews) => ({ BestInViews })),
  };
  return withObjections(state, [...objections, ...objectionsToPresence(presence)], [success]);
}

function acceptBestInViews(
  state: State,
  route: Route,
  out: Out | undefined,
): readonly State[] | Misfit {
  const shown = parseCount(out?.['BestInViews']);
  if (shown === undefined) return misfit('outDefined', 'BestInViews is not filled');
  if (presenceOf(state, route) === 'gone') {
    return shown === 0
      ? [state]
      : misfit('bestInViews', 'a route that has been deleted is best in some view');
  }
  const destination = state.tables.destinations.get(route.destination);
  if (destination === undefined) return [state];
  const views = perhapsViewsOf(state.tables, destination);
  if ((shown & ~views) !== 0)
    return misfit('bestInViews', 'BestInViews has a view in which there are no routes');
  let next = state;
  for (let view = 0; view < 32; view += 1) {
    if ((views & bitOf(view)) === 0) continue;
    const isBest = (shown & bitOf(view)) !== 0;
    const seen = observeBest(
      next,
      destination.key,
      view,
      (best) => (best === route.key) === isBest,
    );
    if (seen === undefined) {
      const text = isBest ? 'in which another is better' : 'in which it is the best one';
      return misfit('bestInViews', `BestInViews is wrong about view ${view}, ${text}`);
    }
    next = seen;
  }
  return [next];
}
