/** Finding destinations and routes by address, describing destinations, and marking them for hold-down. */
import type { Task } from '../../../harness/index.ts';
import { statuses } from '../../../spec/index.ts';
import { reference } from './counts.ts';
import {
  contentsOfDestination,
  describeDestination,
  describeRoute,
  giveBack,
} from './describing.ts';
import { isHolding, mark } from './holding.ts';
import { requireReadable, requireWritable } from './locks.ts';
import { isMatch } from './matching.ts';
import type { Destination, Route } from './objects.ts';
import { type Answer, DONE, done, type Procedures } from './procedure.ts';
import { readCriteria, readPrefix, readViews } from './reading.ts';
import { refuse } from './refusal.ts';
import { hasUnsupportedView } from './views.ts';
import type { Visit } from './visit.ts';

const { ERROR_INVALID_PARAMETER, ERROR_NOT_FOUND, ERROR_NOT_SUPPORTED } = statuses;

export const lookupProcedures: Procedures<
  | 'RtmGetDestInfo'
  | 'RtmReleaseDestInfo'
  | 'RtmGetExactMatchDestination'
  | 'RtmGetMostSpecificDestination'
  | 'RtmGetLessSpecificDestination'
  | 'RtmGetExactMatchRoute'
  | 'RtmHoldDestination'
> = {
  RtmGetDestInfo: {
    access: 'read',
    *serve(visit, args) {
      return yield* describe(visit, visit.destination(args.DestHandle), args);
    },
  },

  RtmReleaseDestInfo: {
    access: 'write',
    *serve(visit, { DestInfo }) {
      return { status: yield* giveBack(visit, [contentsOfDestination(visit, DestInfo)]) };
    },
  },

  RtmGetExactMatchDestination: {
    access: 'read',
    *serve(visit, args) {
      const exact = visit.table.destinations.get(readPrefix(visit, args.DestAddress));
      return yield* describe(visit, first(visit, exact === undefined ? [] : [exact]), args);
    },
  },

  RtmGetMostSpecificDestination: {
    access: 'read',
    *serve(visit, args) {
      const { destinations } = visit.table;
      const covering = destinations.covering(readPrefix(visit, args.DestAddress));
      return yield* describe(visit, first(visit, covering), args);
    },
  },

  RtmGetLessSpecificDestination: {
    access: 'read',
    *serve(visit, args) {
      const { prefix } = visit.destination(args.DestHandle, ERROR_INVALID_PARAMETER);
      const covering = visit.table.destinations.covering(prefix, prefix.length - 1);
      return yield* describe(visit, first(visit, covering), args);
    },
  },

  /** Of several the one made first. */
  RtmGetExactMatchRoute: {
    access: 'read',
    *serve(visit, args) {
      const views = readViews(args.TargetViews);
      const destination = visit.table.destinations.get(readPrefix(visit, args.DestAddress));
      if (destination === undefined) return refuse(ERROR_NOT_FOUND);
      requireReadable(destination, visit.client);
      const criteria = readCriteria(visit, {
        flags: args.MatchingFlags,
        route: args.RouteInfo,
        interfaceIndex: args.InterfaceIndex,
      });
      const route = destination.routes
        .filter(({ content }) => views === 0 || (content.views & views) !== 0)
        .filter((one) => isMatch(one, criteria))
        .reduce<Route | undefined>(
          (oldest, one) => (oldest === undefined || one.number < oldest.number ? one : oldest),
          undefined,
        );
      if (route === undefined) return refuse(ERROR_NOT_FOUND);
      const RouteInfo = yield* describeRoute(visit, route);
      if (args.RouteHandle === null) return done({ RouteInfo });
      return done({ RouteInfo, RouteHandle: yield* reference(route) });
    },
  },

  RtmHoldDestination: {
    access: 'write',
    // oxlint-disable-next-line require-yield -- procedures are tasks, also those that take no step
    *serve(visit, { DestHandle, TargetViews, HoldTime }) {
      const destination = visit.destination(DestHandle);
      if (HoldTime === 0 || TargetViews === 0) refuse(ERROR_INVALID_PARAMETER);
      if (hasUnsupportedView(TargetViews)) refuse(ERROR_NOT_SUPPORTED);
      requireWritable(destination, visit.actor);
      mark(destination, TargetViews, HoldTime);
      return DONE;
    },
  },
};

/** The first with a route, held or not, in whatever views. */
function first(visit: Visit, destinations: Iterable<Destination>): Destination {
  for (const destination of destinations) {
    requireReadable(destination, visit.client);
    if (destination.routes.length > 0 || isHolding(destination)) return destination;
  }
  return refuse(ERROR_NOT_FOUND);
}

function* describe(
  visit: Visit,
  destination: Destination,
  { ProtocolId, TargetViews }: { readonly ProtocolId: number; readonly TargetViews: number },
): Task<Answer<'RtmGetDestInfo'>> {
  const views = readViews(TargetViews);
  const aspect = { views, protocol: ProtocolId, allViews: true };
  return done({ DestInfo: yield* describeDestination(visit, destination, aspect) });
}
