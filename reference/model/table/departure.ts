/**
 * What a deregistration means for the tables. What becomes of routes and next hops that are left behind
 * is open (RTM-AMB-010), and so of references (RTM-AMB-012): nothing is demanded of them any more.
 */
import type { EntityKey } from '../naming.ts';
import { entityOf, putEntity, type State } from '../state.ts';
import { noteChange } from './change.ts';
import { adjustGrip } from './grips.ts';
import type { Grip } from './objects.ts';
import { put, withTables } from './store.ts';

/** An entity begins to leave: from now on what it owns may vanish. */
export function releaseClaims(state: State, entity: EntityKey): State {
  const routes = state.tables.routes
    .filter(({ owner, presence }) => owner === entity && presence === 'sure')
    .reduce((tables, route) => put(tables, { ...route, presence: 'perhaps' }), state.tables);
  const tables = routes.hops
    .filter(({ owner, presence }) => owner === entity && presence === 'sure')
    .reduce((next, hop) => put(next, { ...hop, presence: 'perhaps' }), routes);
  const next = withTables(state, tables);
  const left = state.tables.routes.filter(({ owner }) => owner === entity);
  const places = [...new Set(left.map(({ destination }) => destination).values())].toSorted();
  return places.reduce((after, place) => noteChange(state, after, place), next);
}

/** It has left: what it held is leaked or was given back for it, and what it owned may refer to it. */
export function abandonTables(state: State, entity: EntityKey): State {
  const { tables } = state;
  const isOwner =
    tables.routes.some(({ owner }) => owner === entity) ||
    tables.hops.some(({ owner }) => owner === entity);
  const held = tables.grips.filter(({ holder }) => holder === entity);
  const freed = held.reduce((next, grip) => {
    const leaked = leak(next, grip);
    return adjustGrip(leaked, grip, { least: -grip.least, most: -grip.most, lent: false });
  }, tables);
  const after = withTables(state, { ...freed, profiles: freed.profiles.delete(entity) });
  const subject = entityOf(after, entity);
  return isOwner && subject !== undefined ? putEntity(after, { ...subject, leaked: true }) : after;
}

/** A destination lingers as long as references to it are about, whoever has them (RTM-AMB-169). */
function leak(tables: State['tables'], { kind, key }: Grip): State['tables'] {
  const destination = kind === 'destination' ? tables.destinations.get(key) : undefined;
  return destination === undefined ? tables : put(tables, { ...destination, leaked: true });
}

/** Whether an entity has anything of the tables that it should have given back or deleted. */
export function holdsOfTables({ tables }: State, entity: EntityKey): boolean {
  return (
    tables.grips.some(({ holder }) => holder === entity) ||
    tables.routes.some(({ owner, presence }) => owner === entity && presence !== 'gone') ||
    tables.hops.some(({ owner, presence }) => owner === entity && presence !== 'gone') ||
    tables.subscriptions.some(({ owner }) => owner === entity) ||
    tables.lists.some(({ owner }) => owner === entity) ||
    tables.enumerations.some(({ owner }) => owner === entity)
  );
}
