"""How a stream breathes and ends, in fractions of the real seconds."""

import asyncio
from collections.abc import AsyncGenerator
from math import inf

from hotdash.host.stopping import stopping
from hotdash.localapi.streams.sse import Pace, frame, frame_of_text, paced

QUICK = Pace(silence=0.05, limit=10.0, at_limit=b"over")


async def slowly(*steps: bytes | float) -> AsyncGenerator[bytes, None]:
    """Yield what is bytes, sleep what is seconds."""
    for step in steps:
        if isinstance(step, bytes):
            yield step
        else:
            await asyncio.sleep(step)


async def test_the_first_byte_goes_out_at_once() -> None:
    silent = paced(slowly(60.0), QUICK)

    assert await anext(silent) == b":\n\n"
    await silent.aclose()


async def test_silence_is_filled_with_comments() -> None:
    speaks = asyncio.Event()

    async def source() -> AsyncGenerator[bytes, None]:
        await speaks.wait()
        yield b"a"

    told = paced(source(), QUICK)
    assert [await anext(told) for _ in range(3)] == [b":\n\n"] * 3
    speaks.set()
    assert b"a" in [part async for part in told]


async def test_where_there_is_no_silence_there_is_no_comment() -> None:
    told = [part async for part in paced(slowly(b"a", b"b", b"c"), QUICK)]

    assert told == [b":\n\n", b"a", b"b", b"c"]


async def test_a_stream_ends_at_its_limit_with_a_word() -> None:
    told = [part async for part in paced(slowly(60.0), Pace(silence=60, limit=0.05, at_limit=b"!"))]

    assert set(told[:-1]) == {b":\n\n"}
    assert told[-1] == b"!"


async def test_a_busy_stream_ends_at_its_limit_too() -> None:
    async def busy() -> AsyncGenerator[bytes, None]:
        while True:
            await asyncio.sleep(0.001)
            yield b"x"

    told = [part async for part in paced(busy(), Pace(limit=0.5, at_limit=b"!"))]

    assert told[-1] == b"!"
    assert b"x" in told


async def test_a_stream_without_a_limit_goes_on() -> None:
    told = [part async for part in paced(slowly(0.2, b"a"), Pace(silence=60, limit=inf))]

    assert told == [b":\n\n", b"a"]


async def test_a_stream_ends_with_its_right_busy_or_not() -> None:
    async def busy() -> AsyncGenerator[bytes, None]:
        while True:
            await asyncio.sleep(0.001)
            yield b"x"

    for source in (busy(), slowly(60.0)):
        ended = asyncio.Event()
        pace = Pace(silence=0.05, at_limit=b"!", ended=ended)
        open_stream = paced(source, pace)
        assert await anext(open_stream) == b":\n\n"
        assert await anext(open_stream) in {b"x", b":\n\n"}
        ended.set()
        async with asyncio.timeout(30):
            assert [part async for part in open_stream if part == b"!"] == []


async def test_every_stream_ends_when_the_server_stops() -> None:
    open_stream = paced(slowly(60.0), QUICK)
    assert await anext(open_stream) == b":\n\n"

    stopping().set()

    assert [part async for part in open_stream] == []


async def test_a_source_is_closed_when_its_reader_goes() -> None:
    closed = asyncio.Event()

    async def source() -> AsyncGenerator[bytes, None]:
        try:
            yield b"a"
            await asyncio.sleep(60)
        finally:
            closed.set()

    reading = paced(source(), QUICK)
    assert [await anext(reading), await anext(reading)] == [b":\n\n", b"a"]
    await reading.aclose()

    assert closed.is_set()


def test_a_frame_repeats_its_name_first_and_carries_its_id() -> None:
    assert frame("run:update", {"run": {}}, 7) == (
        b'id: 7\nevent: run:update\ndata: {"type":"run:update","run":{}}\n\n'
    )
    assert frame("run:start", {}) == b'event: run:start\ndata: {"type":"run:start"}\n\n'


def test_text_becomes_one_line() -> None:
    assert frame_of_text("stream:data", ' {\r\n"a": [1,\n2]} ', 1) == (
        b'id: 1\nevent: stream:data\ndata: {"type":"stream:data","a": [1, 2]}\n\n'
    )
    assert frame_of_text("x", "{}", 1) == b'id: 1\nevent: x\ndata: {"type":"x"}\n\n'
