/** Change notification under two threads. */
import {
  addNextHop,
  addRoute,
  deleteRoute,
  getRouteInfo,
  named,
} from '../../programs/table-steps.ts';
import type { Action } from '../../programs/rtm-program.ts';
import { drain } from '../../programs/table-drain.ts';
import {
  changeStatus,
  destEnum,
  fetchChanges,
  fetchDests,
  ignore,
  mark,
  releaseChanges,
  subscribe,
  unsubscribe,
} from '../../scenarios/tables/walk-steps.ts';
import type { ImplementationLitmus } from '../litmus.ts';

const safe = ['RTM-SAFE-002', 'RTM-SAFE-003', 'RTM-SAFE-004', 'RTM-SAFE-005'] as const;

const base = {
  kind: 'implementation',
  level: 'notification',
  needs: ['routes', 'nexthops'],
  preemptionBound: 2,
} as const;

const PREFIX = '10.1.0.0/16';

/** The author of changes, with a route. */
const author: readonly Action[] = [
  { call: 'register', slot: 0, identity: 0 },
  addNextHop(0, '10.0.0.1', 'a'),
  addRoute(0, PREFIX, { hops: ['a'] }, 'r'),
];

/** The subscriber, which has a callback. */
const subscriber: Action = { call: 'register', slot: 1, identity: 1, script: [] };
const everything = { flags: 1 } as const;
const quiesce: Action = { call: 'quiesce' };

export const subscribeChange: ImplementationLitmus = {
  ...base,
  needs: [...base.needs, 'enumeration'],
  id: 'notification/litmus/subscribe-change-enumerate',
  title: 'Subscribe × change × enumerate',
  about:
    'A client subscribes and goes through the table, while another adds a route. When all is quiet the ' +
    'subscriber knows of the route, from the table or as a change.',
  rules: [...safe, 'RTM-NOTIFY-002', 'RTM-NOTIFY-012', 'RTM-NOTIFY-021', 'RTM-ENUM-038'],
  preemptionBound: 1,
  program: {
    setup: [...author, subscriber],
    threads: [
      [
        subscribe(1, 's', everything),
        destEnum(1, 'e'),
        fetchDests(1, 'e', 2),
        quiesce,
        drain(1, 'RtmGetChangedDests', named('s')),
      ],
      [addRoute(0, '10.2.0.0/16', { hops: ['a'] })],
    ],
  },
};

export const changeFetch: ImplementationLitmus = {
  ...base,
  id: 'notification/litmus/change-fetch',
  title: 'Change × fetch',
  about:
    'A destination whose change is pending changes again while it is fetched: what was delivered is the ' +
    'latest by then, or it is pending again.',
  rules: [...safe, 'RTM-NOTIFY-002', 'RTM-NOTIFY-020', 'RTM-NOTIFY-021', 'RTM-NOTIFY-023'],
  preemptionBound: 1,
  program: {
    setup: [
      ...author,
      subscriber,
      subscribe(1, 's', everything),
      addRoute(0, PREFIX, { hops: ['a'], specific: 1 }),
    ],
    threads: [
      [deleteRoute(0, 'r')],
      [
        fetchChanges(1, 's', 1, 'c'),
        // While an entry is held its destination need not be pending again (RTM-AMB-232).
        releaseChanges(1, 's', 'c'),
        quiesce,
        drain(1, 'RtmGetChangedDests', named('s')),
      ],
    ],
  },
};

export const fetchUnsubscribe: ImplementationLitmus = {
  ...base,
  id: 'notification/litmus/fetch-unsubscribe',
  title: 'Fetch in the callback × end of the subscription',
  about:
    'The callback that announces a change fetches it while another thread ends the subscription: ' +
    'delivered in time, or refused; what was delivered is not freed under the client.',
  rules: [...safe, 'RTM-NOTIFY-034', 'RTM-NOTIFY-032', 'RTM-REF-007'],
  preemptionBound: 1,
  program: {
    setup: [
      ...author,
      {
        call: 'register',
        slot: 1,
        identity: 1,
        script: [],
        onChange: [drain('self', 'RtmGetChangedDests', 'subject')],
      },
      subscribe(1, 's', everything),
    ],
    threads: [[deleteRoute(0, 'r')], [unsubscribe(1, 's')]],
  },
};

export const changeUnsubscribe: ImplementationLitmus = {
  ...base,
  id: 'notification/litmus/change-unsubscribe',
  title: 'Change × end of the subscription',
  about:
    'A destination changes while the subscription to it ends. Nobody is told of what comes later.',
  rules: [...safe, 'RTM-NOTIFY-034', 'RTM-NOTIFY-035', 'RTM-NOTIFY-012'],
  program: {
    setup: [...author, subscriber, subscribe(1, 's', everything)],
    threads: [[deleteRoute(0, 'r')], [unsubscribe(1, 's')]],
  },
};

export const changeDeregister: ImplementationLitmus = {
  ...base,
  id: 'notification/litmus/change-deregister',
  title: 'Change × deregister of the subscriber',
  about:
    'A destination changes while a client that has subscribed to it leaves: no callback begins after ' +
    'it has left.',
  rules: [...safe, 'RTM-NOTIFY-034', 'RTM-EVENT-013', 'RTM-DEREG-008'],
  program: {
    setup: [...author, subscriber, subscribe(1, 's', everything)],
    threads: [[deleteRoute(0, 'r')], [{ call: 'deregister', by: 1, tidy: true }]],
  },
};

export const changeIgnore: ImplementationLitmus = {
  ...base,
  id: 'notification/litmus/change-ignore',
  title: 'Change × ignore',
  about:
    'A destination changes while its earlier change is ignored: what came before is dropped, what comes ' +
    'after is pending.',
  rules: [...safe, 'RTM-NOTIFY-024', 'RTM-NOTIFY-026', 'RTM-NOTIFY-027'],
  program: {
    setup: [
      ...author,
      { call: 'register', slot: 2, identity: 2, script: [] },
      getRouteInfo(0, named('r'), 'i'),
      subscribe(0, 's', everything),
      addRoute(0, PREFIX, { hops: ['a'], specific: 1 }),
    ],
    threads: [
      [addRoute(0, PREFIX, { hops: ['a'], specific: 2 })],
      [
        ignore(0, 's', named('i', 'DestHandle')),
        changeStatus(0, 's', named('i', 'DestHandle')),
        drain(0, 'RtmGetChangedDests', named('s')),
      ],
    ],
  },
};

export const changeMark: ImplementationLitmus = {
  ...base,
  id: 'notification/litmus/change-mark',
  title: 'Change × mark and unmark',
  about:
    'A destination changes while it is marked and unmarked again: served if it was marked then.',
  rules: [...safe, 'RTM-NOTIFY-009', 'RTM-NOTIFY-010', 'RTM-NOTIFY-029'],
  program: {
    setup: [...author, getRouteInfo(0, named('r'), 'i'), subscribe(0, 's', { flags: 0x1_0001 })],
    threads: [
      [addRoute(0, PREFIX, { hops: ['a'], specific: 2 })],
      [
        mark(0, 's', named('i', 'DestHandle')),
        mark(0, 's', named('i', 'DestHandle'), false),
        drain(0, 'RtmGetChangedDests', named('s')),
      ],
    ],
  },
};

export const announceFetch: ImplementationLitmus = {
  ...base,
  id: 'notification/litmus/fetch-in-callback-change',
  title: 'Fetch in the callback × change',
  about:
    'The callback that announces changes fetches them while another thread makes more. Each is ' +
    'delivered, and announced unless it was fetched before.',
  rules: [...safe, 'RTM-NOTIFY-002', 'RTM-NOTIFY-012', 'RTM-NOTIFY-038', 'RTM-EVENT-015'],
  preemptionBound: 1,
  program: {
    setup: [
      ...author,
      {
        call: 'register',
        slot: 1,
        identity: 1,
        script: [],
        onChange: [drain('self', 'RtmGetChangedDests', 'subject', { release: 'filled' })],
      },
      subscribe(1, 's', everything),
    ],
    threads: [
      [deleteRoute(0, 'r')],
      [
        addRoute(0, '10.2.0.0/16', { hops: ['a'] }),
        quiesce,
        drain(1, 'RtmGetChangedDests', named('s')),
      ],
    ],
  },
};
