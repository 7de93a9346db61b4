/** Next hops, of which each client has its own. */
import { constants, statuses } from '../../../spec/index.ts';
import { alter, failed, type Handlers, read } from './calling.ts';
import { addressOf, prefixOf } from './prefixes.ts';
import type { Entity, Hop } from './things.ts';
import type { World } from './world.ts';

const { NO_ERROR } = statuses;

function findHop(
  { hops }: Entity,
  info: { readonly NextHopAddress: Hop['live']['NextHopAddress']; readonly InterfaceIndex: number },
  family: number,
): Hop | undefined {
  const prefix = prefixOf(info.NextHopAddress, family);
  return hops.find(
    (hop) => hop.prefix.bits === prefix?.bits && hop.live.InterfaceIndex === info.InterfaceIndex,
  );
}

/** Takes it off the list of its owner. */
export function dropHop(world: World, hop: Hop): void {
  hop.owner.hops.splice(hop.owner.hops.indexOf(hop), 1);
  hop.listed = false;
  hop.live.State = constants.RTM_NEXTHOP_STATE_DELETED;
  hop.alive = hop.uses > 0;
  world.settle(hop);
}

export const hopCalls: Handlers<
  | 'RtmAddNextHop'
  | 'RtmFindNextHop'
  | 'RtmDeleteNextHop'
  | 'RtmGetNextHopInfo'
  | 'RtmReleaseNextHopInfo'
  | 'RtmReleaseNextHops'
> = {
  RtmAddNextHop(calling, { NextHopInfo, NextHopHandle }) {
    const { world, caller } = calling;
    const { family } = caller.table;
    const prefix = prefixOf(NextHopInfo.NextHopAddress, family);
    const isByHandle = NextHopHandle !== undefined && NextHopHandle !== null;
    if (prefix === undefined && !isByHandle) return failed('ERROR_INVALID_PARAMETER');
    const given = isByHandle ? world.find('nexthop', NextHopHandle) : undefined;
    if (isByHandle && given === undefined) return failed('ERROR_INVALID_HANDLE');
    if (given !== undefined && given.owner !== caller) return failed('ERROR_ACCESS_DENIED');
    if (given !== undefined && !given.listed) return failed('ERROR_INVALID_HANDLE');
    const known = given ?? findHop(caller, NextHopInfo, family);
    if (known !== undefined) alter(calling, known);
    let hop = known;
    if (hop === undefined) {
      if (prefix === undefined) return failed('ERROR_INVALID_PARAMETER');
      hop = {
        kind: 'nexthop',
        held: 0,
        alive: true,
        owner: caller,
        prefix,
        live: {
          ...NextHopInfo,
          NextHopAddress: addressOf(prefix),
          NextHopOwner: world.valueOf(caller),
          State: constants.RTM_NEXTHOP_STATE_CREATED,
        },
        listed: true,
        uses: 0,
        locks: [],
      };
      caller.hops.push(hop);
    } else {
      hop.live.Flags = NextHopInfo.Flags;
      hop.live.EntitySpecificInfo = NextHopInfo.EntitySpecificInfo;
      hop.live.RemoteNextHop = NextHopInfo.RemoteNextHop;
    }
    return {
      status: NO_ERROR,
      out: {
        ChangeFlags: known === undefined ? constants.RTM_NEXTHOP_CHANGE_NEW : 0,
        ...(NextHopHandle === undefined ? { NextHopHandle: world.give(hop, caller) } : {}),
        ...(isByHandle ? { NextHopHandle } : {}),
      },
    };
  },

  RtmFindNextHop(calling, args) {
    const { world, caller } = calling;
    const hop = findHop(caller, args.NextHopInfo, caller.table.family);
    if (hop === undefined) {
      const isOfOther = [...world.entities].some(
        (other) =>
          other.table === caller.table &&
          findHop(other, args.NextHopInfo, caller.table.family) !== undefined,
      );
      const isDenied = isOfOther && world.choices.hopsOfOthersDenied === true;
      return failed(isDenied ? 'ERROR_ACCESS_DENIED' : 'ERROR_NOT_FOUND');
    }
    return {
      status: NO_ERROR,
      out: {
        ...(args.NextHopHandle === null ? {} : { NextHopHandle: world.give(hop, caller) }),
        ...(args.NextHopPointer === null ? {} : { NextHopPointer: hop.live }),
      },
    };
  },

  RtmDeleteNextHop(calling, { NextHopHandle, NextHopInfo }) {
    const { world, caller } = calling;
    if (NextHopHandle === null && NextHopInfo === null) return failed('ERROR_NOT_FOUND');
    const hop =
      NextHopHandle === null
        ? NextHopInfo === null
          ? undefined
          : findHop(caller, NextHopInfo, caller.table.family)
        : world.find('nexthop', NextHopHandle);
    if (hop === undefined)
      return failed(
        NextHopHandle === null || world.choices.listedStatusesOnly === true
          ? 'ERROR_NOT_FOUND'
          : 'ERROR_INVALID_HANDLE',
      );
    if (hop.owner !== caller) return failed('ERROR_ACCESS_DENIED');
    if (!hop.listed) return failed('ERROR_NOT_FOUND');
    alter(calling, hop);
    dropHop(world, hop);
    if (NextHopHandle !== null) world.take(hop, caller);
    return { status: NO_ERROR };
  },

  RtmGetNextHopInfo(calling, { NextHopHandle }) {
    const { world, caller } = calling;
    const hop = world.find('nexthop', NextHopHandle);
    if (hop === undefined || hop.owner.table !== caller.table)
      return failed('ERROR_INVALID_HANDLE');
    read(calling, hop);
    const { RemoteNextHop } = hop.live;
    const remote = RemoteNextHop === null ? undefined : world.find('destination', RemoteNextHop);
    return {
      status: NO_ERROR,
      out: {
        NextHopInfo: {
          ...hop.live,
          NextHopOwner: world.give(hop.owner, caller),
          RemoteNextHop: world.giveOrNull(remote ?? null, caller),
        },
      },
    };
  },

  RtmReleaseNextHopInfo({ world, caller }, { NextHopInfo }) {
    const { NextHopOwner, RemoteNextHop } = NextHopInfo;
    const owner = world.find('entity', NextHopOwner);
    const remote = RemoteNextHop === null ? null : world.find('destination', RemoteNextHop);
    if (owner === undefined || owner.held === 0 || remote === undefined || remote?.held === 0)
      return failed('ERROR_INVALID_HANDLE');
    world.take(owner, caller);
    if (remote !== null) world.take(remote, caller);
    return { status: NO_ERROR };
  },

  RtmReleaseNextHops: ({ world, caller }, { NextHopHandles }) => ({
    status: world.takeAll('nexthop', NextHopHandles, caller),
  }),
};
