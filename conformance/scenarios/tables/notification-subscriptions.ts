/** Scenarios of subscriptions: announcements, marks, several subscribers, and the end. */
import { constants, statuses } from '../../../spec/index.ts';
import { invoke } from '../../programs/table-actions.ts';
import { drain } from '../../programs/table-drain.ts';
import {
  addRoute,
  deleteRoute,
  exactMatch,
  getRouteInfo,
  named,
} from '../../programs/table-steps.ts';
import type { ExpectedAnnouncement, Scenario, Step } from '../scenario.ts';
import { deregister, quiesce, register } from '../steps.ts';
import { ok } from './route-steps.ts';
import {
  at,
  changes,
  fetchChanges,
  isMarked,
  mark,
  one,
  peer,
  releaseChanges,
  subscribe,
  unsubscribe,
} from './walk-steps.ts';

const { RTM_CHANGE_TYPE_ALL, RTM_NOTIFY_ONLY_MARKED_DESTS } = constants;

const base = {
  area: 'notification',
  level: 'notification',
  needs: ['routes', 'nexthops'],
} as const;

const prefixes = ['10.1.0.0/16', '10.2.0.0/16'];
const d1 = named('i1', 'DestHandle');
const d2 = named('i2', 'DestHandle');

/** Client 0 has two routes `r1` and `r2`; clients 1 and 2 are there to be told. */
const table: readonly Step[] = [
  ...peer(0, ['a', 'b'], { script: [] }),
  { do: register(1, { script: [] }) },
  { do: register(2, { script: [] }) },
  ...prefixes.flatMap((to, index): readonly Step[] => [
    ok(addRoute(0, to, { hops: ['a'], specific: 1 }, `r${index + 1}`)),
    ok(getRouteInfo(0, named(`r${index + 1}`), `i${index + 1}`)),
  ]),
];

function change(place: number, specific: number): Step {
  return ok(addRoute(0, prefixes[place - 1] ?? '', { hops: ['a'], specific }));
}

/** What has been announced by the time all is quiet. */
function announced(...expected: readonly Omit<ExpectedAnnouncement, 'type'>[]): Step {
  const all = expected.map((one_) => ({ type: 'RTM_CHANGE_NOTIFICATION', ...one_ }) as const);
  return { do: quiesce, expect: { announced: all } };
}

const marked = { flags: RTM_CHANGE_TYPE_ALL | RTM_NOTIFY_ONLY_MARKED_DESTS } as const;
const everything = { flags: RTM_CHANGE_TYPE_ALL } as const;
const TWICE_OR_MORE = Array.from({ length: 20 }, (_, index) => index + 2);

export const subscriptionScenarios: readonly Scenario[] = [
  {
    ...base,
    id: 'notification/announced',
    title: 'A pending change is announced, and after a drain the next one is too',
    rules: ['RTM-NOTIFY-012'],
    steps: [
      ...table,
      ok(subscribe(1, 's', everything)),
      change(1, 2),
      announced({ to: 1, about: 's' }),
      changes(1, 's', at('10.1.0.0/16')),
      change(2, 2),
      announced({ to: 1, about: 's', times: TWICE_OR_MORE }),
      changes(1, 's', at('10.2.0.0/16')),
    ],
  },
  {
    ...base,
    id: 'notification/announced-by-name',
    title: 'An announcement names the subscription and hands its context back',
    rules: ['RTM-NOTIFY-013', 'RTM-NOTIFY-012'],
    steps: [
      ...table,
      ok(subscribe(1, 's', { ...everything, context: 1234 })),
      ok(subscribe(2, 't', { ...everything, context: 5678 })),
      change(1, 2),
      announced(
        { to: 1, about: 's', context2: 1234 },
        { to: 2, about: 't', context2: 5678 },
        { to: 1, about: 't', times: [0] },
        { to: 2, about: 's', times: [0] },
      ),
    ],
  },
  {
    ...base,
    id: 'notification/nobody-else-is-told',
    title: 'Only the client that has subscribed is called',
    rules: ['RTM-NOTIFY-014', 'RTM-NOTIFY-012'],
    steps: [
      ...table,
      ok(subscribe(1, 's', everything)),
      change(1, 2),
      announced({ to: 1, about: 's' }, { to: 2, times: [0] }, { to: 0, times: [0] }),
    ],
  },
  {
    ...base,
    id: 'notification/the-author-too',
    title: 'The author of a change is told of it like every other subscriber',
    rules: ['RTM-NOTIFY-012', 'RTM-NOTIFY-002', 'RTM-NOTIFY-036'],
    steps: [
      ...table,
      ok(subscribe(0, 's', everything)),
      change(1, 2),
      announced({ to: 0, about: 's' }),
      changes(0, 's', at('10.1.0.0/16')),
    ],
  },
  {
    ...base,
    id: 'notification/answers-do-not-matter',
    title: 'What the callback returns has no effect on what is pending',
    rules: ['RTM-NOTIFY-043'],
    steps: [
      ...table,
      { do: register(3, { script: [], answer: statuses.ERROR_NOT_SUPPORTED }) },
      ok(subscribe(3, 's', everything)),
      change(1, 2),
      announced({ to: 3, about: 's' }),
      changes(3, 's', at('10.1.0.0/16')),
      change(2, 2),
      announced({ to: 3, about: 's', times: TWICE_OR_MORE }),
    ],
  },
  {
    ...base,
    id: 'notification/fetched-in-the-callback',
    title: 'Changes can be fetched and given back in the callback that announces them',
    rules: ['RTM-NOTIFY-038', 'RTM-NOTIFY-012'],
    steps: [
      ...table,
      {
        do: register(3, {
          script: [],
          onChange: [
            drain('self', 'RtmGetChangedDests', 'subject', { as: 'told', release: 'filled' }),
          ],
        }),
      },
      ok(subscribe(3, 's', everything)),
      change(1, 2),
      announced({ to: 3, about: 's' }),
      changes(3, 's', []),
      change(2, 2),
      change(1, 3),
      announced({ to: 3, about: 's', times: TWICE_OR_MORE }),
      changes(3, 's', []),
    ],
  },
  {
    ...base,
    id: 'notification/polled',
    title: 'A client without callback can subscribe and ask',
    rules: ['RTM-NOTIFY-039'],
    steps: [
      ...table,
      { do: register(3) },
      ok(subscribe(3, 's', everything)),
      change(1, 2),
      { do: quiesce },
      changes(3, 's', at('10.1.0.0/16')),
      changes(3, 's', []),
    ],
  },
  {
    ...base,
    id: 'notification/marked-destinations-only',
    title: 'Of marked destinations only the changes of those marked when they change are served',
    rules: ['RTM-NOTIFY-009'],
    steps: [
      ...table,
      ok(subscribe(0, 's', marked)),
      change(1, 2),
      ok(mark(0, 's', d1)),
      change(1, 3),
      change(2, 3),
      ok(addRoute(0, '10.9.0.0/16', { hops: ['a'] })),
      changes(0, 's', at('10.1.0.0/16')),
    ],
  },
  {
    ...base,
    id: 'notification/marking-is-no-change',
    title: 'What changed before it was marked is not served, nor announced',
    rules: ['RTM-NOTIFY-009', 'RTM-NOTIFY-003'],
    steps: [
      ...table,
      ok(subscribe(0, 's', marked)),
      change(1, 2),
      ok(mark(0, 's', d1)),
      announced({ to: 0, times: [0] }),
      changes(0, 's', []),
    ],
  },
  {
    ...base,
    id: 'notification/unmarked',
    title: 'After unmarking the changes of a destination are served no more',
    rules: ['RTM-NOTIFY-010'],
    steps: [
      ...table,
      ok(subscribe(0, 's', marked)),
      ok(mark(0, 's', d1)),
      ok(mark(0, 's', d2)),
      ok(mark(0, 's', d1, false)),
      change(1, 2),
      change(2, 2),
      changes(0, 's', at('10.2.0.0/16')),
    ],
  },
  {
    ...base,
    id: 'notification/marks-do-not-matter-to-others',
    title: 'Without the flag changes of all destinations are served, marked or not',
    rules: ['RTM-NOTIFY-011'],
    steps: [
      ...table,
      ok(subscribe(0, 's', everything)),
      { do: mark(0, 's', d1) },
      change(1, 2),
      change(2, 2),
      ok(addRoute(0, '10.9.0.0/16', { hops: ['a'] })),
      changes(0, 's', at(...prefixes, '10.9.0.0/16')),
    ],
  },
  {
    ...base,
    id: 'notification/the-mark-can-be-asked-for',
    title: 'The mark can be asked for, before, during and after',
    rules: ['RTM-NOTIFY-029'],
    steps: [
      ...table,
      ok(subscribe(0, 's', marked)),
      ok(isMarked(0, 's', d1), { DestMarked: false }),
      ok(mark(0, 's', d1)),
      ok(isMarked(0, 's', d1), { DestMarked: true }),
      ok(isMarked(0, 's', d2), { DestMarked: false }),
      ok(mark(0, 's', d1, false)),
      ok(isMarked(0, 's', d1), { DestMarked: false }),
    ],
  },
  {
    ...base,
    needs: [...base.needs, 'lookup'],
    id: 'notification/a-mark-belongs-to-one-subscription',
    title: 'Marking under one subscription marks under no other',
    rules: ['RTM-NOTIFY-030', 'RTM-NOTIFY-036'],
    steps: [
      ...table,
      ok(subscribe(0, 's', marked)),
      ok(subscribe(1, 't', marked)),
      ok(exactMatch(1, '10.1.0.0/16', 'found')),
      ok(mark(0, 's', d1)),
      ok(isMarked(1, 't', named('found', 'DestHandle')), { DestMarked: false }),
      change(1, 2),
      changes(1, 't', []),
      changes(0, 's', at('10.1.0.0/16')),
    ],
  },
  {
    ...base,
    id: 'notification/ended',
    title: 'When a subscription has ended no later change leads to a callback',
    rules: ['RTM-NOTIFY-034'],
    steps: [
      ...table,
      ok(subscribe(1, 's', everything)),
      ok(unsubscribe(1, 's')),
      change(1, 2),
      announced({ to: 1, times: [0] }),
    ],
  },
  {
    ...base,
    id: 'notification/ended-while-pending',
    title: 'A subscription can end while changes are pending and announced',
    rules: ['RTM-NOTIFY-034', 'RTM-NOTIFY-012'],
    steps: [
      ...table,
      ok(subscribe(1, 's', everything)),
      change(1, 2),
      announced({ to: 1, about: 's' }),
      ok(unsubscribe(1, 's')),
      change(2, 2),
      { do: quiesce },
    ],
  },
  {
    ...base,
    id: 'notification/ended-leaves-nothing',
    title: 'Of a subscription that has ended nothing remains: no marks, no changes, no references',
    rules: ['RTM-NOTIFY-035'],
    steps: [
      ...table,
      ok(subscribe(0, 's', marked)),
      ok(mark(0, 's', d1)),
      ok(mark(0, 's', d2)),
      change(1, 2),
      change(2, 2),
      one(fetchChanges(0, 's', 1, 'c')),
      ok(releaseChanges(0, 's', 'c')),
      { do: unsubscribe(0, 's'), expect: { status: 'NO_ERROR', counts: { as: table.length - 1 } } },
    ],
  },
  {
    ...base,
    id: 'notification/each-for-itself',
    title: 'Each subscriber is served for itself, whatever the others fetch or end',
    rules: ['RTM-NOTIFY-036'],
    steps: [
      ...table,
      ok(subscribe(0, 's', everything)),
      ok(subscribe(1, 't', everything)),
      ok(subscribe(2, 'u', everything)),
      change(1, 2),
      changes(0, 's', at('10.1.0.0/16')),
      change(2, 2),
      ok(unsubscribe(1, 't')),
      announced({ to: 2, about: 'u' }),
      changes(2, 'u', at(...prefixes)),
      changes(0, 's', at('10.2.0.0/16')),
    ],
  },
  {
    ...base,
    id: 'notification/several-of-one-client',
    title: 'Several subscriptions of one client, where there can be, are each for themselves',
    rules: ['RTM-NOTIFY-037'],
    steps: [
      ...table,
      ok(subscribe(1, 's', { ...everything, context: 1 })),
      { do: subscribe(1, 't', { context: 2 }) },
      ok(addRoute(0, '10.1.0.0/16', { hops: ['b'], metric: 9 }, 'worse')),
      changes(1, 't', []),
      ok(deleteRoute(0, 'worse')),
      ok(deleteRoute(0, 'r1')),
      changes(1, 't', at('10.1.0.0/16')),
      changes(1, 's', at('10.1.0.0/16')),
    ],
  },
  {
    ...base,
    needs: [...base.needs, 'methods'],
    id: 'notification/sample-without-callback',
    title: 'Sample: a client with a method and no callback subscribes, unsubscribes and leaves',
    rules: ['RTM-NOTIFY-001', 'RTM-NOTIFY-034'],
    steps: [
      { do: register(0, { methods: [{ id: 1 }] }), expect: { status: 'NO_ERROR' } },
      ok(subscribe(0, 's', { context: 42 })),
      ok(unsubscribe(0, 's')),
      { do: deregister(0), expect: { status: 'NO_ERROR' } },
    ],
  },
  {
    ...base,
    id: 'notification/sample-drain',
    title: 'Sample: the callback fetches until nothing is left, and gives empty batches back too',
    rules: ['RTM-NOTIFY-038', 'RTM-NOTIFY-040', 'RTM-NOTIFY-019'],
    steps: [
      ...table,
      {
        do: register(3, {
          script: [],
          onChange: [
            drain('self', 'RtmGetChangedDests', 'subject', { room: 1, as: 'told', release: 'all' }),
          ],
        }),
      },
      ok(subscribe(3, 's', everything)),
      ok(addRoute(0, '10.8.0.0/16', { hops: ['a'] }, 'r8')),
      ok(deleteRoute(0, 'r1')),
      change(2, 2),
      announced({ to: 3, about: 's' }),
      changes(3, 's', []),
      ok(
        invoke('RtmReleaseChangedDests', 3, {
          NotifyHandle: named('s'),
          NumDests: 0,
          ChangedDests: [],
        }),
      ),
    ],
  },
];
