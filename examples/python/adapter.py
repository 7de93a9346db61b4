#!/usr/bin/env python3
"""Lets rtm-conformance judge the RTM in the package `rtm`.

It speaks version 1 of the adapter protocol on standard input and output, or with `--channel fd3` on file descriptor 3.
With `--rung B` threads run free instead of stopping at points, and with `--broken NAME` the RTM has the mistake of that
name in it.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from functools import partial
from typing import Any, BinaryIO, Callable, Dict, Tuple

from bridge.peer import INTERNAL_ERROR, INVALID_PARAMS, METHOD_NOT_FOUND, Message, Peer, RequestError
from bridge.session import Session
from broken import BROKEN
from rtm import LEVELS, Rtm

PROTOCOL = 1
# The same for broken variants, as it is for a version with a mistake: what is found in one can be tried in the other.
NAME = "python-rtm"
VERSION = "1.0.0"
MODES = ("sequential", "free", "points")


class Adapter:
    """Answers the requests of the suite."""

    def __init__(self, peer: Peer, rung: str, make_rtm: Callable[[], Rtm]) -> None:
        self._peer = peer
        self._rung = rung
        self._make_rtm = make_rtm
        self._sessions: Dict[str, Session] = {}
        self._methods: Dict[str, Callable[[Message, Any], Any]] = {
            "initialize": self._initialize,
            "ping": lambda params, request: {"nonce": params["nonce"]} if "nonce" in params else {},
            "shutdown": lambda params, request: {},
            "session.open": self._open,
            "session.close": self._close,
            "op": self._op,
            "program.run": self._program_run,
            "quiesce": self._quiesce,
            "resume": self._resume,
            "pointer.read": self._pointer_read,
            "pointer.write": self._pointer_write,
            "census": lambda params, request: {"counts": self._session(params).rtm.census()},
            "$/cancel": lambda params, request: {},
        }

    def serve(self) -> None:
        """Until the end of the input, or `exit`."""
        for message in iter(self._peer.read, None):
            if message["method"] == "exit":
                return
            request = message.get("id")
            try:
                result = self._handle(message["method"], message.get("params", {}), request)
                # Without a result now, somebody else answers later.
                if request is not None and result is not None:
                    self._peer.answer(request, result)
            except RequestError as error:
                if request is not None:
                    self._peer.refuse(request, error)

    def _handle(self, method: str, params: Any, request: Any) -> Any:
        if method not in self._methods:
            raise RequestError(METHOD_NOT_FOUND, "there is no method %r" % method)
        if not isinstance(params, dict):
            raise RequestError(INVALID_PARAMS, "params are an object")
        try:
            return self._methods[method](params, request)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RequestError(INVALID_PARAMS, "%s: %s" % (type(error).__name__, error)) from error
        except RequestError:
            raise
        except Exception as error:
            raise RequestError(INTERNAL_ERROR, "%s: %s" % (type(error).__name__, error)) from error

    def _initialize(self, params: Message, _request: Any) -> Message:
        versions = params["protocol"]
        if not versions["min"] <= PROTOCOL <= versions["max"]:
            raise RequestError(INVALID_PARAMS, "this adapter speaks version %d" % PROTOCOL)
        return {
            "protocol": PROTOCOL,
            "nonce": params["nonce"],
            "implementation": {
                "name": NAME,
                "version": VERSION,
                "language": "Python %s" % platform.python_version(),
            },
            "levels": list(LEVELS),
            "profile": "notes",
            "capabilities": {"lanes": self._rung >= "B", "points": self._rung >= "C", "census": True},
        }

    # --- Sessions -------------------------------------------------------------------------------------------

    def _session(self, params: Message) -> Session:
        session = self._sessions.get(_text(params, "session"))
        if session is None:
            raise RequestError(INVALID_PARAMS, "there is no session %r" % params["session"])
        return session

    def _open(self, params: Message, _request: Any) -> Message:
        name, mode = _text(params, "session"), _text(params, "mode")
        if name in self._sessions or mode not in MODES:
            raise RequestError(INVALID_PARAMS, "%r is open, or %r is no mode" % (name, mode))
        self._sessions[name] = Session(name, mode, self._make_rtm(), self._peer)
        return {}

    def _close(self, params: Message, _request: Any) -> Message:
        self._session(params).close()
        del self._sessions[params["session"]]
        return {}

    def _op(self, params: Message, request: Any) -> None:
        session, name = self._session(params), _text(params, "name")
        args = params["args"]
        if not isinstance(args, dict) or not isinstance(params["lane"], int):
            raise RequestError(INVALID_PARAMS, "args are an object, and a lane is a number")
        lane = session.lane(params["lane"])
        lane.inbox.put(partial(lane.serve, name, args, request))

    def _program_run(self, params: Message, request: Any) -> None:
        self._session(params).run(params["lanes"], params["schedule"], request)

    def _quiesce(self, params: Message, request: Any) -> None:
        self._session(params).quiesce(int(params["now"]), request)

    def _resume(self, params: Message, _request: Any) -> None:
        lane = self._session(params).lane(int(params["lane"]))
        lane.inbox.put(lane.resume)

    def _pointer_read(self, params: Message, _request: Any) -> Message:
        values = self._session(params).values
        return {"value": values.results(values.pointer(params["pointer"]).read())}

    def _pointer_write(self, params: Message, _request: Any) -> Message:
        values = self._session(params).values
        values.pointer(params["pointer"]).write(values.arguments(params["fields"]))
        return {}


def _text(params: Message, name: str) -> str:
    if not isinstance(params[name], str):
        raise RequestError(INVALID_PARAMS, "%s is a text" % name)
    return str(params[name])


def open_channel(name: str) -> Tuple[BinaryIO, BinaryIO]:
    """What messages come from, and where they go. What is printed must not get between them."""
    incoming, outgoing = (3, 3) if name == "fd3" else (0, 1)
    source, sink = os.fdopen(os.dup(incoming), "rb"), os.fdopen(os.dup(outgoing), "wb")
    os.dup2(2, 1)
    return source, sink


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--channel", choices=("stdio", "fd3"), default="stdio")
    parser.add_argument(
        "--rung",
        choices=("A", "B", "C"),
        default="C",
        help="what to claim: single calls, threads that run free, or points at which threads stop (default)",
    )
    parser.add_argument("--broken", choices=sorted(BROKEN), metavar="NAME", help=", ".join(sorted(BROKEN)))
    options = parser.parse_args()
    # Threads take turns as often as they can: what is wrong between two of them shall show.
    sys.setswitchinterval(1e-6)
    make_rtm = BROKEN[options.broken].make if options.broken else Rtm
    Adapter(Peer(*open_channel(options.channel)), options.rung, make_rtm).serve()


if __name__ == "__main__":
    main()
