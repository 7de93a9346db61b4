/**
 * The properties beyond level `core`. Each comes twice: one client after the other, where long histories reach
 * rare states, and a few calls of several threads at once.
 */
import type { Level, RuleId } from '../../spec/index.ts';
import type { Check } from '../runner/check.ts';
import { propertyCheck } from './property-check.ts';
import { type TableFocus, tablePrograms } from './table-arbitraries.ts';

const BOTH = ['documented', 'notes'] as const;

interface TableProperty {
  readonly level: Exclude<Level, 'core'>;
  readonly needs: readonly Exclude<Level, 'core'>[];
  readonly title: string;
  readonly rules: readonly RuleId[];
  readonly weights: TableFocus['weights'];
}

const described: readonly TableProperty[] = [
  {
    level: 'routes',
    needs: ['nexthops', 'lookup', 'views'],
    title:
      'The table holds the routes that were added, and the best one of each destination is found',
    rules: ['RTM-ROUTE-001', 'RTM-BEST-001', 'RTM-BEST-002', 'RTM-LOOKUP-001'],
    weights: { routes: 8, nexthops: 3, lookup: 4, views: 1 },
  },
  {
    level: 'enumeration',
    needs: ['routes', 'nexthops', 'lookup', 'views'],
    title: 'Enumerations deliver what is in the table, while it changes',
    rules: ['RTM-ENUM-001', 'RTM-ENUM-012'],
    weights: { routes: 4, nexthops: 2, enumeration: 8 },
  },
  {
    level: 'notification',
    needs: ['routes', 'nexthops', 'lookup', 'views'],
    title: 'Subscribers learn of every change that they asked for, and of no other',
    rules: ['RTM-NOTIFY-001'],
    weights: { routes: 5, nexthops: 1, lookup: 1, notification: 9 },
  },
  {
    level: 'lists',
    needs: ['routes', 'nexthops', 'views'],
    title: 'Route lists hold the routes that were put on them',
    rules: ['RTM-RLIST-001'],
    weights: { routes: 4, nexthops: 1, lists: 8 },
  },
  {
    level: 'hold-aging',
    needs: ['routes', 'nexthops', 'lookup', 'views'],
    title: 'Routes expire and are held down when their time has come, and not before',
    rules: ['RTM-AGE-001', 'RTM-AGE-002', 'RTM-HOLD-001'],
    weights: { routes: 4, nexthops: 1, lookup: 2, 'hold-aging': 6 },
  },
  {
    level: 'opaque',
    needs: ['routes', 'nexthops', 'lookup', 'views', 'methods'],
    title: 'Methods run on those who export them, and opaque pointers keep what is put there',
    rules: ['RTM-OPAQUE-001', 'RTM-METHOD-001'],
    weights: { routes: 2, nexthops: 1, lookup: 2, opaque: 3, methods: 4 },
  },
];

export const tableProperties: readonly Check[] = described.flatMap(
  ({ level, needs, title, rules, weights }) => [
    propertyCheck({
      id: `${level}/property/in-turn`,
      title: `${title}: one call after the other`,
      area: level,
      level,
      needs,
      rules,
      profiles: BOTH,
      arbitrary: tablePrograms({ weights, threads: 0, setupActions: 24, threadActions: 1 }),
      lens: {},
      programs: 150,
      schedules: 1,
    }),
    propertyCheck({
      id: `${level}/property/at-once`,
      title: `${title}: several threads`,
      area: level,
      level,
      needs,
      rules: [...rules, 'RTM-SAFE-003', 'RTM-SAFE-005'],
      profiles: BOTH,
      arbitrary: tablePrograms({ weights, threads: 2, setupActions: 4, threadActions: 3 }),
      lens: {},
      programs: 60,
      schedules: 20,
    }),
  ],
);
