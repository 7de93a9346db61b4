"""Level `enumeration`: walks through destinations, routes and next hops.

An enumeration remembers what it delivered last and looks for what comes next in the table as it is.
"""

from __future__ import annotations

from itertools import islice
from typing import Any, Callable, Iterator, List, Mapping, Optional, Tuple, TypeVar

from .addresses import Prefix
from .base import is_in_views, prefix_of
from .constants import (
    ERROR_INVALID_HANDLE,
    ERROR_INVALID_PARAMETER,
    ERROR_NO_MORE_ITEMS,
    ERROR_NOT_SUPPORTED,
    MAX_HANDLES_IN_ENUM,
    RTM_ENUM_NEXT,
    RTM_ENUM_OWN_DESTS,
    RTM_ENUM_OWN_ROUTES,
    RTM_ENUM_RANGE,
    RTM_MATCH_INTERFACE,
    RTM_VIEW_MASK_ALL,
    SUPPORTED_VIEWS,
    VIEW_IDS,
)
from .lookup import LookupFunctions, matches
from .objects import Args, Destination, Entity, Enumeration, NextHop, Refused, Reply, Route

# An item, and the place in the order that it is at.
T = TypeVar("T")
Placed = Iterator[Tuple[T, Any]]


class Scope:
    """Where an enumeration begins, and where it ends."""

    def __init__(self, start: Optional[Prefix], within: Optional[Prefix]) -> None:
        self._start = start
        self._within = within

    @staticmethod
    def parse(caller: Entity, flags: int, address: Optional[Mapping[str, Any]]) -> "Scope":
        position = flags & (RTM_ENUM_NEXT | RTM_ENUM_RANGE)
        if not position:
            return Scope(None, None)
        prefix = prefix_of(caller, address, ERROR_INVALID_PARAMETER)
        if position == RTM_ENUM_NEXT:
            return Scope(prefix, None)
        if position == RTM_ENUM_RANGE:
            return Scope(prefix, prefix)
        raise Refused(ERROR_INVALID_PARAMETER)

    def holds(self, prefix: Prefix) -> bool:
        is_behind = self._start is None or prefix >= self._start
        return is_behind and (self._within is None or self._within.covers(prefix))


class EnumerationFunctions(LookupFunctions):
    def RtmCreateDestEnum(self, args: Args) -> Reply:
        flags, protocol = args["EnumFlags"], args["ProtocolId"]
        views = _views_asked_for(args["TargetViews"])
        with self.entered(args) as caller:
            scope = Scope.parse(caller, flags, args["NetAddress"])

            def is_meant(dest: Destination) -> bool:
                if not scope.holds(dest.prefix) or not is_in_views(dest.views, views):
                    return False
                return not flags & RTM_ENUM_OWN_DESTS or _is_own(dest, caller, views)

            def walk(place: Any) -> Placed[Destination]:
                return ((dest, dest.prefix) for dest in caller.table.after(place) if is_meant(dest))

            enumeration = Enumeration(caller, "dests", batches(walk))
            enumeration.describe = lambda dest: self.describe_destination(caller, dest, views, protocol)
            return self.begin(enumeration)

    def RtmCreateRouteEnum(self, args: Args) -> Reply:
        flags, matching = args["EnumFlags"], args["MatchingFlags"]
        criteria, interface = args["CriteriaRoute"], args["CriteriaInterface"]
        views = _views_asked_for(args["TargetViews"])
        if criteria is None and matching & ~RTM_MATCH_INTERFACE:
            raise Refused(ERROR_INVALID_PARAMETER)
        with self.entered(args) as caller:
            only: Optional[Destination] = None
            if args["DestHandle"] is not None:
                only = self.resolve(caller, args["DestHandle"], Destination)
                scope = Scope(None, None)
            else:
                scope = Scope.parse(caller, flags, args["StartDest"])

            def is_meant(route: Route) -> bool:
                if flags & RTM_ENUM_OWN_ROUTES and route.owner is not caller:
                    return False
                return is_in_views(route.content.views, views) and matches(route, matching, criteria, interface)

            def dests(place: Optional[Prefix]) -> Iterator[Destination]:
                if only is not None:
                    yield only
                    return
                current = place and caller.table.find(place)
                if current:
                    yield current
                yield from caller.table.after(place)

            def walk(place: Any) -> Placed[Route]:
                at, rank = (None, None) if place is None else place
                for dest in dests(at):
                    if not scope.holds(dest.prefix):
                        continue
                    for route in dest.routes:
                        is_passed = dest.prefix == at and route.rank <= rank
                        if not is_passed and is_meant(route):
                            yield route, (dest.prefix, route.rank)

            enumeration = Enumeration(caller, "routes", batches(walk))
            if only is not None:
                enumeration.keeps = [only]
                self.handles.reference([only])
            return self.begin(enumeration)

    def RtmCreateNextHopEnum(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            scope = Scope.parse(caller, args["EnumFlags"], args["NetAddress"])

            def walk(place: Any) -> Placed[NextHop]:
                for key in sorted(caller.next_hops):
                    if (place is None or key > place) and scope.holds(key[0]):
                        yield caller.next_hops[key], key

            return self.begin(Enumeration(caller, "hops", batches(walk)))

    def begin(self, enumeration: Enumeration) -> Reply:
        self.handles.add(enumeration)
        enumeration.owner.enumerations.append(enumeration)
        return Reply(out={"RtmEnumHandle": enumeration.handle})

    def RtmGetEnumDests(self, args: Args) -> Reply:
        return self.fetch(args, "dests", "NumDests", "DestInfos")

    def RtmGetEnumRoutes(self, args: Args) -> Reply:
        return self.fetch(args, "routes", "NumRoutes", "RouteHandles")

    def RtmGetEnumNextHops(self, args: Args) -> Reply:
        return self.fetch(args, "hops", "NumNextHops", "NextHopHandles")

    def fetch(self, args: Args, items: str, count: str, array: str, end: int = ERROR_NO_MORE_ITEMS) -> Reply:
        room = args[count]
        with self.entered(args) as caller:
            enumeration = self._own_enumeration(caller, args["EnumHandle"])
            if enumeration.items != items:
                raise Refused(ERROR_INVALID_HANDLE)
            if not 0 < room <= MAX_HANDLES_IN_ENUM:
                return Reply(ERROR_INVALID_PARAMETER, {count: 0})
            found, enumeration.place = enumeration.fetch(enumeration.place, room)
            if not found:
                return Reply(end, {count: 0, array: []})
            described = [enumeration.describe(item) for item in found]
            if items != "dests":
                self.handles.reference(found)
            return Reply(out={count: len(found), array: described})

    def _own_enumeration(self, caller: Entity, handle: Optional[int]) -> Enumeration:
        enumeration = self.resolve(caller, handle, Enumeration)
        if enumeration.owner is not caller:
            raise Refused(ERROR_INVALID_HANDLE)
        return enumeration

    def RtmReleaseDests(self, args: Args) -> Reply:
        with self.entered(args):
            is_released = self.release_destinations(args["DestInfos"][: args["NumDests"]])
            return Reply() if is_released else Reply(ERROR_INVALID_HANDLE)

    def RtmDeleteEnumHandle(self, args: Args) -> Reply:
        with self.entered(args) as caller:
            enumeration = self._own_enumeration(caller, args["EnumHandle"])
            caller.enumerations.remove(enumeration)
            self.handles.detach(enumeration)
            return Reply()


def batches(walk: Callable[[Any], Placed[T]]) -> Callable[[Any, int], Tuple[List[T], Any]]:
    """Makes batches of a walk that starts behind a place."""

    def fetch(place: Any, room: int) -> Tuple[List[T], Any]:
        batch = list(islice(walk(place), room))
        return [item for item, _ in batch], batch[-1][1] if batch else place

    return fetch


def _views_asked_for(views: int) -> int:
    if views != RTM_VIEW_MASK_ALL and views & ~SUPPORTED_VIEWS:
        raise Refused(ERROR_NOT_SUPPORTED)
    return views & SUPPORTED_VIEWS


def _is_own(dest: Destination, caller: Entity, views: int) -> bool:
    bests = [dest.best(view) for view in VIEW_IDS if (views or SUPPORTED_VIEWS) >> view & 1]
    return any(best is not None and best.owner is caller for best in bests)
