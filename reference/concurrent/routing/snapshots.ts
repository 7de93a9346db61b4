/**
 * Enumerations as snapshots: what is to be delivered is found and put in order when the enumeration is made, and
 * pinned until it has been passed. What has left the table by then is passed over.
 */
import type { Prefix } from '../table/prefix.ts';
import { agree, comparePrefixes } from '../table/prefix.ts';
import { pin, unpin } from './counts.ts';
import { heldRoutes, isHolding } from './holding.ts';
import type { Client, Destination, Enumeration, NextHop, Route, RouteList } from './objects.ts';
import { bestIn } from './ranking.ts';
import { SUPPORTED_VIEWS, hasView, VIEWS } from './views.ts';

/** The part of a table that is gone through. */
export interface Scope {
  /** Begins there. */
  readonly from: Prefix | undefined;
  /** Nothing but what it covers. */
  readonly within: Prefix | undefined;
}

export function isInScope({ from, within }: Scope, prefix: Prefix): boolean {
  if (from !== undefined && comparePrefixes(prefix, from) < 0) return false;
  if (within === undefined) return true;
  return prefix.length >= within.length && agree(prefix, within, within.length);
}

/** Views of 0 are RTM_VIEW_MASK_ANY. A destination with nothing but held routes is in no single view. */
export function isInViews(destination: Destination, views: number): boolean {
  const { routes } = destination;
  if (routes.some(({ content }) => views === 0 || (content.views & views) !== 0)) return true;
  return isHolding(destination) && (views === 0 || views === SUPPORTED_VIEWS);
}

export function isOwnedBy({ routes }: Destination, client: Client, views: number): boolean {
  return VIEWS.some(
    (view) => (views === 0 || hasView(views, view)) && bestIn(routes, view)?.owner === client,
  );
}

/** In order; with the routes in hold-down if all views are asked for. */
export function routesIn(destination: Destination, views: number): readonly Route[] {
  const { routes } = destination;
  if (views !== 0) return routes.filter(({ content }) => (content.views & views) !== 0);
  return isHolding(destination) ? [...routes, ...heldRoutes(destination)] : routes;
}

export function sortedHops(client: Client, scope: Scope): readonly NextHop[] {
  return [...client.hops.values()]
    .filter(({ address }) => isInScope(scope, address))
    .toSorted(
      (a, b) => comparePrefixes(a.address, b.address) || a.interfaceIndex - b.interfaceIndex,
    );
}

export function startEnumeration(
  owner: Client,
  items: Enumeration['items'],
  options: Pick<Enumeration, 'over'> & {
    readonly views?: number;
    readonly protocol?: number;
    readonly list?: RouteList;
  },
): Enumeration {
  const { over, views = 0, protocol = 0, list } = options;
  const { table } = owner;
  const enumeration = table.enter<Enumeration>({
    ...table.blank('enumeration'),
    owner,
    over,
    items,
    position: 0,
    views,
    protocol,
    list,
  });
  for (const item of items) pin(item);
  pin(enumeration);
  owner.enumerations.add(enumeration);
  return enumeration;
}

export function endEnumeration(enumeration: Enumeration): void {
  const { items, position } = enumeration;
  enumeration.position = items.length;
  for (let index = position; index < items.length; index += 1) {
    const item = items[index];
    if (item !== undefined) unpin(item);
  }
  enumeration.owner.enumerations.delete(enumeration);
  unpin(enumeration);
}

/** The items of a batch, which stay pinned until the enumeration has been moved on by as many. */
export function peek(
  { items, position }: Enumeration,
  count: number,
): { readonly found: Enumeration['items']; readonly passed: number; readonly isLast: boolean } {
  const found: (Destination | Route | NextHop)[] = [];
  let at = position;
  let passed = 0;
  for (; at < items.length; at += 1) {
    const item = items[at];
    if (item === undefined || !isThere(item)) continue;
    if (found.length === count) return { found, passed, isLast: false };
    found.push(item);
    passed = at + 1 - position;
  }
  return { found, passed: items.length - position, isLast: true };
}

export function moveOn(enumeration: Enumeration, passed: number): void {
  const { items, position } = enumeration;
  enumeration.position += passed;
  for (let index = position; index < position + passed; index += 1) {
    const item = items[index];
    if (item !== undefined) unpin(item);
  }
}

function isThere(item: Destination | Route | NextHop): boolean {
  switch (item.kind) {
    case 'destination':
      return item.isListed && (item.routes.length > 0 || isHolding(item));
    case 'route':
      return item.state !== 'deleted';
    case 'nexthop':
      return item.isListed;
  }
}
