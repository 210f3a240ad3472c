"""A server that keeps subscriptions waiting is given up, and keeps nobody else waiting."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from hotdash.gateway import known, subscriptions
from hotdash.gateway.addresses import Policy, parse_policy
from hotdash.gateway.connector import SubscriptionTransport
from hotdash.gateway.errors import NoAnswer, Refused
from hotdash.gateway.sse import FrameReader, RawFrame
from hotdash.gateway.subscriptions import Frame, subscribe
from hotdash.gateway.upstream import Gateway
from tests.gateway.servers import Server, serving
from tests.live.page import until

OPEN = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
FRAME = b'event: a\ndata: {"n": 1}\n\n'
REFUSED = b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n"


@pytest.fixture(autouse=True)
async def _real_connections() -> AsyncIterator[None]:
    known.forget_all()
    transport = SubscriptionTransport(parse_policy(("loopback",)), Policy())
    with subscriptions.use_transport(transport):
        yield
    await transport.aclose()
    known.forget_all()


async def heard(gateway: Gateway) -> list[object]:
    """All that a subscription says until it ends."""
    async with subscribe(gateway, "/env/subscribe") as frames:
        return [frame async for frame in frames]


def unsettled(server: Server) -> Gateway:
    """A door whose prefix nobody has found out yet."""
    gateway = server.gateway()
    return Gateway(replace(gateway.upstream, prefix=""), gateway.key, gateway.person_id)


@pytest.mark.parametrize(
    "begun",
    [(), (b"HTTP/1.1 200 OK\r\n", *(b"x-a: b\r\n", 0.05) * 100)],
    ids=["silence", "headers without end"],
)
async def test_an_answer_that_does_not_begin_is_given_up(
    monkeypatch: pytest.MonkeyPatch, begun: tuple[bytes | float, ...]
) -> None:
    monkeypatch.setattr(subscriptions, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(subscriptions, "SILENCE_SECONDS", 3600.0)
    with serving(*begun, 60.0) as server, pytest.raises(NoAnswer) as error:
        await heard(server.gateway())
    assert error.value.kind == "timeout"
    assert error.value.__context__ is None


async def test_one_that_has_begun_may_take_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "ANSWER_SECONDS", 2.0)
    with serving(OPEN, 2.5, FRAME) as server:
        assert await heard(server.gateway()) == [Frame("a", {"n": 1}, "")]


async def test_a_server_that_does_not_show_its_prefix_keeps_no_other_waiting() -> None:
    with serving(60.0) as silent, serving(REFUSED) as other:
        waiting = [asyncio.create_task(heard(unsettled(silent))) for _ in range(40)]
        await until(lambda: silent.connections)
        with pytest.raises(Refused):
            await heard(unsettled(other))
        assert b"GET /v1/env/subscribe" in other.requests[-1]
        assert not any(task.done() for task in waiting), "the others were not waited for"
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


@pytest.mark.parametrize("number", ["é", "a b", "7" * 5_000, "\x00"], ids=ascii)
async def test_an_id_that_no_header_can_hold_is_not_taken_back(number: str) -> None:
    body = json.dumps({"n": 1})
    odd = f"id: {number}\nevent: a\ndata: {body}\n\n".encode()
    with serving(OPEN, odd) as server:
        assert await heard(server.gateway()) == [Frame("a", {"n": 1}, "")]


def test_a_line_that_comes_byte_by_byte_is_not_copied_at_each() -> None:
    reader = FrameReader()
    list(reader.feed(b"data: x"))
    kept = reader._rest
    for _ in range(100):
        list(reader.feed(b"x"))
    assert reader._rest is kept
    assert list(reader.feed(b"\n\n")) == [RawFrame("", "x" * 101, "")]
