"""Level `lookup`: destinations by prefix, and routes by criteria."""

from __future__ import annotations

from itertools import islice
from typing import Iterator

from .base import is_in_views, prefix_of
from .constants import (
    ERROR_INVALID_PARAMETER,
    ERROR_NOT_FOUND,
    RTM_MATCH_INTERFACE,
    RTM_MATCH_NEIGHBOUR,
    RTM_MATCH_NEXTHOP,
    RTM_MATCH_OWNER,
    RTM_MATCH_PREF,
)
from .nexthops import NextHopFunctions
from .objects import Args, Destination, Entity, Out, Refused, Reply, Route


class LookupFunctions(NextHopFunctions):
    def RtmGetExactMatchDestination(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            prefix = prefix_of(caller, args["DestAddress"], ERROR_NOT_FOUND)
            found = caller.table.find(prefix)
            return self._found(caller, args, iter([] if found is None else [found]))

    def RtmGetMostSpecificDestination(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            prefix = prefix_of(caller, args["DestAddress"], ERROR_NOT_FOUND)
            return self._found(caller, args, caller.table.covering(prefix, prefix.length))

    def RtmGetLessSpecificDestination(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            start = self.handles.get(args["DestHandle"], Destination)
            if start is None or start.table is not caller.table:
                raise Refused(ERROR_INVALID_PARAMETER)
            prefix = start.prefix
            return self._found(caller, args, caller.table.covering(prefix, prefix.length - 1))

    def _found(self, caller: Entity, args: Args, candidates: Iterator[Destination]) -> Reply:
        """Describes the first destination that is in one of the views asked for."""
        views = args["TargetViews"]
        meant = (dest for dest in candidates if is_in_views(dest.views, views))
        for dest in islice(meant, 1):
            return Reply(out={"DestInfo": self.describe_destination(caller, dest, views, args["ProtocolId"])})
        raise Refused(ERROR_NOT_FOUND)

    def RtmGetExactMatchRoute(self, args: Args) -> Reply:
        criteria, flags = args["RouteInfo"], args["MatchingFlags"]
        interface = args["InterfaceIndex"]
        with self.entered(args) as caller:
            dest = caller.table.find(prefix_of(caller, args["DestAddress"], ERROR_NOT_FOUND))
            for route in [] if dest is None else dest.routes:
                if is_in_views(route.content.views, args["TargetViews"]) and matches(
                    route, flags, criteria, interface
                ):
                    out: Out = {"RouteInfo": self.describe_route(route)}
                    if "RouteHandle" not in args:
                        self.handles.reference([route])
                        out["RouteHandle"] = route.handle
                    return Reply(out=out)
            raise Refused(ERROR_NOT_FOUND)


def matches(route: Route, flags: int, criteria: Out, interface: int) -> bool:
    """Whether a route meets the criteria that the flags select from an RTM_ROUTE_INFO."""
    content = route.content
    if flags & RTM_MATCH_OWNER and criteria["RouteOwner"] != route.owner.handle:
        return False
    if flags & RTM_MATCH_NEIGHBOUR:
        if criteria["Neighbour"] != (content.neighbour and content.neighbour.handle):
            return False
    if flags & RTM_MATCH_PREF:
        wanted = criteria["PrefInfo"]
        if (wanted["Preference"], wanted["Metric"]) != (content.preference, content.metric):
            return False
    if flags & RTM_MATCH_NEXTHOP:
        listed = criteria["NextHopsList"]
        hops = [hop.handle for hop in content.next_hops]
        if listed["NextHops"][: listed["NumNextHops"]] != hops:
            return False
    if flags & RTM_MATCH_INTERFACE:
        return any(hop.info["InterfaceIndex"] == interface for hop in content.next_hops)
    return True
