/**
 * RTM_DEST_INFO as enumerations and change notification fill it. Where it is open which state of the
 * destination an entry shows, its handles have to be of the destination and its routes, and no more.
 */
import { type Out, parseCount, record } from '../calls.ts';
import { misfit } from '../clause.ts';
import type { Entity, State } from '../state.ts';
import type { Result } from './choices.ts';
import { acceptDestInfo, type Query } from './destination-description.ts';
import { deliver, deliverAmong, deliverOwner, parseToken } from './names.ts';
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
  // An old state must not be taken for evidence of what the best routes are now.
  return isOpen
    ? acceptLoosely(state, reader, destination, entry)
    : acceptDestInfo(state, reader, destination, entry, query);
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
  const shown = blocks.reduce<State | undefined>(
    (next, block) => next && acceptBlock(next, reader, destination, block),
    named,
  );
  return shown === undefined
    ? misfit('destContent', 'ViewInfo names what is or was no route of the destination')
    : [shown];
}

/** Any route that the destination has or had, with its owner. */
function acceptBlock(
  state: State,
  reader: Entity,
  destination: Destination,
  block: unknown,
): State | undefined {
  const fields: Out = record(block) ?? {};
  const named = acceptRoute(state, reader, destination, fields['Route']);
  if (named === undefined) return undefined;
  const owners = named.keys
    .map((key) => named.state.tables.routes.get(key)?.owner)
    .filter((owner) => owner !== undefined);
  const owned =
    owners.length > 0
      ? deliverOwner(named.state, reader.key, fields['Owner'], [...new Set(owners)])
      : parseToken(fields['Owner']) === 0
        ? named.state
        : undefined;
  return owned === undefined
    ? undefined
    : acceptRoute(owned, reader, destination, fields['HoldRoute'])?.state;
}

function acceptRoute(
  state: State,
  reader: Entity,
  { key: place }: Destination,
  handle: unknown,
): { readonly state: State; readonly keys: readonly ObjectKey[] } | undefined {
  if (parseToken(handle) === 0) return { state, keys: [] };
  const keys = [...state.tables.routes.values()]
    .filter(({ destination }) => destination === place)
    .map(({ key }) => key);
  return deliverAmong(state, reader.key, handle, 'route', keys.toSorted());
}
