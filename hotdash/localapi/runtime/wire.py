"""The run's end of its socket. No Django in it."""

import json
import os
import threading
from socket import recv_fds, socket
from typing import Any

from hotdash.localapi.runtime.limits import CHUNK_CHARACTERS, SHOWN_CHARACTERS
from hotdash.localapi.runtime.lines import Reader, encode

_RECEIVE_BYTES = 256 * 1024


class Wire:
    """The run's end of its socket."""

    def __init__(self, connection: socket) -> None:
        self._socket = connection
        self._reader = Reader()
        self._speaking = threading.RLock()  # a handler's threads may all speak
        self._asking = threading.Lock()

    def request(self) -> dict[str, Any]:
        """Wait for what is to be run; it arrives in parts."""
        parts: list[str] = []
        while received := self._socket.recv(_RECEIVE_BYTES):
            for message in self._reader.feed(received):
                if message["m"] == "go":
                    request: dict[str, Any] = json.loads("".join(parts))
                    return request
                parts.append(message["part"])
        os._exit(0)  # the worker is gone; so is the reason to run

    def emit(self, message: dict[str, Any]) -> None:
        """Send one message."""
        with self._speaking:
            self._socket.sendall(encode(message))

    def emit_text(self, kind: str, text: str, message: dict[str, Any]) -> None:
        """Send a long text in parts of that kind, then the message that it belongs to."""
        with self._speaking:
            self._emit_parts(kind, text)
            self.emit(message)

    def emit_call(self, message: dict[str, Any]) -> None:
        """Send a traced call; arguments and a value that are long go ahead of it, in parts."""
        long = {
            name: text
            for name in ("args", "value")
            if len(text := message.get(name) or "") > SHOWN_CHARACTERS
        }
        with self._speaking:
            for name, text in long.items():
                self._emit_parts(f"{name}-part", text)
            self.emit(message | dict.fromkeys(long))

    def ask(self, message: dict[str, Any], text: str = "") -> tuple[dict[str, Any], int | None]:
        """Return the worker's answer, and the descriptor that came with it."""
        with self._asking:
            self.emit_text("ask-part", text, message)
            return self._answer()

    def _emit_parts(self, kind: str, text: str) -> None:
        for start in range(0, len(text), CHUNK_CHARACTERS):
            self.emit({"m": kind, "part": text[start : start + CHUNK_CHARACTERS]})

    def _answer(self) -> tuple[dict[str, Any], int | None]:
        given: list[int] = []
        while True:
            received, descriptors, _, _ = recv_fds(self._socket, _RECEIVE_BYTES, 1)
            given += descriptors
            for answer in self._reader.feed(received):
                return answer, given[0] if given else None
            if not received:
                os._exit(0)  # as in request
