/**
 * Whether a change at a destination is one that a subscription asks for: by kind, view and mark. Where
 * the documents or the state leave it open, it may be.
 */
import { constants } from '../../../spec/index.ts';
import type { Entity, State } from '../state.ts';
import { type Best, possibleBests } from './best-routes.ts';
import { profileOf } from './contents.ts';
import type { ObjectKey, Route, RouteContent } from './objects.ts';
import { preferenceOf } from './preferences.ts';
import { contentsOf, viewsIn } from './presence.ts';
import { showValueKey } from './values.ts';
import type { Subscription } from './walks.ts';

const { RTM_CHANGE_TYPE_ALL, RTM_CHANGE_TYPE_BEST, RTM_CHANGE_TYPE_FORWARDING } = constants;
const { RTM_NOTIFY_ONLY_MARKED_DESTS, RTM_ROUTE_FLAGS_FORWARDING } = constants;

export type Certain = 'sure' | 'possible' | 'no';

export interface RouteChange {
  readonly key: ObjectKey;
  /** Undefined: it is not known of, before or after. */
  readonly before: Route | undefined;
  readonly after: Route | undefined;
}

export interface DestinationChange {
  readonly before: State;
  readonly after: State;
  readonly destination: ObjectKey;
  readonly touched: readonly RouteChange[];
}

const KINDS = RTM_CHANGE_TYPE_ALL | RTM_CHANGE_TYPE_BEST | RTM_CHANGE_TYPE_FORWARDING;

/** Whether the subscription of this owner is served the change. */
export function classify(
  change: DestinationChange,
  subscription: Subscription,
  owner: Entity,
): Certain {
  const { flags } = subscription;
  const mark = subscription.marks.find(({ destination }) => destination === change.destination);
  const isMarkedOnly = (flags & RTM_NOTIFY_ONLY_MARKED_DESTS) !== 0;
  if (isMarkedOnly && mark === undefined) return 'no';
  const supported = profileOf(change.after.tables, owner).views;
  // What no views and no kinds stand for is open (RTM-AMB-210, RTM-AMB-208).
  const isVague = subscription.views === 0 || (flags & KINDS) === 0;
  const views = ((subscription.views === 0 ? supported : subscription.views) & supported) >>> 0;
  const kinds = (flags & KINDS) === 0 ? RTM_CHANGE_TYPE_ALL : flags;
  const certainty = most([
    (kinds & RTM_CHANGE_TYPE_ALL) === 0 ? 'no' : anyChange(change, views),
    ...viewsIn(views).map((view) => bestChange(change, view, kinds)),
  ]);
  const isOpen = isVague || (isMarkedOnly && mark?.least === 0);
  return isOpen && certainty === 'sure' ? 'possible' : certainty;
}

function most(certainties: readonly Certain[]): Certain {
  if (certainties.includes('sure')) return 'sure';
  return certainties.includes('possible') ? 'possible' : 'no';
}

// --- RTM_CHANGE_TYPE_ALL ------------------------------------------------------------------------------

function anyChange({ touched }: DestinationChange, views: number): Certain {
  return most(touched.map((change) => routeChange(change, views)));
}

function routeChange({ before, after }: RouteChange, views: number): Certain {
  const [was, is] = [stageOf(before), stageOf(after)];
  const routes = [...(was === 'out' ? [] : [before]), ...(is === 'out' ? [] : [after])].filter(
    (route) => route !== undefined,
  );
  const contents = routes.flatMap(contentsOf);
  if (contents.every(({ perhapsViews }) => (perhapsViews & views) === 0)) return 'no';
  const isSeen = routes.some(({ content }) => (content.views & views) !== 0);
  if (!isSeen) return 'possible';
  if (was !== is) return was === 'open' || is === 'open' ? 'possible' : 'sure';
  if (was !== 'in' || before === undefined || after === undefined) return 'possible';
  // Whether an update that leaves everything as it was counts is open (RTM-AMB-298).
  return hasSureDifference(before.content, after.content) ? 'sure' : 'possible';
}

/** Given up by its owner, a route goes before all is quiet: that is counted as its end. */
function stageOf(route: Route | undefined): 'in' | 'open' | 'out' {
  if (route === undefined || route.presence === 'gone' || route.expiry?.givenUp === true)
    return 'out';
  return route.presence === 'sure' ? 'in' : 'open';
}

function hasSureDifference(a: RouteContent, b: RouteContent): boolean {
  if (a.flags !== b.flags || a.metric !== b.metric || a.preference !== b.preference) return true;
  if (a.views !== b.views || showValueKey(a.specific) !== showValueKey(b.specific)) return true;
  if (a.hops !== null && b.hops !== null && hasOtherHops(a.hops, b.hops)) return true;
  return !a.neighbours.some((neighbour) => b.neighbours.includes(neighbour)) && isKnown(a, b);
}

function isKnown(a: RouteContent, b: RouteContent): boolean {
  return a.neighbours.length > 0 && b.neighbours.length > 0;
}

/** The order of next hops is not said to matter. */
function hasOtherHops(a: readonly ObjectKey[], b: readonly ObjectKey[]): boolean {
  return a.toSorted().join() !== b.toSorted().join();
}

// --- RTM_CHANGE_TYPE_BEST and RTM_CHANGE_TYPE_FORWARDING ----------------------------------------------

function bestChange(change: DestinationChange, view: number, kinds: number): Certain {
  if ((kinds & (RTM_CHANGE_TYPE_BEST | RTM_CHANGE_TYPE_FORWARDING)) === 0) return 'no';
  const was = bestsIn(change.before, change.destination, view);
  const is = bestsIn(change.after, change.destination, view);
  if (!was.some((best) => is.includes(best))) {
    const isDoubted = change.touched.some(({ before, after }) => isDoubtful(before, after));
    return isDoubted ? 'possible' : 'sure';
  }
  const [only] = was;
  if (was.length > 1 || is.length > 1 || only === undefined) return 'possible';
  const touched = change.touched.find(({ key }) => key === only);
  if (touched === undefined) return 'no';
  return contentChange(change, touched, kinds);
}

/** A presence that was open may have been settled, and told of, before. */
function isDoubtful(before: Route | undefined, after: Route | undefined): boolean {
  return (
    before?.presence === 'perhaps' || (after?.presence === 'perhaps' && stageOf(after) === 'open')
  );
}

function bestsIn(state: State, key: ObjectKey, view: number): readonly Best[] {
  const destination = state.tables.destinations.get(key);
  return destination === undefined ? [null] : possibleBests(state, destination, view);
}

/** The best route has stayed the best, and was touched. */
function contentChange(
  { after: state }: DestinationChange,
  { before, after }: RouteChange,
  kinds: number,
): Certain {
  if (stageOf(before) !== 'in' || stageOf(after) !== 'in') return 'possible';
  if (before === undefined || after === undefined) return 'possible';
  const [a, b] = [before.content, after.content];
  if (a.hops === null || b.hops === null) return 'possible';
  if (hasOtherHops(a.hops, b.hops)) return 'sure';
  const flags = a.flags ^ b.flags;
  if ((flags & RTM_ROUTE_FLAGS_FORWARDING) !== 0) return 'sure';
  if ((kinds & RTM_CHANGE_TYPE_BEST) !== 0 && flags !== 0) return 'sure';
  const isPreferred = state.tables.preferences.every((reading) => {
    const [was, is] = [a, b].map(({ preference }) =>
      preferenceOf(reading, after.protocol, preference),
    );
    return was !== undefined && is !== undefined && was !== is;
  });
  if ((kinds & RTM_CHANGE_TYPE_BEST) !== 0 && isPreferred) return 'sure';
  // For forwarding a change of other flags alone is the one that does not count.
  const isFlagsOnly =
    flags !== 0 && !hasSureDifference({ ...a, flags: 0 }, { ...b, flags: 0 }) && isKnown(a, b);
  const isUpToFlags = a.neighbours.length === 1 && b.neighbours.length === 1;
  return isFlagsOnly && isUpToFlags && (kinds & RTM_CHANGE_TYPE_BEST) === 0 ? 'no' : 'possible';
}
