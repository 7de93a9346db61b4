"""What the tables are made of. All of it is guarded by the lock of the table that it belongs to."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable, Deque, Dict, List, NamedTuple, Optional, Sequence, Tuple

from .addresses import Prefix
from .constants import NO_ERROR, RTM_NEXTHOP_STATE_CREATED, RTM_ROUTE_STATE_CREATED
from .handles import Counted
from .sync import SharedLock

if TYPE_CHECKING:
    from .table import RoutingTable

Args = Dict[str, Any]
Out = Dict[str, Any]
EventCallback = Callable[[int, int, int, Any], int]


@dataclass
class Reply:
    """What a function returns: its status, and the OUT parameters that it has filled."""

    status: int = NO_ERROR
    out: Out = field(default_factory=dict)


class Refused(Exception):
    """Ends a call with a status that is not NO_ERROR."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Event(NamedTuple):
    """An event that waits to be delivered."""

    type: int
    subject: Counted
    context2: Any


class Entity(Counted):
    """A client that has registered."""

    kind = "entity"

    def __init__(self, table: "RoutingTable", info: Dict[str, Any], callback: Optional[EventCallback]) -> None:
        super().__init__()
        self.table = table
        self._info = info
        self.callback = callback
        self.active = True
        # Calls that work on behalf of the client outside the lock of its table.
        self.pending = 0
        # Events that were not delivered yet, and the thread that delivers them.
        self.mailbox: Deque[Event] = deque()
        self.attendant: Optional[int] = None
        self.next_hops: Dict[Tuple[Prefix, int], NextHop] = {}
        self.enumerations: List[Enumeration] = []
        self.subscriptions: List[Subscription] = []
        self.routes: List[Route] = []
        self.lists: List[RouteList] = []

    @property
    def info(self) -> Dict[str, Any]:
        """A copy of what it registered with."""
        return {**self._info, "EntityId": dict(self._info["EntityId"])}

    @property
    def protocol(self) -> int:
        return int(self._info["EntityId"]["EntityProtocolId"])

    @property
    def identity(self) -> Tuple[int, int]:
        return self.protocol, int(self._info["EntityId"]["EntityInstanceId"])


class RouteContent(NamedTuple):
    """The part of a route that its owner decides. Never changed, only replaced."""

    neighbour: Optional["NextHop"]
    flags: int
    metric: int
    preference: int
    views: int
    specific: Any
    next_hops: Tuple["NextHop", ...]

    def named(self) -> List[Counted]:
        """The next hops that the route holds references on."""
        return ([] if self.neighbour is None else [self.neighbour]) + list(self.next_hops)


class Route(Counted):
    """One way of one client to one destination."""

    kind = "route"

    def __init__(self, dest: "Destination", owner: Entity, content: RouteContent) -> None:
        super().__init__()
        self.dest = dest
        self.owner = owner
        self.content = content
        # Content as it is being changed in place, by who has the route locked exclusively.
        self.draft: Optional[RouteContent] = None
        self.state = RTM_ROUTE_STATE_CREATED
        self.lock = SharedLock(dest.table.lock)
        # Among routes that are equally good the one that came to its place first is the better one.
        self.seniority = 0
        # The list that it is on, and its place there.
        self.list: Optional[RouteList] = None
        self.place = 0

    def put_on(self, target: Optional["RouteList"]) -> None:
        """Moves it to a list, or off all lists. On a list that it is on already it stays where it is."""
        if target is self.list:
            return
        if self.list is not None:
            del self.list.members[self.place]
        self.list = target
        if target is not None:
            target.last_place += 1
            self.place = target.last_place
            target.members[self.place] = self

    @property
    def rank(self) -> Tuple[int, int, int]:
        """Sorts the routes of one destination, the best one first."""
        return self.content.preference, self.content.metric, self.seniority

    def freed(self) -> Sequence[Counted]:
        return [self.dest, self.owner] + self.content.named()


class RouteList(Counted):
    """A client's own collection of its routes."""

    kind = "route-list"

    def __init__(self, owner: Entity) -> None:
        super().__init__()
        self.owner = owner
        # By their places, which only grow.
        self.members: Dict[int, Route] = {}
        self.last_place = 0

    def clear(self) -> None:
        for route in list(self.members.values()):
            route.put_on(None)


class Destination(Counted):
    """What routes lead to: a prefix."""

    kind = "destination"

    def __init__(self, table: "RoutingTable", prefix: Prefix) -> None:
        super().__init__()
        self.table = table
        self.prefix = prefix
        self.routes: List[Route] = []
        self.last_changed = 0

    @property
    def views(self) -> int:
        views = 0
        for route in self.routes:
            views |= route.content.views
        return views

    def best(self, view: int, protocol: Optional[int] = None) -> Optional[Route]:
        """The best route in a view, of a protocol or of all."""
        for route in self.routes:
            if route.content.views >> view & 1 and protocol in (None, route.owner.protocol):
                return route
        return None

    def freed(self) -> Sequence[Counted]:
        self.table.forget(self)
        return ()


class NextHop(Counted):
    """A neighbouring router, on the list of the client that has added it."""

    kind = "nexthop"

    def __init__(self, owner: Entity, info: Dict[str, Any], address: Prefix) -> None:
        super().__init__()
        self.owner = owner
        # NextHopAddress, InterfaceIndex, Flags and EntitySpecificInfo as they were given.
        self.info = info
        self.address = address
        self.remote: Optional[Destination] = None
        self.state = RTM_NEXTHOP_STATE_CREATED
        self.lock = SharedLock(owner.table.lock)

    @property
    def key(self) -> Tuple[Prefix, int]:
        return self.address, int(self.info["InterfaceIndex"])

    def freed(self) -> Sequence[Counted]:
        return [self.owner] + ([] if self.remote is None else [self.remote])


class Enumeration(Counted):
    """A walk through a table. It keeps no copy of it, only its place."""

    kind = "enumeration"

    def __init__(self, owner: Entity, items: str, fetch: Callable[[Any, int], Tuple[List[Any], Any]]) -> None:
        super().__init__()
        self.owner = owner
        # "dests", "routes", "hops" or "members".
        self.items = items
        # What comes after a place: so many items at most, and the place then reached.
        self.fetch = fetch
        self.place: Any = None
        self.describe: Callable[[Any], Any] = lambda item: item.handle
        self.keeps: Sequence[Counted] = ()

    def freed(self) -> Sequence[Counted]:
        return self.keeps


class Subscription(Counted):
    """A client's wish to be told of changes."""

    kind = "notification"

    def __init__(self, owner: Entity, views: int, kinds: int, marked_only: bool, context: Any) -> None:
        super().__init__()
        self.owner = owner
        self.views = views
        self.kinds = kinds
        self.marked_only = marked_only
        self.context = context
        # Both hold a reference on each destination; the pending ones stand in the order of their first change.
        self.marks: Dict[Destination, None] = {}
        self.pending: Dict[Destination, None] = {}
        # An announcement was sent, or is about to be, and the pending changes were not all fetched since.
        self.announced = False

    def freed(self) -> Sequence[Counted]:
        return list(self.marks) + list(self.pending)
