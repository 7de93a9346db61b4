import { expect, test } from 'vitest';
import { ruleById, rules } from '../../spec/index.ts';
import { rulesElsewhere, scenarios } from './index.ts';

const named = new Set(scenarios.flatMap((scenario) => scenario.rules));
const elsewhere = new Set(rulesElsewhere.map(({ rule }) => rule));

/** Levels whose rules are all accounted for. */
const accounted: readonly string[] = [
  'core',
  'routes',
  'nexthops',
  'lookup',
  'views',
  'enumeration',
  'lists',
  'notification',
  'hold-aging',
  'methods',
  'opaque',
];

/** What the RTM owes in these levels, as far as calls, callbacks and counts show it. */
const owed = rules.filter(
  ({ feature, subject, level, observability }) =>
    accounted.includes(feature) &&
    subject === 'rtm' &&
    level !== 'may' &&
    (observability === 'black-box' || observability === 'census'),
);

test.each(owed.map(({ id, title }) => ({ id, title })))('$id: $title', ({ id }) => {
  expect(named.has(id) !== elsewhere.has(id)).toBe(true);
});

test('only rules that could be named are listed as looked for elsewhere', () => {
  const ids = owed.map(({ id }) => id);
  for (const { rule, reason } of rulesElsewhere) {
    expect(ids).toContain(rule);
    expect(reason).not.toBe('');
  }
});

test('ids are distinct and begin with their area', () => {
  expect(new Set(scenarios.map(({ id }) => id)).size).toBe(scenarios.length);
  for (const { id, area, level = 'core' } of scenarios) {
    const place = level === 'core' ? `core/${area.replace(' ', '-')}` : level;
    expect(id).toMatch(new RegExp(`^${place}/[a-z0-9]+(-[a-z0-9]+)*$`, 'u'));
    if (level !== 'core') expect(area).toBe(level);
  }
});

test('rules of another profile are named by no scenario', () => {
  for (const { profile, rules: ids } of scenarios) {
    for (const id of ids) {
      const owner = ruleById(id).profile;
      expect(owner === 'both' || owner === profile).toBe(true);
      expect(ruleById(id).subject).toBe('rtm');
    }
  }
});

test('a slot is registered once, and steps looked back at lie behind', () => {
  for (const { steps } of scenarios) {
    const slots = steps.flatMap((step) => (step.do.call === 'register' ? [step.do.slot] : []));
    expect(new Set(slots).size).toBe(slots.length);
    steps.forEach((step, index) => {
      for (const earlier of step.expect?.still ?? []) {
        expect(earlier).toBeLessThan(index);
        expect(steps[earlier]?.expect).toBeDefined();
      }
    });
  }
});

test('events are expected only when they have had time to come', () => {
  for (const { steps } of scenarios) {
    for (const step of steps) {
      if (step.expect?.told !== undefined) expect(step.do.call).toBe('quiesce');
    }
  }
});

test('scenarios are plain data', () => {
  expect(JSON.parse(JSON.stringify(scenarios))).toEqual(scenarios);
});
