/**
 * What the worker does when it is called: tells subscribers of changes and owners of routes that have expired, and
 * ends holds whose time is over. Whether there is still something to tell is looked at right before.
 *
 * Like every callback these are operations of their receivers, whose deregistration waits for them. A route is lent to its
 * owner, without a reference of its own, and described by a copy; without a callback to ask, it stays.
 */
import type { Runtime, Task } from '../../../harness/index.ts';
import { events, statuses } from '../../../spec/index.ts';
import { enter, leave } from '../quiescent-entity.ts';
import type { Handle } from '../rtm.ts';
import { inTable } from './access.ts';
import { pin, unpin } from './counts.ts';
import { handleOf } from './handles.ts';
import { isHolding } from './holding.ts';
import { routeInfo } from './live.ts';
import { requireWritable } from './locks.ts';
import type { Frames } from './methods.ts';
import type { Client, Route, Subscription } from './objects.ts';
import { deleteRoute, releaseHolds } from './routes.ts';
import type { RoutingTable } from './routing-table.ts';

export interface Postbox {
  readonly rt: Runtime;
  readonly frames: Frames;
  readonly tables: () => Iterable<RoutingTable>;
}

interface News {
  readonly announcements: readonly Subscription[];
  /** Pinned. */
  readonly expired: readonly Route[];
  readonly next: number;
}

const NO_NEWS: News = { announcements: [], expired: [], next: Infinity };

type Contexts = readonly [Handle, unknown];

/** Returns when there will be something to do next. */
export function* deliverAll(postbox: Postbox): Task<number> {
  let next = Infinity;
  for (const table of postbox.tables()) {
    const outcome = yield* inTable(table, 'write', () => collect(table));
    const news = outcome.kind === 'done' ? outcome.value : NO_NEWS;
    for (const subscription of news.announcements) yield* announce(postbox, subscription);
    for (const route of news.expired) yield* reportExpiry(postbox, route);
    next = Math.min(next, news.next);
  }
  return next;
}

function* collect(table: RoutingTable): Task<News> {
  const announcements = [...table.announcements];
  table.announcements.clear();
  const now = table.rt.now();
  const expired: Route[] = [];
  for (let due = table.moments.take(now); due !== undefined; due = table.moments.take(now)) {
    const { what } = due;
    if (what.kind === 'destination') {
      if (what.holds.length > 0 && isHolding(what)) table.postponed.push(what);
      else releaseHolds(what, now);
    } else if (isDue(what, now)) {
      pin(what);
      expired.push(what);
    }
  }
  return { announcements, expired, next: table.moments.next };
}

/** One that has been updated meanwhile is looked at again when its new time is over. */
function isDue(route: Route, now: number): boolean {
  const { expiresAt } = route;
  route.alarmAt = undefined;
  if (route.state !== 'created' || expiresAt === undefined) return false;
  if (expiresAt > now) {
    route.alarmAt = expiresAt;
    route.table.moments.add(expiresAt, route);
    return false;
  }
  route.expiresAt = undefined;
  route.isExpired = true;
  return route.owner.hasCallback;
}

function* announce(postbox: Postbox, subscription: Subscription): Task {
  const { owner, pending, context } = subscription;
  const isIn = yield* enter(owner.entity);
  if (!isIn) return;
  yield* tell(postbox, owner, events.RTM_CHANGE_NOTIFICATION, () =>
    subscription.isEnded || pending.size === 0 ? undefined : [handleOf(subscription), context],
  );
  yield* leave(owner.entity);
}

function* reportExpiry(postbox: Postbox, route: Route): Task {
  const { owner, destination, table } = route;
  const isIn = yield* enter(owner.entity);
  const answer = isIn
    ? yield* tell(postbox, owner, events.RTM_ROUTE_EXPIRED, () => {
        if (!route.isExpired || route.state !== 'created') return undefined;
        return [handleOf(route), routeInfo(route, owner.entity.handle)];
      })
    : undefined;
  const actor = { client: owner, thread: postbox.frames.thread() };
  yield* inTable(table, 'write', function* () {
    if (answer === statuses.ERROR_NOT_SUPPORTED && route.state === 'created') {
      requireWritable(destination, actor);
      requireWritable(route, actor);
      deleteRoute(route, { mayHold: true });
    }
    unpin(route);
  });
  if (isIn) yield* leave(owner.entity);
}

/** Calls the client back, if there is something to tell. */
function* tell(
  { rt, frames }: Postbox,
  { entity, table }: Client,
  type: number,
  look: () => Contexts | undefined,
): Task<number | undefined> {
  const outcome = yield* inTable(table, 'read', function* () {
    return look();
  });
  const contexts = outcome.kind === 'done' ? outcome.value : undefined;
  const { callback } = yield* rt.heap.access(entity.memory);
  if (contexts === undefined || callback === null) return undefined;
  frames.push(entity);
  const status = yield* callback(entity.handle, type, ...contexts);
  frames.pop();
  return status;
}
