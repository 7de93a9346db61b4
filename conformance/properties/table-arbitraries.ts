/**
 * Random programs on routing tables: few prefixes that contain each other, few next hops, few values, so
 * that calls meet. References are places among what is held, resolved as the program runs.
 */
import fc from 'fast-check';
import type { Level } from '../../spec/index.ts';
import type { Action, RtmProgram } from '../programs/rtm-program.ts';
import { nextHopInfo } from '../programs/table-steps.ts';
import {
  holdGroups,
  lookUpGroups,
  methodGroups,
  notificationGroups,
  opaqueGroups,
  subscription,
} from './table-other-groups.ts';
import { client, entityGroups } from './table-entity-groups.ts';
import { givenBackByNobody, othersHops, othersRoutes } from './table-refused-groups.ts';
import { addNextHop, addRoute, nextHopGroups, routeGroups } from './table-route-groups.ts';
import {
  call,
  type Family,
  type Group,
  held,
  ipv4,
  ipv6,
  look,
  slot,
  SLOTS,
} from './table-values.ts';
import { enumerationGroups, listGroups } from './table-walk-groups.ts';
import { wrongCalls } from './table-wrong-groups.ts';

export interface TableFocus {
  /** How often the functions of each level are called. */
  readonly weights: Readonly<Partial<Record<Exclude<Level, 'core'>, number>>>;
  /** Threads beside the set-up; 0: everything is done one after the other. */
  readonly threads: number;
  /** Of the set-up, and of each thread. */
  readonly setupActions: number;
  readonly threadActions: number;
}

export function tablePrograms(focus: TableFocus): fc.Arbitrary<RtmProgram> {
  return fc.boolean().chain((isIpv6) => {
    const family = isIpv6 ? ipv6 : ipv4;
    const { setupActions, threads, threadActions } = focus;
    const group = groups(focus, family);
    const thread = fc.array(group, { minLength: 1, maxLength: threadActions, size: 'max' });
    return fc
      .record({
        clients: fc.tuple(...Array.from({ length: SLOTS }, (_, slot) => client(slot, family))),
        // Most calls mean nothing before there are next hops and routes.
        furniture: fc.array(furniture(focus, family), {
          minLength: 2,
          maxLength: 6,
          size: 'max',
        }),
        setup: fc.array(group, { maxLength: setupActions, size: 'max' }),
        threads: fc.array(thread, { minLength: threads, maxLength: threads }),
      })
      .map((parts) => ({
        setup: [
          ...parts.clients,
          ...firstHops(family),
          ...parts.furniture.flat(),
          ...parts.setup.flat(),
        ],
        threads: parts.threads.map((actions) => actions.flat()),
      }));
  });
}

/** A next hop for everybody, so that routes can be added from the start. */
function firstHops({ hops: [first = ''] }: Family): readonly Action[] {
  return Array.from({ length: SLOTS }, (_, slot) =>
    call('RtmAddNextHop', slot, { NextHopInfo: nextHopInfo(first) }),
  );
}

function furniture({ weights }: TableFocus, family: Family): Group {
  return fc.oneof(
    addNextHop(family),
    addRoute(family),
    addRoute(family),
    ...(weights.notification === undefined ? [] : [subscription(), subscription()]),
    ...(weights.lists === undefined ? [] : [look('RtmCreateRouteList')]),
    ...(weights.methods === undefined ? [] : [slot.map((by) => [{ call: 'list' as const, by }])]),
  );
}

function groups(focus: TableFocus, family: Family): Group {
  const byLevel: Readonly<Record<Exclude<Level, 'core'>, readonly Group[]>> = {
    routes: routeGroups(family),
    views: [look('RtmIsBestRoute', { RouteHandle: held('route') })],
    nexthops: nextHopGroups(family),
    lookup: lookUpGroups(family),
    enumeration: enumerationGroups(family),
    notification: notificationGroups(family),
    lists: listGroups(),
    methods: methodGroups(),
    opaque: opaqueGroups(family),
    'hold-aging': holdGroups(family),
  };
  const chosen = Object.entries(focus.weights).flatMap(([level, weight]) => {
    const found = byLevel[level as Exclude<Level, 'core'>];
    return weight > 0 ? [{ weight, arbitrary: fc.oneof(...found) }] : [];
  });
  return fc.oneof(
    ...chosen,
    { weight: 1, arbitrary: fc.oneof(...entityGroups(family)) },
    { weight: 2, arbitrary: fc.oneof(othersRoutes(family), othersHops(family)) },
    { weight: 1, arbitrary: givenBackByNobody(family) },
    { weight: 2, arbitrary: wrongCalls(family) },
  );
}
