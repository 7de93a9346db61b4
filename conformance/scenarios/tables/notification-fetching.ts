/** Scenarios of RtmGetChangedDests, RtmReleaseChangedDests, RtmIgnoreChangedDests and RtmGetChangeStatus. */
import { constants } from '../../../spec/index.ts';
import { invoke } from '../../programs/table-actions.ts';
import { drain } from '../../programs/table-drain.ts';
import { addRoute, deleteRoute, getRouteInfo, named } from '../../programs/table-steps.ts';
import type { Scenario, Step } from '../scenario.ts';
import { register } from '../steps.ts';
import { ok, refused, routeSays } from './route-steps.ts';
import {
  at,
  changes,
  changeStatus,
  fetchChanges,
  ignore,
  isMarked,
  isPending,
  madeUpDest,
  mark,
  one,
  peer,
  releaseChanges,
  subscribe,
  unsubscribe,
} from './walk-steps.ts';

const { RTM_CHANGE_TYPE_ALL } = constants;

const base = {
  area: 'notification',
  level: 'notification',
  needs: ['routes', 'nexthops'],
} as const;

const prefixes = ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'];

/** The handles of the three destinations, as client 0 has them. */
const d1 = named('i1', 'DestHandle');
const d2 = named('i2', 'DestHandle');
const d3 = named('i3', 'DestHandle');

/** Client 0 has three routes `r1` to `r3`, and has subscribed to every change. */
const table: readonly Step[] = [
  ...peer(0, ['a', 'b'], { script: [] }),
  ...prefixes.flatMap((to, index): readonly Step[] => [
    ok(addRoute(0, to, { hops: ['a'], specific: 1 }, `r${index + 1}`)),
    ok(getRouteInfo(0, named(`r${index + 1}`), `i${index + 1}`)),
  ]),
  ok(subscribe(0, 's', { flags: RTM_CHANGE_TYPE_ALL })),
];

/** Gives the route to one of the prefixes another content. */
function change(place: number, specific: number): Step {
  return ok(addRoute(0, prefixes[place - 1] ?? '', { hops: ['a'], specific }));
}

export const changeFetchingScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'notification/one-by-one',
    title: 'A batch keeps to the room it is given, and the next continues it',
    rules: ['RTM-NOTIFY-018', 'RTM-NOTIFY-019', 'RTM-NOTIFY-002'],
    steps: [
      ...table,
      change(1, 2),
      change(2, 2),
      change(3, 2),
      one(fetchChanges(0, 's', 1, 'first'), { NumDests: 1 }),
      ok(releaseChanges(0, 's', 'first')),
      {
        do: drain(0, 'RtmGetChangedDests', named('s'), { room: 1, release: 'filled' }),
        expect: { out: { Ended: true, Items: [{}, {}] } },
      },
    ],
  },
  {
    ...base,
    id: 'notification/the-end',
    title: 'ERROR_NO_MORE_ITEMS comes when nothing is left, and not before',
    rules: ['RTM-NOTIFY-019'],
    steps: [
      ...table,
      refused(fetchChanges(0, 's', 1), 'ERROR_NO_MORE_ITEMS'),
      change(1, 2),
      change(2, 2),
      one(fetchChanges(0, 's', 1, 'first'), { NumDests: 1 }),
      isPending(0, 's', named('first', '0.DestHandle'), false),
      one(fetchChanges(0, 's', 1, 'second'), { NumDests: 1 }),
      refused(fetchChanges(0, 's', 1), 'ERROR_NO_MORE_ITEMS'),
    ],
  },
  {
    ...base,
    id: 'notification/one-entry-for-each-destination',
    title: 'However often a destination has changed, one drain delivers it once',
    rules: ['RTM-NOTIFY-020'],
    steps: [
      ...table,
      change(1, 2),
      change(1, 3),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], metric: 9 }, 'other')),
      ok(deleteRoute(0, 'other')),
      change(1, 4),
      changes(0, 's', at('10.1.0.0/16')),
    ],
  },
  {
    ...base,
    id: 'notification/the-latest',
    title: 'An entry shows the destination as it is by now',
    rules: ['RTM-NOTIFY-021', 'RTM-NOTIFY-041'],
    steps: [
      ...table,
      change(1, 2),
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], metric: 0x10, specific: 8 }, 'other')),
      ok(deleteRoute(0, 'r1')),
      one(fetchChanges(0, 's', 1, 'c'), {
        ChangedDests: [
          { DestAddress: '10.1.0.0/16', ViewInfo: { 0: { ViewId: 0, NumRoutes: 1 } } },
        ],
      }),
      routeSays(0, named('c', '0.ViewInfo.0.Route'), { EntitySpecificInfo: 8 }),
    ],
  },
  {
    ...base,
    id: 'notification/the-unicast-view-first',
    title: 'Entries of a unicast subscription begin with the unicast view',
    rules: ['RTM-NOTIFY-041'],
    steps: [
      ...table,
      change(1, 2),
      one(fetchChanges(0, 's', 1, 'c'), { ChangedDests: [{ ViewInfo: { 0: { ViewId: 0 } } }] }),
    ],
  },
  {
    ...base,
    id: 'notification/a-destination-without-routes',
    title: 'A destination that has lost its last route is delivered, and shows none',
    rules: ['RTM-NOTIFY-042', 'RTM-NOTIFY-002'],
    steps: [
      ...table,
      ok(deleteRoute(0, 'r1')),
      changes(0, 's', [
        {
          DestAddress: '10.1.0.0/16',
          ViewInfo: { 0: { ViewId: 0, NumRoutes: 0, Route: null, Owner: null } },
        },
      ]),
    ],
  },
  {
    ...base,
    id: 'notification/come-and-gone',
    title: 'A destination that came and went between two fetches is delivered without routes',
    rules: ['RTM-NOTIFY-042', 'RTM-NOTIFY-020'],
    steps: [
      ...table,
      ok(addRoute(0, '10.9.0.0/16', { hops: ['a'] }, 'r9')),
      ok(deleteRoute(0, 'r9')),
      changes(0, 's', [
        { DestAddress: '10.9.0.0/16', ViewInfo: { 0: { NumRoutes: 0, Route: null } } },
      ]),
    ],
  },
  {
    ...base,
    id: 'notification/no-more-than-the-profile-allows',
    title: 'No call delivers more than MaxHandlesInEnum, whatever is asked for',
    rules: ['RTM-NOTIFY-022'],
    steps: [
      ...table,
      ...Array.from({ length: 66 }, (_, n) => ok(addRoute(0, `172.16.${n}.0/24`, { hops: ['a'] }))),
      {
        do: invoke('RtmGetChangedDests', 0, {
          NotifyHandle: named('s'),
          NumDests: { profile: 'MaxHandlesInEnum', plus: 1 },
        }),
        expect: { status: ['NO_ERROR', 'ERROR_NO_MORE_ITEMS', 'ERROR_INVALID_PARAMETER'] },
      },
    ],
  },
  {
    ...base,
    id: 'notification/delivered-is-not-pending',
    title: 'A delivered change is not pending any more, until there is another',
    rules: ['RTM-NOTIFY-023'],
    steps: [
      ...table,
      change(1, 2),
      changes(0, 's', at('10.1.0.0/16')),
      isPending(0, 's', d1, false),
      changes(0, 's', []),
      change(1, 3),
      isPending(0, 's', d1, true),
      changes(0, 's', at('10.1.0.0/16')),
    ],
  },
  {
    ...base,
    id: 'notification/ignored',
    title: 'Ignored changes are neither delivered nor pending; others are',
    rules: ['RTM-NOTIFY-024', 'RTM-NOTIFY-025'],
    steps: [
      ...table,
      change(1, 2),
      change(2, 2),
      change(3, 2),
      ok(ignore(0, 's', d1, d3)),
      isPending(0, 's', d1, false),
      isPending(0, 's', d2, true),
      isPending(0, 's', d3, false),
      changes(0, 's', at('10.2.0.0/16')),
    ],
  },
  {
    ...base,
    id: 'notification/ignoring-concerns-one-subscription',
    title: 'Ignoring leaves the changes of other subscriptions as they are',
    rules: ['RTM-NOTIFY-025', 'RTM-NOTIFY-036'],
    steps: [
      ...table,
      { do: register(1, { script: [] }) },
      ok(subscribe(1, 't', { flags: RTM_CHANGE_TYPE_ALL })),
      change(1, 2),
      change(2, 2),
      ok(ignore(0, 's', d1, d2)),
      changes(0, 's', []),
      changes(1, 't', at('10.1.0.0/16', '10.2.0.0/16')),
    ],
  },
  {
    ...base,
    id: 'notification/changes-after-ignoring',
    title: 'A change after ignoring is reported as usual, also where nothing was pending',
    rules: ['RTM-NOTIFY-026', 'RTM-NOTIFY-002'],
    steps: [
      ...table,
      change(1, 2),
      ok(ignore(0, 's', d1, d2)),
      change(1, 3),
      change(2, 3),
      isPending(0, 's', d1, true),
      changes(0, 's', at('10.1.0.0/16', '10.2.0.0/16')),
    ],
  },
  {
    ...base,
    id: 'notification/status',
    title: 'The status tells what is pending, destination by destination',
    rules: ['RTM-NOTIFY-027'],
    steps: [
      ...table,
      isPending(0, 's', d1, false),
      change(1, 2),
      isPending(0, 's', d1, true),
      isPending(0, 's', d2, false),
      changes(0, 's', at('10.1.0.0/16')),
      isPending(0, 's', d1, false),
    ],
  },
  {
    ...base,
    id: 'notification/asking-changes-nothing',
    title: 'Asking for the status or the mark changes neither',
    rules: ['RTM-NOTIFY-028'],
    steps: [
      ...table,
      change(1, 2),
      isPending(0, 's', d1, true),
      isPending(0, 's', d1, true),
      ok(isMarked(0, 's', d1), { DestMarked: false }),
      ok(isMarked(0, 's', d1), { DestMarked: false }),
      changes(0, 's', at('10.1.0.0/16')),
    ],
  },
  {
    ...base,
    id: 'notification/what-is-no-handle',
    title: 'What never was a handle is refused',
    rules: ['RTM-NOTIFY-031'],
    steps: [
      ...table,
      change(1, 2),
      ...[
        ignore(0, 's', 'made-up'),
        changeStatus(0, 's', 'made-up'),
        mark(0, 's', 'made-up'),
        isMarked(0, 's', 'made-up'),
        invoke('RtmGetChangeStatus', 0, { NotifyHandle: 'made-up', DestHandle: d1 }),
        invoke('RtmIsMarkedForChangeNotification', 0, { NotifyHandle: 'made-up', DestHandle: d1 }),
        invoke('RtmMarkDestForChangeNotification', 0, {
          NotifyHandle: 'made-up',
          DestHandle: d1,
          MarkDest: true,
        }),
        invoke('RtmIgnoreChangedDests', 0, {
          NotifyHandle: 'made-up',
          NumDests: 1,
          ChangedDests: [d1],
        }),
        invoke('RtmDeregisterFromChangeNotification', 0, { NotifyHandle: 'made-up' }),
        invoke('RtmReleaseChangedDests', 0, {
          NotifyHandle: named('s'),
          NumDests: 1,
          ChangedDests: [madeUpDest],
        }),
        changeStatus('made-up', 's', d1),
        mark('made-up', 's', d1),
        isMarked('made-up', 's', d1),
        ignore('made-up', 's', d1),
        unsubscribe('made-up', 's'),
      ].map((action) => refused(action, 'ERROR_INVALID_HANDLE')),
      changes(0, 's', at('10.1.0.0/16')),
    ],
  },
  {
    ...base,
    id: 'notification/delivered-references',
    title: 'Every handle in an entry carries one reference, until the entry is given back',
    rules: ['RTM-NOTIFY-032'],
    steps: [
      ...table,
      change(1, 2),
      changes(0, 's', at('10.1.0.0/16')),
      change(1, 3),
      change(2, 3),
      {
        do: drain(0, 'RtmGetChangedDests', named('s'), { release: 'filled' }),
        expect: { counts: { as: table.length + 1 }, out: { Ended: true } },
      },
    ],
  },
  {
    ...base,
    id: 'notification/given-back-whatever-has-become-of-it',
    title: 'Entries can be given back after their destinations have gone, in parts too',
    rules: ['RTM-NOTIFY-033'],
    steps: [
      ...table,
      change(1, 2),
      change(2, 2),
      {
        do: invoke(
          'RtmGetChangedDests',
          0,
          { NotifyHandle: named('s'), NumDests: { profile: 'MaxHandlesInEnum', atMost: 2 } },
          'two',
        ),
        expect: { status: ['NO_ERROR', 'ERROR_NO_MORE_ITEMS'] },
      },
      ok(deleteRoute(0, 'r1')),
      ok(deleteRoute(0, 'r2')),
      ok(releaseChanges(0, 's', 'two', 1)),
      ok(releaseChanges(0, 's', 'two')),
    ],
  },
  {
    ...base,
    id: 'notification/empty-batch',
    title: 'An empty batch can be given back',
    rules: ['RTM-NOTIFY-040'],
    steps: [
      ...table,
      {
        do: invoke('RtmReleaseChangedDests', 0, {
          NotifyHandle: named('s'),
          NumDests: 0,
          ChangedDests: [],
        }),
        expect: { status: 'NO_ERROR', counts: { as: table.length - 1 } },
      },
    ],
  },
];
