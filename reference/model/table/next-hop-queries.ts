/** RtmGetNextHopInfo, RtmGetNextHopPointer and RtmLockNextHop. */
import { statuses } from '../../../spec/index.ts';
import { checkCaller } from '../caller.ts';
import { type Clause, misfit } from '../clause.ts';
import type { Context } from '../context.ts';
import type { Entity, State } from '../state.ts';
import { deniedHop } from './add-next-hop.ts';
import type { Circumstances, TableCallOf } from './calls.ts';
import { resultOf } from './choices.ts';
import { exampleHopInfo } from './examples.ts';
import { canLock, isOrderly, type LockRequest, withLock, withoutLock } from './locks.ts';
import { nameOf } from './names.ts';
import { acceptHopInfo } from './next-hops.ts';
import { type Objection, objectionsToHandle, withObjections } from './objections.ts';
import type { NextHop } from './objects.ts';
import { put, withTables } from './store.ts';

const { NO_ERROR } = statuses;

type LockCall = TableCallOf<'RtmLockNextHop'> & Circumstances;

interface HopCase {
  readonly caller: Entity;
  readonly hop: NextHop | undefined;
  readonly objections: readonly Objection[];
}

/** Who calls about which next hop; clauses when the call ends there. */
function hopCase(
  state: State,
  call: { readonly RtmRegHandle: number; readonly NextHopHandle: unknown },
  context: Context,
  documentsInvalidHandle: boolean,
): HopCase | { readonly clauses: readonly Clause[] } {
  const rule = documentsInvalidHandle ? 'hopInvalid' : 'hopUnlockable';
  const caller = checkCaller(state, call.RtmRegHandle, context, { rule, documentsInvalidHandle });
  if (caller.kind === 'bad') return { clauses: caller.clauses };
  const named = nameOf(state, caller.entity.key, call.NextHopHandle, 'nexthop');
  const objections = objectionsToHandle(named, context, {
    rule,
    parameter: 'NextHopHandle',
    ...(documentsInvalidHandle ? {} : { statuses: 'error' as const }),
  });
  const hop = named.key === undefined ? undefined : state.tables.hops.get(named.key);
  const gone: readonly Objection[] =
    hop === undefined || hop.presence === 'sure'
      ? []
      : [
          {
            certainty: 'may',
            statuses: 'error',
            rule,
            sentence: 'the next hop has been deleted, or may have been',
          },
        ];
  return { caller: caller.entity, hop, objections: [...objections, ...gone] };
}

export function nextHopInfoClauses(
  state: State,
  call: TableCallOf<'RtmGetNextHopInfo'>,
  context: Context,
): readonly Clause[] {
  const found = hopCase(state, call, context, true);
  if ('clauses' in found) return found.clauses;
  const { caller, hop, objections } = found;
  if (hop === undefined) return withObjections(state, objections, []);
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'hopInfo',
    sentence: 'NextHopHandle is of a next hop, which is described as it is',
    accept: (out) => resultOf(acceptHopInfo(state, caller, hop, out?.['NextHopInfo'])),
    examples: () => [{ NextHopInfo: exampleHopInfo(state, hop) }],
  };
  return withObjections(state, objections, [success]);
}

export function nextHopPointerClauses(
  state: State,
  call: TableCallOf<'RtmGetNextHopPointer'>,
  context: Context,
): readonly Clause[] {
  const found = hopCase(state, call, context, true);
  if ('clauses' in found) return found.clauses;
  const { caller, hop, objections } = found;
  if (hop === undefined) return withObjections(state, objections, []);
  if (hop.owner !== caller.key)
    return withObjections(state, [deniedHop(hop, 'hopOwnerPointer'), ...objections], []);
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'hopPointer',
    sentence: 'the next hop belongs to the caller, who gets a pointer to it',
    accept: (out) =>
      resultOf(acceptHopInfo(state, caller, hop, out?.['NextHopPointer'], { isLive: true })),
    examples: () => [{ NextHopPointer: exampleHopInfo(state, hop) }],
  };
  return withObjections(state, objections, [success]);
}

export function lockNextHopClauses(
  state: State,
  call: LockCall,
  context: Context,
): readonly Clause[] {
  const found = hopCase(state, call, context, false);
  if ('clauses' in found) return found.clauses;
  const { caller, hop, objections } = found;
  if (hop === undefined) return withObjections(state, objections, []);
  if (hop.owner !== caller.key)
    return withObjections(state, [deniedHop(hop, 'hopOwnerPointer'), ...objections], []);
  const request: LockRequest = {
    entity: caller,
    exclusive: call.Exclusive,
    process: call.process ?? null,
  };
  const success: Clause = {
    statuses: [NO_ERROR],
    rule: 'hopLocked',
    sentence: 'the next hop belongs to the caller, who locks or unlocks it',
    accept: (out) => {
      if (call.LockNextHop && !canLock(hop.locks, request))
        return misfit('hopLocked', 'another thread has the next hop locked');
      const locks = call.LockNextHop
        ? withLock(hop.locks, request)
        : withoutLock(hop.locks, request);
      const changed: NextHop = { ...hop, locks };
      const next = withTables(state, put(state.tables, changed));
      if (!call.LockNextHop) return [next];
      return resultOf(
        acceptHopInfo(next, caller, changed, out?.['NextHopPointer'], { isLive: true }),
      );
    },
    examples: () => [call.LockNextHop ? { NextHopPointer: exampleHopInfo(state, hop) } : undefined],
  };
  const disorder: readonly Objection[] =
    call.LockNextHop || isOrderly(hop.locks, request)
      ? []
      : [
          {
            certainty: 'may',
            statuses: 'error',
            rule: 'hopLocked',
            sentence: 'the next hop is not locked in this way by this thread',
          },
        ];
  return withObjections(state, [...disorder, ...objections], [success]);
}
