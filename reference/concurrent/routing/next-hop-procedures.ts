/** The next hops of a client. */
import { constants, statuses } from '../../../spec/index.ts';
import { dereference, reference } from './counts.ts';
import { contentsOfHop, describeHop, giveBack, giveBackHandles } from './describing.ts';
import { liveHop } from './live.ts';
import { requireWritable } from './locks.ts';
import { addHop, deleteHop, findHop, type HopPlace, updateHop } from './next-hops.ts';
import type { NextHop } from './objects.ts';
import { DONE, done, type Procedures } from './procedure.ts';
import { readHopContent, readHopPlace } from './reading.ts';
import { refuse } from './refusal.ts';
import type { Visit } from './visit.ts';

const { ERROR_ACCESS_DENIED, ERROR_INVALID_HANDLE } = statuses;
const { ERROR_INVALID_PARAMETER, ERROR_NOT_FOUND } = statuses;

export const nextHopProcedures: Procedures<
  | 'RtmAddNextHop'
  | 'RtmFindNextHop'
  | 'RtmDeleteNextHop'
  | 'RtmGetNextHopInfo'
  | 'RtmReleaseNextHopInfo'
  | 'RtmReleaseNextHops'
> = {
  RtmAddNextHop: {
    access: 'write',
    *serve(visit, { NextHopInfo, NextHopHandle }) {
      const isNamed = NextHopHandle !== undefined && NextHopHandle !== null;
      const place = isNamed ? undefined : readHopPlace(visit, NextHopInfo);
      const known =
        place === undefined ? listedHop(visit, NextHopHandle) : findHop(visit.client, place);
      const content = readHopContent(visit, NextHopInfo);
      if (known !== undefined) requireWritable(known, visit.actor);
      const hop = known ?? addHop(visit.client, place ?? refuse(ERROR_INVALID_HANDLE), content);
      if (known !== undefined) updateHop(known, content);
      const ChangeFlags = known === undefined ? constants.RTM_NEXTHOP_CHANGE_NEW : 0;
      if (isNamed) return done({ NextHopHandle, ChangeFlags });
      if (NextHopHandle === null) return done({ ChangeFlags });
      return done({ NextHopHandle: yield* reference(hop), ChangeFlags });
    },
  },

  /** One that only another client has is refused in another way than one that nobody has. */
  RtmFindNextHop: {
    access: 'write',
    *serve(visit, { NextHopInfo, NextHopHandle, NextHopPointer }) {
      const place = readHopPlace(visit, NextHopInfo);
      const hop = findHop(visit.client, place);
      if (hop === undefined) {
        return refuse(isOfOthers(visit, place) ? ERROR_ACCESS_DENIED : ERROR_NOT_FOUND);
      }
      const pointer = NextHopPointer === null ? {} : { NextHopPointer: liveHop(hop) };
      if (NextHopHandle === null) return done(pointer);
      return done({ NextHopHandle: yield* reference(hop), ...pointer });
    },
  },

  /** Handle and description have to agree if both are given; the handle is used up. */
  RtmDeleteNextHop: {
    access: 'write',
    *serve(visit, { NextHopHandle, NextHopInfo }) {
      const isNamed = NextHopHandle !== null;
      if (!isNamed && NextHopInfo === null) refuse(ERROR_INVALID_PARAMETER);
      const named = isNamed ? visit.ownHop(NextHopHandle) : undefined;
      const described =
        NextHopInfo === null ? named : findHop(visit.client, readHopPlace(visit, NextHopInfo));
      const hop = named ?? described;
      if (hop === undefined || !hop.isListed) return refuse(ERROR_NOT_FOUND);
      if (hop !== described) refuse(ERROR_INVALID_PARAMETER);
      requireWritable(hop, visit.actor);
      if (isNamed && !(yield* dereference(hop))) refuse(ERROR_INVALID_HANDLE);
      deleteHop(hop);
      return DONE;
    },
  },

  RtmGetNextHopInfo: {
    access: 'read',
    *serve(visit, { NextHopHandle }) {
      const hop = visit.find('nexthop', NextHopHandle);
      return done({ NextHopInfo: yield* describeHop(visit, hop) });
    },
  },

  RtmReleaseNextHopInfo: {
    access: 'write',
    *serve(visit, { NextHopInfo }) {
      return { status: yield* giveBack(visit, [contentsOfHop(visit, NextHopInfo)]) };
    },
  },

  RtmReleaseNextHops: {
    access: 'write',
    *serve(visit, { NumNextHops, NextHopHandles }) {
      const array = { handles: NextHopHandles, count: NumNextHops };
      return { status: yield* giveBackHandles(visit, 'nexthop', array) };
    },
  },
};

function listedHop(visit: Visit, handle: unknown): NextHop {
  const hop = visit.ownHop(handle);
  return hop.isListed ? hop : refuse(ERROR_INVALID_HANDLE);
}

function isOfOthers({ table }: Visit, place: HopPlace): boolean {
  return [...table.clients].some((client) => findHop(client, place) !== undefined);
}
