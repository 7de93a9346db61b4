"""Levels `routes` and `views`: routes, destinations, and information on them."""

from __future__ import annotations

from typing import Any, List, Mapping, Optional

from .addresses import Prefix
from .base import RtmBase, prefix_of, route_info
from .constants import (
    ERROR_ACCESS_DENIED,
    ERROR_INVALID_HANDLE,
    ERROR_INVALID_PARAMETER,
    ERROR_NOT_FOUND,
    MAX_NEXT_HOPS_IN_ROUTE,
    RTM_ROUTE_CHANGE_FIRST,
    RTM_ROUTE_CHANGE_NEW,
    RTM_ROUTE_STATE_CREATED,
    SUPPORTED_VIEWS,
    VIEW_IDS,
)
from .handles import Counted
from .objects import Args, Destination, Entity, NextHop, Out, Refused, Reply, Route, RouteContent, RouteList

# What may be changed through a pointer to a route.
WRITABLE = ("Neighbour", "PrefInfo", "BelongsToViews", "EntitySpecificInfo", "NextHopsList")


class RoutePointer:
    """A pointer into the table, as RtmLockRoute and RtmGetRoutePointer hand it out."""

    def __init__(self, rtm: "RouteFunctions", route: Route) -> None:
        self._rtm = rtm
        self._route = route

    def read(self) -> Out:
        with self._route.dest.table.lock:
            return route_info(self._route, self._route.draft or self._route.content)

    def write(self, fields: Mapping[str, Any]) -> None:
        """Changes what an owner may change who has the route locked; the rest is not looked at."""
        route = self._route
        with route.dest.table.lock:
            info = route_info(route, route.draft or route.content)
            info.update({name: fields[name] for name in WRITABLE if name in fields})
            content = self._rtm.read_content(route.owner, info)
            if route.draft is None:
                route.content = content
            else:
                route.draft = content


class RouteFunctions(RtmBase):
    def RtmAddRouteToDest(self, args: Args) -> Reply:
        flags = args["ChangeFlags"]
        # Without a key a handle is wanted, None stands for no variable at all.
        handle = args.get("RouteHandle")
        is_wanted = "RouteHandle" not in args
        with self.entered(args) as caller:
            target = self.list_named(caller, args.get("RouteListHandle"))
            prefix: Optional[Prefix] = None
            if handle is None:
                prefix = prefix_of(caller, args["DestAddress"], ERROR_INVALID_PARAMETER)
            content = self.read_content(caller, args["RouteInfo"])
            route = self.route_to_update(caller, handle, prefix, content, flags)
            while route is not None and not route.lock.is_free_for_me():
                self._await_lock(caller, route)
                content = self.read_content(caller, args["RouteInfo"])
                route = self.route_to_update(caller, handle, prefix, content, flags)
            if route is None:
                assert prefix is not None
                route = Route(caller.table.obtain(prefix), caller, content)
                result = RTM_ROUTE_CHANGE_NEW | caller.table.insert(route)
            else:
                named = route.content.named()
                self.handles.reference(content.named())
                result = caller.table.update(route, content)
                self.handles.release(named)
            if target is not None:
                route.put_on(target)
            out: Out = {"ChangeFlags": result}
            if is_wanted:
                self.handles.reference([route])
                out["RouteHandle"] = route.handle
            return Reply(out=out)

    def route_to_update(
        self, caller: Entity, handle: Optional[int], prefix: Optional[Prefix], content: RouteContent, flags: int
    ) -> Optional[Route]:
        """The route that an addition updates; None if it creates one."""
        if handle is not None:
            route = self.own_route(caller, handle)
            if route.state != RTM_ROUTE_STATE_CREATED:
                raise Refused(ERROR_INVALID_HANDLE)
            return route
        dest = prefix and caller.table.find(prefix)
        if dest is None or flags & RTM_ROUTE_CHANGE_NEW:
            return None
        for route in dest.routes:
            is_any_right = flags & RTM_ROUTE_CHANGE_FIRST
            if route.owner is caller and (is_any_right or route.content.neighbour is content.neighbour):
                return route
        return None

    def _await_lock(self, caller: Entity, route: Route, exclusive: bool = True) -> None:
        """Waits for others to unlock a route. Anything may have happened to it meanwhile."""
        caller.table.lock.wait_until(
            lambda: route.lock.is_free_for_me(exclusive) or not caller.active, "route is unlocked"
        )
        self.check_active(caller)

    def list_named(self, caller: Entity, handle: Optional[int]) -> Optional[RouteList]:
        """The caller's own list with that handle, or none."""
        if handle is None:
            return None
        found = self.resolve(caller, handle, RouteList)
        if found not in caller.lists:
            raise Refused(ERROR_INVALID_HANDLE)
        return found

    def own_route(self, caller: Entity, handle: Optional[int]) -> Route:
        route = self.resolve(caller, handle, Route)
        if route.owner is not caller:
            raise Refused(ERROR_ACCESS_DENIED)
        return route

    def read_content(self, owner: Entity, info: Mapping[str, Any]) -> RouteContent:
        """Reads what the owner of a route decides from an RTM_ROUTE_INFO."""
        listed = info["NextHopsList"]
        handles: List[Optional[int]] = listed["NextHops"][: listed["NumNextHops"]]
        if len(handles) > MAX_NEXT_HOPS_IN_ROUTE:
            raise Refused(ERROR_INVALID_PARAMETER)
        neighbour = info["Neighbour"]
        return RouteContent(
            neighbour=None if neighbour is None else self._hop_of(owner, neighbour),
            flags=int(info["Flags"]),
            metric=int(info["PrefInfo"]["Metric"]),
            preference=int(info["PrefInfo"]["Preference"]),
            views=int(info["BelongsToViews"]) & SUPPORTED_VIEWS,
            specific=info.get("EntitySpecificInfo"),
            next_hops=tuple(self._hop_of(owner, handle) for handle in handles),
        )

    def _hop_of(self, owner: Entity, handle: Optional[int]) -> NextHop:
        hop = self.resolve(owner, handle, NextHop)
        if hop.owner is not owner:
            raise Refused(ERROR_ACCESS_DENIED)
        return hop

    def RtmDeleteRouteToDest(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            route = self.own_route(caller, args["RouteHandle"])
            self._await_lock(caller, route)
            if route.state != RTM_ROUTE_STATE_CREATED:
                raise Refused(ERROR_NOT_FOUND)
            flags = caller.table.remove(route)
            self.handles.release([route])
            return Reply(out={"ChangeFlags": flags})

    # --- In place -------------------------------------------------------------------------------------------

    def RtmGetRoutePointer(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            route = self.own_route(caller, args["RouteHandle"])
            return Reply(out={"RoutePointer": RoutePointer(self, route)})

    def RtmLockRoute(self, args: Args) -> Reply:
        exclusive = bool(args["Exclusive"])
        with self.entered(args) as caller:
            route = self.own_route(caller, args["RouteHandle"])
            if not args["LockRoute"]:
                # What was changed in place and not committed is lost.
                if route.lock.is_written_by_me():
                    route.draft = None
                return Reply() if route.lock.give_back() else Reply(ERROR_ACCESS_DENIED)
            self._await_lock(caller, route, exclusive)
            if route.state != RTM_ROUTE_STATE_CREATED:
                raise Refused(ERROR_INVALID_HANDLE)
            route.lock.take(exclusive)
            if exclusive and route.draft is None:
                route.draft = route.content
            is_wanted = args.get("RoutePointer", ()) is not None
            return Reply(out={"RoutePointer": RoutePointer(self, route)} if is_wanted else {})

    def RtmUpdateAndUnlockRoute(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            target = self.list_named(caller, args.get("RouteListHandle"))
            route = self.own_route(caller, args["RouteHandle"])
            content = route.draft
            if content is None or not route.lock.is_written_by_me():
                raise Refused(ERROR_ACCESS_DENIED)
            # The client has counted the references of what it put in and took out.
            flags = caller.table.update(route, content)
            if target is not None:
                route.put_on(target)
            route.draft = None
            route.lock.give_back()
            return Reply(out={"ChangeFlags": flags})

    # --- Information ----------------------------------------------------------------------------------------

    def RtmIsBestRoute(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            route = self.resolve(caller, args["RouteHandle"], Route)
            views = sum(1 << view for view in VIEW_IDS if route.dest.best(view) is route)
            return Reply(out={"BestInViews": views})

    def RtmGetRouteInfo(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            route = self.resolve(caller, args["RouteHandle"], Route)
            out: Out = {}
            if args.get("RouteInfo", ()) is not None:
                out["RouteInfo"] = self.describe_route(route)
            if args.get("DestAddress", ()) is not None:
                out["DestAddress"] = route.dest.prefix.to_net_address()
            return Reply(out=out)

    def RtmReleaseRouteInfo(self, args: Args) -> Reply:
        info = args["RouteInfo"]
        listed = info["NextHopsList"]
        hops = listed["NextHops"][: listed["NumNextHops"]]
        hops = hops + ([] if info["Neighbour"] is None else [info["Neighbour"]])
        with self.entered(args):
            is_released = self.release_all(
                ([info["DestHandle"]], Destination), ([info["RouteOwner"]], Entity), (hops, NextHop)
            )
            return Reply() if is_released else Reply(ERROR_INVALID_HANDLE)

    def RtmReleaseRoutes(self, args: Args) -> Reply:
        return self.release_listed(args, args["RouteHandles"][: args["NumRoutes"]], Route)

    def release_listed(self, args: Args, handles: List[Optional[int]], kind: type[Counted]) -> Reply:
        with self.entered(args):
            is_released = self.handles.release_handles(handles, kind)
            return Reply() if is_released else Reply(ERROR_INVALID_HANDLE)

    def RtmGetDestInfo(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            dest = self.resolve(caller, args["DestHandle"], Destination)
            info = self.describe_destination(caller, dest, args["TargetViews"], args["ProtocolId"])
            return Reply(out={"DestInfo": info})

    def RtmReleaseDestInfo(self, args: Args) -> Reply:
        with self.entered(args):
            is_released = self.release_destinations([args["DestInfo"]])
            return Reply() if is_released else Reply(ERROR_INVALID_HANDLE)
