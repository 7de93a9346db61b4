/** The monitor with holds and times to live that begin or end wrongly. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const WALKS = 'reference/concurrent/table/walks.ts';
const DESCRIBING = 'reference/concurrent/functions/describing.ts';
const TABLES = 'reference/concurrent/table/tables.ts';
const ROUTING_TABLE = 'reference/concurrent/table/routing-table.ts';
const TABLE_DESK = 'reference/concurrent/functions/table-desk.ts';
const HOLDS = 'reference/concurrent/table/holds.ts';
const LOOKUP_FUNCTIONS = 'reference/concurrent/functions/lookup-functions.ts';

export const holdAgingMutants: readonly Mutant[] = [
  {
    id: 'monitor/marking-holds-at-once',
    implementation,
    rule: 'RTM-HOLD-001',
    rules: ['RTM-HOLD-003', 'RTM-HOLD-004', 'RTM-HOLD-002'],
    invariant: 'what is held or expires does so at its time',
    what: 'RtmHoldDestination holds the best route right away.',
    edit: {
      file: HOLDS,
      find: 'destination.hold = { armed: views, time, held };',
      replace:
        'destination.hold = { armed: views, time, held }; const [first] = destination.routes; if (first !== undefined) held[0] = { route: first, until: Infinity };',
    },
  },
  {
    id: 'monitor/nothing-is-held',
    implementation,
    rule: 'RTM-HOLD-002',
    rules: [
      'RTM-HOLD-005',
      'RTM-HOLD-008',
      'RTM-HOLD-010',
      'RTM-HOLD-012',
      'RTM-HOLD-011',
      'RTM-ENUM-029',
    ],
    invariant: 'what is held or expires does so at its time',
    what: 'The last route is not held.',
    edit: {
      file: ROUTING_TABLE,
      find: 'if (isHeld && beginHolds(references, route, lost, now)) {',
      replace: 'if (!isHeld && beginHolds(references, route, lost, now)) {',
    },
  },
  {
    id: 'monitor/holds-never-end',
    implementation,
    rule: 'RTM-HOLD-005',
    invariant: 'what is held or expires does so at its time',
    what: 'A held route stays held for ever.',
    edit: {
      file: ROUTING_TABLE,
      find: 'if (isHeld && beginHolds(references, route, lost, now)) { deadlines.add(nextEnd(destination), destination); }',
      replace: 'if (isHeld) beginHolds(references, route, lost, now);',
    },
  },
  {
    id: 'monitor/no-hold-time-accepted',
    implementation,
    rule: 'RTM-HOLD-006',
    invariant: 'every call returns, with a status',
    what: 'A hold time of zero is accepted.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: 'if (HoldTime === 0) refuse(ERROR_INVALID_PARAMETER);',
      replace: '',
    },
  },
  {
    id: 'monitor/made-up-destination-held',
    implementation,
    rule: 'RTM-HOLD-007',
    invariant: 'every call returns, with a status',
    what: 'RtmHoldDestination reports success for what is no handle.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: "const destination = visit.find('destination', DestHandle); if (HoldTime === 0)",
      replace:
        "if (visit.references.handles.find(DestHandle) === undefined) return DONE; const destination = visit.find('destination', DestHandle); if (HoldTime === 0)",
    },
  },
  {
    id: 'monitor/held-in-one-view',
    implementation,
    rule: 'RTM-HOLD-008',
    invariant: 'what is held or expires does so at its time',
    what: 'A route of several views is held in the first only.',
    edit: {
      file: HOLDS,
      find: 'hold.armed &= ~(1 << view);',
      replace: 'hold.armed = 0;',
    },
  },
  {
    id: 'monitor/held-in-the-unicast-view-only',
    implementation,
    rule: 'RTM-HOLD-008',
    invariant: 'what is held or expires does so at its time',
    what: 'Views other than unicast hold nothing.',
    edit: {
      file: HOLDS,
      find: 'if (lost[index] !== true || !isInView(hold.armed, view)) continue;',
      replace: 'if (lost[index] !== true || index > 0 || !isInView(hold.armed, view)) continue;',
    },
  },
  {
    id: 'monitor/new-routes-wait',
    implementation,
    rule: 'RTM-HOLD-009',
    rules: ['RTM-HOLD-002'],
    invariant: 'what is held or expires does so at its time',
    what: 'While a route is held no other is shown as the best.',
    edit: {
      file: DESCRIBING,
      find: 'Route: best === undefined ? null : references.give(member, best),',
      replace:
        'Route: best === undefined || held !== undefined ? null : references.give(member, best),',
    },
  },
  {
    id: 'monitor/held-destinations-hidden',
    implementation,
    rule: 'RTM-HOLD-010',
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'A destination with held routes only is in no enumeration.',
    edit: {
      file: WALKS,
      find: 'return routes.length > 0 || (hold?.held.some((held) => held !== undefined) ?? false);',
      replace: 'return routes.length > 0;',
    },
  },
  {
    id: 'monitor/held-destinations-in-single-views',
    implementation,
    rule: 'RTM-HOLD-010',
    invariant: 'an enumeration delivers what it covers, once and in order',
    what: 'A destination with held routes only is enumerated for single views.',
    edit: {
      file: WALKS,
      find: "if (views !== 'any') return routes.some(({ content }) => (content.views & views) !== 0);",
      replace:
        "if (views !== 'any' && hold === undefined) return routes.some(({ content }) => (content.views & views) !== 0);",
    },
  },
  {
    id: 'monitor/two-held-routes',
    implementation,
    rule: 'RTM-HOLD-012',
    rules: ['RTM-ENUM-029'],
    invariant: 'what is held or expires does so at its time',
    what: 'When another route is held in a view, the first stays held beside it.',
    edit: {
      file: HOLDS,
      find: 'release(references, route.destination, index); hold.held[index] = { route, until: now + hold.time };',
      replace:
        'hold.held.push(hold.held[index] && { ...hold.held[index], until: Infinity }); hold.held[index] = { route, until: now + hold.time };',
    },
  },
  {
    id: 'monitor/routes-never-expire',
    implementation,
    rule: 'RTM-AGE-001',
    rules: [
      'RTM-AGE-002',
      'RTM-AGE-004',
      'RTM-AGE-005',
      'RTM-AGE-006',
      'RTM-AGE-007',
      'RTM-AGE-008',
      'RTM-AGE-010',
      'RTM-AGE-011',
    ],
    invariant: 'what is held or expires does so at its time',
    what: 'A time to live is not looked at.',
    edit: {
      file: ROUTING_TABLE,
      find: 'aging.deadline = timeToLive === constants.INFINITE ? Infinity : now + timeToLive;',
      replace: 'aging.deadline = Infinity;',
    },
  },
  {
    id: 'monitor/seconds-for-milliseconds',
    implementation,
    rule: 'RTM-AGE-001',
    rules: [
      'RTM-AGE-002',
      'RTM-AGE-004',
      'RTM-AGE-005',
      'RTM-AGE-006',
      'RTM-AGE-007',
      'RTM-AGE-008',
      'RTM-AGE-010',
      'RTM-AGE-011',
    ],
    invariant: 'what is held or expires does so at its time',
    what: 'A time to live counts in seconds.',
    edit: {
      file: ROUTING_TABLE,
      find: 'aging.deadline = timeToLive === constants.INFINITE ? Infinity : now + timeToLive;',
      replace:
        'aging.deadline = timeToLive === constants.INFINITE ? Infinity : now + timeToLive * 1000;',
    },
  },
  {
    id: 'monitor/expires-early',
    implementation,
    rule: 'RTM-AGE-002',
    rules: ['RTM-AGE-007'],
    invariant: 'what is held or expires does so at its time',
    what: 'A route expires when half of its time has passed.',
    edit: {
      file: ROUTING_TABLE,
      find: 'aging.deadline = timeToLive === constants.INFINITE ? Infinity : now + timeToLive;',
      replace:
        'aging.deadline = timeToLive === constants.INFINITE ? Infinity : now + timeToLive / 2;',
    },
  },
  {
    id: 'monitor/infinite-is-a-number',
    implementation,
    rule: 'RTM-AGE-003',
    rules: ['RTM-AGE-007', 'RTM-AGE-008'],
    invariant: 'what is held or expires does so at its time',
    what: 'A route that is updated to INFINITE keeps the time that was running.',
    edit: {
      file: ROUTING_TABLE,
      find: 'aging.deadline = timeToLive === constants.INFINITE ? Infinity : now + timeToLive;',
      replace:
        'aging.deadline = timeToLive === constants.INFINITE ? aging.deadline : now + timeToLive;',
    },
  },
  {
    id: 'monitor/expiry-not-told',
    implementation,
    rule: 'RTM-AGE-004',
    rules: [
      'RTM-AGE-001',
      'RTM-AGE-005',
      'RTM-AGE-006',
      'RTM-AGE-007',
      'RTM-AGE-008',
      'RTM-AGE-011',
    ],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'The owner is not told of an expiry; the route goes.',
    edit: {
      file: TABLE_DESK,
      find: 'if (route.owner.isCallable) {',
      replace: 'if (!route.owner.isCallable) {',
    },
  },
  {
    id: 'monitor/expiry-of-another-route',
    implementation,
    rule: 'RTM-AGE-004',
    rules: [
      'RTM-AGE-008',
      'RTM-AGE-006',
      'RTM-AGE-001',
      'RTM-AGE-002',
      'RTM-AGE-005',
      'RTM-AGE-010',
      'RTM-AGE-011',
    ],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'An expiry comes with the handle of the destination.',
    edit: {
      file: TABLE_DESK,
      find: 'return [references.give(owner, route), route.live ?? this.refresh(route)];',
      replace:
        'return [references.give(owner, route.destination), route.live ?? this.refresh(route)];',
    },
  },
  {
    id: 'monitor/given-up-but-kept',
    implementation,
    rule: 'RTM-AGE-005',
    rules: ['RTM-AGE-001', 'RTM-AGE-002', 'RTM-AGE-007', 'RTM-AGE-010'],
    invariant: 'what is held or expires does so at its time',
    what: 'The answer ERROR_NOT_SUPPORTED keeps the route.',
    edit: {
      file: TABLE_DESK,
      find: 'this.tables.expire(route); this.tables.references.takeBack(route.owner, route);',
      replace: 'this.tables.references.takeBack(route.owner, route);',
    },
  },
  {
    id: 'monitor/first-time-counts',
    implementation,
    rule: 'RTM-AGE-007',
    rules: ['RTM-AGE-002', 'RTM-AGE-003'],
    invariant: 'what is held or expires does so at its time',
    what: 'An update does not change when a route expires.',
    edit: {
      file: ROUTING_TABLE,
      find: 'aging.isExpired = false; aging.deadline =',
      replace: 'aging.isExpired = false; if (aging.deadline < Infinity) return; aging.deadline =',
    },
  },
  {
    id: 'monitor/expired-but-best',
    implementation,
    rule: 'RTM-AGE-010',
    rules: [
      'RTM-AGE-005',
      'RTM-AGE-001',
      'RTM-AGE-002',
      'RTM-AGE-007',
      'RTM-REF-007',
      'RTM-REF-006',
    ],
    invariant: 'what is held or expires does so at its time',
    what: 'A route that expired is given up without a look at who comes next.',
    edit: {
      file: TABLES,
      find: "if (route.state === 'created') route.home.takeOut(route, { isHeld: true });",
      replace:
        "if (route.state === 'created') { route.state = 'deleted'; this.references.unpin(route); }",
    },
  },
];
