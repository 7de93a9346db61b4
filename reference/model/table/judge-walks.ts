/** Judging enumerations, change notification, route lists, methods, opaque pointers and locks of destinations. */
import { type Clause, failure, type Misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import type { Entity, State } from '../state.ts';
import { statuses } from '../../../spec/index.ts';
import type { TableCall, TableOccurrence } from './calls.ts';
import { lockDestinationClauses } from './destination-locks.ts';
import { fetchClauses, unansweredFetch } from './enumeration-fetch.ts';
import {
  createDestEnumClauses,
  createNextHopEnumClauses,
  createRouteEnumClauses,
  deleteEnumClauses,
} from './enumerations.ts';
import { handlesIn, releaseAll, releaseClauses } from './giving-back.ts';
import { acceptMethod, invokeClauses } from './methods.ts';
import { blockClauses, entityMethodsClauses } from './methods-exported.ts';
import { changedDestsClauses, ignoreClauses, releaseChangedClauses } from './notifications.ts';
import { opaquePointerClauses, useSlot } from './opaque.ts';
import {
  createListClauses,
  createListEnumClauses,
  deleteListClauses,
  insertClauses,
} from './route-lists.ts';
import {
  changeStatusClauses,
  isMarkedClauses,
  markClauses,
  subscribeClauses,
  unsubscribeClauses,
} from './subscriptions.ts';

export type WalkCall = Extract<
  TableCall,
  {
    name:
      | `RtmCreate${string}`
      | `RtmGetEnum${string}`
      | 'RtmGetListEnumRoutes'
      | 'RtmReleaseDests'
      | 'RtmDeleteEnumHandle'
      | `Rtm${string}ChangeNotification`
      | `Rtm${string}ChangedDests`
      | 'RtmGetChangeStatus'
      | 'RtmInsertInRouteList'
      | 'RtmDeleteRouteList'
      | 'RtmGetEntityMethods'
      | 'RtmInvokeMethod'
      | 'RtmBlockMethods'
      | 'RtmGetOpaqueInformationPointer'
      | 'RtmLockDestination';
  }
>;

/** Everything that is permitted when the call is made in this state. */
export function walkClauses(state: State, call: WalkCall, context: Context): readonly Clause[] {
  switch (call.name) {
    case 'RtmCreateDestEnum':
      return createDestEnumClauses(state, call, context);
    case 'RtmCreateRouteEnum':
      return createRouteEnumClauses(state, call, context);
    case 'RtmCreateNextHopEnum':
      return createNextHopEnumClauses(state, call, context);
    case 'RtmGetEnumDests':
    case 'RtmGetEnumRoutes':
    case 'RtmGetEnumNextHops':
    case 'RtmGetListEnumRoutes':
      return fetchClauses(state, call, context);
    case 'RtmReleaseDests':
      return releaseDestsClauses(state, call, context);
    case 'RtmDeleteEnumHandle':
      return deleteEnumClauses(state, call, context);
    case 'RtmRegisterForChangeNotification':
      return subscribeClauses(state, call, context);
    case 'RtmDeregisterFromChangeNotification':
      return unsubscribeClauses(state, call, context);
    case 'RtmMarkDestForChangeNotification':
      return markClauses(state, call, context);
    case 'RtmIsMarkedForChangeNotification':
      return isMarkedClauses(state, call, context);
    case 'RtmGetChangedDests':
      return changedDestsClauses(state, call, context);
    case 'RtmReleaseChangedDests':
      return releaseChangedClauses(state, call, context);
    case 'RtmIgnoreChangedDests':
      return ignoreClauses(state, call, context);
    case 'RtmGetChangeStatus':
      return changeStatusClauses(state, call, context);
    case 'RtmCreateRouteList':
      return createListClauses(state, call, context);
    case 'RtmCreateRouteListEnum':
      return createListEnumClauses(state, call, context);
    case 'RtmInsertInRouteList':
      return insertClauses(state, call, context);
    case 'RtmDeleteRouteList':
      return deleteListClauses(state, call, context);
    case 'RtmGetEntityMethods':
      return entityMethodsClauses(state, call, context);
    case 'RtmInvokeMethod':
      return invokeClauses(state, call, context);
    case 'RtmBlockMethods':
      return blockClauses(state, call, context);
    case 'RtmGetOpaqueInformationPointer':
      return opaquePointerClauses(state, call, context);
    case 'RtmLockDestination':
      return lockDestinationClauses(state, call, context);
  }
}

function releaseDestsClauses(
  state: State,
  call: Extract<WalkCall, { name: 'RtmReleaseDests' }>,
  context: Context,
): readonly Clause[] {
  const entries = call.DestInfos.slice(0, call.NumDests);
  const returned = entries.flatMap((entry) => handlesIn('RTM_DEST_INFO', entry));
  const clauses = releaseClauses(
    state,
    call,
    context,
    { invalid: 'enumDestsInvalid', held: 'enumDestsReleased', parameter: 'DestInfos' },
    returned,
  );
  if (call.NumDests > 0) return clauses;
  const isServed = clauses.some(({ rule }) => rule === 'enumDestsReleased');
  return isServed
    ? [failure(state, 'enumEmptyReleased', [statuses.NO_ERROR], 'nothing is given back')]
    : clauses;
}

/** The states after something that is no call. */
export function walkOccurs(
  state: State,
  call: Extract<TableOccurrence, { name: 'method' | 'write.opaque' | 'read.opaque' }>,
): readonly State[] | Misfit {
  return call.name === 'method' ? acceptMethod(state, call) : useSlot(state, call);
}

/** The states after a call that never returned and yet has had its effect. */
export function unansweredWalk(
  state: State,
  caller: Entity,
  call: WalkCall,
  context: Context,
): readonly State[] {
  switch (call.name) {
    case 'RtmGetEnumDests':
    case 'RtmGetEnumRoutes':
    case 'RtmGetEnumNextHops':
    case 'RtmGetListEnumRoutes':
      return unansweredFetch(state, call);
    case 'RtmReleaseDests': {
      const returned = call.DestInfos.flatMap((entry) => handlesIn('RTM_DEST_INFO', entry));
      return [releaseAll(state, caller, returned, 'partly')];
    }
    case 'RtmReleaseChangedDests': {
      const returned = call.ChangedDests.flatMap((entry) => handlesIn('RTM_DEST_INFO', entry));
      return [releaseAll(state, caller, returned, 'partly')];
    }
    case 'RtmDeleteEnumHandle':
    case 'RtmDeregisterFromChangeNotification':
    case 'RtmMarkDestForChangeNotification':
    case 'RtmIgnoreChangedDests':
    case 'RtmInsertInRouteList':
    case 'RtmDeleteRouteList':
    case 'RtmBlockMethods':
    case 'RtmLockDestination':
      // Whatever a reply without OUT parameters would have meant.
      return walkClauses(state, call, context)
        .filter(({ statuses: set }) => Array.isArray(set) && set.includes(statuses.NO_ERROR))
        .flatMap((clause) => {
          const result = clause.accept(undefined);
          return 'kind' in result ? [] : result;
        });
    case 'RtmGetChangedDests':
      return [forgetChanges(state, caller)];
    case 'RtmCreateDestEnum':
    case 'RtmCreateRouteEnum':
    case 'RtmCreateNextHopEnum':
    case 'RtmRegisterForChangeNotification':
    case 'RtmIsMarkedForChangeNotification':
    case 'RtmGetChangeStatus':
    case 'RtmCreateRouteList':
    case 'RtmCreateRouteListEnum':
    case 'RtmGetEntityMethods':
    case 'RtmInvokeMethod':
    case 'RtmGetOpaqueInformationPointer':
      return [state];
  }
}

/** Nobody has seen what was delivered: of what was pending nothing need be any more. */
function forgetChanges(state: State, caller: Entity): State {
  const subscriptions = state.tables.subscriptions.map((subscription) =>
    subscription.owner === caller.key
      ? {
          ...subscription,
          announced: false,
          owed: subscription.owed === 'due' ? ('possible' as const) : subscription.owed,
          pending: subscription.pending.map((entry) => ({
            ...entry,
            least: 0 as const,
            settled: false,
          })),
        }
      : subscription,
  );
  return { ...state, tables: { ...state.tables, subscriptions } };
}
