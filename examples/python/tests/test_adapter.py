"""The adapter as the suite sees it: a process that is talked to line by line."""

from __future__ import annotations

import json
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Any, Dict, List, Optional

ADAPTER = Path(__file__).resolve().parent.parent / "adapter.py"


class Conversation:
    def __init__(self, *options: str) -> None:
        command = [sys.executable, str(ADAPTER), *options]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.asked = 0

    def say(self, **message: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        self.process.stdin.flush()

    def hear(self) -> Dict[str, Any]:
        assert self.process.stdout is not None
        heard: Dict[str, Any] = json.loads(self.process.stdout.readline())
        return heard

    def send(self, method: str, **params: Any) -> int:
        self.asked += 1
        self.say(id=self.asked, method=method, params=params)
        return self.asked

    def ask(self, method: str, **params: Any) -> Dict[str, Any]:
        request = self.send(method, **params)
        answer = self.hear()
        assert answer["id"] == request, answer
        return answer

    def end(self) -> int:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(10)


def registration(instance: int, callback: Optional[int] = None) -> Dict[str, Any]:
    return {
        "RtmEntityInfo": {
            "RtmInstanceId": 0,
            "AddressFamily": 2,
            "EntityId": {"EntityProtocolId": 100, "EntityInstanceId": instance},
        },
        "ExportMethods": None,
        "EventCallback": None if callback is None else {"callback": callback},
        "ReserveOpaquePointer": False,
    }


class AdapterTest(unittest.TestCase):
    def setUp(self) -> None:
        self.line = Conversation()

    def tearDown(self) -> None:
        self.assertEqual(self.line.end(), 0)

    def op(self, name: str, args: Any, lane: int = 0) -> Dict[str, Any]:
        return self.line.ask("op", session="s", lane=lane, id=self.line.asked, name=name, args=args)

    def open(self, mode: str) -> None:
        self.assertEqual(self.line.ask("session.open", session="s", mode=mode)["result"], {})

    def test_it_says_who_it_is(self) -> None:
        answer = self.line.ask("initialize", protocol={"min": 1, "max": 1}, nonce="n", seed=1)
        self.assertEqual(answer["result"]["nonce"], "n")
        self.assertIn("notification", answer["result"]["levels"])

    def test_what_is_wrong_is_refused(self) -> None:
        self.assertEqual(self.line.ask("sing")["error"]["code"], -32601)
        self.assertEqual(self.line.ask("census", session="none")["error"]["code"], -32602)
        self.open("sequential")
        self.assertIn("unsupported", self.op("RtmSing", {})["result"])
        self.assertIn("errored", self.op("RtmDeregisterEntity", {"RtmRegHandle": 7})["result"])
        made_up = self.op("RtmDeregisterEntity", {"RtmRegHandle": "entity:1#1"})
        self.assertEqual(made_up["result"]["status"], 6)

    def test_calls_nest_in_callbacks(self) -> None:
        self.open("sequential")
        first = self.op("RtmRegisterEntity", registration(1, callback=3))["result"]["out"]["RtmRegHandle"]
        outer = self.line.send("op", session="s", lane=1, id=90, name="RtmRegisterEntity", args=registration(2))
        callback = self.line.hear()
        params = callback["params"]
        self.assertEqual((params["lane"], params["callback"], params["RtmRegHandle"]), (1, 3, first))
        args = {"RtmRegHandle": first, "EntityHandle": params["Context1"]}
        info = self.op("RtmGetEntityInfo", args, lane=1)["result"]["out"]["EntityInfo"]
        self.assertEqual(info["EntityId"]["EntityInstanceId"], 2)
        self.line.say(id=callback["id"], result={"status": 0})
        self.assertEqual(self.line.hear()["id"], outer)
        self.assertEqual(self.line.ask("quiesce", session="s", now=5)["result"], {})
        self.assertEqual(self.line.ask("session.close", session="s")["result"], {})

    def test_a_round_tells_its_history(self) -> None:
        self.open("free")
        lanes: List[Any] = [
            {"lane": lane, "ops": [{"id": lane, "name": "RtmRegisterEntity", "args": registration(1)}]}
            for lane in range(4)
        ]
        answer = self.line.ask("program.run", session="s", lanes=lanes, schedule={"kind": "yield", "seed": 1})
        history = answer["result"]["history"]
        self.assertEqual(sorted(event["kind"] for event in history), ["invoke"] * 4 + ["return"] * 4)
        self.assertEqual([event["t"] for event in history], sorted(event["t"] for event in history))
        statuses = sorted(event["status"] for event in history if event["kind"] == "return")
        self.assertEqual(statuses, [0, 183, 183, 183])

    def test_a_lane_stops_at_points(self) -> None:
        self.open("points")
        request = self.line.send("op", session="s", lane=0, id=1, name="RtmRegisterEntity", args=registration(1))
        while True:
            heard = self.line.hear()
            if "method" not in heard:
                break
            self.assertEqual(heard["method"], "point")
            self.line.say(method="resume", params={"session": "s", "lane": 0})
        self.assertEqual(heard["id"], request)
        self.assertEqual(heard["result"]["status"], 0)

    def test_a_session_closes_while_a_lane_waits(self) -> None:
        self.open("sequential")
        self.op("RtmRegisterEntity", registration(1, callback=3))
        self.line.send("op", session="s", lane=1, id=90, name="RtmRegisterEntity", args=registration(2))
        self.assertEqual(self.line.hear()["method"], "event.callback")
        self.assertEqual(self.line.ask("session.close", session="s")["result"], {})
        self.open("sequential")
