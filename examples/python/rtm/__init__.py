"""A Routing Table Manager to the RTMv2 API, in Python.

The functions are methods of `Rtm`, named as in rtmv2.h. Each takes a dictionary of its IN parameters, in
which structures are dictionaries, arrays lists and handles integers, and returns a `Reply`. A missing key
for an optional OUT parameter means that it is wanted, None that it is not. `EventCallback` is a function.
Any number of threads may call at the same time.
"""

from __future__ import annotations

from typing import Callable, Dict, Optional

from .entities import EntityFunctions
from .notification import NotificationFunctions
from .objects import Args, Refused, Reply

LEVELS = ("core", "routes", "nexthops", "lookup", "enumeration", "notification", "lists", "views")


class Rtm(EntityFunctions, NotificationFunctions):
    """One RTM, with a table for each instance and address family that clients register with."""

    def function(self, name: str) -> Optional[Callable[[Args], Reply]]:
        """The function of that name, for callers who have it as text."""
        method: Optional[Callable[[Args], Reply]] = getattr(self, name, None) if name.startswith("Rtm") else None
        if method is None:
            return None

        def call(args: Args) -> Reply:
            assert method is not None
            try:
                return method(args)
            except Refused as refused:
                return Reply(refused.status)

        return call

    def set_clock(self, milliseconds: int) -> None:
        """Lets time pass: nothing here happens by itself, but changes are dated."""
        for table in list(self.tables.values()):
            with table.lock:
                table.now = max(table.now, milliseconds)

    def census(self) -> Dict[str, list[int]]:
        """The live objects by kind, each by its count of references."""
        return self.handles.census()


__all__ = ["LEVELS", "Args", "Refused", "Reply", "Rtm"]
