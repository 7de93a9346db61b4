/** Match criteria: whether a route meets those that a client asks for, as far as the documents decide it. */
import { constants } from '../../../spec/index.ts';
import { NULL_HANDLE, type Out, parseCount, record } from '../calls.ts';
import type { EntityKey } from '../naming.ts';
import { bindingOf, type State } from '../state.ts';
import { keyOf, parseToken } from './names.ts';
import type { ObjectKey, Route, RouteContent } from './objects.ts';
import { preferenceOf } from './preferences.ts';
import { type Certainty, contentsOf } from './presence.ts';

const {
  RTM_MATCH_FULL,
  RTM_MATCH_INTERFACE,
  RTM_MATCH_NEIGHBOUR,
  RTM_MATCH_NEXTHOP,
  RTM_MATCH_OWNER,
  RTM_MATCH_PREF,
} = constants;

const NAMED_FLAGS =
  RTM_MATCH_OWNER | RTM_MATCH_NEIGHBOUR | RTM_MATCH_PREF | RTM_MATCH_NEXTHOP | RTM_MATCH_INTERFACE;

/** Undefined members are handles of nothing that is known. */
export interface Criteria {
  readonly flags: number;
  readonly owner: EntityKey | null | undefined;
  readonly neighbour: ObjectKey | null | undefined;
  readonly metric: number | undefined;
  readonly preference: number | undefined;
  readonly hops: readonly (ObjectKey | undefined)[];
  readonly interfaceIndex: number;
}

export function readCriteria(
  state: State,
  flags: number,
  value: unknown,
  interfaceIndex: number,
): Criteria {
  const info: Out = record(value) ?? {};
  const preferences = record(info['PrefInfo']);
  const list = record(info['NextHopsList']);
  const handles: unknown = list?.['NextHops'];
  const count = parseCount(list?.['NumNextHops']) ?? 0;
  const given: readonly unknown[] = Array.isArray(handles) ? handles.slice(0, count) : [];
  return {
    flags,
    owner: readOwner(state, info['RouteOwner']),
    neighbour: keyOf(state, info['Neighbour'], 'nexthop'),
    metric: parseCount(preferences?.['Metric']),
    preference: parseCount(preferences?.['Preference']),
    hops: given.map((handle) => keyOf(state, handle, 'nexthop') ?? undefined),
    interfaceIndex,
  };
}

function readOwner(state: State, value: unknown): EntityKey | null | undefined {
  const token = parseToken(value);
  if (token === NULL_HANDLE) return null;
  return token === undefined ? undefined : bindingOf(state, token)?.entity;
}

/** Whether the criteria may be refused altogether: members that are nothing (RTM-AMB-166), flags (-162). */
export function areDoubtful({ flags, owner, neighbour, hops }: Criteria): boolean {
  const isAsked = (flag: number) => (flags & flag) !== 0;
  const isNothing = (value: unknown) => value === null || value === undefined;
  return (
    (flags !== RTM_MATCH_FULL && (flags & ~NAMED_FLAGS) !== 0) ||
    (isAsked(RTM_MATCH_OWNER) && isNothing(owner)) ||
    (isAsked(RTM_MATCH_NEIGHBOUR) && isNothing(neighbour)) ||
    (isAsked(RTM_MATCH_NEXTHOP) && (hops.length === 0 || hops.includes(undefined)))
  );
}

export function meets(state: State, route: Route, criteria: Criteria): Certainty {
  return all(
    contentsOf(route).map((content) => meetsAs(state, route, content, criteria)),
    'open',
  );
}

/** The worst of several answers, or, where only one of them is right, an open one. */
function all(answers: readonly Certainty[], manner: 'every' | 'open'): Certainty {
  if (answers.every((answer) => answer === 'sure')) return 'sure';
  if (manner === 'every' && answers.includes('no')) return 'no';
  return answers.every((answer) => answer === 'no') ? 'no' : 'perhaps';
}

function meetsAs(state: State, route: Route, content: RouteContent, criteria: Criteria): Certainty {
  const { flags } = criteria;
  const answers: Certainty[] = [];
  if ((flags & RTM_MATCH_OWNER) !== 0) answers.push(agrees([route.owner], criteria.owner));
  if ((flags & RTM_MATCH_NEIGHBOUR) !== 0)
    answers.push(agrees(content.neighbours, criteria.neighbour));
  if ((flags & RTM_MATCH_PREF) !== 0)
    answers.push(agreesInPreference(state, route, content, criteria));
  if ((flags & RTM_MATCH_NEXTHOP) !== 0) answers.push(agreesInHops(content, criteria));
  if ((flags & RTM_MATCH_INTERFACE) !== 0) {
    const onInterface = hasInterface(state, content, criteria.interfaceIndex);
    // Whether the interface is part of all criteria is open (RTM-AMB-161).
    const isOpen = flags === RTM_MATCH_FULL && onInterface === 'no';
    answers.push(isOpen ? 'perhaps' : onInterface);
  }
  return all(answers, 'every');
}

/** NULL in the criteria may stand for NULL or for anything (RTM-AMB-166). */
function agrees<Key>(possible: readonly (Key | null)[], wanted: Key | null | undefined): Certainty {
  if (possible.length === 0 || wanted === undefined) return 'perhaps';
  if (wanted === null) return possible.every((key) => key === null) ? 'sure' : 'perhaps';
  if (!possible.includes(wanted)) return 'no';
  return possible.length === 1 ? 'sure' : 'perhaps';
}

/** Whether the metric is compared as well is open (RTM-AMB-163). */
function agreesInPreference(
  state: State,
  route: Route,
  content: RouteContent,
  { metric, preference }: Criteria,
): Certainty {
  const known = state.tables.preferences.map((reading) =>
    preferenceOf(reading, route.protocol, content.preference),
  );
  if (known.every((value) => value !== undefined && value !== preference)) return 'no';
  const isSame = known.every((value) => value === preference) && metric === content.metric;
  return isSame ? 'sure' : 'perhaps';
}

/** When lists of next hops are the same is open (RTM-AMB-164). */
function agreesInHops({ hops }: RouteContent, criteria: Criteria): Certainty {
  const wanted = criteria.hops;
  if (hops === null || wanted.includes(undefined)) return 'perhaps';
  if (hops.length === wanted.length && hops.every((hop, at) => hop === wanted[at])) return 'sure';
  if (wanted.length === 0) return 'perhaps';
  return hops.some((hop) => wanted.includes(hop)) ? 'perhaps' : 'no';
}

function hasInterface(state: State, { hops }: RouteContent, interfaceIndex: number): Certainty {
  if (hops === null) return 'perhaps';
  const indexes = hops.map((hop) => state.tables.hops.get(hop)?.interfaceIndex);
  if (indexes.includes(interfaceIndex)) return 'sure';
  return indexes.includes(undefined) ? 'perhaps' : 'no';
}
