/** The monitor with another best route than the right one. */
import type { Mutant } from '../mutant.ts';

const implementation = 'monitor';
const DESCRIBING = 'reference/concurrent/functions/describing.ts';
const ROUTE_FUNCTIONS = 'reference/concurrent/functions/route-functions.ts';
const BEST_ROUTES = 'reference/concurrent/table/best-routes.ts';
const ROUTING_TABLE = 'reference/concurrent/table/routing-table.ts';

export const bestRouteMutants: readonly Mutant[] = [
  {
    id: 'monitor/metric-before-preference',
    implementation,
    rule: 'RTM-BEST-001',
    rules: ['RTM-BEST-005'],
    invariant: 'the best route of a view follows from its routes',
    what: 'The metric is compared first, the preference only between equal metrics.',
    edit: {
      file: BEST_ROUTES,
      find: 'a.preference - b.preference || a.metric - b.metric',
      replace: 'a.metric - b.metric || a.preference - b.preference',
    },
  },
  {
    id: 'monitor/higher-preference-wins',
    implementation,
    rule: 'RTM-BEST-001',
    rules: ['RTM-BEST-005'],
    invariant: 'the best route of a view follows from its routes',
    what: 'The higher preference wins.',
    edit: {
      file: BEST_ROUTES,
      find: 'a.preference - b.preference ||',
      replace: 'b.preference - a.preference ||',
    },
  },
  {
    id: 'monitor/higher-metric-wins',
    implementation,
    rule: 'RTM-BEST-002',
    invariant: 'the best route of a view follows from its routes',
    what: 'Between equal preferences the higher metric wins.',
    edit: { file: BEST_ROUTES, find: '|| a.metric - b.metric', replace: '|| b.metric - a.metric' },
  },
  {
    id: 'monitor/signed-metrics',
    implementation,
    rule: 'RTM-BEST-002',
    invariant: 'the best route of a view follows from its routes',
    what: 'Metrics are compared as signed numbers: a very long way counts as the shortest.',
    edit: {
      file: BEST_ROUTES,
      find: '|| a.metric - b.metric',
      replace: '|| (a.metric | 0) - (b.metric | 0)',
    },
  },
  {
    id: 'monitor/all-equals-are-best',
    implementation,
    rule: 'RTM-BEST-003',
    rules: ['RTM-BEST-005'],
    invariant: 'the best route of a view follows from its routes',
    what: 'All routes that are as good as the best one count as the best.',
    edit: {
      file: BEST_ROUTES,
      find: 'if (bestInView(route.destination.routes, view) === route)',
      replace:
        'const best = bestInView(route.destination.routes, view); if (best !== undefined && compare(best.content, route.content) === 0)',
    },
  },
  {
    id: 'monitor/best-of-all-views',
    implementation,
    rule: 'RTM-BEST-004',
    rules: ['RTM-ROUTE-007', 'RTM-BEST-005'],
    invariant: 'the best route of a view follows from its routes',
    what: 'The best route of every view is the best of all routes, of that view or not.',
    edit: {
      file: BEST_ROUTES,
      find: 'return routes.find(({ content }) => isInView(content.views, view));',
      replace: 'return routes[0];',
    },
  },
  {
    id: 'monitor/best-in-any-view-is-unicast',
    implementation,
    rule: 'RTM-BEST-005',
    rules: ['RTM-VIEW-007', 'RTM-ROUTE-035'],
    invariant: 'OUT parameters hold what is promised',
    what: 'BestInViews names the unicast view for every view in which a route is the best.',
    edit: { file: BEST_ROUTES, find: 'mask |= 1 << view', replace: 'mask |= 1' },
  },
  {
    id: 'monitor/unknown-route-best-nowhere',
    implementation,
    rule: 'RTM-BEST-007',
    invariant: 'every call returns, with a status',
    what: 'A handle that never was a route is said to be the best in no view.',
    edit: {
      file: ROUTE_FUNCTIONS,
      find: 'return done({ BestInViews: bestViewsOf(visit.route(RouteHandle)) });',
      replace:
        'return done({ BestInViews: visit.references.handles.find(RouteHandle) === undefined ? 0 : bestViewsOf(visit.route(RouteHandle)) });',
    },
  },
  {
    id: 'monitor/destination-shows-the-worst',
    implementation,
    rule: 'RTM-BEST-008',
    rules: ['RTM-ROUTE-035'],
    invariant: 'the best route of a view follows from its routes',
    what: 'Information on a destination shows the worst route of a view, while RtmIsBestRoute names the best.',
    edit: {
      file: DESCRIBING,
      find: 'const best = inView.find(',
      replace: 'const best = inView.findLast(',
    },
  },
  {
    id: 'monitor/deletion-shuffles-the-rest',
    implementation,
    rule: 'RTM-BEST-009',
    invariant: 'the best route of a view follows from its routes',
    what: 'When a route is deleted, the order of the others is turned round: the worst comes next.',
    edit: {
      file: BEST_ROUTES,
      find: 'routes.toSpliced(routes.indexOf(route), 1)',
      replace: 'routes.toSpliced(routes.indexOf(route), 1).toReversed()',
    },
  },
  {
    id: 'monitor/update-keeps-the-place',
    implementation,
    rule: 'RTM-BEST-010',
    rules: ['RTM-ROUTE-035'],
    invariant: 'the best route of a view follows from its routes',
    what: 'An updated route keeps its place among the others, whatever its metric is now.',
    edit: {
      file: ROUTING_TABLE,
      find: 'before !== undefined && after !== undefined && hasSamePreference(before, after)',
      replace: 'before !== undefined && after !== undefined',
    },
  },
];
