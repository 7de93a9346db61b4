/** Structures as an RTM might fill them, so that `step` has something to show for each outcome. */
import { type Out } from '../calls.ts';
import { registrationOf, type Entity, type State } from '../state.ts';
import { possibleBests, possibleBestsAmong } from './best-routes.ts';
import { unusedToken } from './names.ts';
import type { Destination, NextHop, ObjectKey, Route } from './objects.ts';
import { isInView, presenceOf, routesOf, viewsIn } from './presence.ts';
import { profileOf } from './contents.ts';
import { possibleHolds } from './holds.ts';
import { preferenceOf } from './preferences.ts';
import type { Query } from './destination-description.ts';
import { constants } from '../../../spec/index.ts';

/** Gives each object the token that it has, or a new one. */
function tokens(state: State): (key: ObjectKey | null) => number | null {
  const given = new Map<ObjectKey, number>();
  return (key) => {
    if (key === null) return null;
    const known = state.tables.names.find((name) => name.key === key)?.token ?? given.get(key);
    if (known !== undefined) return known;
    given.set(key, unusedToken(state, given.size));
    return given.get(key) ?? null;
  };
}

function entityToken(state: State, route: Route): number | null {
  const bound = state.bindings.find(({ entity }) => entity === route.owner)?.token;
  return registrationOf(state, route.owner) ?? bound ?? null;
}

export function exampleRouteInfo(state: State, route: Route): Out {
  const token = tokens(state);
  const { content } = route;
  const [reading] = state.tables.preferences;
  const known =
    reading === undefined ? undefined : preferenceOf(reading, route.protocol, content.preference);
  return {
    DestHandle: token(route.destination),
    RouteOwner: entityToken(state, route),
    Neighbour: token(content.neighbours[0] ?? null),
    State: presenceOf(state, route) === 'gone' ? constants.RTM_ROUTE_STATE_DELETED : 0,
    Flags1: 0,
    Flags: content.flags,
    PrefInfo: { Metric: content.metric, Preference: known ?? content.preference },
    BelongsToViews: content.given,
    EntitySpecificInfo: content.specific,
    NextHopsList: {
      NumNextHops: content.hops?.length ?? 0,
      NextHops: (content.hops ?? []).map(token),
    },
  };
}

export function exampleDestInfo(
  state: State,
  caller: Entity,
  destination: Destination,
  query: Query,
): Out {
  const token = tokens(state);
  const { views } = profileOf(state.tables, caller);
  const routes = routesOf(state.tables, destination);
  const { protocol } = query;
  const own = caller.info.EntityId.EntityProtocolId;
  const asked = protocol === constants.RTM_THIS_PROTOCOL ? own : protocol;
  const ViewInfo = viewsIn((query.views & views) >>> 0).map((view) => {
    const bests =
      protocol === constants.RTM_BEST_PROTOCOL
        ? possibleBests(state, destination, view)
        : possibleBestsAmong(
            state,
            routes.filter((route) => route.protocol === asked),
            view,
          );
    const [best] = bests;
    const route = best === undefined || best === null ? undefined : state.tables.routes.get(best);
    const holds = possibleHolds(state, destination, view);
    return {
      ViewId: view,
      NumRoutes: routes.filter((one) => isInView(state, one, view) === 'sure').length,
      Route: token(best ?? null),
      Owner: route === undefined ? null : entityToken(state, route),
      DestFlags: 0,
      HoldRoute: token(holds.includes(null) ? null : (holds[0] ?? null)),
    };
  });
  return {
    DestHandle: token(destination.key),
    DestAddress: exampleAddress(caller.info.AddressFamily, destination.prefix),
    LastChanged: destination.lastChanged?.value ?? 0,
    BelongsToViews: views,
    NumberOfViews: ViewInfo.length,
    ViewInfo,
  };
}

export function exampleAddress(AddressFamily: number, prefix: string): Out {
  const bytes = prefix.padEnd(128, '0').match(/.{8}/g) ?? [];
  const AddrBits = bytes.map((byte) => Number.parseInt(byte, 2));
  return { AddressFamily, NumBits: prefix.length, AddrBits };
}

export function exampleHopInfo(state: State, hop: NextHop): Out {
  const [family, length, bytes] = hop.address.split('.');
  const owner = state.bindings.find(({ entity }) => entity === hop.owner)?.token;
  return {
    NextHopAddress: {
      AddressFamily: Number(family),
      NumBits: Number(length),
      AddrBits: (bytes ?? '')
        .split('-')
        .filter((byte) => byte !== '')
        .map(Number),
    },
    NextHopOwner: registrationOf(state, hop.owner) ?? owner ?? null,
    InterfaceIndex: hop.interfaceIndex,
    State: hop.presence === 'gone' ? 1 : 0,
    Flags: hop.flags,
    EntitySpecificInfo: hop.specific,
    RemoteNextHop: tokens(state)(hop.remote ?? null),
  };
}
