"""Level `lists`: the collections that clients make of their routes."""

from __future__ import annotations

from typing import Any

from .constants import ERROR_INVALID_HANDLE, NO_ERROR, RTM_ROUTE_STATE_CREATED
from .enumeration import EnumerationFunctions, Placed, batches
from .objects import Args, Enumeration, Refused, Reply, Route, RouteList


class ListFunctions(EnumerationFunctions):
    def RtmCreateRouteList(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            made = RouteList(caller)
            self.handles.add(made)
            caller.lists.append(made)
            return Reply(out={"RouteListHandle": made.handle})

    def RtmInsertInRouteList(self, args: Args) -> Reply:
        handles = args["RouteHandles"][: args["NumRoutes"]]
        with self.entered(args) as caller:
            target = self.list_named(caller, args["RouteListHandle"])
            routes = [self.own_route(caller, handle) for handle in handles]
            if any(route.state != RTM_ROUTE_STATE_CREATED for route in routes):
                raise Refused(ERROR_INVALID_HANDLE)
            for route in routes:
                route.put_on(target)
            return Reply()

    def RtmCreateRouteListEnum(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            target = self.list_named(caller, args["RouteListHandle"])
            if target is None:
                raise Refused(ERROR_INVALID_HANDLE)
            members = target.members

            def walk(place: Any) -> Placed[Route]:
                return ((route, at) for at, route in members.items() if place is None or at > place)

            return self.begin(Enumeration(caller, "members", batches(walk)))

    def RtmGetListEnumRoutes(self, args: Args) -> Reply:
        return self.fetch(args, "members", "NumRoutes", "RouteHandles", end=NO_ERROR)

    def RtmDeleteRouteList(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            target = self.list_named(caller, args["RouteListHandle"])
            if target is None:
                raise Refused(ERROR_INVALID_HANDLE)
            target.clear()
            caller.lists.remove(target)
            self.handles.detach(target)
            return Reply()
