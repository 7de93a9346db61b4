/** The next hops of a client in the tables: finding, putting in, taking out, and what calls say of them. */
import type { NetAddress } from '../../../spec/index.ts';
import { type Out, parseCount, record } from '../calls.ts';
import { type Misfit, misfit } from '../clause.ts';
import type { Entity, State } from '../state.ts';
import { noteHopChange } from './change.ts';
import { canStandFor, deliver, deliverEntity, keyOf, lookAtOwner, parseToken } from './names.ts';
import type { NextHop, ObjectKey } from './objects.ts';
import { addressText, parseAddress } from './prefixes.ts';
import { put, sweep, withTables } from './store.ts';
import type { TableState } from './state.ts';
import { showValueKey } from './values.ts';

/** The part of an RTM_NEXTHOP_INFO that its owner decides. */
export interface HopContent {
  readonly address: string;
  readonly interfaceIndex: number;
  readonly flags: number;
  readonly specific: unknown;
  readonly remote: ObjectKey | null | undefined;
}

/** Reads NextHopInfo of a call; undefined when it is none. */
export function readHop(
  state: State,
  value: unknown,
): (HopContent & { net: NetAddress }) | undefined {
  const info = record(value);
  const net = parseAddress(info?.['NextHopAddress']);
  if (info === undefined || net === undefined) return undefined;
  return {
    net,
    address: addressText(net),
    interfaceIndex: parseCount(info['InterfaceIndex']) ?? 0,
    flags: parseCount(info['Flags']) ?? 0,
    specific: info['EntitySpecificInfo'] ?? null,
    remote: keyOf(state, info['RemoteNextHop'], 'destination'),
  };
}

function stemOf(owner: Entity, { address, interfaceIndex }: HopContent): string {
  return `${owner.key}:${address}:${interfaceIndex}`;
}

/** Numbers are given out from below, but next hops are forgotten in any order. */
const GAPS_MAX = 8;

/** The next hops of a client with this address and interface that are or may be there. */
export function hopsAt(
  { hops }: TableState,
  owner: Entity,
  content: HopContent,
): readonly NextHop[] {
  const stem = stemOf(owner, content);
  const found: NextHop[] = [];
  for (let number = 0, gaps = 0; gaps < GAPS_MAX; number += 1) {
    const hop = hops.get(`${stem}~${number}`);
    if (hop === undefined) gaps += 1;
    else if (hop.presence !== 'gone') found.push(hop);
  }
  return found;
}

export function insertHop(
  state: State,
  owner: Entity,
  content: HopContent,
): { readonly state: State; readonly hop: NextHop } {
  const { tables } = state;
  const stem = stemOf(owner, content);
  let number = 0;
  while (tables.hops.has(`${stem}~${number}`)) number += 1;
  const hop: NextHop = {
    kind: 'nexthop',
    key: `${stem}~${number}`,
    owner: owner.key,
    ...changeable(content),
    address: content.address,
    interfaceIndex: content.interfaceIndex,
    presence: owner.leaving.length > 0 ? 'perhaps' : 'sure',
    locks: [],
  };
  return { state: withTables(state, put(tables, hop)), hop };
}

export function updateHop(state: State, hop: NextHop, content: HopContent): State {
  const presence = hop.presence === 'gone' ? 'perhaps' : hop.presence;
  const updated: NextHop = { ...hop, ...changeable(content), presence };
  return withTables(state, put(state.tables, updated));
}

function changeable({ flags, specific, remote }: HopContent) {
  return { flags, specific, remote } as const;
}

/** Takes a next hop off its owner's list. Routes that name it keep it. */
export function takeOutHop(state: State, hop: NextHop): State {
  const tables = put(state.tables, { ...hop, presence: 'gone', locks: [] });
  return noteHopChange(state, withTables(state, sweep(tables, [hop.key])), hop.key);
}

/** The states after an RTM_NEXTHOP_INFO of the next hop was delivered, or what is wrong with it. */
export function acceptHopInfo(
  state: State,
  reader: Entity,
  hop: NextHop,
  value: unknown,
  { isLive = false }: { readonly isLive?: boolean } = {},
): State | Misfit {
  const info = record(value);
  if (info === undefined) return misfit('outDefined', 'NextHopInfo is not filled');
  const address = parseAddress(info['NextHopAddress']);
  const wrong = (what: string) => misfit('hopContent', `${what} is not that of the next hop`);
  if (address === undefined || addressText(address) !== hop.address) return wrong('NextHopAddress');
  if (parseCount(info['InterfaceIndex']) !== hop.interfaceIndex) return wrong('InterfaceIndex');
  const shown = parseCount(info['State']);
  if (shown === undefined || shown > 1) return misfit('hopState', 'State is no state of next hops');
  // Live data is looked at when the call returns, and it may have been deleted since the call took effect.
  const isDenied = !isLive && hop.presence === 'sure' && shown !== 0;
  if (isDenied || (hop.presence === 'gone' && shown === 0))
    return misfit('hopState', 'State does not say whether the next hop exists');
  const owned = isLive
    ? lookAtOwner(state, info['NextHopOwner'], hop.owner)
    : deliverEntity(state, reader.key, info['NextHopOwner'], hop.owner);
  if (owned === undefined)
    return misfit('hopState', 'NextHopOwner is no handle of the client that owns the next hop');
  // Under a lock its owner writes it without anybody noticing.
  if (isLive && hop.locks.length > 0) return owned;
  if (parseCount(info['Flags']) !== hop.flags) return wrong('Flags');
  if (showValueKey(info['EntitySpecificInfo']) !== showValueKey(hop.specific))
    return wrong('EntitySpecificInfo');
  if (hop.remote === undefined) return owned;
  if (isLive) return isRemote(owned, hop.remote, info) ? owned : wrong('RemoteNextHop');
  const remote = acceptRemote(owned, reader, hop.remote, info);
  return remote ?? wrong('RemoteNextHop');
}

function isRemote(state: State, remote: ObjectKey | null, info: Out): boolean {
  const token = parseToken(info['RemoteNextHop']);
  return (
    remote === null || (token !== undefined && canStandFor(state, token, 'destination', remote))
  );
}

/** Who fills RemoteNextHop is open where the owner has not (RTM-AMB-182). */
function acceptRemote(
  state: State,
  reader: Entity,
  remote: ObjectKey | null,
  info: Out,
): State | undefined {
  const token = parseToken(info['RemoteNextHop']);
  if (remote !== null) return deliver(state, reader.key, token, 'destination', remote);
  if (token === 0) return state;
  const name = token === undefined ? undefined : state.tables.names.get(token);
  return name?.kind === 'destination'
    ? deliver(state, reader.key, token, 'destination', name.key)
    : state;
}
