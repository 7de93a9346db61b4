/**
 * Changing the routes of a destination: everything goes through `change`, which looks at the destination before
 * and after, chooses the best routes anew, and puts down what subscribers are to be told.
 */
import { constants } from '../../../spec/index.ts';
import { bestIn, isHeldDown, isIn, VIEW_IDS, viewsIn } from './choosing.ts';
import { pictureOf } from './pictures.ts';
import type { Content, Dest, Entity, Hop, Route, Subscription } from './things.ts';
import type { World } from './world.ts';

/** What is looked at before and after. */
interface Look {
  readonly best: Route | null;
  readonly content: Content | undefined;
}

/**
 * Carries a change of `touched` out.
 * @returns Whether it counts for RTM_ROUTE_CHANGE_BEST.
 */
export function change(world: World, dest: Dest, touched: Route, carryOut: () => void): boolean {
  const look = (view: number): Look => {
    const best = dest.best.get(view) ?? null;
    return { best, content: best?.content };
  };
  const before = VIEW_IDS.map(look);
  const contentBefore = dest.routes.includes(touched) ? touched.content : undefined;
  carryOut();
  touched.stamp = world.stamp();
  for (const view of VIEW_IDS) {
    const best = bestIn(world, dest, view, () => true);
    if (best === null) dest.best.delete(view);
    else dest.best.set(view, best);
  }
  const after = VIEW_IDS.map(look);
  const contentAfter = dest.routes.includes(touched) ? touched.content : undefined;
  const isAnother = VIEW_IDS.some((view) => before[view]?.best !== after[view]?.best);
  const isBestChanged = VIEW_IDS.some((view) => before[view]?.content !== after[view]?.content);
  if (world.choices.lastChangedAlways === true || isBestChanged || isAnother)
    dest.changed = Math.max(dest.changed + 1, world.now() * 10_000);
  for (const subscription of dest.table.subscriptions) {
    const isServed = viewsIn(subscription.views).some((view) => {
      const touchedHere = [contentBefore, contentAfter].some(
        (content) => content !== undefined && ((content.views >>> view) & 1) === 1,
      );
      const isChanged =
        world.choices.allCounts === true || !isSameContent(contentBefore, contentAfter);
      return (
        ((subscription.kinds & constants.RTM_CHANGE_TYPE_ALL) !== 0 && touchedHere && isChanged) ||
        isBestServed(world, subscription, before[view], after[view], touched)
      );
    });
    if (isServed) serve(world, subscription, dest);
  }
  const wasBest = before.some(({ best }) => best === touched);
  const isBest = after.some(({ best }) => best === touched);
  switch (world.choices.changeBest) {
    case 'touched':
      return isAnother || wasBest || isBest;
    case 'identity':
      return isAnother;
    case 'content':
      return isAnother || (isBest && !isSameContent(contentBefore, contentAfter));
  }
}

/** For RTM_CHANGE_TYPE_BEST and RTM_CHANGE_TYPE_FORWARDING. */
function isBestServed(
  world: World,
  { kinds }: Subscription,
  before: Look | undefined,
  after: Look | undefined,
  touched: Route,
): boolean {
  const wanted = constants.RTM_CHANGE_TYPE_BEST | constants.RTM_CHANGE_TYPE_FORWARDING;
  if ((kinds & wanted) === 0) return false;
  if (before?.best !== after?.best) return true;
  const [left, right] = [before?.content, after?.content];
  if (left === undefined || right === undefined) return false;
  const sameHops = isSameList(left.hops, right.hops);
  const flags = left.flags ^ right.flags;
  const isAnyhow = world.choices.allCounts === true && after?.best === touched;
  if ((kinds & constants.RTM_CHANGE_TYPE_BEST) !== 0) {
    if (isAnyhow || left.pref.Preference !== right.pref.Preference) return true;
    if (!sameHops || flags !== 0) return true;
  }
  if ((kinds & constants.RTM_CHANGE_TYPE_FORWARDING) === 0) return false;
  if (!sameHops || (flags & constants.RTM_ROUTE_FLAGS_FORWARDING) !== 0) return true;
  // Nothing but its other flags never counts.
  return isAnyhow && (flags === 0 || !isSameContent(left, { ...right, flags: left.flags }));
}

function isSameContent(a: Content | undefined, b: Content | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.neighbour === b.neighbour &&
    isSameList(a.hops, b.hops) &&
    a.flags === b.flags &&
    a.pref.Preference === b.pref.Preference &&
    a.pref.Metric === b.pref.Metric &&
    a.views === b.views &&
    Object.is(a.specific, b.specific)
  );
}

export function isSameList(a: readonly Hop[], b: readonly Hop[]): boolean {
  return a.length === b.length && a.every((hop, at) => hop === b[at]);
}

/** Puts the destination down as changed, and announces that as chosen. */
function serve(world: World, subscription: Subscription, dest: Dest): void {
  if (subscription.markedOnly && !subscription.marks.has(dest)) return;
  const { showsAtChange, announces } = world.choices;
  const picture =
    showsAtChange === true ? pictureOf(world, dest, subscription.views, () => true) : null;
  subscription.pending.set(dest, picture);
  const isOutstanding = subscription.announced;
  subscription.announced = true;
  if (announces === 'when-drained' && isOutstanding) return;
  announce(world, subscription);
  if (announces === 'twice') announce(world, subscription);
}

function announce(world: World, subscription: Subscription): void {
  const { owner } = subscription;
  if (owner.callback === null || owner.stage !== 'registered') return;
  world.events.push({
    receiver: owner,
    type: 3,
    context1: world.valueOf(subscription),
    context2: subscription.context,
    isDue: () => {
      if (!subscription.alive || owner.stage !== 'registered') return false;
      if (subscription.pending.size > 0) return true;
      subscription.announced = false;
      return false;
    },
    done: () => {},
  });
}

/** Gives a route new content, which holds its next hops from then on. */
export function setContent(world: World, route: Route, content: Content): void {
  for (const hop of namedBy(content)) hop.uses += 1;
  releaseContent(world, route.content);
  route.content = content;
  showContent(world, route);
}

export function releaseContent(world: World, content: Content): void {
  for (const hop of namedBy(content)) {
    hop.uses -= 1;
    hop.alive = hop.listed || hop.uses > 0;
    world.settle(hop);
  }
}

export function namedBy({ neighbour, hops }: Content): readonly Hop[] {
  return neighbour === null ? hops : [neighbour, ...hops];
}

/** Puts the content where pointers lead. */
export function showContent(world: World, { live, content }: Route): void {
  live.Neighbour = content.neighbour === null ? null : world.valueOf(content.neighbour);
  live.NextHopsList = {
    NumNextHops: content.hops.length,
    NextHops: content.hops.map((hop) => world.valueOf(hop)),
  };
  live.Flags = content.flags;
  live.PrefInfo = content.pref;
  live.BelongsToViews = content.views;
  live.EntitySpecificInfo = content.specific;
}

/** Takes a route out of the table; the last one of a destination that is marked is held. */
export function deleteRoute(world: World, route: Route, _by: Entity): boolean {
  const { dest } = route;
  const { mark } = dest;
  const isBest = change(world, dest, route, () => {
    dest.routes.splice(dest.routes.indexOf(route), 1);
    route.inTable = false;
    route.expiresAt = Infinity;
  });
  if (mark !== null) hold(world, route, mark);
  if (world.choices.deletedStayListed !== true) leaveList(route);
  settleRoute(world, route);
  settleDest(world, dest);
  return isBest;
}

export function leaveList(route: Route): void {
  if (route.list === null) return;
  route.list.members.splice(route.list.members.indexOf(route), 1);
  route.list = null;
}

function hold(world: World, route: Route, mark: { views: number; time: number }): void {
  const { dest } = route;
  const { holdsWhole, holdsEverywhere, holdReplaced, holdUsedUp } = world.choices;
  if (holdsWhole === true && dest.routes.length > 0) return;
  const views = viewsIn(
    holdsEverywhere === true ? route.content.views : route.content.views & mark.views,
  );
  let isHeld = false;
  for (const view of views) {
    if (dest.routes.some((other) => isIn(other, view))) continue;
    if (dest.holds.has(view) && holdReplaced !== true) continue;
    const replaced = dest.holds.get(view)?.route;
    dest.holds.set(view, { route, until: world.now() + mark.time });
    isHeld = true;
    if (replaced !== undefined) settleRoute(world, replaced);
  }
  if (isHeld && holdUsedUp === true) dest.mark = null;
}

/** Ends holds whose time has passed. */
export function endHolds(world: World): void {
  for (const { dests } of world.tables.values()) {
    for (const dest of [...dests]) {
      for (const [view, { route, until }] of [...dest.holds]) {
        if (until > world.now()) continue;
        dest.holds.delete(view);
        settleRoute(world, route);
      }
      settleDest(world, dest);
    }
  }
}

export function settleRoute(world: World, route: Route): void {
  route.alive = route.inTable || isHeldDown(route) || route.list !== null;
  world.settle(route);
}

/** A destination stays for as long as it has routes, holds one, is held, or is to be reported. */
export function settleDest(world: World, dest: Dest): void {
  const { subscriptions } = dest.table;
  const isPending = subscriptions.some(({ pending }) => pending.has(dest));
  const isMarked = subscriptions.some(({ marks }) => marks.has(dest));
  dest.alive = dest.routes.length > 0 || dest.holds.size > 0 || isPending || isMarked;
  world.settle(dest);
}
