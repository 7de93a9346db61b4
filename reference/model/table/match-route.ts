/** RtmGetExactMatchRoute: a route of a destination by criteria. */
import { statuses } from '../../../spec/index.ts';
import { type Out, parseCount, record } from '../calls.ts';
import { checkCaller } from '../caller.ts';
import { type Clause, isMisfit, misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import type { Entity, State } from '../state.ts';
import type { TableCallOf } from './calls.ts';
import { anyOf, type Result } from './choices.ts';
import { areDoubtful, meets, readCriteria } from './criteria.ts';
import { objectionsToViews } from './destination-queries.ts';
import { exampleRouteInfo } from './examples.ts';
import { deliver, parseToken, unusedToken } from './names.ts';
import { type Objection, withObjections } from './objections.ts';
import type { Destination, Route } from './objects.ts';
import { hasHostBits, prefixBitsOf } from './prefixes.ts';
import { type Certainty, isInView, presenceOf, routesOf, viewsIn } from './presence.ts';
import { acceptRouteInfo } from './route-description.ts';
import { destinationAt } from './route-table.ts';

type MatchCall = TableCallOf<'RtmGetExactMatchRoute'>;

const { NO_ERROR, ERROR_NOT_FOUND } = statuses;

interface Candidate {
  readonly route: Route;
  readonly certainty: Certainty;
}

export function matchRouteClauses(
  state: State,
  call: MatchCall,
  context: Context,
): readonly Clause[] {
  const caller = checkCaller(state, call.RtmRegHandle, context, {
    rule: 'lookupInvalid',
    documentsInvalidHandle: false,
  });
  if (caller.kind === 'bad') return caller.clauses;
  const { entity } = caller;
  const family = entity.info.AddressFamily;
  const prefix = prefixBitsOf(call.DestAddress, family);
  if (prefix === undefined) {
    const sentence = 'DestAddress is no prefix of the address family of the registration';
    return [{ statuses: 'error', rule: 'lookupInvalid', sentence, accept: () => [state] }];
  }
  const destination = destinationAt(state, entity, prefix);
  const isOdd = hasHostBits(call.DestAddress, family);
  const candidates = destination === undefined ? [] : candidatesOf(state, destination, call);
  const criteria = readCriteria(state, call.MatchingFlags, call.RouteInfo, call.InterfaceIndex);
  const isSure = candidates.some(({ certainty }) => certainty === 'sure') && !isOdd;
  const missing: Objection = {
    certainty: candidates.length === 0 ? 'must' : 'may',
    statuses: isOdd ? 'error' : [ERROR_NOT_FOUND],
    rule: 'matchNotFound',
    sentence: 'no route of the destination meets the criteria',
  };
  const doubts: readonly Objection[] = areDoubtful(criteria)
    ? [
        {
          certainty: 'may',
          statuses: 'error',
          rule: 'matchNotFound',
          sentence: 'the criteria name nothing, or flags without meaning',
        },
      ]
    : [];
  const found: Clause = {
    statuses: [NO_ERROR],
    rule: 'matchFound',
    sentence: 'a route that meets the criteria is delivered',
    accept: (out) => acceptMatch(state, entity, call, candidates, out),
    examples: () =>
      candidates.map(({ route }) => ({
        RouteInfo: exampleRouteInfo(state, route),
        ...(call.RouteHandle === null ? {} : { RouteHandle: unusedToken(state, 9) }),
      })),
  };
  const objections = [
    ...(isSure ? [] : [missing]),
    ...doubts,
    ...objectionsToViews(state, entity, call.TargetViews),
  ];
  return withObjections(state, objections, [found]);
}

function candidatesOf(
  state: State,
  destination: Destination,
  call: MatchCall,
): readonly Candidate[] {
  const { tables } = state;
  const criteria = readCriteria(state, call.MatchingFlags, call.RouteInfo, call.InterfaceIndex);
  const present = routesOf(tables, destination).map((route): Candidate => {
    const answers = [
      meets(state, route, criteria),
      isInAny(state, route, call.TargetViews >>> 0),
      presenceOf(state, route) === 'sure' && !destination.odd ? 'sure' : 'perhaps',
    ] as const;
    if (answers.includes('no')) return { route, certainty: 'no' };
    return { route, certainty: answers.includes('perhaps') ? 'perhaps' : 'sure' };
  });
  // Held routes may match when all views are asked for (RTM-AMB-165).
  const held = call.TargetViews === 0 ? destination.holds.flatMap(({ among }) => among) : [];
  const heldToo = [...new Set(held)]
    .map((key) => (key === null ? undefined : tables.routes.get(key)))
    .filter((route) => route !== undefined && presenceOf(state, route) === 'gone')
    .flatMap((route) => (route === undefined ? [] : [route]))
    .filter((route) => meets(state, route, criteria) !== 'no')
    .map((route): Candidate => ({ route, certainty: 'perhaps' }));
  return [...present.filter(({ certainty }) => certainty !== 'no'), ...heldToo];
}

/** Whether a route is in one of the views; in RTM_VIEW_MASK_ANY every route is. */
function isInAny(state: State, route: Route, views: number): Certainty {
  if (views === 0) return 'sure';
  const answers = viewsIn(views).map((view) => isInView(state, route, view));
  if (answers.includes('sure')) return 'sure';
  return answers.includes('perhaps') ? 'perhaps' : 'no';
}

function acceptMatch(
  state: State,
  caller: Entity,
  call: MatchCall,
  candidates: readonly Candidate[],
  out: Out | undefined,
): Result {
  const info = record(out?.['RouteInfo']);
  if (info === undefined) return misfit('outDefined', 'RouteInfo is not filled');
  const room = parseCount(record(record(call.RouteInfo)?.['NextHopsList'])?.['NumNextHops']) ?? 0;
  const results = candidates.map(({ route }): Result => {
    const length = route.content.hops?.length ?? 0;
    const hopCounts = [Math.min(length, room), Math.min(length, 1)];
    const described = acceptRouteInfo(state, caller, route, info, { hopCounts });
    if (isMisfit(described) || call.RouteHandle === null) return described;
    return anyOf(
      described.map((next): Result => {
        const named = deliver(next, caller.key, out?.['RouteHandle'], 'route', route.key);
        if (named !== undefined) return [named];
        return parseToken(out?.['RouteHandle']) === 0
          ? misfit('matchHandle', 'a handle is wanted, but RouteHandle is not filled')
          : misfit('matchHandle', 'RouteHandle is no handle of the route that is described');
      }),
    );
  });
  const result = anyOf(results);
  if (!isMisfit(result) || result.rule === 'matchHandle') return result;
  return misfit('matchFound', `no route that meets the criteria is described: ${result.sentence}`);
}
