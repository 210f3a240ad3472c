"""Nobody takes all: streams a person and a process, topics a stream, bytes a reader."""

import asyncio
from uuid import uuid4

import pytest

from hotdash.live import channel as channels
from hotdash.live import hub as hubs
from hotdash.live.channel import Channel
from hotdash.live.frames import framed
from hotdash.live.hub import Hub
from hotdash.live.notes import Append, Bye, Mark
from hotdash.live.topics import environment_topic
from tests import samples
from tests.cast import Cast
from tests.live.page import until
from tests.live.pushing import ENVIRONMENT, Pushing, listening, live, visit


async def test_the_twenty_first_stream_of_a_person_is_refused_and_the_others_live(
    hub: Hub, pushing: Pushing
) -> None:
    pages = [listening(hub) for _ in range(20)]
    opened = [await page.__aenter__() for page in pages]
    try:
        await live(opened[-1])
        assert not hub.has_room("mia")
        assert hub.has_room("adam")
        async with listening(hub) as one_more:
            await until(lambda: one_more.has_ended)
            assert [name for name, _ in one_more.frames] == ["bye"], "it joined nothing"
            assert one_more.of("bye") == [{"reason": "full"}]
        pushing.push("run:start", run_id=samples.new_id())
        await until(lambda: all(page.nudges for page in opened))
    finally:
        for page in pages:
            await page.__aexit__(None, None, None)
    assert hub.has_room("mia")


async def test_a_process_has_a_limit_too(
    hub: Hub, pushing: Pushing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "MOST", 2)
    async with listening(hub, "mia"), listening(hub, "adam"):
        await until(lambda: len(hub.guests) == 2)
        assert not hub.has_room("vera")


async def test_a_reader_that_never_reads_holds_no_more_than_its_bound(
    hub: Hub, pushing: Pushing
) -> None:
    stream = hub.stream(visit("adam"), None)
    await anext(stream)  # open, and then never read again
    async with listening(hub, "mia") as page:
        await live(page)
        [waiting] = [each for each in hub.guests if hub.guests[each].visit.person_id == "adam"]
        await until(lambda: ENVIRONMENT in waiting._marks)
        for _ in range(channels.MOST_WAITING * 3):
            pushing.push("run:start", run_id=samples.new_id())
        await until(lambda: len(page.nudges) == channels.MOST_WAITING * 3)
        assert len(waiting._waiting) <= channels.MOST_WAITING
        assert b"event: refetch" in b"".join(waiting._waiting)
    await stream.aclose()


async def test_how_well_it_hears_is_told_even_to_one_who_read_too_late() -> None:
    waiting = Channel(None)
    waiting.mark(ENVIRONMENT, Mark("reconnecting"))
    waiting.mark(ENVIRONMENT, Mark("live", reconnects=1))
    for _ in range(channels.MOST_WAITING):
        waiting.put(framed(Append("a", "x")))
    waiting.bye(Bye("stopping"))
    said = b"".join([chunk async for chunk in waiting.chunks()])
    assert said.index(b"event: refetch") < said.index(b'"state":"live","reconnects":1')
    assert b'"state":"reconnecting"' not in said


async def test_large_frames_count_by_their_bytes() -> None:
    waiting = Channel(None)
    for _ in range(10):
        waiting.put(framed(Append("a", "x" * 900_000)))
    assert waiting._bytes <= channels.MOST_BYTES
    assert sum(map(len, waiting._waiting)) <= channels.MOST_BYTES + 1_000


async def test_what_was_read_counts_no_more() -> None:
    waiting = Channel(None)
    chunks = waiting.chunks()
    for _ in range(4):
        waiting.put(framed(Append("a", "x" * 900_000)))
        assert b"event: append" in await anext(chunks)
    await chunks.aclose()


async def test_the_last_word_is_said_once() -> None:
    waiting = Channel(None)
    waiting.bye(Bye("revoked"))
    waiting.bye(Bye("stopping"))
    said = b"".join([chunk async for chunk in waiting.chunks()])
    assert said.count(b"event: bye") == 1
    assert b"revoked" in said


async def test_a_quiet_stream_breathes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "KEEP_ALIVE_SECONDS", 0.01)
    chunks = Channel(None).chunks()
    assert [await anext(chunks), await anext(chunks)] == [b"retry: 1000\n\n", b":\n\n"]
    await chunks.aclose()


async def test_after_the_last_word_nothing_is_said() -> None:
    waiting = Channel(None)
    waiting.bye(Bye("stopping"))
    waiting.mark(ENVIRONMENT, Mark("live"))
    chunks = [chunk async for chunk in waiting.chunks()]
    assert len(chunks) == 1
    assert chunks[0].endswith(b'event: bye\ndata: {"reason":"stopping"}\n\n')
    assert b"event: mark" not in chunks[0]


async def test_browsers_do_not_all_come_back_at_once() -> None:
    waits = set()
    for _ in range(20):
        waiting = Channel(None)
        waiting.bye(Bye("stopping"))
        waits |= {(await anext(waiting.chunks())).split(b"retry: ")[2].split(b"\n")[0]}
    assert len(waits) > 5
    assert all(500 <= int(wait) < 1500 for wait in waits)


@pytest.mark.parametrize("count", [0, 65])
def test_a_stream_has_between_one_and_64_topics(cast: Cast, hub_in_name: None, count: int) -> None:
    topics = [environment_topic(uuid4()) for _ in range(count)]
    assert cast.browser(cast.mia).get("/live/", {"topic": topics}).status_code == 400


async def test_the_process_lets_go_of_pages_that_close_all_at_once(
    hub: Hub, pushing: Pushing
) -> None:
    async with asyncio.timeout(60):
        pages = [listening(hub, f"person{number // 10}") for number in range(100)]
        opened = [await page.__aenter__() for page in pages]
        await until(lambda: all(page.of("refetch") for page in opened))
        await asyncio.gather(*(page.__aexit__(None, None, None) for page in pages))
    await until(lambda: not pushing.open)
    assert hub.guests == {}
