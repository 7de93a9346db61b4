/** Judging the functions beyond `core`: by function, what is permitted in a state. */
import { mapHandles } from '../../../spec/index.ts';
import type { Clause, Misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import type { Token } from '../naming.ts';
import type { State } from '../state.ts';
import { addNextHopClauses, deleteNextHopClauses, findNextHopClauses } from './add-next-hop.ts';
import { addRouteClauses } from './add-route.ts';
import type { TableCall, TableOccurrence } from './calls.ts';
import { deleteRouteClauses } from './delete-route.ts';
import { respectingLocks } from './destination-locks.ts';
import {
  destInfoClauses,
  exactMatchClauses,
  lessSpecificClauses,
  mostSpecificClauses,
} from './destination-queries.ts';
import { handlesIn, releaseArrayClauses, releaseClauses } from './giving-back.ts';
import { holdClauses } from './hold-destination.ts';
import { lockRouteClauses, updateAndUnlockClauses, writeRoute } from './lock-route.ts';
import { walkClauses, walkOccurs } from './judge-walks.ts';
import { matchRouteClauses } from './match-route.ts';
import {
  lockNextHopClauses,
  nextHopInfoClauses,
  nextHopPointerClauses,
} from './next-hop-queries.ts';
import { parseToken, settleNames } from './names.ts';
import { isBestClauses, routeInfoClauses, routePointerClauses } from './route-queries.ts';

/** Everything that is permitted when the call is made in this state. */
export function tableClauses(state: State, call: TableCall, context: Context): readonly Clause[] {
  const settled = settledStates(state, call);
  if (settled === undefined) return lockedClauses(state, call, context);
  return settled.flatMap((each) =>
    lockedClauses(each, call, context).map((clause) => withoutSettling(clause, each, state)),
  );
}

/**
 * A handle of which it is open what it stands for is settled when it is used, but not when it is given back
 * or when its route is put on a list, which may be so perhaps.
 */
function settledStates(state: State, call: TableCall): readonly State[] | undefined {
  const { openNames } = state.tables;
  if (openNames.isEmpty() || call.name.startsWith('RtmRelease')) return undefined;
  if (call.name === 'RtmInsertInRouteList') return undefined;
  const used = new Set<Token>();
  mapHandles(call.name, { ...call }, (handle) => {
    const token = parseToken(handle);
    if (token !== undefined && openNames.has(token)) used.add(token);
    return handle;
  });
  const states = used.size === 0 ? [] : settleNames(state, [...used]);
  return states.length === 0 ? undefined : states;
}

/** What changes nothing leaves open what was open. */
function withoutSettling(clause: Clause, settled: State, open: State): Clause {
  return {
    ...clause,
    accept: (out) => {
      const result = clause.accept(out);
      return 'kind' in result ? result : result.map((next) => (next === settled ? open : next));
    },
  };
}

function lockedClauses(state: State, call: TableCall, context: Context): readonly Clause[] {
  return respectingLocks(state, call, clausesOf(state, call, context));
}

function clausesOf(state: State, call: TableCall, context: Context): readonly Clause[] {
  switch (call.name) {
    case 'RtmAddRouteToDest':
      return addRouteClauses(state, call, context);
    case 'RtmDeleteRouteToDest':
      return deleteRouteClauses(state, call, context);
    case 'RtmLockRoute':
      return lockRouteClauses(state, call, context);
    case 'RtmUpdateAndUnlockRoute':
      return updateAndUnlockClauses(state, call, context);
    case 'RtmGetRoutePointer':
      return routePointerClauses(state, call, context);
    case 'RtmIsBestRoute':
      return isBestClauses(state, call, context);
    case 'RtmGetRouteInfo':
      return routeInfoClauses(state, call, context);
    case 'RtmReleaseRouteInfo':
    case 'RtmReleaseRoutes':
    case 'RtmReleaseDestInfo':
    case 'RtmReleaseNextHopInfo':
    case 'RtmReleaseNextHops':
      return givingBackClauses(state, call, context);
    case 'RtmGetDestInfo':
      return destInfoClauses(state, call, context);
    case 'RtmGetExactMatchDestination':
      return exactMatchClauses(state, call, context);
    case 'RtmGetMostSpecificDestination':
      return mostSpecificClauses(state, call, context);
    case 'RtmGetLessSpecificDestination':
      return lessSpecificClauses(state, call, context);
    case 'RtmGetExactMatchRoute':
      return matchRouteClauses(state, call, context);
    case 'RtmHoldDestination':
      return holdClauses(state, call, context);
    case 'RtmAddNextHop':
      return addNextHopClauses(state, call, context);
    case 'RtmFindNextHop':
      return findNextHopClauses(state, call, context);
    case 'RtmDeleteNextHop':
      return deleteNextHopClauses(state, call, context);
    case 'RtmGetNextHopInfo':
      return nextHopInfoClauses(state, call, context);
    case 'RtmGetNextHopPointer':
      return nextHopPointerClauses(state, call, context);
    case 'RtmLockNextHop':
      return lockNextHopClauses(state, call, context);
    default:
      return walkClauses(state, call, context);
  }
}

type GivingBackCall = Extract<
  TableCall,
  {
    name:
      | 'RtmReleaseRouteInfo'
      | 'RtmReleaseRoutes'
      | 'RtmReleaseDestInfo'
      | 'RtmReleaseNextHopInfo'
      | 'RtmReleaseNextHops';
  }
>;

function givingBackClauses(
  state: State,
  call: GivingBackCall,
  context: Context,
): readonly Clause[] {
  switch (call.name) {
    case 'RtmReleaseRouteInfo': {
      const rules = { invalid: 'routeInvalid', held: 'routeInfoRelease' } as const;
      const returned = handlesIn('RTM_ROUTE_INFO', call.RouteInfo);
      return releaseClauses(state, call, context, { ...rules, parameter: 'RouteInfo' }, returned);
    }
    case 'RtmReleaseDestInfo': {
      const rules = { invalid: 'destInvalid', held: 'destRelease' } as const;
      const returned = handlesIn('RTM_DEST_INFO', call.DestInfo);
      return releaseClauses(state, call, context, { ...rules, parameter: 'DestInfo' }, returned);
    }
    case 'RtmReleaseNextHopInfo': {
      const rules = { invalid: 'hopInvalid', held: 'hopInfoRelease' } as const;
      const returned = handlesIn('RTM_NEXTHOP_INFO', call.NextHopInfo);
      return releaseClauses(state, call, context, { ...rules, parameter: 'NextHopInfo' }, returned);
    }
    case 'RtmReleaseRoutes': {
      const rules = { invalid: 'routeInvalid', held: 'routeRelease' } as const;
      const array = { count: call.NumRoutes, handles: call.RouteHandles, kind: 'route' } as const;
      return releaseArrayClauses(
        state,
        call,
        context,
        { ...rules, parameter: 'RouteHandles' },
        array,
      );
    }
    case 'RtmReleaseNextHops': {
      const rules = {
        invalid: 'hopInvalid',
        held: 'hopRelease',
        parameter: 'NextHopHandles',
      } as const;
      const { NumNextHops: count, NextHopHandles: handles } = call;
      return releaseArrayClauses(state, call, context, rules, { count, handles, kind: 'nexthop' });
    }
  }
}

/** The states after something that is no call. */
export function tableOccurs(state: State, call: TableOccurrence): readonly State[] | Misfit {
  switch (call.name) {
    case 'time':
      return [{ ...state, tables: { ...state.tables, now: call.now } }];
    case 'write.route':
      return writeRoute(state, call);
    case 'write.opaque':
    case 'read.opaque':
    case 'method':
      return walkOccurs(state, call);
  }
}
