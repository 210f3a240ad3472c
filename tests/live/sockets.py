"""A Hot API and a dashboard that are real processes, and browsers that are plain sockets."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.guard.serving import ROOT, Dashboard, dashboard
from tests.live.page import Page
from tests.samples import ENV_ID
from tests.sockets import free_port


class Api(ThreadingHTTPServer):
    """A small Hot API over a socket: empty lists, and a subscription that breathes."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int = 0) -> None:
        self.subscribers = 0
        self.keys: set[str] = set()
        self.pieces: list[bytes] = []
        self.is_over = threading.Event()
        self.news = threading.Condition()
        super().__init__(("127.0.0.1", port), _Answers)
        self._serving = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self._serving.start()

    @property
    def origin(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_port}"

    def push(self, event: str, **body: Any) -> None:
        """Send a frame to every subscriber."""
        with self.news:
            self.pieces.append(f"event: {event}\ndata: {json.dumps(body)}\n\n".encode())
            self.news.notify_all()

    def stop(self) -> None:
        """Cut every connection and listen no more."""
        self.is_over.set()
        self.shutdown()
        self.server_close()


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Api

    def do_GET(self) -> None:
        path = self.path.partition("?")[0].removeprefix("/v1")
        if path == "/env/subscribe":
            self._subscribe()
            return
        listing = {"data": [], "pagination": {"total": 0, "limit": 50, "offset": 0}}
        status = {"status": "ok", "service": "hot.dev api server", "version": "2.6.9"}
        answers = {"/status": status, "/v1/env": {"data": {"env_id": ENV_ID, "name": "wired"}}}
        body = json.dumps(answers.get(self.path, listing)).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _subscribe(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        self.server.keys.add(self.headers["authorization"].removeprefix("Bearer "))
        self.server.subscribers += 1
        sent = len(self.server.pieces)
        with suppress(OSError):
            while not self.server.is_over.is_set():
                with self.server.news:
                    if len(self.server.pieces) == sent:
                        self.server.news.wait(0.02)
                pieces = self.server.pieces[sent:]
                sent += len(pieces)
                self.wfile.write(b"".join(pieces) or b":\n\n")
        self.server.subscribers -= 1

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@dataclass
class House:
    """A running dashboard whose people and rights change on command."""

    api: Api
    dashboard: Dashboard
    data: Path
    commands: "subprocess.Popen[str]"
    environment: str = ""
    sessions: dict[str, str] = field(default_factory=dict)

    def tell(self, *words: str) -> dict[str, Any]:
        """Have the other process do something, and return what it says."""
        assert self.commands.stdin
        self.commands.stdin.write(" ".join(words) + "\n")
        self.commands.stdin.flush()
        return self.hear()

    def hear(self) -> dict[str, Any]:
        """Return the next thing that the other process says."""
        assert self.commands.stdout
        answer: dict[str, Any] = json.loads(self.commands.stdout.readline())
        return answer

    def enter(self, name: str) -> str:
        """Make a member, signed in and with a key."""
        self.sessions[name] = self.tell("person", name)["session"]
        return name

    @asynccontextmanager
    async def listening(self, name: str, after: str = "") -> AsyncIterator[Page]:
        """Have a page of this person open while inside."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.dashboard.port)
        last = f"Last-Event-ID: {after}\r\n" if after else ""
        writer.write(
            f"GET /live/?topic=env:{self.environment} HTTP/1.1\r\nHost: localhost\r\n{last}"
            f"Cookie: hotdash_session={self.sessions[name]}\r\n\r\n".encode()
        )
        page = Page()
        reading = asyncio.create_task(page.read(_chunks(reader, page.head)))
        try:
            yield page
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


async def _chunks(reader: asyncio.StreamReader, told: dict[str, str]) -> AsyncIterator[bytes]:
    """The body of one answer that comes in chunks; its headers are told first."""
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 200 " in head.splitlines()[0], head
    for line in head.decode().splitlines()[1:-1]:
        name, _, value = line.partition(": ")
        told[name.lower()] = value
    while size := int(await reader.readline(), 16):
        yield (await reader.readexactly(size + 2))[:-2]


@contextmanager
def house(data: Path, **settings: str) -> Iterator[House]:
    """A dashboard with one environment at an API of its own."""
    api = Api()
    with dashboard(data, {"HOTDASH_API_PORT": str(free_port()), **settings}) as running:
        clean = {name: value for name, value in os.environ.items() if "HOTDASH" not in name}
        commands = subprocess.Popen(
            [sys.executable, "-m", "tests.live.household", api.origin],
            cwd=ROOT,
            env=clean | settings | {"HOTDASH_DATA_DIR": str(data)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        made = House(api, running, data, commands)
        made.environment = made.hear()["environment"]
        try:
            yield made
        finally:
            with commands:
                commands.kill()
            api.stop()
