"""Sessions and their lanes.

A lane is a thread that does what is in its inbox. When the RTM calls back in it, it asks the suite, and does what
comes into its inbox until the answer is there.
"""

from __future__ import annotations

import itertools
import queue
import random
import threading
import time
from functools import partial
from typing import Any, Callable, Dict, List, Optional

from rtm import Rtm
from rtm.sync import Hook, install

from .peer import Message, Peer
from .values import Values

# What events are about, by their type: Context1.
CONTEXT_KINDS = {0: "entity", 1: "entity", 2: "route", 3: "notification"}

# Seconds between looks at whether all is quiet.
POLL = 0.0005


class Abandoned(Exception):
    """The session is closed; the lane ends."""


_rounds = itertools.count()
# Which lane the current thread is.
_current = threading.local()


def _give_up() -> None:
    raise Abandoned


def _quietly(work: Callable[[], None]) -> Callable[[], None]:
    """For threads that end when their session does."""

    def target() -> None:
        try:
            work()
        except (Abandoned, threading.BrokenBarrierError):
            pass

    return target


class Watch(Hook):
    """Ends a lane that waits for something when its session is closed. Pauses at points if it was told to."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self.pauses: Optional[random.Random] = None

    def point(self, label: str) -> None:
        if self._session.is_closed:
            raise Abandoned
        if self.pauses is not None:
            pause(self.pauses)


class Stops(Hook):
    """Stops a lane at every point until the suite resumes it."""

    controlled = True

    def __init__(self, lane: "Lane") -> None:
        self._lane = lane

    def point(self, label: str) -> None:
        self._lane.stop_at({"label": label})

    def blocked(self, label: str) -> None:
        self._lane.stop_at({"label": label, "blocked": True})


def pause(source: random.Random) -> None:
    """Lets other threads run for a moment, or goes on."""
    drawn = source.random()
    if drawn < 0.2:
        time.sleep(0)
    elif drawn < 0.6:
        time.sleep(source.random() * 0.0005)


class Round:
    """Calls in several lanes at once, and the order in which they begin and end."""

    def __init__(self, lanes: List[Message], schedule: Message, answer: Callable[[List[Message]], None]) -> None:
        self.schedule = schedule
        # A program is run again and again with one seed, and shall not pause at the same places each time.
        self.number = next(_rounds)
        self.barrier = threading.Barrier(len(lanes))
        self.lock = threading.Lock()
        # The first calls of all lanes, those of them that have not begun, and lanes that have not ended.
        self._first: Dict[int, int] = {op["id"]: lane["lane"] for lane in lanes for op in lane["ops"][:1]}
        self._waiting = dict(self._first)
        self._busy = len(lanes)
        self._answer = answer
        self._history: List[Message] = []

    def begins(self, lane: int, call: int) -> None:
        with self.lock:
            self._begin(lane, call)

    def _begin(self, lane: int, call: int) -> None:
        is_said = call in self._first and call not in self._waiting
        self._waiting.pop(call, None)
        if not is_said:
            self._history.append({"kind": "invoke", "lane": lane, "id": call, "t": time.monotonic_ns()})

    def ends(self, lane: int, call: int, result: Message) -> None:
        with self.lock:
            self._history.append({"kind": "return", "lane": lane, "id": call, "t": time.monotonic_ns(), **result})

    def history(self) -> List[Message]:
        """What was not told yet, with the lock held.

        The suite may now make calls of its own, in a callback. A call that has not begun could come after them, but it
        would be told of it later, and so is said to begin now.
        """
        for call, lane in list(self._waiting.items()):
            self._begin(lane, call)
        told, self._history = self._history, []
        return told

    def leave(self) -> None:
        with self.lock:
            self._busy -= 1
            if self._busy == 0:
                self._answer(self._history)


class Session:
    """One RTM and the threads that call it."""

    def __init__(self, name: str, mode: str, rtm: Rtm, peer: Peer) -> None:
        self.name = name
        self.mode = mode
        self.rtm = rtm
        self.values = Values()
        self.is_closed = False
        self._peer = peer
        # Held while something is said of the session, so that nothing is once it is closed.
        self._lock = threading.RLock()
        self._lanes: Dict[int, Lane] = {}
        self._round: Optional[Round] = None

    def lane(self, number: int) -> "Lane":
        if number not in self._lanes:
            self._lanes[number] = Lane(self, number)
        return self._lanes[number]

    def say(self, speak: Callable[[Peer], None]) -> None:
        with self._lock:
            if self.is_closed:
                raise Abandoned
            speak(self._peer)

    def close(self) -> None:
        with self._lock:
            self.is_closed = True
        if self._round is not None:
            self._round.barrier.abort()
        for lane in self._lanes.values():
            lane.inbox.put(_give_up)

    def run(self, lanes: List[Message], schedule: Message, request: Any) -> None:
        """Makes the calls of a round, and answers the request with their history."""

        def answer(history: List[Message]) -> None:
            self.say(lambda peer: peer.answer(request, {"history": history}))

        if not lanes:
            answer([])
            return
        self._round = current = Round(lanes, schedule, answer)
        for entry in lanes:
            lane = self.lane(entry["lane"])
            lane.inbox.put(partial(lane.take_part, current, entry["ops"]))

    def quiesce(self, now: int, request: Any) -> None:
        """Answers the request when no callback is under way any more."""
        self.rtm.set_clock(now)

        def wait() -> None:
            while not self.rtm.is_quiet():
                if self.is_closed:
                    return
                time.sleep(POLL)
            self.say(lambda peer: peer.answer(request, {}))

        if self.rtm.is_quiet():
            wait()
        else:
            threading.Thread(target=_quietly(wait), daemon=True).start()


class Lane:
    """One thread of calls."""

    def __init__(self, session: Session, number: int) -> None:
        self.number = number
        self.inbox: "queue.SimpleQueue[Callable[[], None]]" = queue.SimpleQueue()
        self._session = session
        self._round: Optional[Round] = None
        self._is_resumed = False
        self._watch = Watch(session)
        self._hook: Hook = Stops(self) if session.mode == "points" else self._watch
        threading.Thread(target=_quietly(self._main), name="lane %d" % number, daemon=True).start()

    def _main(self) -> None:
        install(self._hook)
        _current.lane = self
        while True:
            self.inbox.get()()

    # --- Calls ----------------------------------------------------------------------------------------------

    def serve(self, name: str, args: Message, request: Any) -> None:
        """Makes a call and answers the request that asked for it."""
        result = self._call(name, args)
        self._session.say(lambda peer: peer.answer(request, result))

    def take_part(self, current: Round, ops: List[Message]) -> None:
        """Makes the calls of this lane in a round."""
        self._round = current
        pauses: Optional[random.Random] = None
        if current.schedule["kind"] == "yield":
            pauses = random.Random("%s/%s/%s" % (current.schedule["seed"], current.number, self.number))
        try:
            current.barrier.wait()
            if pauses is not None:
                # So that calls also come one after another.
                time.sleep(pauses.random() * pauses.random() * 0.001)
            for op in ops:
                self._watch.pauses = pauses
                current.begins(self.number, op["id"])
                result = self._call(op["name"], op["args"])
                current.ends(self.number, op["id"], result)
        finally:
            self._watch.pauses = None
            self._round = None
        current.leave()

    def _call(self, name: str, args: Message) -> Message:
        function = self._session.rtm.function(name)
        if function is None:
            return {"unsupported": "this RTM has no %s" % name}
        try:
            arguments = self._session.values.arguments(args)
            if "EventCallback" in arguments:
                arguments["EventCallback"] = self._callback(arguments["EventCallback"])
            reply = function(arguments)
            return {"status": reply.status, "out": self._session.values.results(reply.out)}
        except Abandoned:
            raise
        except Exception as error:  # The RTM is not to bring the adapter down, whatever it was asked.
            return {"errored": "%s: %s" % (type(error).__name__, error)}

    # --- Callbacks ------------------------------------------------------------------------------------------

    def _callback(self, wanted: Optional[Message]) -> Optional[Callable[[int, int, int, Any], int]]:
        """The RTM_EVENT_CALLBACK that the suite calls by a number."""
        if wanted is None:
            return None
        session, number = self._session, int(wanted["callback"])

        def call_back(handle: int, event_type: int, context1: int, context2: Any) -> int:
            params = {
                "session": session.name,
                "callback": number,
                "RtmRegHandle": session.values.handle(handle, "entity"),
                "EventType": event_type,
                "Context1": session.values.handle(context1, CONTEXT_KINDS[event_type]),
                "Context2": context2,
            }
            return int(_current.lane.ask(params))

        return call_back

    def ask(self, params: Message) -> int:
        """What a callback returns. Until it does the lane serves the calls that are made in it."""
        answers: List[Message] = []
        params["lane"] = self.number

        def send(peer: Peer) -> None:
            # The answer comes through the inbox, so that it wakes the lane.
            peer.request("event.callback", params, lambda message: self.inbox.put(lambda: answers.append(message)))

        current = self._round
        if current is None:
            self._session.say(send)
        else:
            with current.lock:
                params["history"] = current.history()
                self._session.say(send)
        pauses, self._watch.pauses, self._round = self._watch.pauses, None, None
        while not answers:
            self.inbox.get()()
        self._watch.pauses, self._round = pauses, current
        return int(answers[0].get("result", {}).get("status", 0))

    # --- Points ---------------------------------------------------------------------------------------------

    def stop_at(self, what: Message) -> None:
        params = {"session": self._session.name, "lane": self.number, **what}
        self._is_resumed = False
        self._session.say(lambda peer: peer.notify("point", params))
        while not self._is_resumed:
            self.inbox.get()()

    def resume(self) -> None:
        """In the thread of the lane."""
        self._is_resumed = True
