"""Subscriptions go where calls may go, carry one person's key, and are read in bounded memory."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from hotdash.gateway import known, subscriptions
from hotdash.gateway.addresses import Policy, parse_policy
from hotdash.gateway.backend import Resolver, look_up
from hotdash.gateway.connector import SubscriptionTransport
from hotdash.gateway.errors import (
    BadAnswer,
    GatewayError,
    NoAnswer,
    NotAllowed,
    Refused,
    RouteMissing,
)
from hotdash.gateway.sse import Garbled
from hotdash.gateway.subscriptions import Frame, subscribe
from hotdash.gateway.upstream import Gateway
from tests.gateway.servers import Piece, answer, serving

PUBLIC_ONLY = parse_policy(("public",))
LOOPBACK = parse_policy(("loopback",))
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
OPEN = HEAD + b"\r\n"
PATH = "/env/subscribe"


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    known.forget_all()
    yield
    known.forget_all()


@asynccontextmanager
async def guarded(
    policy: Policy = LOOPBACK, embedded: Policy | None = None, resolver: Resolver = look_up
) -> AsyncIterator[None]:
    """Subscriptions go through the real transport, over real sockets."""
    transport = SubscriptionTransport(policy, embedded or Policy(), resolver)
    try:
        with subscriptions.use_transport(transport):
            yield
    finally:
        await transport.aclose()


async def heard(gateway: Gateway, last_id: str = "") -> list[Frame | Garbled]:
    """All that a subscription says until it ends."""
    async with subscribe(gateway, PATH, last_id) as frames:
        return [frame async for frame in frames]


def frame(body: Any, event: str = "run:start", number: str = "") -> bytes:
    head = f"id: {number}\n" if number else ""
    return f"{head}event: {event}\ndata: {json.dumps(body)}\n\n".encode()


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"],
)
async def test_no_spelling_of_an_inner_address_is_subscribed_to(host: str) -> None:
    async with guarded(PUBLIC_ONLY):
        with serving(OPEN) as server:
            with pytest.raises((NotAllowed, NoAnswer)):
                await heard(server.gateway(host))
            assert server.connections == 0


async def test_a_written_out_address_is_judged_and_the_refusal_names_the_entry_to_add() -> None:
    async with guarded(PUBLIC_ONLY):
        with serving(OPEN) as server, pytest.raises(NotAllowed) as refusal:
            await heard(server.gateway())
        assert refusal.value.entry == f"http://127.0.0.1:{server.port}"


async def test_a_name_that_changes_its_answer_is_judged_at_each_connection() -> None:
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    async with guarded(resolver=lambda *_: next(answers)):
        with serving(OPEN + frame({})) as server:
            gateway = server.gateway("changing.test")
            assert await heard(gateway)
            with pytest.raises(NotAllowed):
                await heard(gateway)
        assert server.connections == 1


async def test_one_bad_address_among_good_ones_condemns_the_name() -> None:
    async with guarded(resolver=lambda *_: ["127.0.0.1", "169.254.169.254"]):
        with serving(OPEN) as server, pytest.raises(NotAllowed):
            await heard(server.gateway("mixed.test"))
        assert server.connections == 0


async def test_what_embedded_environments_may_reach_is_lent_to_nobody() -> None:
    with serving(OPEN + frame({})) as server:
        embedded = Policy(origins=frozenset({("http", "127.0.0.1", server.port)}))
        async with guarded(PUBLIC_ONLY, embedded):
            assert await heard(server.gateway(is_embedded=True))
            with pytest.raises(NotAllowed):
                await heard(server.gateway())
    async with guarded(LOOPBACK, Policy()):
        with serving(OPEN) as other, pytest.raises(NotAllowed):
            await heard(other.gateway(is_embedded=True))


async def test_frames_come_as_they_are_sent_with_the_servers_ids() -> None:
    body = {"type": "run:start", "run_id": "1"}
    async with guarded():
        with serving(
            OPEN, b": hi\n\n", frame(body, number="7"), 0.05, b'data: {"type":"x"}\n\n'
        ) as s:
            said = await heard(s.gateway(), last_id="6")
        assert said == [Frame("run:start", body, "7"), Frame("x", {"type": "x"}, "")]
        head = s.requests[-1].lower()
        assert b"last-event-id: 6" in head
        assert b"accept: text/event-stream" in head
        assert b"authorization: bearer hot_" + b"k" * 40 in head


async def test_what_is_no_json_object_is_garbled_and_the_next_is_read() -> None:
    pieces: list[Piece] = [OPEN, b"data: {\n\n", b"data: 1\n\n", b"data: {}\n\n", frame({})]
    async with guarded():
        with serving(*pieces) as server:
            said = await heard(server.gateway())
    assert said == [Garbled(), Garbled(), Garbled(), Frame("run:start", {}, "")]


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (answer(b"", "401 Unauthorized"), Refused),
        (answer(b"", "404 Not Found"), RouteMissing),
        (answer(b'{"error":{"code":"not_found","message":"no"}}', "404 Not Found"), Refused),
        (answer(b"", "503 Service Unavailable"), BadAnswer),
        (answer(b"<html>", content_type="text/html"), BadAnswer),
        (answer(b"", "302 Found", location="http://169.254.169.254/"), BadAnswer),
        (HEAD + b"content-encoding: gzip\r\n\r\n", BadAnswer),
        (b"SSH-2.0-OpenSSH\r\n", BadAnswer),
        (HEAD + b"transfer-encoding: chunked\r\n\r\nzz\r\n", GatewayError),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n40\r\nhalf", NoAnswer),
        (b"", NoAnswer),
    ],
    ids=[
        "401",
        "no route",
        "no object",
        "503",
        "html",
        "redirect",
        "gzip",
        "no http",
        "bad chunk",
        "half a chunk",
        "hang up",
    ],
)
async def test_what_is_no_subscription_is_said_as_for_any_call(
    response: bytes, error: type[Exception]
) -> None:
    async with guarded():
        with serving(response) as server, pytest.raises(error) as raised:
            await heard(server.gateway())
    assert "k" * 40 not in repr(raised.value.__context__) + repr(raised.value.__cause__)


async def test_a_refusal_without_an_end_is_not_read_for_ever() -> None:
    endless = b"HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\n\r\n" + b"x" * 200_000
    async with guarded(), asyncio.timeout(30):
        with serving(endless, 60.0) as server, pytest.raises(Refused):
            await heard(server.gateway())


async def test_a_server_that_is_silent_too_long_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "SILENCE_SECONDS", 0.1)
    async with guarded():
        with serving(OPEN, 60.0) as server, pytest.raises(NoAnswer) as error:
            await heard(server.gateway())
    assert error.value.kind == "timeout"


async def test_cookies_of_one_answer_are_not_sent_with_the_next() -> None:
    async with guarded():
        with serving(HEAD + b"set-cookie: who=adam; Path=/\r\n\r\n") as server:
            await heard(server.gateway())
            await heard(server.gateway())
    assert len(server.requests) == 2
    assert b"cookie" not in server.requests[1].lower()


async def test_a_proxy_of_the_machine_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(OPEN) as proxy, serving(OPEN) as server:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
        async with guarded():
            await heard(server.gateway())
        assert (proxy.connections, server.connections) == (0, 1)
