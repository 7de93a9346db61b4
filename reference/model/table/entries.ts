/**
 * RTM_DEST_INFO as enumerations and change notification fill it. Where it is open which state of the
 * destination an entry shows, its handles have to be of the destination and its routes, and no more.
 */
import { type Out, parseCount, record } from '../calls.ts';
import { misfit } from '../clause.ts';
import { type Entity, entityOf, type State } from '../state.ts';
import type { Result } from './choices.ts';
import { acceptDestInfo, type Query } from './destination-description.ts';
import { deliver, deliverEntity, parseToken } from './names.ts';
import type { Destination, ObjectKey } from './objects.ts';
import { parseAddress, placeOf, prefixBitsOf, tableIdOf } from './prefixes.ts';

/** The destination that an entry says it is about, if it is known. */
export function destinationOf(
  state: State,
  reader: Entity,
  entry: unknown,
): Destination | undefined {
  const address = parseAddress(record(entry)?.['DestAddress']);
  const prefix = prefixBitsOf(address, reader.info.AddressFamily);
  if (prefix === undefined) return undefined;
  return state.tables.destinations.get(placeOf(tableIdOf(reader.info), prefix));
}

/** @param isOpen The entry may show a state from before. */
export function acceptEntry(
  state: State,
  reader: Entity,
  destination: Destination,
  entry: unknown,
  query: Query,
  isOpen: boolean,
): Result {
  const exact = acceptDestInfo(state, reader, destination, entry, query);
  return 'kind' in exact && isOpen ? acceptLoosely(state, reader, destination, entry) : exact;
}

function acceptLoosely(
  state: State,
  reader: Entity,
  destination: Destination,
  entry: unknown,
): Result {
  const info: Out = record(entry) ?? {};
  const named = deliver(state, reader.key, info['DestHandle'], 'destination', destination.key);
  if (named === undefined)
    return misfit('destContent', 'DestHandle is no handle of the destination with this prefix');
  const count = parseCount(info['NumberOfViews']);
  const all: unknown = info['ViewInfo'];
  if (count === undefined || !Array.isArray(all) || all.length < count)
    return misfit('viewsCounted', 'ViewInfo does not have as many elements as NumberOfViews says');
  const blocks: readonly unknown[] = all.slice(0, count);
  const states = blocks.reduce<readonly State[]>(
    (before, block) => before.flatMap((next) => acceptBlock(next, reader, destination, block)),
    [named],
  );
  return states.length > 0
    ? states.slice(0, 1)
    : misfit('destContent', 'ViewInfo names what is or was no route of the destination');
}

/** Any route that the destination has or had, with its owner. */
function acceptBlock(
  state: State,
  reader: Entity,
  destination: Destination,
  block: unknown,
): readonly State[] {
  const fields: Out = record(block) ?? {};
  return acceptRoute(state, reader, destination, fields['Route'])
    .flatMap(({ next, route }) => {
      const owner = route === null ? undefined : next.tables.routes.get(route)?.owner;
      if (owner === undefined) return parseToken(fields['Owner']) === 0 ? [next] : [];
      const owned = deliverEntity(next, reader.key, fields['Owner'], owner);
      return owned === undefined ? [] : [owned];
    })
    .flatMap((next) => acceptRoute(next, reader, destination, fields['HoldRoute']))
    .map(({ next }) => next);
}

function acceptRoute(
  state: State,
  reader: Entity,
  { key: place }: Destination,
  handle: unknown,
): readonly { readonly next: State; readonly route: ObjectKey | null }[] {
  const token = parseToken(handle);
  if (token === undefined) return [];
  if (token === 0) return [{ next: state, route: null }];
  const name = state.tables.names.get(token);
  const known = name?.kind === 'route' ? state.tables.routes.get(name.key) : undefined;
  const candidates =
    known === undefined
      ? state.tables.routes.valueSeq().filter(({ destination }) => destination === place)
      : [known];
  return Array.from(candidates).flatMap((route) => {
    const next =
      route.destination === place && entityOf(state, reader.key) !== undefined
        ? deliver(state, reader.key, token, 'route', route.key)
        : undefined;
    return next === undefined ? [] : [{ next, route: route.key }];
  });
}
