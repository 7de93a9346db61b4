"""What all functions have in common: entering as a client, delivering events, describing objects.

A call does its work in one stay inside the lock of its client's table, and so takes effect at one moment.
Events are left in mailboxes meanwhile, in the order of what they tell of. They are delivered after
the lock was left, by the thread that caused them or by the one that is busy with the same receiver already:
a client is told of one event at a time.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Type

from .addresses import Prefix
from .constants import (
    ERROR_INVALID_HANDLE,
    RTM_BEST_PROTOCOL,
    RTM_THIS_PROTOCOL,
    SUPPORTED_VIEWS,
    VIEW_IDS,
)
from .handles import C, Counted, HandleTable
from .objects import Args, Destination, Entity, NextHop, Out, Refused, Route, RouteContent, Subscription
from .sync import point
from .table import RoutingTable


class RtmBase:
    handle_table_type = HandleTable
    routing_table_type = RoutingTable

    def __init__(self) -> None:
        self.handles = self.handle_table_type()
        self.tables: Dict[Tuple[int, int], RoutingTable] = {}
        self._tables_lock = threading.Lock()
        # How many callbacks the current thread is in.
        self._depth = threading.local()

    def table(self, instance: int, family: int) -> RoutingTable:
        with self._tables_lock:
            key = (instance, family)
            if key not in self.tables:
                self.tables[key] = self.routing_table_type(self.handles, instance, family)
            return self.tables[key]

    # --- Entering -------------------------------------------------------------------------------------------

    @contextmanager
    def entered(self, args: Args) -> Iterator[Entity]:
        """The client that makes a call, with its table locked."""
        caller = self._caller(args)
        try:
            with caller.table.lock:
                self.check_active(caller)
                yield caller
        finally:
            self.deliver(caller.table)

    @contextmanager
    def at_work(self, args: Args) -> Iterator[Entity]:
        """The same without the lock, for what does not look at tables. It keeps the client from being cleaned up."""
        caller = self._caller(args)
        with caller.table.lock:
            self.check_active(caller)
            caller.pending += 1
        try:
            point("work outside the table")
            yield caller
        finally:
            with caller.table.lock:
                caller.pending -= 1
                caller.table.lock.changed()

    def _caller(self, args: Args) -> Entity:
        caller = self.handles.get(args["RtmRegHandle"], Entity)
        if caller is None:
            raise Refused(ERROR_INVALID_HANDLE)
        return caller

    def check_active(self, caller: Entity) -> None:
        if not caller.active:
            raise Refused(ERROR_INVALID_HANDLE)

    def resolve(self, caller: Entity, handle: Optional[int], kind: Type[C]) -> C:
        """The object behind a handle that was passed, or the refusal of the call."""
        found = self.handles.get(handle, kind)
        if found is None or table_of(found) is not caller.table:
            raise Refused(ERROR_INVALID_HANDLE)
        return found

    # --- Events ---------------------------------------------------------------------------------------------

    def deliver(self, table: RoutingTable) -> None:
        """Looks after the mailboxes that calls have put something into. Not to be called with the lock held."""
        if not table.addressees:
            return
        with table.lock:
            while table.addressees:
                receiver = table.addressees.pop(0)
                if receiver.attendant is None:
                    self._attend(receiver)

    def _attend(self, receiver: Entity) -> None:
        """Calls the client about all that waits for it, leaving the lock for each call."""
        table = receiver.table
        receiver.attendant = threading.get_ident()
        table.attended += 1
        try:
            while receiver.mailbox and receiver.active:
                event = receiver.mailbox.popleft()
                subject = event.subject
                is_over = isinstance(subject, Subscription) and subject not in table.subscriptions
                if not is_over:
                    with table.lock.left():
                        self._call_back(receiver, event.type, subject.handle, event.context2)
                self.handles.release([subject])
        finally:
            receiver.attendant = None
            table.attended -= 1
            table.lock.changed()

    def _call_back(self, receiver: Entity, event_type: int, context1: int, context2: Any) -> None:
        assert receiver.callback is not None
        self._depth.value = self.depth + 1
        try:
            # What it answers has no effect.
            receiver.callback(receiver.handle, event_type, context1, context2)
        finally:
            self._depth.value = self.depth - 1

    @property
    def depth(self) -> int:
        """How many callbacks the current thread is in."""
        return int(getattr(self._depth, "value", 0))

    def is_quiet(self) -> bool:
        """Whether no event waits for its delivery or is being delivered."""
        for table in list(self.tables.values()):
            with table.lock:
                if table.attended or any(each.mailbox for each in table.entities):
                    return False
        return True

    # --- Describing -----------------------------------------------------------------------------------------

    def describe_destination(self, caller: Entity, dest: Destination, views: int, protocol: int) -> Out:
        """An RTM_DEST_INFO, with a reference for each handle in it."""
        wanted = protocol_wanted(caller, protocol)
        named: List[Counted] = [dest]
        blocks: List[Out] = []
        for view in VIEW_IDS:
            if not views >> view & 1:
                continue
            best = dest.best(view, wanted)
            named += [] if best is None else [best, best.owner]
            blocks.append(
                {
                    "ViewId": view,
                    "NumRoutes": sum(route.content.views >> view & 1 for route in dest.routes),
                    "Route": best and best.handle,
                    "Owner": best and best.owner.handle,
                    "DestFlags": 0 if best is None else best.content.flags,
                    "HoldRoute": None,
                }
            )
        self.handles.reference(named)
        return {
            "DestHandle": dest.handle,
            "DestAddress": dest.prefix.to_net_address(),
            "LastChanged": str(dest.last_changed),
            "BelongsToViews": dest.views,
            "NumberOfViews": len(blocks),
            "ViewInfo": blocks,
        }

    def describe_route(self, route: Route) -> Out:
        """An RTM_ROUTE_INFO, with a reference for each handle in it."""
        self.handles.reference([route.dest, route.owner] + route.content.named())
        return route_info(route, route.content)

    def describe_next_hop(self, hop: NextHop) -> Out:
        """An RTM_NEXTHOP_INFO, with a reference for each handle in it."""
        self.handles.reference(hop.freed())
        return next_hop_info(hop)

    def release_destinations(self, infos: Sequence[Mapping[str, Any]]) -> bool:
        """Gives back what `describe_destination` has counted, all of it or nothing."""
        dests = [info["DestHandle"] for info in infos]
        blocks = [block for info in infos for block in info["ViewInfo"][: info["NumberOfViews"]]]
        routes = [block[name] for block in blocks for name in ("Route", "HoldRoute") if block[name]]
        owners = [block["Owner"] for block in blocks if block["Owner"]]
        return self.release_all((dests, Destination), (routes, Route), (owners, Entity))

    def release_all(self, *groups: Tuple[List[Optional[int]], Type[Counted]]) -> bool:
        """Takes a reference from each handle of each group, or from none if one is not valid."""
        for handles, kind in groups:
            if any(self.handles.get(handle, kind) is None for handle in handles):
                return False
        return all([self.handles.release_handles(handles, kind) for handles, kind in groups])


def table_of(item: Counted) -> Optional[RoutingTable]:
    """The table that an object belongs to."""
    if isinstance(item, (Destination, Entity)):
        return item.table
    if isinstance(item, Route):
        return item.dest.table
    owner = getattr(item, "owner", None)
    return owner.table if isinstance(owner, Entity) else None


def protocol_wanted(caller: Entity, protocol: int) -> Optional[int]:
    """The protocol whose best route is asked for; None for that of all."""
    if protocol == RTM_BEST_PROTOCOL:
        return None
    return caller.protocol if protocol == RTM_THIS_PROTOCOL else protocol


def is_in_views(views: int, targets: int) -> bool:
    """Whether something that belongs to views is meant by TargetViews; RTM_VIEW_MASK_ANY means everything."""
    return targets == 0 or views & targets & SUPPORTED_VIEWS != 0


def prefix_of(caller: Entity, address: Optional[Mapping[str, Any]], status: int) -> Prefix:
    """The prefix that a call names, or its refusal with a status."""
    prefix = Prefix.parse(address, caller.table.family)
    if prefix is None:
        raise Refused(status)
    return prefix


def route_info(route: Route, content: RouteContent) -> Out:
    return {
        "DestHandle": route.dest.handle,
        "RouteOwner": route.owner.handle,
        "Neighbour": content.neighbour and content.neighbour.handle,
        "State": route.state,
        "Flags1": 0,
        "Flags": content.flags,
        "PrefInfo": {"Metric": content.metric, "Preference": content.preference},
        "BelongsToViews": content.views,
        "EntitySpecificInfo": content.specific,
        "NextHopsList": {
            "NumNextHops": len(content.next_hops),
            "NextHops": [hop.handle for hop in content.next_hops],
        },
    }


def next_hop_info(hop: NextHop) -> Out:
    return {
        **hop.info,
        "NextHopOwner": hop.owner.handle,
        "State": hop.state,
        "RemoteNextHop": hop.remote and hop.remote.handle,
    }
