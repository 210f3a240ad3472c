"""A Hot API that pushes what a test tells it to, and pages that listen."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from hotdash.gateway.secret import Secret
from hotdash.gateway.upstream import Gateway, Upstream
from hotdash.live.admission import Seat, Visit
from hotdash.live.horizon import Horizon
from hotdash.live.hub import Hub
from hotdash.live.renderers import Place
from hotdash.live.topics import Topic
from tests.live.page import Page, until
from tests.upstream import ORIGIN

ENVIRONMENT_ID = uuid.UUID("01a204f9-0000-7000-9000-000000000001")
PLACE = Place("acme", "development", ENVIRONMENT_ID)
ENVIRONMENT = Topic("env", ENVIRONMENT_ID)

NOTHING_YET = Horizon(0, datetime.min.replace(tzinfo=UTC))

Answer = httpx.Response | Exception


@dataclass
class Connection:
    """One subscription that was accepted; it stands until it is cut or the client goes away."""

    path: str
    key: str
    last_id: str
    is_open: bool = True
    pieces: asyncio.Queue[bytes | Exception | None] = field(default_factory=asyncio.Queue)


class _Body(httpx.AsyncByteStream):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (piece := await self._connection.pieces.get()) is not None:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def aclose(self) -> None:
        self._connection.is_open = False


class Pushing(httpx.AsyncBaseTransport):
    """Accepts every subscription; `refuse` says what a path and key get instead."""

    def __init__(self) -> None:
        self.connections: list[Connection] = []
        self.asked: list[tuple[str, str]] = []
        self.refusals: list[Callable[[str, str], Answer | None]] = []
        self.silent_to: frozenset[str] = frozenset()  # keys that get no answer at all

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Open a subscription."""
        path = request.url.path.removeprefix("/v1")
        key = request.headers["authorization"].removeprefix("Bearer ")
        self.asked.append((path, key))
        if key in self.silent_to:
            await asyncio.Event().wait()
        for refusal in reversed(self.refusals):
            answer = refusal(path, key)
            if isinstance(answer, Exception):
                raise answer
            if answer is not None:
                return answer
        connection = Connection(path, key, request.headers.get("last-event-id", ""))
        self.connections.append(connection)
        headers = {"content-type": "text/event-stream"}
        return httpx.Response(200, headers=headers, stream=_Body(connection))

    def refuse(self, status: int, *, key: str = "", path: str = "", code: str = "") -> None:
        """Refuse whatever has this key and path; without a code the body is empty."""
        body = json.dumps({"error": {"code": code, "message": code}}).encode() if code else b""
        kind = {"content-type": "application/json"} if code else {}

        def refusal(asked_path: str, asked_key: str) -> Answer | None:
            is_meant = asked_key == (key or asked_key) and asked_path == (path or asked_path)
            stream = httpx.ByteStream(body)
            return httpx.Response(status, headers=kind, stream=stream) if is_meant else None

        self.refusals.append(refusal)

    def fail(self, error: Exception, *, key: str = "") -> None:
        """Answer nobody, or not this key."""
        self.refusals.append(lambda _path, asked: error if asked == (key or asked) else None)

    @property
    def open(self) -> list[Connection]:
        """The subscriptions that stand."""
        return [connection for connection in self.connections if connection.is_open]

    def push(self, event: str, number: str = "", **body: Any) -> None:
        """Send a frame to all that stand."""
        text = json.dumps({"type": event, **body})
        identity = f"id: {number}\n" if number else ""
        self.send(f"{identity}event: {event}\ndata: {text}\n\n".encode())

    def send(self, piece: bytes) -> None:
        """Send exactly these bytes."""
        for connection in self.open:
            connection.pieces.put_nowait(piece)

    def cut(self, error: Exception | None = None) -> None:
        """End all that stand: properly, or with an error of the transport."""
        for connection in self.open:
            connection.pieces.put_nowait(error)


def key_of(person: str) -> str:
    """A person's key."""
    return f"hot_{person:0>40}"


def seat(person: str = "mia", topic: Topic = ENVIRONMENT) -> Seat:
    """A person's place at a topic, with a key of their own."""
    upstream = Upstream(str(topic.environment_id), ORIGIN, "/v1")
    return Seat(topic, PLACE, Gateway(upstream, Secret(key_of(person)), person))


def visit(person: str = "mia", *topics: Topic) -> Visit:
    """A person's page that listens to these topics, else to the environment."""
    seats = tuple(seat(person, topic) for topic in topics or (ENVIRONMENT,))
    return Visit(person, f"session of {person}", seats, NOTHING_YET)


@asynccontextmanager
async def listening(
    hub: Hub, person: str = "mia", *topics: Topic, after: str = ""
) -> AsyncIterator[Page]:
    """A page that is open while inside, at the place that its cursor names."""
    page = Page()
    name, _, number = after.partition(".")
    place = (name, int(number)) if number else None
    reading = asyncio.create_task(page.read(hub.stream(visit(person, *topics), place)))
    try:
        yield page
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def live(page: Page) -> None:
    """Return when the page hears, and has been told to fetch anew if it must."""
    await until(lambda: page.mark.get("state") == "live" and (page.of("refetch") or page.ids))
