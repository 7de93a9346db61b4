"""Level `nexthops`: the next hops of a client."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Tuple

from .addresses import Prefix
from .base import next_hop_info
from .constants import (
    ERROR_ACCESS_DENIED,
    ERROR_INVALID_HANDLE,
    ERROR_INVALID_PARAMETER,
    ERROR_NOT_FOUND,
    RTM_NEXTHOP_CHANGE_NEW,
    RTM_NEXTHOP_STATE_CREATED,
    RTM_NEXTHOP_STATE_DELETED,
)
from .objects import Args, Destination, Entity, NextHop, Out, Refused, Reply
from .routes import RouteFunctions

# What may be changed through a pointer to a next hop.
WRITABLE = ("Flags", "EntitySpecificInfo")


class NextHopPointer:
    """A pointer into the table, as RtmLockNextHop and others hand it out."""

    def __init__(self, hop: NextHop) -> None:
        self._hop = hop

    def read(self) -> Out:
        with self._hop.owner.table.lock:
            return next_hop_info(self._hop)

    def write(self, fields: Mapping[str, Any]) -> None:
        with self._hop.owner.table.lock:
            self._hop.info.update({name: fields[name] for name in WRITABLE if name in fields})


class NextHopFunctions(RouteFunctions):
    def RtmAddNextHop(self, args: Args) -> Reply:
        handle = args.get("NextHopHandle")
        given = args["NextHopInfo"]
        with self.entered(args) as caller:
            key = _key_of(caller, given)
            remote = self._remote_of(caller, given.get("RemoteNextHop"))
            hop = caller.next_hops.get(key) if handle is None else self._own_hop(caller, handle)
            flags = 0
            if hop is None:
                hop = NextHop(caller, {}, key[0])
                self.handles.add(hop)
                self.handles.reference(hop.freed())
                caller.next_hops[key] = hop
                hop.info["NextHopAddress"] = dict(given["NextHopAddress"])
                hop.info["InterfaceIndex"] = key[1]
                flags = RTM_NEXTHOP_CHANGE_NEW
            hop.info["Flags"] = int(given["Flags"])
            hop.info["EntitySpecificInfo"] = given.get("EntitySpecificInfo")
            former = hop.remote
            self.handles.reference([] if remote is None else [remote])
            hop.remote = remote
            self.handles.release([] if former is None else [former])
            out: Out = {"ChangeFlags": flags}
            if "NextHopHandle" not in args:
                self.handles.reference([hop])
                out["NextHopHandle"] = hop.handle
            return Reply(out=out)

    def _remote_of(self, caller: Entity, handle: Optional[int]) -> Optional[Destination]:
        return None if handle is None else self.resolve(caller, handle, Destination)

    def _own_hop(self, caller: Entity, handle: Optional[int]) -> NextHop:
        """A next hop on the list of the caller."""
        hop = self.resolve(caller, handle, NextHop)
        if hop.owner is not caller:
            raise Refused(ERROR_ACCESS_DENIED)
        if hop.state != RTM_NEXTHOP_STATE_CREATED:
            raise Refused(ERROR_NOT_FOUND)
        return hop

    def RtmFindNextHop(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            hop = caller.next_hops.get(_key_of(caller, args["NextHopInfo"]))
            if hop is None:
                raise Refused(ERROR_NOT_FOUND)
            out: Out = {}
            if args.get("NextHopHandle", ()) is not None:
                self.handles.reference([hop])
                out["NextHopHandle"] = hop.handle
            if args.get("NextHopPointer", ()) is not None:
                out["NextHopPointer"] = NextHopPointer(hop)
            return Reply(out=out)

    def RtmDeleteNextHop(self, args: Args) -> Reply:
        handle = args["NextHopHandle"]
        with self.entered(args) as caller:
            if handle is not None:
                hop: Optional[NextHop] = self._own_hop(caller, handle)
            elif args["NextHopInfo"] is None:
                raise Refused(ERROR_INVALID_HANDLE)
            else:
                hop = caller.next_hops.get(_key_of(caller, args["NextHopInfo"]))
            if hop is None:
                raise Refused(ERROR_NOT_FOUND)
            del caller.next_hops[hop.key]
            hop.state = RTM_NEXTHOP_STATE_DELETED
            hop.lock.clear()
            self.handles.detach(hop)
            if handle is not None:
                self.handles.release([hop])
            return Reply()

    def RtmGetNextHopPointer(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            hop = self.resolve(caller, args["NextHopHandle"], NextHop)
            if hop.owner is not caller:
                raise Refused(ERROR_ACCESS_DENIED)
            return Reply(out={"NextHopPointer": NextHopPointer(hop)})

    def RtmLockNextHop(self, args: Args) -> Reply:
        exclusive = bool(args["Exclusive"])
        with self.entered(args) as caller:
            hop = self._own_hop(caller, args["NextHopHandle"])
            pointer = {"NextHopPointer": NextHopPointer(hop)}
            if not args["LockNextHop"]:
                return Reply(out=pointer) if hop.lock.give_back() else Reply(ERROR_ACCESS_DENIED)
            caller.table.lock.wait_until(
                lambda: hop.lock.is_free_for_me(exclusive) or not caller.active, "next hop is unlocked"
            )
            self.check_active(caller)
            if hop.state != RTM_NEXTHOP_STATE_CREATED:
                raise Refused(ERROR_NOT_FOUND)
            hop.lock.take(exclusive)
            return Reply(out=pointer)

    def RtmGetNextHopInfo(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            hop = self.resolve(caller, args["NextHopHandle"], NextHop)
            return Reply(out={"NextHopInfo": self.describe_next_hop(hop)})

    def RtmReleaseNextHopInfo(self, args: Args) -> Reply:
        info = args["NextHopInfo"]
        remote = [] if info["RemoteNextHop"] is None else [info["RemoteNextHop"]]
        with self.entered(args):
            is_released = self.release_all(([info["NextHopOwner"]], Entity), (remote, Destination))
            return Reply() if is_released else Reply(ERROR_INVALID_HANDLE)

    def RtmReleaseNextHops(self, args: Args) -> Reply:
        return self.release_listed(args, args["NextHopHandles"][: args["NumNextHops"]], NextHop)


def _key_of(caller: Entity, info: Mapping[str, Any]) -> Tuple[Prefix, int]:
    """What identifies a next hop: its address, as it stands, and its interface."""
    address = Prefix.parse(info["NextHopAddress"], caller.table.family, keep_host_bits=True)
    if address is None:
        raise Refused(ERROR_INVALID_PARAMETER)
    return address, int(info["InterfaceIndex"])
