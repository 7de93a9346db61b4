"""JSON-RPC 2.0, one object per line, in both directions."""

from __future__ import annotations

import json
import threading
from typing import Any, BinaryIO, Callable, Dict, Optional

METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603

Message = Dict[str, Any]


class RequestError(Exception):
    """Answers a request with an error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Peer:
    """The other side. Any thread may write to it; one reads."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source = source
        self._sink = sink
        self._lock = threading.Lock()
        self._asked = 0
        self._answers: Dict[str, Callable[[Message], None]] = {}

    def read(self) -> Optional[Message]:
        """The next message that is not an answer; None at the end. Answers go to whoever waits for them."""
        for line in iter(self._source.readline, b""):
            try:
                message = json.loads(line)
            except ValueError:
                self.notify("log", {"message": "this line is not JSON: %r" % line[:80]})
                continue
            if not isinstance(message, dict):
                continue
            if "method" in message:
                return message
            with self._lock:
                taker = self._answers.pop(str(message.get("id")), None)
            if taker is not None:
                taker(message)
        return None

    def request(self, method: str, params: Message, taker: Callable[[Message], None]) -> None:
        with self._lock:
            self._asked += 1
            name = "a%d" % self._asked
            self._answers[name] = taker
            self._write({"jsonrpc": "2.0", "id": name, "method": method, "params": params})

    def notify(self, method: str, params: Message) -> None:
        with self._lock:
            self._write({"jsonrpc": "2.0", "method": method, "params": params})

    def answer(self, request: Any, result: Message) -> None:
        with self._lock:
            self._write({"jsonrpc": "2.0", "id": request, "result": result})

    def refuse(self, request: Any, error: RequestError) -> None:
        with self._lock:
            content = {"code": error.code, "message": error.message}
            self._write({"jsonrpc": "2.0", "id": request, "error": content})

    def _write(self, message: Message) -> None:
        self._sink.write(json.dumps(message, separators=(",", ":")).encode() + b"\n")
        self._sink.flush()
