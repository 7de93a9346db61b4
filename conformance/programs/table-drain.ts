/**
 * Fetching until nothing is left: which calls that takes, for enumerations, lists and changed destinations.
 *
 * Items come with NO_ERROR and with ERROR_NO_MORE_ITEMS, and are looked at in either case; the enumeration of a
 * list ends with a count of zero.
 */
import type { Reply } from '../../reference/model/index.ts';
import { statuses } from '../../spec/index.ts';
import {
  type DrainAction,
  type FetchName,
  type InvokeAction,
  invoke,
  type ObjectRef,
  type TableAction,
} from './table-actions.ts';
import type { HeldObject } from './table-ledger.ts';

/** An implementation that never comes to an end is given up on. */
export const FETCHES_MAX = 64;

/** What all fetches together have delivered. */
export interface Drained {
  /** As they are recorded. */
  readonly items: unknown[];
  readonly value: unknown[];
  readonly objects: HeldObject[];
  ended: boolean;
}

const itemsAt: Readonly<Record<FetchName, readonly [count: string, items: string]>> = {
  RtmGetEnumDests: ['NumDests', 'DestInfos'],
  RtmGetEnumRoutes: ['NumRoutes', 'RouteHandles'],
  RtmGetEnumNextHops: ['NumNextHops', 'NextHopHandles'],
  RtmGetListEnumRoutes: ['NumRoutes', 'RouteHandles'],
  RtmGetChangedDests: ['NumDests', 'ChangedDests'],
};

export function isDelivered({ status }: Reply): boolean {
  return status === statuses.NO_ERROR || status === statuses.ERROR_NO_MORE_ITEMS;
}

export function itemsOf(fetch: FetchName, out: Reply['out']): readonly unknown[] {
  const [count, items] = itemsAt[fetch];
  const array: unknown = out?.[items];
  return Array.isArray(array) ? array.slice(0, Number(out?.[count])) : [];
}

export function isLastBatch(fetch: FetchName, reply: Reply): boolean {
  if (reply.status === statuses.ERROR_NO_MORE_ITEMS) return true;
  return fetch === 'RtmGetListEnumRoutes' && itemsOf(fetch, reply.out).length === 0;
}

export function drainedReply({ status }: Reply, { items, ended }: Drained): Reply {
  return { status, out: { Items: items, Ended: ended } };
}

/** The call that fetches, and the one that gives back what it delivered. */
export function planOf(action: DrainAction & { readonly as: string }): {
  readonly next: InvokeAction;
  readonly giveBack: (isFilled: boolean) => InvokeAction;
} {
  const { by, source, as } = action;
  const count = {
    profile: 'MaxHandlesInEnum',
    ...(action.room === undefined ? {} : { atMost: action.room }),
  } as const;
  const batch = { named: as };
  const all = { allOf: as };
  const plan = (
    next: TableAction,
    giveBack: (isFilled: boolean) => TableAction,
  ): ReturnType<typeof planOf> => ({
    next: asInvocation(next),
    giveBack: (isFilled) => asInvocation(giveBack(isFilled)),
  });
  switch (action.fetch) {
    case 'RtmGetEnumDests':
      return plan(
        invoke('RtmGetEnumDests', by, { EnumHandle: source, NumDests: count }, as),
        (isFilled) =>
          invoke('RtmReleaseDests', by, {
            NumDests: { lengthOf: 'DestInfos' },
            DestInfos: isFilled ? batch : [],
          }),
      );
    case 'RtmGetChangedDests':
      return plan(
        invoke('RtmGetChangedDests', by, { NotifyHandle: source, NumDests: count }, as),
        (isFilled) =>
          invoke('RtmReleaseChangedDests', by, {
            NotifyHandle: source,
            NumDests: { lengthOf: 'ChangedDests' },
            ChangedDests: isFilled ? batch : [],
          }),
      );
    case 'RtmGetEnumNextHops':
      return plan(
        invoke('RtmGetEnumNextHops', by, { EnumHandle: source, NumNextHops: count }, as),
        () =>
          invoke('RtmReleaseNextHops', by, {
            NumNextHops: { lengthOf: 'NextHopHandles' },
            NextHopHandles: all,
          }),
      );
    case 'RtmGetEnumRoutes':
    case 'RtmGetListEnumRoutes': {
      const args = { EnumHandle: source, NumRoutes: count };
      return plan(invoke(action.fetch, by, args, as), () =>
        invoke('RtmReleaseRoutes', by, {
          NumRoutes: { lengthOf: 'RouteHandles' },
          RouteHandles: all,
        }),
      );
    }
  }
}

function asInvocation(action: TableAction): InvokeAction {
  if (action.call !== 'invoke') throw new Error('a fetch or a release is an invocation');
  return action;
}

/** Spells a drain shortly. */
export function drain(
  by: DrainAction['by'],
  fetch: FetchName,
  source: ObjectRef,
  options: Pick<DrainAction, 'room' | 'as' | 'each' | 'release'> = {},
): DrainAction {
  return { call: 'drain', by, fetch, source, ...options };
}
