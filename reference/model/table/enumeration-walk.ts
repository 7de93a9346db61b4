/** How an enumeration goes on: which object may come next, and whether it may be at its end. */
import type { Misfit } from '../clause.ts';
import { misfit } from '../clause.ts';
import type { RuleName } from '../model-rules.ts';
import type { EntityKey } from '../naming.ts';
import type { State } from '../state.ts';
import { membersOf, membershipOf, placeIn } from './enumeration-scope.ts';
import type { ObjectKey, Route } from './objects.ts';
import { isBetter, rankOf } from './preferences.ts';
import type { Enumeration, Scope } from './walks.ts';

/** An enumeration that begins now. */
export function beginWalk(
  state: State,
  key: ObjectKey,
  owner: EntityKey,
  scope: Scope,
): Enumeration {
  const members = membersOf(state, { owner, scope });
  const withCertainty = (wanted: string) =>
    members.filter(({ certainty }) => certainty === wanted).map((member) => member.key);
  return {
    kind: 'enumeration',
    key,
    owner,
    scope,
    plan: withCertainty('sure'),
    passed: 0,
    at: null,
    delivered: [],
    stirred: withCertainty('perhaps').toSorted(),
    orphaned: false,
  };
}

/** The enumeration after it has delivered an object, or why it may not. */
export function advance(state: State, walk: Enumeration, key: ObjectKey): Enumeration | Misfit {
  const place = placeIn(state, walk, key);
  if (walk.at !== null && place < walk.at)
    return misfit('enumOrder', 'an object is delivered after one with a greater address');
  const moved = place === walk.at ? walk : leave(state, walk, place);
  if ('rule' in moved) return moved;
  const isStirred = walk.stirred.includes(key);
  if (!isStirred && !isPlanned(state, moved, key, place)) return invention(state, walk, key);
  if (!isStirred && moved.delivered.includes(key))
    return misfit(onceRule(walk), 'an object is delivered twice');
  const wrong = isStirred ? undefined : rankFlaw(state, moved, key);
  return wrong ?? { ...moved, delivered: [...moved.delivered, key] };
}

/** Goes on to a place: everything before it must have been delivered. */
function leave(state: State, walk: Enumeration, place: string): Enumeration | Misfit {
  let { passed } = walk;
  for (; passed < walk.plan.length; passed += 1) {
    const key = walk.plan[passed];
    if (key === undefined || placeIn(state, walk, key) >= place) break;
    const flaw = missingFlaw(state, walk, key);
    if (flaw !== undefined) return flaw;
  }
  return { ...walk, passed, at: place, delivered: [] };
}

function isPlanned(state: State, walk: Enumeration, key: ObjectKey, place: string): boolean {
  for (let index = walk.passed; index < walk.plan.length; index += 1) {
    const planned = walk.plan[index];
    if (planned === key) return true;
    if (planned === undefined || placeIn(state, walk, planned) > place) return false;
  }
  return false;
}

/** Undefined when an enumeration may be over here. */
export function endFlaw(state: State, walk: Enumeration): Misfit | undefined {
  for (let index = walk.passed; index < walk.plan.length; index += 1) {
    const key = walk.plan[index];
    const flaw = key === undefined ? undefined : missingFlaw(state, walk, key);
    if (flaw !== undefined) {
      const text = 'the end is reported, but an object is left that has been there all the time';
      return walk.scope.over === 'list' ? misfit('listEnd', text) : misfit('enumEnd', text);
    }
  }
  return undefined;
}

/** Whether there may be anything to deliver yet. */
export function hasMore(walk: Enumeration): boolean {
  const left = walk.plan.length - walk.passed;
  return left > walk.delivered.length || walk.stirred.length > 0;
}

function missingFlaw(state: State, walk: Enumeration, key: ObjectKey): Misfit | undefined {
  if (walk.delivered.includes(key) || walk.stirred.includes(key)) return undefined;
  // What has become uncertain by itself, as by the passing of time, need not come.
  if (membershipOf(state, walk, key).certainty !== 'sure') return undefined;
  return misfit(onceRule(walk), 'an object is left out that has been there all the time');
}

function onceRule({ scope }: Enumeration): RuleName {
  return scope.over === 'list' ? 'listMembers' : 'enumOnce';
}

function invention(state: State, walk: Enumeration, key: ObjectKey): Misfit {
  const { certainty, rule } = membershipOf(state, walk, key);
  const isPast = certainty === 'sure' && walk.plan.includes(key);
  if (isPast) return misfit(onceRule(walk), 'an object is delivered twice');
  return misfit(rule, 'an object is delivered that is not what the enumeration asks for');
}

/** Routes to one destination come in order of preference and metric, by one of the readings at least. */
function rankFlaw(state: State, walk: Enumeration, key: ObjectKey): Misfit | undefined {
  const { routes, preferences } = state.tables;
  const previous = walk.delivered.at(-1);
  if (walk.scope.over !== 'routes' || previous === undefined) return undefined;
  const [first, second] = [routes.get(previous), routes.get(key)];
  if (first === undefined || second === undefined) return undefined;
  if (walk.stirred.includes(previous) || isVague(first) || isVague(second)) return undefined;
  const isInOrder = preferences.some(
    (reading) =>
      !isBetter(rankOf(reading, second, second.content), rankOf(reading, first, first.content)),
  );
  return isInOrder
    ? undefined
    : misfit('enumRouteOrder', 'a route is delivered after a worse one of its destination');
}

function isVague(route: Route): boolean {
  return route.written !== null || route.presence !== 'sure';
}
