/** The monitor with changes that are fetched, ignored or given back wrongly. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const TABLES = 'reference/concurrent/table/tables.ts';
const REFERENCES = 'reference/concurrent/table/references.ts';
const ROUTING_TABLE = 'reference/concurrent/table/routing-table.ts';
const NOTIFICATION_FUNCTIONS = 'reference/concurrent/functions/notification-functions.ts';
const TABLE_DESK = 'reference/concurrent/functions/table-desk.ts';

export const changedDestinationMutants: readonly Mutant[] = [
  {
    id: 'monitor/changes-beyond-room',
    implementation,
    rule: 'RTM-NOTIFY-018',
    rules: ['RTM-NOTIFY-019', 'RTM-NOTIFY-022'],
    invariant: 'a subscriber learns of every change it asked for, and of no other',
    what: 'RtmGetChangedDests delivers one entry more than there is room for.',
    edit: {
      file: NOTIFICATION_FUNCTIONS,
      find: 'const found = [...subscription.pending].slice(0, count);',
      replace: 'const found = [...subscription.pending].slice(0, count + 1);',
    },
  },
  {
    id: 'monitor/end-of-changes-too-early',
    implementation,
    rule: 'RTM-NOTIFY-019',
    rules: ['RTM-NOTIFY-002', 'RTM-NOTIFY-018'],
    invariant: 'a subscriber learns of every change it asked for, and of no other',
    what: 'RtmGetChangedDests calls a single entry the last, whether or not it is.',
    edit: {
      file: NOTIFICATION_FUNCTIONS,
      find: 'return { status: found.length === 0 ? ERROR_NO_MORE_ITEMS : NO_ERROR, out };',
      replace: 'return { status: found.length <= 1 ? ERROR_NO_MORE_ITEMS : NO_ERROR, out };',
    },
  },
  {
    id: 'monitor/end-of-changes-never-told',
    implementation,
    rule: 'RTM-NOTIFY-019',
    rules: ['RTM-NOTIFY-001', 'RTM-NOTIFY-002'],
    invariant: 'every call returns, with a status',
    what: 'RtmGetChangedDests returns NO_ERROR when nothing is left.',
    edit: {
      file: NOTIFICATION_FUNCTIONS,
      find: 'return { status: found.length === 0 ? ERROR_NO_MORE_ITEMS : NO_ERROR, out };',
      replace: 'return { status: NO_ERROR, out };',
    },
  },
  {
    id: 'monitor/entries-for-each-change',
    implementation,
    rule: 'RTM-NOTIFY-020',
    rules: [
      'RTM-NOTIFY-002',
      'RTM-NOTIFY-005',
      'RTM-NOTIFY-021',
      'RTM-NOTIFY-006',
      'RTM-NOTIFY-003',
      'RTM-NOTIFY-018',
      'RTM-NOTIFY-019',
      'RTM-NOTIFY-042',
      'RTM-NOTIFY-023',
      'RTM-NOTIFY-024',
      'RTM-NOTIFY-026',
    ],
    invariant: 'a subscriber learns of every change it asked for, and of no other',
    what: 'A destination that changes again while it is pending is delivered twice.',
    edit: {
      file: ROUTING_TABLE,
      find: 'if (!isWanted(subscription, destination, kinds) || pending.has(destination)) continue;',
      replace:
        'if (!isWanted(subscription, destination, kinds)) continue; if (pending.has(destination)) { pending.delete = () => { delete pending.delete; return false; }; continue; }',
    },
  },
  {
    id: 'monitor/entries-show-own-routes',
    implementation,
    rule: 'RTM-NOTIFY-021',
    rules: [
      'RTM-NOTIFY-012',
      'RTM-NOTIFY-036',
      'RTM-NOTIFY-025',
      'RTM-NOTIFY-038',
      'RTM-NOTIFY-043',
      'RTM-NOTIFY-002',
    ],
    invariant: 'information is true of what it describes',
    what: 'An entry of a changed destination shows the best route of the caller’s protocol.',
    edit: {
      file: NOTIFICATION_FUNCTIONS,
      find: '{ views, protocol: undefined }',
      replace: '{ views, protocol: visit.member.protocol }',
    },
  },
  {
    id: 'monitor/profile-does-not-limit-changes',
    implementation,
    rule: 'RTM-NOTIFY-022',
    rules: ['RTM-NOTIFY-018'],
    invariant: 'a subscriber learns of every change it asked for, and of no other',
    what: 'RtmGetChangedDests delivers more than MaxHandlesInEnum entries at once.',
    edit: {
      file: NOTIFICATION_FUNCTIONS,
      find: 'const count = readCount(NumDests);',
      replace: 'const count = NumDests;',
    },
  },
  {
    id: 'monitor/delivered-stays-pending',
    implementation,
    rule: 'RTM-NOTIFY-023',
    rules: [
      'RTM-NOTIFY-002',
      'RTM-NOTIFY-018',
      'RTM-NOTIFY-019',
      'RTM-NOTIFY-020',
      'RTM-NOTIFY-022',
      'RTM-NOTIFY-032',
      'RTM-NOTIFY-033',
      'RTM-NOTIFY-001',
      'RTM-NOTIFY-042',
    ],
    invariant: 'a subscriber learns of every change it asked for, and of no other',
    what: 'What was delivered is delivered again and again.',
    edit: {
      file: NOTIFICATION_FUNCTIONS,
      find: 'visit.tables.settle(subscription, destination); } const out',
      replace: '} const out',
    },
  },
  {
    id: 'monitor/ignored-is-delivered',
    implementation,
    rule: 'RTM-NOTIFY-024',
    rules: ['RTM-NOTIFY-025'],
    invariant: 'a subscriber learns of every change it asked for, and of no other',
    what: 'RtmIgnoreChangedDests drops nothing.',
    edit: {
      file: NOTIFICATION_FUNCTIONS,
      find: 'for (const destination of destinations) visit.tables.settle(subscription, destination); return DONE;',
      replace: 'return DONE;',
    },
  },
  {
    id: 'monitor/ignoring-drops-all',
    implementation,
    rule: 'RTM-NOTIFY-025',
    rules: ['RTM-NOTIFY-024'],
    invariant: 'a subscriber learns of every change it asked for, and of no other',
    what: 'RtmIgnoreChangedDests drops what is pending at every destination.',
    edit: {
      file: NOTIFICATION_FUNCTIONS,
      find: 'for (const destination of destinations) visit.tables.settle(subscription, destination); return DONE;',
      replace:
        'for (const destination of [...subscription.pending]) visit.tables.settle(subscription, destination); return DONE;',
    },
  },
  {
    id: 'monitor/ignored-for-ever',
    implementation,
    rule: 'RTM-NOTIFY-026',
    rules: ['RTM-NOTIFY-024', 'RTM-NOTIFY-025'],
    invariant: 'a subscriber learns of every change it asked for, and of no other',
    what: 'After RtmIgnoreChangedDests a subscription reports nothing any more.',
    edit: {
      file: NOTIFICATION_FUNCTIONS,
      find: 'for (const destination of destinations) visit.tables.settle(subscription, destination);',
      replace:
        'for (const destination of destinations) visit.tables.settle(subscription, destination); subscription.views = 0;',
    },
  },
  {
    id: 'monitor/status-always-false',
    implementation,
    rule: 'RTM-NOTIFY-027',
    rules: ['RTM-NOTIFY-023', 'RTM-NOTIFY-024', 'RTM-NOTIFY-026', 'RTM-NOTIFY-028'],
    invariant: 'a subscriber learns of every change it asked for, and of no other',
    what: 'RtmGetChangeStatus tells of nothing pending.',
    edit: {
      file: NOTIFICATION_FUNCTIONS,
      find: "ChangeStatus: pending.has(visit.find('destination', DestHandle))",
      replace: "ChangeStatus: visit.find('destination', DestHandle) === undefined",
    },
  },
  {
    id: 'monitor/status-of-the-subscription',
    implementation,
    rule: 'RTM-NOTIFY-027',
    rules: ['RTM-NOTIFY-024', 'RTM-NOTIFY-025'],
    invariant: 'a subscriber learns of every change it asked for, and of no other',
    what: 'RtmGetChangeStatus tells whether anything at all is pending.',
    edit: {
      file: NOTIFICATION_FUNCTIONS,
      find: "ChangeStatus: pending.has(visit.find('destination', DestHandle))",
      replace:
        "ChangeStatus: visit.find('destination', DestHandle) !== undefined && pending.size > 0",
    },
  },
  {
    id: 'monitor/mark-never-told',
    implementation,
    rule: 'RTM-NOTIFY-029',
    invariant: 'a subscriber learns of every change it asked for, and of no other',
    what: 'RtmIsMarkedForChangeNotification always stores FALSE.',
    edit: {
      file: NOTIFICATION_FUNCTIONS,
      find: "DestMarked: marked.has(visit.find('destination', DestHandle))",
      replace: "DestMarked: visit.find('destination', DestHandle) === undefined",
    },
  },
  {
    id: 'monitor/made-up-destinations-ignored',
    implementation,
    rule: 'RTM-NOTIFY-031',
    invariant: 'every call returns, with a status',
    what: 'RtmIgnoreChangedDests passes over what is no handle.',
    edit: {
      file: NOTIFICATION_FUNCTIONS,
      find: 'readHandles(ChangedDests, NumDests)',
      replace:
        'readHandles(ChangedDests, NumDests).filter((handle) => visit.references.handles.find(handle) !== undefined)',
    },
  },
  {
    id: 'monitor/changes-not-given-back',
    implementation,
    rule: 'RTM-NOTIFY-032',
    rules: ['RTM-NOTIFY-033', 'RTM-REF-009', 'RTM-NOTIFY-035', 'RTM-NOTIFY-031'],
    invariant: 'every reference taken is accounted for',
    what: 'RtmReleaseChangedDests keeps the references of the first entry.',
    edit: {
      file: NOTIFICATION_FUNCTIONS,
      find: 'yield* giveBack(visit, ChangedDests.slice(0, NumDests).map(contentsOfDestination));',
      replace:
        'yield* giveBack(visit, ChangedDests.slice(1, NumDests).map(contentsOfDestination));',
    },
  },
  {
    id: 'monitor/changes-given-back-in-whole-only',
    implementation,
    rule: 'RTM-NOTIFY-033',
    rules: ['RTM-NOTIFY-042', 'RTM-NOTIFY-002', 'RTM-NOTIFY-037', 'RTM-NOTIFY-005'],
    invariant: 'every call returns, with a status',
    what: 'Changed destinations cannot be given back once they have no route.',
    edit: {
      file: NOTIFICATION_FUNCTIONS,
      find: 'visit.subscription(NotifyHandle); if (ChangedDests.length < NumDests) refuse(ERROR_INVALID_HANDLE);',
      replace:
        "visit.subscription(NotifyHandle); if (ChangedDests.slice(0, NumDests).some(({ DestHandle }) => visit.find('destination', DestHandle).routes.length === 0)) refuse(ERROR_INVALID_HANDLE);",
    },
  },
  {
    id: 'monitor/announced-after-the-end',
    implementation,
    rule: 'RTM-NOTIFY-034',
    rules: ['RTM-NOTIFY-035', 'RTM-REF-009', 'RTM-NOTIFY-001', 'RTM-NOTIFY-007', 'RTM-NOTIFY-013'],
    invariant: 'events are neither lost, duplicated nor misaddressed',
    what: 'A subscription that has ended is announced all the same.',
    edit: {
      file: TABLES,
      find: 'owner.subscriptions.delete(subscription); owner.home.subscriptions.delete(subscription); subscription.marked.clear();',
      replace: 'subscription.marked.clear();',
    },
  },
  {
    id: 'monitor/pending-changes-stay-behind',
    implementation,
    rule: 'RTM-NOTIFY-035',
    rules: ['RTM-REF-009', 'RTM-NOTIFY-034'],
    invariant: 'an object is freed when and only when its count is zero',
    what: 'A subscription that ends keeps its destinations with pending changes alive.',
    edit: {
      file: REFERENCES,
      find: "case 'notification': this.unpinAll(object.pending); return;",
      replace: "case 'notification': return;",
    },
  },
  {
    id: 'monitor/lost-routes-not-reported',
    implementation,
    rule: 'RTM-NOTIFY-042',
    rules: [
      'RTM-NOTIFY-002',
      'RTM-NOTIFY-004',
      'RTM-NOTIFY-005',
      'RTM-NOTIFY-006',
      'RTM-NOTIFY-007',
      'RTM-NOTIFY-037',
      'RTM-NOTIFY-038',
      'RTM-NOTIFY-019',
      'RTM-AGE-010',
    ],
    invariant: 'a subscriber learns of every change it asked for, and of no other',
    what: 'A destination that has lost its last route is not delivered.',
    edit: {
      file: NOTIFICATION_FUNCTIONS,
      find: 'const found = [...subscription.pending].slice(0, count);',
      replace:
        'const found = [...subscription.pending].filter(({ routes }) => routes.length > 0).slice(0, count);',
    },
  },
  {
    id: 'monitor/announcing-drops-changes',
    implementation,
    rule: 'RTM-NOTIFY-043',
    rules: [
      'RTM-REF-009',
      'RTM-NOTIFY-002',
      'RTM-NOTIFY-012',
      'RTM-NOTIFY-013',
      'RTM-NOTIFY-014',
      'RTM-NOTIFY-036',
    ],
    invariant: 'a subscriber learns of every change it asked for, and of no other',
    what: 'Changes that were announced are pending no more.',
    edit: {
      file: TABLE_DESK,
      find: '? [handle, context] : undefined',
      replace: '? (pending.clear(), [handle, context]) : undefined',
    },
  },
];
