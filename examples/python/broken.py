"""RTMs with one mistake each: what the suite has to find.

Half of the mistakes show when one call follows the other. The other half are races: the lock is let go where it must
not be, for a moment in which another thread can come.
"""

from __future__ import annotations

from typing import Dict, Iterator, List, NamedTuple, Optional, Type

from rtm import Reply, Rtm
from rtm.addresses import Prefix
from rtm.constants import ERROR_INVALID_PARAMETER, RTM_ROUTE_STATE_CREATED
from rtm.handles import Counted, HandleTable
from rtm.objects import Args, Destination, Entity, Route, RouteContent, Subscription
from rtm.sync import Monitor, point
from rtm.table import Bests, RoutingTable


class Mistake(NamedTuple):
    make: Type[Rtm]
    # The rules that may be named when it is found.
    rules: List[str]
    # The lowest on which it is found reliably. "A": single calls are enough. "B": it takes threads that overlap.
    rung: str


def let_go(lock: Monitor) -> None:
    """Anything may happen here."""
    with lock.left():
        point("between two looks")


# --- One call after the other ---------------------------------------------------------------------------------


class _StaleRank(RoutingTable):
    def update(self, route: Route, content: RouteContent) -> int:
        """Leaves the route at its place, whatever its preference is now."""
        before: Bests = self.bests(route.dest)
        views = route.content.views | content.views
        route.content = content
        return self._settle(route.dest, before, views)


class StaleRank(Rtm):
    routing_table_type = _StaleRank


class _WholeBytes(RoutingTable):
    def covering(self, prefix: Prefix, longest: int) -> Iterator[Destination]:
        """Compares whole bytes, and forgets the bits of a prefix behind them."""
        for dest in sorted(self.after(None), key=lambda dest: -dest.prefix.length):
            whole = dest.prefix.length // 8 * 8
            if dest.prefix.length <= longest and dest.prefix.shortened(whole) == prefix.shortened(whole):
                yield dest


class WholeBytes(Rtm):
    routing_table_type = _WholeBytes


class _Immortal(HandleTable):
    def _free_unused(self, item: Counted) -> None:
        """Keeps what nobody refers to, and with it what its handle stands for."""


class Immortal(Rtm):
    handle_table_type = _Immortal


class ChangedTwice(Rtm):
    def settle(self, subscription: Subscription, dests: List[Destination]) -> None:
        """Of several destinations the first one stays pending."""
        super().settle(subscription, dests[1:] or dests)


class OverflowStatus(Rtm):
    def overflow(self) -> int:
        """Takes a list that is too short for a wrong argument."""
        return ERROR_INVALID_PARAMETER


class AnyProtocol(Rtm):
    def RtmGetExactMatchDestination(self, args: Args) -> Reply:
        """Shows the best route of all protocols, whichever was asked for."""
        return super().RtmGetExactMatchDestination({**args, "ProtocolId": 0})


# --- Several threads ------------------------------------------------------------------------------------------


class CheckThenInsert(Rtm):
    def check_identity(self, table: RoutingTable, entity: Entity) -> None:
        """By the time the client is put in, another one may be there."""
        super().check_identity(table, entity)
        let_go(table.lock)


class _UnlockedCounts(HandleTable):
    def _count(self, item: Counted, change: int) -> None:
        """Reads, and writes what may not be true any more."""
        count = item.count
        let_go(self.lock)
        item.count = count + change


class UnlockedCounts(Rtm):
    handle_table_type = _UnlockedCounts


class NoWait(Rtm):
    def await_calls(self, caller: Entity) -> None:
        """Leaves while its callback may be running."""


class LostChange(Rtm):
    def settle(self, subscription: Subscription, dests: List[Destination]) -> None:
        """A change after the destination was described goes with the one before."""
        let_go(subscription.owner.table.lock)
        super().settle(subscription, dests)


class _DeletedTwice(RoutingTable):
    def remove(self, route: Route) -> int:
        """Two who have both seen that the route is there both delete it."""
        let_go(self.lock)
        return super().remove(route) if route.state == RTM_ROUTE_STATE_CREATED else 0


class DeletedTwice(Rtm):
    routing_table_type = _DeletedTwice


class AddedTwice(Rtm):
    def route_to_update(
        self, caller: Entity, handle: Optional[int], prefix: Optional[Prefix], content: RouteContent, flags: int
    ) -> Optional[Route]:
        """Two who have both seen that the route is not there both add it."""
        found = super().route_to_update(caller, handle, prefix, content, flags)
        let_go(caller.table.lock)
        return found


BROKEN: Dict[str, Mistake] = {
    "stale-rank": Mistake(StaleRank, ["RTM-BEST-010"], "A"),
    "whole-bytes": Mistake(WholeBytes, ["RTM-LOOKUP-004", "RTM-LOOKUP-005"], "A"),
    "immortal": Mistake(Immortal, ["RTM-REF-004", "RTM-REF-009"], "A"),
    "changed-twice": Mistake(ChangedTwice, ["RTM-NOTIFY-002", "RTM-NOTIFY-003"], "A"),
    "overflow-status": Mistake(OverflowStatus, ["RTM-LIST-006"], "A"),
    "any-protocol": Mistake(AnyProtocol, ["RTM-LOOKUP-012"], "A"),
    "check-then-insert": Mistake(CheckThenInsert, ["RTM-REG-004", "RTM-REG-006"], "B"),
    "unlocked-counts": Mistake(UnlockedCounts, ["RTM-REF-008", "RTM-REL-002"], "B"),
    "no-wait": Mistake(NoWait, ["RTM-EVENT-014"], "B"),
    "lost-change": Mistake(LostChange, ["RTM-NOTIFY-019"], "B"),
    "deleted-twice": Mistake(DeletedTwice, ["RTM-ROUTE-021"], "B"),
    "added-twice": Mistake(AddedTwice, ["RTM-ROUTE-006", "RTM-ROUTE-024"], "B"),
}
