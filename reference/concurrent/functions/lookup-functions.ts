/** Finding destinations and routes by address, describing destinations, and marking them for hold-down. */
import type { Task } from '../../../harness/index.ts';
import { type DestInfoShape, statuses } from '../../../spec/index.ts';
import type { Handle } from '../rtm.ts';
import { requireWritable } from '../table/locks.ts';
import { isMatch } from '../table/matching.ts';
import type { Destination } from '../table/objects.ts';
import { refuse } from '../table/refusal.ts';
import { ALL_VIEWS, wantedViews } from '../table/views.ts';
import { isVisible } from '../table/walks.ts';
import { readCriteria } from './criteria.ts';
import {
  contentsOfDestination,
  describeDestination,
  describeRoute,
  giveBack,
} from './describing.ts';
import { type Answer, DONE, done, type Procedures } from './procedure.ts';
import { readPrefix, readProtocol } from './reading.ts';
import type { Visit } from './visit.ts';

const { ERROR_INVALID_PARAMETER, ERROR_NOT_FOUND } = statuses;

export const lookupFunctions: Procedures<
  | 'RtmGetDestInfo'
  | 'RtmReleaseDestInfo'
  | 'RtmGetExactMatchDestination'
  | 'RtmGetMostSpecificDestination'
  | 'RtmGetLessSpecificDestination'
  | 'RtmGetExactMatchRoute'
  | 'RtmHoldDestination'
> = {
  RtmGetDestInfo(visit, args) {
    return describe(visit, visit.destination(args.DestHandle), args);
  },

  *RtmReleaseDestInfo(visit, { DestInfo }) {
    yield* giveBack(visit, [contentsOfDestination(DestInfo)]);
    return DONE;
  },

  RtmGetExactMatchDestination(visit, args) {
    const exact = visit.table.destinations.get(readPrefix(visit, args.DestAddress));
    return describe(visit, firstVisible(visit, exact === undefined ? [] : [exact], args), args);
  },

  RtmGetMostSpecificDestination(visit, args) {
    const covering = visit.table.destinations.containing(readPrefix(visit, args.DestAddress));
    return describe(visit, firstVisible(visit, covering, args), args);
  },

  RtmGetLessSpecificDestination(visit, args) {
    const { prefix } = visit.find('destination', args.DestHandle);
    const covering = visit.table.destinations
      .containing(prefix)
      .filter((destination) => destination.prefix.length < prefix.length);
    return describe(visit, firstVisible(visit, covering, args), args);
  },

  *RtmGetExactMatchRoute(visit, args) {
    const destination = visit.table.destinations.get(readPrefix(visit, args.DestAddress));
    if (destination === undefined) return refuse(ERROR_NOT_FOUND);
    visit.readable(destination);
    const criteria = yield* readCriteria(visit, {
      flags: args.MatchingFlags,
      route: args.RouteInfo,
      interfaceIndex: args.InterfaceIndex,
    });
    const views = wantedViews(args.TargetViews);
    const route = destination.routes.find(
      (one) => (views === 'any' || (one.content.views & views) !== 0) && isMatch(one, criteria),
    );
    if (route === undefined) return refuse(ERROR_NOT_FOUND);
    const RouteInfo = yield* describeRoute(visit, route);
    if (args.RouteHandle === null) return done({ RouteInfo });
    return done({ RouteInfo, RouteHandle: visit.references.give(visit.member, route) });
  },

  RtmHoldDestination(visit, { DestHandle, TargetViews, HoldTime }) {
    const destination = visit.find('destination', DestHandle);
    if (HoldTime === 0) refuse(ERROR_INVALID_PARAMETER);
    requireWritable(destination, visit.actor);
    const views = wantedViews(TargetViews);
    visit.tables.hold(destination, views === 'any' ? ALL_VIEWS : views, HoldTime);
    return DONE;
  },
};

interface Wanted {
  readonly ProtocolId: number;
  readonly TargetViews: number;
}

/** Destinations that have no route in the views asked for are passed over. */
function firstVisible(
  visit: Visit,
  destinations: readonly Destination[],
  { TargetViews }: Wanted,
): Destination {
  const views = wantedViews(TargetViews);
  for (const destination of destinations) {
    visit.readable(destination);
    if (isVisible(destination, views)) return destination;
  }
  return refuse(ERROR_NOT_FOUND);
}

function* describe(
  visit: Visit,
  destination: Destination,
  { ProtocolId, TargetViews }: Wanted,
): Task<Answer<'RtmGetDestInfo'>> {
  const DestInfo: DestInfoShape<Handle> = yield* describeDestination(visit, destination, {
    views: wantedViews(TargetViews),
    protocol: readProtocol(visit, ProtocolId),
  });
  return done({ DestInfo });
}
