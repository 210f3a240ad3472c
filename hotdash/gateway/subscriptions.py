"""Subscriptions: frames of the Hot API as they come, with the person's own key (contract 6)."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import aiohttp
import httpx

from hotdash import __version__
from hotdash.gateway import answers, connector, deadline, prefixes
from hotdash.gateway.envelopes import Row
from hotdash.gateway.errors import BadAnswer, GatewayError, NoAnswer
from hotdash.gateway.exchange import authorization
from hotdash.gateway.json_value import parse
from hotdash.gateway.sse import FrameReader, Garbled, RawFrame
from hotdash.gateway.upstream import Gateway
from hotdash.host.aside import Aside
from hotdash.host.turns import Turns

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 10.0  # for the head of an answer, as pages have it
# keep-alives come every 15 s: a server that is silent for three of them is gone (contract 12.1)
SILENCE_SECONDS = 45.0
_ERROR_BYTES = 64 * 1024
_ID = re.compile(r"[!-~]{1,200}")  # what a header can carry back to the server

# JSON calls have a client of their own: a subscription would hold one of its connections for ever
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = WeakKeyDictionary()
_stand_ins: list[httpx.AsyncBaseTransport] = []
# a server that is slow to show its prefix takes two of the threads, and leaves the rest to others
_finding = Aside(16, "prefix")
_asking = Turns(2)


@dataclass(frozen=True)
class Frame:
    """One frame: its name, the JSON object it carries, and the server's id where it sends ids."""

    event: str
    body: Row
    id: str


Frames = AsyncIterator[Frame | Garbled]


@asynccontextmanager
async def subscribe(gateway: Gateway, path: str, last_id: str = "") -> AsyncIterator[Frames]:
    """Give the frames of an open subscription until the server ends it.

    Raises, before or in between: Refused, RouteMissing, BadAnswer, NotAllowed, and NoAnswer for a
    connection that fails or is silent too long. A frame that cannot be read comes as Garbled.
    """
    upstream = gateway.upstream
    prefix = prefixes.recorded(upstream) or await _found_out(gateway)
    resumed = {"Last-Event-ID": last_id} if last_id else {}
    failure: GatewayError
    try:
        async with (
            asyncio.timeout(ANSWER_SECONDS) as patience,
            _client().stream(
                "GET",
                f"{upstream.origin}{prefix}{path}",
                headers=authorization(gateway) | resumed,
                extensions={"is_embedded": upstream.is_embedded},
            ) as response,
        ):
            await _require_stream(response)
            patience.reschedule(None)
            yield _frames(response)
    except TimeoutError:
        failure = NoAnswer("timeout")
    except httpx.TransportError as error:
        failure = NoAnswer("timeout" if isinstance(error, httpx.ReadTimeout) else "unreachable")
    except aiohttp.ClientError:
        failure = BadAnswer("not_hot")  # not HTTP; its transport has no httpx name for that
    else:
        return
    # not from within: both errors hold the request, and with it the key
    raise failure


async def close() -> None:
    """Close the running loop's connections; open subscriptions fail."""
    client = _clients.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.aclose()


@contextmanager
def use_transport(transport: httpx.AsyncBaseTransport) -> Iterator[None]:
    """Let new subscriptions go to this transport while inside: how tests stand in for a server."""
    _stand_ins.append(transport)
    try:
        yield
    finally:
        _stand_ins.remove(transport)


def _client() -> httpx.AsyncClient:
    if _stand_ins:
        return _open(_stand_ins[-1])
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = _open(connector.open_transport())
    return _clients[loop]


def _open(transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=transport,
        timeout=httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
        headers={
            "User-Agent": f"hotdash/{__version__}",
            "Accept": "text/event-stream",
            "Accept-Encoding": "identity",
        },
    )


async def _found_out(gateway: Gateway) -> str:
    async with _asking.of(gateway.upstream.environment_id):
        return await _finding(_probed, gateway)


def _probed(gateway: Gateway) -> str:
    with deadline.within(ANSWER_SECONDS):
        return prefixes.prefix_of(gateway)


async def _require_stream(response: httpx.Response) -> None:
    if not 200 <= response.status_code < 300:
        body = bytearray()
        async for piece in response.aiter_raw():
            body += piece[: _ERROR_BYTES - len(body)]
            if len(body) >= _ERROR_BYTES:
                break
        raise answers.failure(response, body)
    kind = str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()
    if kind != "text/event-stream":
        raise BadAnswer("not_hot", response.status_code)
    if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise BadAnswer("encoding", response.status_code)


async def _frames(response: httpx.Response) -> Frames:
    reader = FrameReader()
    async for piece in response.aiter_raw():
        for frame in reader.feed(piece):
            yield _read(frame) if isinstance(frame, RawFrame) else frame


def _read(raw: RawFrame) -> Frame | Garbled:
    try:
        body = parse(raw.text.encode())
    except BadAnswer:
        return Garbled()
    if not isinstance(body, dict):
        return Garbled()
    name = raw.event or body.get("type")
    number = raw.id if _ID.fullmatch(raw.id) else ""
    return Frame(name, body, number) if isinstance(name, str) else Garbled()
