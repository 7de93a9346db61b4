"""One routing table: that of one RTM instance and one address family."""

from __future__ import annotations

from bisect import bisect_right, insort
from itertools import islice
from typing import Dict, Iterator, List, Optional, Tuple

from .addresses import Prefix
from .constants import (
    RTM_CHANGE_NOTIFICATION,
    RTM_CHANGE_TYPE_ALL,
    RTM_CHANGE_TYPE_BEST,
    RTM_CHANGE_TYPE_FORWARDING,
    RTM_ROUTE_CHANGE_BEST,
    RTM_ROUTE_FLAGS_FORWARDING,
    RTM_ROUTE_STATE_DELETED,
    VIEW_IDS,
)
from .handles import HandleTable
from .objects import Destination, Entity, Event, Route, RouteContent, Subscription
from .sync import Monitor

# By view the best route and its content: what a change is measured by.
Bests = Dict[int, Optional[Tuple[Route, RouteContent]]]


class RoutingTable:
    """Who is registered with it, the destinations with their routes, and who wants to know of changes."""

    def __init__(self, handles: HandleTable, instance: int, family: int) -> None:
        self.handles = handles
        self.instance = instance
        self.family = family
        # Guards the table and everything it leads to.
        self.lock = Monitor("table")
        self.entities: List[Entity] = []
        self.subscriptions: List[Subscription] = []
        # Those that a call has put something into the mailbox of, and that nobody has looked after yet.
        self.addressees: List[Entity] = []
        # Deliveries under way.
        self.attended = 0
        self._destinations: Dict[Prefix, Destination] = {}
        self._sorted: List[Prefix] = []
        self._seniority = 0
        # Milliseconds, and the latest FILETIME given to a change.
        self.now = 0
        self._last_change = 0

    # --- Destinations ---------------------------------------------------------------------------------------

    def find(self, prefix: Prefix) -> Optional[Destination]:
        """The destination, if it has routes."""
        found = self._destinations.get(prefix)
        return found if found is not None and found.routes else None

    def covering(self, prefix: Prefix, longest: int) -> Iterator[Destination]:
        """The destinations that cover a prefix and are no longer than so many bits, long ones first."""
        for length in range(longest, -1, -1):
            found = self.find(prefix.shortened(length))
            if found is not None:
                yield found

    def after(self, place: Optional[Prefix]) -> Iterator[Destination]:
        """All destinations behind a prefix, or from the beginning, in order."""
        start = 0 if place is None else bisect_right(self._sorted, place)
        for prefix in islice(self._sorted, start, None):
            found = self.find(prefix)
            if found is not None:
                yield found

    def obtain(self, prefix: Prefix) -> Destination:
        """The destination, new if there is none."""
        found = self._destinations.get(prefix)
        if found is None:
            found = Destination(self, prefix)
            self.handles.add(found)
            self._destinations[prefix] = found
            insort(self._sorted, prefix)
        return found

    def forget(self, dest: Destination) -> None:
        """Nobody refers to the destination any more."""
        del self._destinations[dest.prefix]
        self._sorted.remove(dest.prefix)

    # --- Routes ---------------------------------------------------------------------------------------------

    def insert(self, route: Route) -> int:
        """Adds a route. Returns the resulting change flags, as do `update` and `remove`."""
        dest = route.dest
        before = self.bests(dest)
        self.handles.add(route)
        self.handles.reference(route.freed())
        dest.attached = True
        route.owner.routes.append(route)
        self._place(route)
        return self._settle(dest, before, route.content.views)

    def update(self, route: Route, content: RouteContent) -> int:
        before = self.bests(route.dest)
        old = route.content
        is_moved = (old.preference, old.metric) != (content.preference, content.metric)
        if is_moved:
            route.dest.routes.remove(route)
        route.content = content
        if is_moved:
            self._place(route)
        return self._settle(route.dest, before, old.views | content.views)

    def remove(self, route: Route) -> int:
        dest = route.dest
        before = self.bests(dest)
        route.state = RTM_ROUTE_STATE_DELETED
        route.draft = None
        route.put_on(None)
        route.lock.clear()
        route.owner.routes.remove(route)
        dest.routes.remove(route)
        flags = self._settle(dest, before, route.content.views)
        if not dest.routes:
            self.handles.detach(dest)
        self.handles.detach(route)
        return flags

    def _place(self, route: Route) -> None:
        self._seniority += 1
        route.seniority = self._seniority
        routes = route.dest.routes
        at = len(routes)
        while at > 0 and routes[at - 1].rank > route.rank:
            at -= 1
        routes.insert(at, route)

    # --- Changes --------------------------------------------------------------------------------------------

    def bests(self, dest: Destination) -> Bests:
        found = {view: dest.best(view) for view in VIEW_IDS}
        return {view: route and (route, route.content) for view, route in found.items()}

    def _settle(self, dest: Destination, before: Bests, touched: int) -> int:
        """Tells subscribers what has changed, and the caller whether another route is the best."""
        after = self.bests(dest)
        kinds = {view: kinds_of_change(before[view], after[view]) for view in VIEW_IDS}
        for view in VIEW_IDS:
            if touched >> view & 1:
                kinds[view] |= RTM_CHANGE_TYPE_ALL
        is_best_another = any(is_another(before[view], after[view]) for view in VIEW_IDS)
        if is_best_another:
            self._last_change = max(self._last_change + 1, self.now * 10_000)
            dest.last_changed = self._last_change
        for subscription in self.subscriptions:
            if self._concerns(subscription, dest, kinds):
                self.notify(subscription, dest)
        return RTM_ROUTE_CHANGE_BEST if is_best_another else 0

    def _concerns(self, subscription: Subscription, dest: Destination, kinds: Dict[int, int]) -> bool:
        if subscription.marked_only and dest not in subscription.marks:
            return False
        return any(subscription.views >> view & 1 and subscription.kinds & kinds[view] for view in VIEW_IDS)

    def notify(self, subscription: Subscription, dest: Destination) -> None:
        """A change of the destination waits to be fetched."""
        if dest not in subscription.pending:
            subscription.pending[dest] = None
            self.handles.reference([dest])
        if not subscription.announced:
            subscription.announced = True
            self.post(subscription.owner, Event(RTM_CHANGE_NOTIFICATION, subscription, subscription.context))

    # --- Events ---------------------------------------------------------------------------------------------

    def post(self, receiver: Entity, event: Event) -> None:
        """Leaves an event for a client, if it wants any."""
        if receiver.callback is None or not receiver.active:
            return
        self.handles.reference([event.subject])
        receiver.mailbox.append(event)
        self.addressees.append(receiver)


def is_another(before: Optional[Tuple[Route, RouteContent]], after: Optional[Tuple[Route, RouteContent]]) -> bool:
    """Whether the best route is not the same one any more, whatever its content."""
    return (before and before[0]) is not (after and after[0])


def kinds_of_change(
    before: Optional[Tuple[Route, RouteContent]], after: Optional[Tuple[Route, RouteContent]]
) -> int:
    """What has happened to the best route of a view, as RTM_CHANGE_TYPE_BEST and _FORWARDING."""
    if is_another(before, after):
        return RTM_CHANGE_TYPE_BEST | RTM_CHANGE_TYPE_FORWARDING
    if before is None or after is None:
        return 0
    old, new = before[1], after[1]
    kinds = 0
    if old.next_hops != new.next_hops or old.flags != new.flags:
        kinds |= RTM_CHANGE_TYPE_BEST
    if (old.preference, old.metric) != (new.preference, new.metric):
        kinds |= RTM_CHANGE_TYPE_BEST
    if old.next_hops != new.next_hops or (old.flags ^ new.flags) & RTM_ROUTE_FLAGS_FORWARDING:
        kinds |= RTM_CHANGE_TYPE_FORWARDING
    return kinds
