"""Both generations of the platform as servers on a socket, replaying what a real one answered."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.contract import replay
from tests.replaying.replayed import Generation, Replayed
from tests.samples import Wire

KEYS = (replay.KEY, replay.KEY.replace("f", "e"))  # two people have one each


@contextmanager
def replaying(generation: Generation) -> Iterator[Replayed]:
    """Serve a generation on loopback; give what stands behind it."""
    replayed = Replayed(generation)
    server = _Server(("127.0.0.1", 0), _Conversation)
    server.replayed = replayed
    replayed.port = server.server_address[1]
    accepting = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    accepting.start()
    try:
        yield replayed
    finally:
        with replayed.changed:
            replayed.is_over = True
            replayed.changed.notify_all()
        server.shutdown()
        accepting.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    replayed: Replayed


class _Conversation(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer by the recorded run, else by the transcript."""
        self._answer("GET", b"")

    def do_POST(self) -> None:
        """Publish, or answer by the transcript."""
        self._answer("POST", self.rfile.read(int(self.headers.get("content-length", "0"))))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the test's own output is read by people."""

    def _answer(self, method: str, body: bytes) -> None:
        replayed = self.server.replayed
        parts = urlsplit(self.path)
        prefix = replayed.target.prefix
        key = self.headers.get("authorization", "").removeprefix("Bearer ")
        replayed.asked.append((method, parts.path, key))
        path = parts.path.removeprefix(prefix)
        if parts.path in {"/", "/status"}:
            self._pass_on(replayed.answer(method, parts.path))
        elif not parts.path.startswith(f"{prefix}/"):
            self._send(404, b"")
        elif key not in KEYS:
            self._refuse()
        elif method == "POST" and path == "/events":
            self._send(201, _enveloped({"data": replayed.publish(json.loads(body))}))
        elif method == "GET" and (frames := replayed.frames_for(path)) is not None:
            self._stream(frames)
        elif method == "GET" and (row := replayed.row(path)) is not None:
            self._send(200, _enveloped({"data": row}))
        elif method == "GET" and (rows := replayed.rows(path)) is not None:
            self._send(200, _listed(rows, parse_qs(parts.query)))
        else:
            self._pass_on(replayed.answer(method, path))

    def _refuse(self) -> None:
        error = {"code": "unauthorized", "message": "Invalid", "request_id": "r"}
        is_older = self.server.replayed.generation == "older"
        self._send(401, json.dumps({"error": error}).encode() if is_older else b"")

    def _pass_on(self, answer: httpx.Response) -> None:
        self._send(answer.status_code, answer.content, answer.headers.get("content-type", ""))

    def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(HTTPStatus(status))
        if body:
            self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, frames: Iterator[bytes]) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("content-type", "text/event-stream")
        self.send_header("cache-control", "no-cache")
        self.send_header("connection", "close")
        self.end_headers()
        with suppress(OSError):  # whoever listened may have gone
            for frame in frames:
                self.wfile.write(frame)
        self.close_connection = True


def _enveloped(fields: Wire) -> bytes:
    return json.dumps({**fields, "meta": {"request_id": "7091a6be", "timestamp": "2026"}}).encode()


def _listed(rows: list[Wire], query: dict[str, list[str]]) -> bytes:
    for asked, name in (("status", "status"), ("type", "run_type")):
        if asked in query:
            rows = [row for row in rows if row.get(name) == query[asked][0]]
    limit, offset = (
        int(query.get(name, [text])[0]) for name, text in (("limit", "20"), ("offset", "0"))
    )
    page = {
        "total": len(rows),
        "limit": limit,
        "offset": offset,
        "has_more": offset + limit < len(rows),
    }
    return _enveloped({"data": rows[offset : offset + limit], "pagination": page})
