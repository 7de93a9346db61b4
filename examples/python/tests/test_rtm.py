"""The RTM by itself, without an adapter."""

from __future__ import annotations

import threading
import unittest
from typing import Any, Callable, List

from rtm import Rtm
from rtm.addresses import Prefix
from rtm.constants import (
    ERROR_ALREADY_EXISTS,
    ERROR_INVALID_HANDLE,
    ERROR_NO_MORE_ITEMS,
    ERROR_NOT_FOUND,
    NO_ERROR,
    RTM_CHANGE_NOTIFICATION,
    RTM_ROUTE_CHANGE_BEST,
    RTM_ROUTE_CHANGE_NEW,
)
from rtm.sync import Hook, install

from .clients import Client, address


def at_once(works: List[Callable[[], None]]) -> None:
    """Does each work in a thread of its own."""
    barrier = threading.Barrier(len(works))

    def thread(work: Callable[[], None]) -> None:
        barrier.wait()
        work()

    threads = [threading.Thread(target=thread, args=(work,)) for work in works]
    for each in threads:
        each.start()
    for each in threads:
        each.join(10)


class Prefixes(unittest.TestCase):
    def test_bits_within_a_byte_count(self) -> None:
        def prefix(text: str) -> Prefix:
            found = Prefix.parse(address(text), 2)
            assert found is not None
            return found

        self.assertTrue(prefix("10.16.0.0/12").covers(prefix("10.31.1.0/24")))
        self.assertFalse(prefix("10.16.0.0/12").covers(prefix("10.32.1.0/24")))
        self.assertTrue(prefix("0.0.0.0/0").covers(prefix("255.0.0.0/8")))
        self.assertEqual(prefix("10.16.0.1/12"), prefix("10.16.0.0/12"))

    def test_what_is_no_prefix_is_refused(self) -> None:
        self.assertIsNone(Prefix.parse(address("10.0.0.0/33"), 2))
        self.assertIsNone(Prefix.parse(address("10.0.0.0/8"), 23))


class Entities(unittest.TestCase):
    def test_an_identity_registers_once(self) -> None:
        rtm = Rtm()
        clients: List[Client] = []
        at_once([lambda: clients.append(Client(rtm)) for _ in range(8)])
        statuses = sorted(client.registration.status for client in clients)
        self.assertEqual(statuses, [NO_ERROR] + [ERROR_ALREADY_EXISTS] * 7)

    def test_a_dead_handle_is_refused(self) -> None:
        client = Client(Rtm())
        self.assertEqual(client.call("RtmDeregisterEntity").status, NO_ERROR)
        self.assertEqual(client.call("RtmDeregisterEntity").status, ERROR_INVALID_HANDLE)
        self.assertEqual(client.rtm.census(), {})

    def test_references_are_counted_by_all_threads(self) -> None:
        rtm = Rtm()
        first, second = Client(rtm), Client(rtm, 2)

        def work() -> None:
            for _ in range(200):
                second.call("RtmReferenceHandles", NumHandles=1, RtmHandles=[first.handle])
                second.call("RtmReleaseEntities", NumEntities=1, EntityHandles=[first.handle])

        at_once([work] * 4)
        self.assertEqual(rtm.census(), {"entity": [1, 1]})

    def test_deregistration_waits_for_callbacks(self) -> None:
        rtm = Rtm()
        inside, leave, gone = threading.Event(), threading.Event(), threading.Event()

        def callback(*_: Any) -> int:
            inside.set()
            leave.wait(10)
            return NO_ERROR

        watcher = Client(rtm, callback=callback)
        caller = threading.Thread(target=Client, args=(rtm, 2))
        caller.start()
        inside.wait(10)

        def deregister() -> None:
            watcher.call("RtmDeregisterEntity")
            gone.set()

        leaver = threading.Thread(target=deregister)
        leaver.start()
        self.assertFalse(gone.wait(0.05))
        leave.set()
        self.assertTrue(gone.wait(10))
        caller.join(10)
        leaver.join(10)


class Routes(unittest.TestCase):
    def test_the_best_route_is_found_anew(self) -> None:
        client = Client(Rtm())
        other = Client(client.rtm, 2)
        worse = client.add("10.0.0.0/8", preference=5)
        better = other.add("10.0.0.0/8", preference=2)
        self.assertEqual(better.out["ChangeFlags"], RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST)

        def best() -> Any:
            return client.look_up("10.1.0.0/16").out["DestInfo"]["ViewInfo"][0]["Route"]

        self.assertEqual(best(), better.out["RouteHandle"])
        deleted = other.call("RtmDeleteRouteToDest", RouteHandle=better.out["RouteHandle"])
        self.assertEqual(deleted.out["ChangeFlags"], RTM_ROUTE_CHANGE_BEST)
        self.assertEqual(best(), worse.out["RouteHandle"])

    def test_a_destination_ends_with_its_last_route(self) -> None:
        client = Client(Rtm())
        handle = client.add("10.0.0.0/8").out["RouteHandle"]
        client.call("RtmDeleteRouteToDest", RouteHandle=handle)
        self.assertEqual(client.look_up("10.0.0.0/8").status, ERROR_NOT_FOUND)
        self.assertEqual(client.rtm.census(), {"entity": [1]})

    def test_what_is_not_committed_is_lost(self) -> None:
        client = Client(Rtm())
        handle = client.add("10.0.0.0/8").out["RouteHandle"]
        lock = {"RouteHandle": handle, "Exclusive": True}
        pointer = client.call("RtmLockRoute", LockRoute=True, **lock).out["RoutePointer"]
        pointer.write({"PrefInfo": {"Metric": 7, "Preference": 7}})
        self.assertEqual(pointer.read()["PrefInfo"]["Metric"], 7)
        client.call("RtmLockRoute", LockRoute=False, **lock)
        self.assertEqual(pointer.read()["PrefInfo"]["Metric"], 1)


class Walks(unittest.TestCase):
    def test_destinations_come_in_order_and_in_batches(self) -> None:
        client = Client(Rtm())
        for prefix in ("10.1.0.0/16", "10.0.0.0/8", "9.0.0.0/8", "10.1.0.0/24", "11.0.0.0/8"):
            client.add(prefix)
        args = {"TargetViews": 0, "NetAddress": address("10.0.0.0/8"), "ProtocolId": 0}
        walk = client.call("RtmCreateDestEnum", EnumFlags=2, **args).out["RtmEnumHandle"]
        found: List[int] = []
        while True:
            reply = client.call("RtmGetEnumDests", EnumHandle=walk, NumDests=2)
            found += [info["DestAddress"]["NumBits"] for info in reply.out["DestInfos"]]
            if reply.status == ERROR_NO_MORE_ITEMS:
                break
        self.assertEqual(found, [8, 16, 24])


class Lists(unittest.TestCase):
    def test_a_route_is_on_one_list(self) -> None:
        client = Client(Rtm())
        route = client.add("10.0.0.0/8").out["RouteHandle"]
        lists = [client.call("RtmCreateRouteList").out["RouteListHandle"] for _ in range(2)]
        for each in lists:
            inserted = client.call("RtmInsertInRouteList", RouteListHandle=each, NumRoutes=1, RouteHandles=[route])
            self.assertEqual(inserted.status, NO_ERROR)

        def members(handle: int) -> List[int]:
            walk = client.call("RtmCreateRouteListEnum", RouteListHandle=handle).out["RtmEnumHandle"]
            found: List[int] = client.call("RtmGetListEnumRoutes", EnumHandle=walk, NumRoutes=4).out["RouteHandles"]
            return found

        self.assertEqual([members(each) for each in lists], [[], [route]])
        client.call("RtmDeleteRouteToDest", RouteHandle=route)
        self.assertEqual(members(lists[1]), [])


class Changes(unittest.TestCase):
    def test_each_changed_destination_is_told_once(self) -> None:
        announced: List[int] = []

        def callback(_handle: int, event: int, _context1: int, context2: Any) -> int:
            announced.append(context2)
            self.assertEqual(event, RTM_CHANGE_NOTIFICATION)
            return NO_ERROR

        client = Client(Rtm(), callback=callback)
        made = client.call("RtmRegisterForChangeNotification", TargetViews=1, NotifyFlags=1, NotifyContext=42)
        handle = made.out["NotifyHandle"]
        client.add("10.0.0.0/8")
        client.add("10.0.0.0/8", metric=9)
        fetched = client.call("RtmGetChangedDests", NotifyHandle=handle, NumDests=4)
        self.assertEqual(fetched.out["NumDests"], 1)
        self.assertEqual(announced, [42])
        again = client.call("RtmGetChangedDests", NotifyHandle=handle, NumDests=4)
        self.assertEqual(again.status, ERROR_NO_MORE_ITEMS)


class Hooks(unittest.TestCase):
    def test_points_are_told(self) -> None:
        labels: List[str] = []

        class Listener(Hook):
            def point(self, label: str) -> None:
                labels.append(label)

        install(Listener())
        try:
            Client(Rtm())
        finally:
            install(None)
        self.assertIn("lock table", labels)
