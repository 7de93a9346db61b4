/** The monitor with views that are reported wrongly. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const ENTITY_INFO = 'reference/concurrent/entity-info.ts';
const DESCRIBING = 'reference/concurrent/functions/describing.ts';
const LOOKUP_FUNCTIONS = 'reference/concurrent/functions/lookup-functions.ts';

export const viewMutants: readonly Mutant[] = [
  {
    id: 'monitor/all-views-reported',
    implementation,
    rule: 'RTM-VIEW-001',
    invariant: 'information is true of what it describes',
    what: 'Views are reported that were not asked for.',
    edit: {
      file: DESCRIBING,
      find: "if (views === 'any' || !isInView(views, view)) continue;",
      replace: "if (views === 'any') continue;",
    },
  },
  {
    id: 'monitor/any-view-reports-all',
    implementation,
    rule: 'RTM-VIEW-002',
    invariant: 'information is true of what it describes',
    what: 'RTM_VIEW_MASK_ANY has all views reported.',
    edit: {
      file: DESCRIBING,
      find: "if (views === 'any' || !isInView(views, view)) continue;",
      replace: "if (views !== 'any' && !isInView(views, view)) continue;",
    },
  },
  {
    id: 'monitor/all-views-counted',
    implementation,
    rule: 'RTM-VIEW-003',
    rules: ['RTM-VIEW-001'],
    invariant: 'information is true of what it describes',
    what: 'NumberOfViews is the number of views there are, not of those reported.',
    edit: {
      file: DESCRIBING,
      find: 'NumberOfViews: ViewInfo.length',
      replace: 'NumberOfViews: supportedViews.length',
    },
  },
  {
    id: 'monitor/owner-left-out',
    implementation,
    rule: 'RTM-VIEW-004',
    rules: ['RTM-ROUTE-014', 'RTM-VIEW-003', 'RTM-VIEW-001'],
    invariant: 'information is true of what it describes',
    what: 'Information on a destination does not tell who owns its best route.',
    edit: {
      file: DESCRIBING,
      find: 'Owner: best === undefined ? null : yield* giveOwner(visit, best.owner)',
      replace: 'Owner: null',
    },
  },
  {
    id: 'monitor/all-routes-counted',
    implementation,
    rule: 'RTM-VIEW-005',
    invariant: 'information is true of what it describes',
    what: 'NumRoutes counts the routes of all views.',
    edit: {
      file: DESCRIBING,
      find: 'NumRoutes: inView.length',
      replace: 'NumRoutes: routes.length',
    },
  },
  {
    id: 'monitor/view-named-by-its-mask',
    implementation,
    rule: 'RTM-VIEW-007',
    rules: ['RTM-VIEW-001'],
    invariant: 'information is true of what it describes',
    what: 'ViewId holds the mask of the view instead of its number.',
    edit: { file: DESCRIBING, find: 'ViewId: view,', replace: 'ViewId: 1 << view,' },
  },
  {
    id: 'monitor/a-third-view',
    implementation,
    rule: 'RTM-VIEW-008',
    invariant: 'information is true of what it describes',
    what: 'The profile promises a third view.',
    edit: {
      file: ENTITY_INFO,
      find: 'constants.RTM_VIEW_MASK_MCAST, NumberOfViews: 2',
      replace: 'constants.RTM_VIEW_MASK_MCAST + 4, NumberOfViews: 3',
    },
  },
  {
    id: 'monitor/routes-in-every-view',
    implementation,
    rule: 'RTM-VIEW-009',
    rules: ['RTM-VIEW-004'],
    invariant: 'information is true of what it describes',
    what: 'Information on a view has the routes of all views.',
    edit: {
      file: DESCRIBING,
      find: 'routes.filter(({ content }) => isInView(content.views, view))',
      replace: 'routes',
    },
  },
  {
    id: 'monitor/views-of-the-best-alone',
    implementation,
    rule: 'RTM-VIEW-010',
    invariant: 'information is true of what it describes',
    what: 'BelongsToViews of a destination has the views of its first route alone.',
    edit: {
      file: DESCRIBING,
      find: 'BelongsToViews: routes.reduce((mask, { content }) => mask | content.views, 0)',
      replace: 'BelongsToViews: routes[0]?.content.views ?? 0',
    },
  },
  {
    id: 'monitor/flags-of-another-view',
    implementation,
    rule: 'RTM-VIEW-013',
    invariant: 'information is true of what it describes',
    what: 'DestFlags are those of the worst route, of whichever view.',
    edit: {
      file: DESCRIBING,
      find: 'DestFlags: best?.content.flags ?? 0',
      replace: 'DestFlags: routes.at(-1)?.content.flags ?? 0',
    },
  },
  {
    id: 'monitor/match-in-every-view',
    implementation,
    rule: 'RTM-MATCH-014',
    rules: ['RTM-VIEW-009'],
    invariant: 'a search finds what covers or matches, and nothing else',
    what: 'RtmGetExactMatchRoute delivers routes of views that were not asked for.',
    edit: {
      file: LOOKUP_FUNCTIONS,
      find: "(views === 'any' || (one.content.views & views) !== 0) && isMatch",
      replace: 'isMatch',
    },
  },
];
