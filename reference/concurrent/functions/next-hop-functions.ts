/** The next hops of a client. */
import { constants, statuses } from '../../../spec/index.ts';
import type { NextHop } from '../table/objects.ts';
import { refuse } from '../table/refusal.ts';
import { contentsOfHop, describeHop, giveBack, giveBackHandles, liveHop } from './describing.ts';
import { DONE, done, type Procedures } from './procedure.ts';
import { readHandles, readHopContent, readHopPlace } from './reading.ts';
import type { Visit } from './visit.ts';

const { ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER, ERROR_NOT_FOUND } = statuses;

export const nextHopFunctions: Procedures<
  | 'RtmAddNextHop'
  | 'RtmFindNextHop'
  | 'RtmDeleteNextHop'
  | 'RtmGetNextHopInfo'
  | 'RtmReleaseNextHopInfo'
  | 'RtmReleaseNextHops'
  | 'RtmGetNextHopPointer'
  | 'RtmLockNextHop'
> = {
  RtmAddNextHop(visit, { NextHopInfo, NextHopHandle }) {
    if (NextHopHandle !== undefined && NextHopHandle !== null) {
      const hop = visit.ownHop(NextHopHandle);
      if (!hop.isListed) refuse(ERROR_INVALID_HANDLE);
      visit.table.updateHop(visit.actor, hop, readHopContent(visit, NextHopInfo));
      return done({ NextHopHandle, ChangeFlags: 0 });
    }
    const place = readHopPlace(visit, NextHopInfo);
    const content = readHopContent(visit, NextHopInfo);
    const { hop, isNew } = visit.table.addHop(visit.actor, place, content);
    const ChangeFlags = isNew ? constants.RTM_NEXTHOP_CHANGE_NEW : 0;
    if (NextHopHandle === null) return done({ ChangeFlags });
    return done({ NextHopHandle: visit.references.give(visit.member, hop), ChangeFlags });
  },

  /** Next hops of others are not looked for. */
  RtmFindNextHop(visit, { NextHopInfo, NextHopHandle, NextHopPointer }) {
    const { address, interfaceIndex } = readHopPlace(visit, NextHopInfo);
    const hop = visit.member.hops.find(address, interfaceIndex);
    if (hop === undefined) return refuse(ERROR_NOT_FOUND);
    const pointer = NextHopPointer === null ? {} : { NextHopPointer: hop.live ?? live(visit, hop) };
    if (NextHopHandle === null) return done(pointer);
    return done({ NextHopHandle: visit.references.give(visit.member, hop), ...pointer });
  },

  /** Goes by the handle if there is one, and takes back the reference that it stood for. */
  RtmDeleteNextHop(visit, { NextHopHandle, NextHopInfo }) {
    if (NextHopHandle !== null) {
      const hop = visit.ownHop(NextHopHandle);
      visit.table.deleteHop(visit.actor, hop);
      visit.references.takeBack(visit.member, hop);
      return DONE;
    }
    if (NextHopInfo === null) return refuse(ERROR_INVALID_PARAMETER);
    const { address, interfaceIndex } = readHopPlace(visit, NextHopInfo);
    const hop = visit.member.hops.find(address, interfaceIndex);
    if (hop === undefined) return refuse(ERROR_NOT_FOUND);
    visit.table.deleteHop(visit.actor, hop);
    return DONE;
  },

  *RtmGetNextHopInfo(visit, { NextHopHandle }) {
    const hop = visit.hop(NextHopHandle);
    return done({ NextHopInfo: yield* describeHop(visit, hop) });
  },

  *RtmReleaseNextHopInfo(visit, { NextHopInfo }) {
    yield* giveBack(visit, [contentsOfHop(NextHopInfo)]);
    return DONE;
  },

  RtmReleaseNextHops(visit, { NumNextHops, NextHopHandles }) {
    giveBackHandles(visit, 'nexthop', readHandles(NextHopHandles, NumNextHops));
    return DONE;
  },

  RtmGetNextHopPointer(visit, { NextHopHandle }) {
    const hop = visit.ownHop(NextHopHandle);
    return done({ NextHopPointer: hop.live ?? live(visit, hop) });
  },

  /** What was changed in place is taken over when the next hop is unlocked. */
  RtmLockNextHop(visit, { NextHopHandle, Exclusive, LockNextHop }) {
    const hop = visit.ownHop(NextHopHandle);
    const { locks } = visit.tables;
    if (LockNextHop) {
      if (!hop.isListed) refuse(ERROR_NOT_FOUND);
      locks.take(hop, visit.actor, Exclusive);
      return done({ NextHopPointer: hop.live ?? live(visit, hop) });
    }
    const content = hop.live === undefined ? hop.content : readHopContent(visit, hop.live);
    if (!locks.giveUp(hop, visit.actor, Exclusive)) refuse(ERROR_INVALID_HANDLE);
    if (hop.locks.length === 0) visit.table.updateHop(visit.actor, hop, content);
    return done({ NextHopPointer: hop.live ?? live(visit, hop) });
  },
};

function live(visit: Visit, hop: NextHop): ReturnType<typeof liveHop> {
  return liveHop({ handles: visit.references.handles, membership: visit.membership }, hop);
}
