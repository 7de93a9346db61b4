"""Parameters as the suite writes them, and as the RTM takes them.

Handles are numbers to the RTM and strings to the suite, such as "route:41#7": kind, slot, and generation, by which
the suite tells the handle of an object that is gone from that of another one in its place. A parameter is known to be
a handle by its name, as in rtmv2.h.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from rtm.handles import parts_of

HANDLE_KINDS = {
    "RtmRegHandle": "entity",
    "EntityHandle": "entity",
    "EntityHandles": "entity",
    "RouteOwner": "entity",
    "NextHopOwner": "entity",
    "Owner": "entity",
    "DestHandle": "destination",
    "RemoteNextHop": "destination",
    "RouteHandle": "route",
    "RouteHandles": "route",
    "Route": "route",
    "HoldRoute": "route",
    "Neighbour": "nexthop",
    "NextHops": "nexthop",
    "NextHopHandle": "nexthop",
    "NextHopHandles": "nexthop",
    "RtmEnumHandle": "enumeration",
    "EnumHandle": "enumeration",
    "NotifyHandle": "notification",
    "RouteListHandle": "route-list",
    "RtmHandles": "any",
}
# Handed back as they came.
OPAQUE = ("EntitySpecificInfo", "NotifyContext")
# No object ever has this handle.
INVALID = -1


class Values:
    """The handles and pointers that were given out in one session."""

    def __init__(self) -> None:
        self._numbers: Dict[str, int] = {}
        self._pointers: Dict[str, Any] = {}

    # --- To the RTM -----------------------------------------------------------------------------------------

    def arguments(self, value: Any, name: str = "") -> Any:
        """What the suite has sent, with handles as numbers. TypeError: something else stands for a handle."""
        if name in OPAQUE:
            return value
        if isinstance(value, list):
            # RtmIgnoreChangedDests takes handles where others take structures.
            is_listed = name == "ChangedDests" and not all(isinstance(element, dict) for element in value)
            return [self.arguments(element, "DestHandle" if is_listed else name) for element in value]
        if name in HANDLE_KINDS:
            return self._number(value)
        if isinstance(value, dict):
            return {key: self.arguments(element, key) for key, element in value.items()}
        return value

    def _number(self, value: Any) -> Optional[int]:
        if value is None:
            return None
        if not isinstance(value, str):
            raise TypeError("%r is no handle" % (value,))
        return self._numbers.get(value, INVALID)

    def pointer(self, name: str) -> Any:
        """What the suite calls by that name; KeyError: nothing."""
        return self._pointers[name]

    # --- From the RTM ---------------------------------------------------------------------------------------

    def results(self, value: Any, name: str = "") -> Any:
        """What the RTM has returned, with strings for handles and pointers."""
        if name in OPAQUE:
            return value
        if isinstance(value, dict):
            return {key: self.results(element, key) for key, element in value.items()}
        if isinstance(value, list):
            return [self.results(element, name) for element in value]
        if name in HANDLE_KINDS:
            return self.handle(value, HANDLE_KINDS[name])
        if hasattr(value, "read"):
            return self._give_out(value)
        return value

    def handle(self, number: Optional[int], kind: str) -> Optional[str]:
        if number is None:
            return None
        text = "%s:%d#%d" % ((kind,) + parts_of(number))
        self._numbers[text] = number
        return text

    def _give_out(self, pointer: Any) -> Dict[str, Any]:
        name = "ptr:%d" % (len(self._pointers) + 1)
        self._pointers[name] = pointer
        return {"pointer": name, "value": self.results(pointer.read())}
