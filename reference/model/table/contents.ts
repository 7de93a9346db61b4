/** The content that a call gives a route: reading it, and what speaks against it. */
import { constants, statuses } from '../../../spec/index.ts';
import type { Out } from '../calls.ts';
import { bindingOf, type Entity, entityOf, type State } from '../state.ts';
import { NULL_HANDLE, parseCount, record } from '../calls.ts';
import { keyOf, nameOf, parseToken } from './names.ts';
import type { Objection } from './objections.ts';
import type { ObjectKey, Profile, RouteContent } from './objects.ts';
import type { TableState } from './state.ts';

const { ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER, ERROR_NOT_SUPPORTED } = statuses;

/** What an entity was told of its table; as wide as can be when its registration never returned. */
export function profileOf(tables: TableState, entity: Entity): Profile {
  return tables.profiles.get(entity.key) ?? { maxNextHops: 0, maxHandles: 0, views: ALL_VIEWS };
}

const ALL_VIEWS = constants.RTM_VIEW_MASK_UCAST | constants.RTM_VIEW_MASK_MCAST;

export interface GivenContent {
  readonly content: RouteContent;
  readonly objections: readonly Objection[];
}

/** Reads RouteInfo of a call; undefined when it is none. */
export function readContent(state: State, owner: Entity, value: unknown): GivenContent | undefined {
  const info = record(value);
  if (info === undefined) return undefined;
  const profile = profileOf(state.tables, owner);
  const neighbour = keyOf(state, info['Neighbour'], 'nexthop');
  const { hops, objections: objectionsToHops } = readHops(state, owner, info, profile);
  const given = (parseCount(info['BelongsToViews']) ?? 0) >>> 0;
  const preferences = record(info['PrefInfo']);
  const preference = parseCount(preferences?.['Preference']) ?? 0;
  const content: RouteContent = {
    neighbours: neighbour === undefined ? [] : [neighbour],
    flags: parseCount(info['Flags']) ?? 0,
    metric: parseCount(preferences?.['Metric']) ?? 0,
    preference,
    ...viewsOf(given, profile.views),
    specific: info['EntitySpecificInfo'] ?? null,
    hops,
  };
  const objections = [
    ...ownerObjections(state, owner, info['RouteOwner']),
    ...viewObjections(given, profile.views),
    ...(preference === 0 ? [refusal('a Preference of 0 may not be valid')] : []),
    ...neighbourObjections(state, owner, info['Neighbour'], neighbour),
    ...objectionsToHops,
  ];
  return { content, objections };
}

function refusal(sentence: string): Objection {
  return {
    certainty: 'may',
    statuses: [ERROR_INVALID_PARAMETER],
    rule: 'routeArguments',
    sentence,
  };
}

function anyRefusal(sentence: string): Objection {
  return { certainty: 'may', statuses: 'error', rule: 'routeArguments', sentence };
}

/** What BelongsToViews means is open for views that are none, or not supported (RTM-AMB-167, -168). */
export function viewsOf(
  given: number,
  supported: number,
): Pick<RouteContent, 'given' | 'views' | 'perhapsViews'> {
  const known = (given & supported) >>> 0;
  return { given, views: known, perhapsViews: known === 0 ? supported : known };
}

function viewObjections(given: number, supported: number): readonly Objection[] {
  if (given === 0) return [refusal('a route in no view may be refused')];
  if ((given & ~supported) === 0) return [];
  return [
    {
      certainty: 'may',
      statuses: [ERROR_INVALID_PARAMETER, ERROR_NOT_SUPPORTED],
      rule: 'routeArguments',
      sentence: 'BelongsToViews has views that are not supported',
    },
  ];
}

/** RouteOwner may be looked at or not (RTM-AMB-106). */
function ownerObjections(state: State, owner: Entity, value: unknown): readonly Objection[] {
  const token = parseToken(value);
  if (token === NULL_HANDLE) return [];
  const named = token === undefined ? undefined : bindingOf(state, token);
  if (named?.entity === owner.key) return [];
  const isEntity = named !== undefined && entityOf(state, named.entity) !== undefined;
  return [
    {
      certainty: 'may',
      statuses: isEntity ? [ERROR_ACCESS_DENIED] : 'error',
      rule: 'routeOwner',
      sentence: 'RouteOwner names another client, which may be refused',
    },
  ];
}

function neighbourObjections(
  state: State,
  owner: Entity,
  value: unknown,
  key: ObjectKey | null | undefined,
): readonly Objection[] {
  if (key === null) return [];
  if (key === undefined) return [anyRefusal('Neighbour is no handle of a next hop')];
  return hopObjections(state, owner, value, 'Neighbour');
}

/** Whether a route may name next hops of others or deleted ones is open (RTM-AMB-187). */
function hopObjections(
  state: State,
  owner: Entity,
  handle: unknown,
  parameter: string,
): readonly Objection[] {
  const { standing, key } = nameOf(state, owner.key, handle, 'nexthop');
  const hop = key === undefined ? undefined : state.tables.hops.get(key);
  if (hop?.owner === owner.key && hop.presence === 'sure' && standing === 'held') return [];
  const text = `${parameter} names a next hop that is deleted, of another client or not held`;
  return [anyRefusal(text)];
}

function readHops(
  state: State,
  owner: Entity,
  info: Out,
  profile: Profile,
): { readonly hops: readonly ObjectKey[] | null; readonly objections: readonly Objection[] } {
  const list = record(info['NextHopsList']);
  const all: unknown = list?.['NextHops'];
  const handles: readonly unknown[] = Array.isArray(all) ? all : [];
  const count = parseCount(list?.['NumNextHops']) ?? handles.length;
  const given = handles.slice(0, count);
  const keys = given
    .map((handle) => keyOf(state, handle, 'nexthop'))
    .filter((key) => key !== undefined && key !== null);
  const isReadable = keys.length === given.length && count === given.length;
  const objections: Objection[] = [];
  if (!isReadable) objections.push(anyRefusal('NextHopsList has entries that are no next hops'));
  if (count === 0) objections.push(refusal('a route without next hops may be refused'));
  objections.push(...given.flatMap((hop) => hopObjections(state, owner, hop, 'NextHopsList')));
  const isTooMany = profile.maxNextHops > 0 && count > profile.maxNextHops;
  if (isTooMany) objections.push(refusal('there are more next hops than MaxNextHopsInRoute'));
  // Those beyond the limit may be cut off (RTM-AMB-112).
  const hops = isTooMany ? keys.slice(0, profile.maxNextHops) : keys;
  return { hops: isReadable ? hops : null, objections };
}
