"""Short spellings for tests."""

from __future__ import annotations

from typing import Any, Dict, Optional

from rtm import Reply, Rtm
from rtm.objects import EventCallback


def address(text: str) -> Dict[str, Any]:
    """An RTM_NET_ADDRESS from "10.0.0.0/8"."""
    octets, length = text.split("/")
    bits = [int(octet) for octet in octets.split(".")]
    return {"AddressFamily": 2, "NumBits": int(length), "AddrBits": bits + [0] * 12}


def route_info(preference: int = 1, metric: int = 1, views: int = 1) -> Dict[str, Any]:
    return {
        "DestHandle": None,
        "RouteOwner": None,
        "Neighbour": None,
        "State": 0,
        "Flags1": 0,
        "Flags": 0,
        "PrefInfo": {"Metric": metric, "Preference": preference},
        "BelongsToViews": views,
        "EntitySpecificInfo": None,
        "NextHopsList": {"NumNextHops": 0, "NextHops": []},
    }


class Client:
    """One registration, and calls with its handle."""

    def __init__(self, rtm: Rtm, instance: int = 1, callback: Optional[EventCallback] = None) -> None:
        self.rtm = rtm
        info = {
            "RtmInstanceId": 0,
            "AddressFamily": 2,
            "EntityId": {"EntityProtocolId": 100, "EntityInstanceId": instance},
        }
        function = rtm.function("RtmRegisterEntity")
        assert function is not None
        self.registration = function({"RtmEntityInfo": info, "EventCallback": callback})
        self.handle = self.registration.out.get("RtmRegHandle")

    def call(self, name: str, **args: Any) -> Reply:
        function = self.rtm.function(name)
        assert function is not None, name
        return function({"RtmRegHandle": self.handle, **args})

    def add(self, prefix: str, **content: Any) -> Reply:
        return self.call(
            "RtmAddRouteToDest",
            DestAddress=address(prefix),
            RouteInfo=route_info(**content),
            TimeToLive=0xFFFFFFFF,
            RouteListHandle=None,
            NotifyType=0,
            NotifyHandle=None,
            ChangeFlags=0,
        )

    def look_up(self, prefix: str, name: str = "RtmGetMostSpecificDestination") -> Reply:
        return self.call(name, DestAddress=address(prefix), ProtocolId=0, TargetViews=1)
