"""
The adapter: lets rtm-conformance call a Routing Table Manager written in Python.

The suite writes one JSON object per line to standard input and reads answers from standard output
(JSON-RPC 2.0). It speaks for several threads of a program, its lanes; each gets a thread here. A lane that
is inside a callback waits for the suite to say that the callback is over, and meanwhile serves the calls
that the callback makes.

What is yours to change is at the end: CALLS, and the functions it names.
"""

import itertools
import json
import os
import queue
import sys
import threading

import rtm

METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602

# --- The line to the suite -----------------------------------------------------------------------------

# What anything else prints goes to standard error, and cannot come between our lines.
_output = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
os.dup2(2, 1)
_output_lock = threading.Lock()


def send(message, session=None):
    """Nothing of a session may be sent once it is closed."""
    line = json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":"))
    with _output_lock:
        if session is None or not session.closed:
            _output.write(line + "\n")
            _output.flush()


class InvalidParams(Exception):
    pass


class Closed(Exception):
    """The session is over: whoever waits in it gives up."""


# --- Sessions and lanes --------------------------------------------------------------------------------


class Session:
    """A fresh RTM. Sessions come one after another, and know nothing of each other."""

    def __init__(self, name):
        self.name = name
        self.rtm = rtm.Rtm()
        self.closed = False
        self.lanes = {}
        self._background = itertools.count(-1, -1)
        self._here = threading.local()

    def lane(self, number):
        """The lane of that number; its thread is started when it is first asked for."""
        if number not in self.lanes:
            self.lanes[number] = lane = Lane(self, number)
            threading.Thread(target=lane.run, daemon=True).start()
        return self.lanes[number]

    def present_lane(self):
        """The lane whose thread this is. Other threads are background work, with numbers below zero."""
        if not hasattr(self._here, "lane"):
            self._here.lane = lane = Lane(self, next(self._background))
            self.lanes[lane.number] = lane
        return self._here.lane

    def close(self):
        with _output_lock:
            self.closed = True
        for lane in list(self.lanes.values()):
            lane.inbox.put(("close", None))


class Lane:
    def __init__(self, session, number):
        self.session = session
        self.number = number
        self.inbox = queue.SimpleQueue()

    def run(self):
        self.session._here.lane = self
        try:
            while True:
                self._receive()
        except Closed:
            pass

    def call_back(self, method, params):
        """Has the suite run a callback, and returns what the callback returned."""
        number = next(_request_numbers)
        _requests[number] = self
        params = {"session": self.session.name, "lane": self.number, **params}
        send({"id": number, "method": method, "params": params}, self.session)
        while True:
            answer = self._receive()
            if answer is not None:
                return answer

    def _receive(self):
        """The answer to a callback; None when it was a call, which has been served then."""
        kind, content = self.inbox.get()
        if kind == "close":
            self.inbox.put((kind, content))
            raise Closed
        if kind == "answer":
            return content
        self._serve(content)
        return None

    def _serve(self, request):
        name, args = request["params"]["name"], request["params"]["args"]
        try:
            if name in CALLS:
                answer = {"result": CALLS[name](self.session, args)}
            else:
                answer = {"result": {"unsupported": f"this adapter has no {name}"}}
        except Closed:
            raise
        except InvalidParams as problem:
            answer = error(INVALID_PARAMS, str(problem))
        except Exception as problem:
            answer = {"result": {"errored": repr(problem)}}
        send({"id": request["id"], **answer}, self.session)


_sessions = {}
# Our own requests, by number: who waits for the answer.
_requests = {}
_request_numbers = itertools.count(1)


def error(code, message):
    return {"error": {"code": code, "message": message}}


# --- What the suite asks for ---------------------------------------------------------------------------


def initialize(params):
    return {
        "protocol": 1,
        "nonce": params.get("nonce"),
        "implementation": {"name": "my-rtm", "version": "0.1.0", "language": "python"},
        "levels": ["core"],
        "capabilities": {"lanes": False, "points": False},
    }


def open_session(params):
    name = params.get("session")
    if not isinstance(name, str) or name in _sessions:
        raise InvalidParams("a session needs a name of its own")
    _sessions[name] = Session(name)
    return {}


def quiesce(params):
    """Where your RTM works in the background, wait here until it is done."""
    session_of(params)
    return {}


def close_session(params):
    session = session_of(params)
    session.close()
    del _sessions[session.name]
    return {}


METHODS = {
    "initialize": initialize,
    "session.open": open_session,
    "session.close": close_session,
    "quiesce": quiesce,
    "ping": lambda params: params,
    "shutdown": lambda params: {},
}


def session_of(params):
    session = _sessions.get(params.get("session"))
    if session is None:
        raise InvalidParams("there is no such session")
    return session


def receive(message):
    method, params = message.get("method"), message.get("params")
    if not isinstance(params, dict):
        params = {}
    if method is None:
        lane = _requests.pop(message.get("id"), None)
        if lane is not None:
            lane.inbox.put(("answer", message.get("result") or {}))
    elif "id" not in message:
        if method == "exit":
            os._exit(0)
    else:
        try:
            if method == "op":
                check_op(params)
                session_of(params).lane(params["lane"]).inbox.put(("op", message))
                return
            if method in METHODS:
                answer = {"result": METHODS[method](params)}
            else:
                answer = error(METHOD_NOT_FOUND, f"there is no {method}")
        except InvalidParams as problem:
            answer = error(INVALID_PARAMS, str(problem))
        send({"id": message["id"], **answer})


def check_op(params):
    kinds = {"lane": int, "name": str, "args": dict}
    for name, kind in kinds.items():
        if not isinstance(params.get(name), kind):
            raise InvalidParams(f"{name} must be of type {kind.__name__}")


def main():
    for line in sys.stdin.buffer:
        receive(json.loads(line))


# --- Arguments -----------------------------------------------------------------------------------------


def whole_number(args, name):
    value = args.get(name)
    if type(value) is not int:
        raise InvalidParams(f"{name} must be a whole number")
    return value


def handle_from(text, name):
    """Handles travel as text of our own making. What we never gave out is a handle that is not valid."""
    if text is not None and not isinstance(text, str):
        raise InvalidParams(f"{name} must be a handle")
    kind, _, number = (text or "").removesuffix("#1").partition(":")
    return int(number) if kind == "entity" and number.isdecimal() else None


def handle_to(number):
    # Kind, number, and generation: how often the number has been used. Ours are used once.
    return f"entity:{number}#1"


def handle(args, name):
    return handle_from(args.get(name), name)


def handles(args, name):
    if not isinstance(args.get(name), list):
        raise InvalidParams(f"{name} must be an array")
    return [handle_from(text, name) for text in args[name]]


def wanted(args, name):
    """An OUT parameter that is optional is not wanted where NULL stands for it."""
    return name not in args or args[name] is not None


# --- The functions of rtmv2.h: your RTM is called here -------------------------------------------------


def RtmRegisterEntity(session, args):
    info = args.get("RtmEntityInfo")
    if info is not None and not isinstance(info, dict):
        raise InvalidParams("RtmEntityInfo must be an object")
    client = args.get("EventCallback")

    def on_event(self_handle, event_type, subject, subject_info):
        params = {
            "callback": client["callback"],
            "RtmRegHandle": handle_to(self_handle),
            "EventType": event_type,
            "Context1": handle_to(subject),
            "Context2": subject_info,
        }
        return session.present_lane().call_back("event.callback", params).get("status", 0)

    status, number = session.rtm.register(info, None if client is None else on_event)
    if status != rtm.NO_ERROR:
        return {"status": status}
    profile = {
        "MaxNextHopsInRoute": 1,
        "MaxHandlesInEnum": 100,
        "ViewsSupported": 1,
        "NumberOfViews": 1,
    }
    return {"status": status, "out": {"RtmRegHandle": handle_to(number), "RtmRegProfile": profile}}


def RtmDeregisterEntity(session, args):
    return {"status": session.rtm.deregister(handle(args, "RtmRegHandle"))}


def RtmGetRegisteredEntities(session, args):
    wants_handles = wanted(args, "EntityHandles")
    status, count, found = session.rtm.registered_entities(
        handle(args, "RtmRegHandle"), whole_number(args, "NumEntities"), wants_handles
    )
    out = {"NumEntities": count}
    if status == rtm.NO_ERROR and wants_handles:
        out["EntityHandles"] = [handle_to(number) for number, _ in found]
    if status == rtm.NO_ERROR and wanted(args, "EntityInfos"):
        out["EntityInfos"] = [info for _, info in found]
    return {"status": status, "out": out}


def RtmReleaseEntities(session, args):
    entities = handles(args, "EntityHandles")
    return {"status": session.rtm.release_entities(handle(args, "RtmRegHandle"), entities)}


def RtmReferenceHandles(session, args):
    entities = handles(args, "RtmHandles")
    return {"status": session.rtm.reference_handles(handle(args, "RtmRegHandle"), entities)}


def RtmGetEntityInfo(session, args):
    entity = handle(args, "EntityHandle")
    status, info = session.rtm.entity_info(handle(args, "RtmRegHandle"), entity)
    if status != rtm.NO_ERROR:
        return {"status": status}
    return {"status": status, "out": {"EntityInfo": info}}


def RtmReleaseEntityInfo(session, args):
    return {"status": session.rtm.release_entity_info(handle(args, "RtmRegHandle"))}


# Add a function here when you claim the level it belongs to, in `initialize`.
CALLS = {
    call.__name__: call
    for call in (
        RtmRegisterEntity,
        RtmDeregisterEntity,
        RtmGetRegisteredEntities,
        RtmReleaseEntities,
        RtmReferenceHandles,
        RtmGetEntityInfo,
        RtmReleaseEntityInfo,
    )
}

if __name__ == "__main__":
    main()
