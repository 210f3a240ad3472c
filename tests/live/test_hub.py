"""One subscription however many watch, each by right of their own key; nothing lost in between."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from uuid import UUID

import httpx
import pytest

from hotdash.live import hub as hubs
from hotdash.live.hub import Hub, running, serving
from hotdash.live.topics import Topic
from tests import samples
from tests.live.page import until
from tests.live.pushing import ENVIRONMENT, ENVIRONMENT_ID, Pushing, key_of, listening, live
from tests.upstream import FakeUpstream

STREAM = Topic("stream", ENVIRONMENT_ID, UUID(samples.STREAM_ID))


async def test_ten_pages_share_one_subscription(hub: Hub, pushing: Pushing) -> None:
    async with listening(hub) as first:
        await live(first)
        async with listening(hub) as second, listening(hub) as third:
            await live(second)
            await live(third)
            assert len(pushing.open) == 1
            run_id = samples.new_id()
            pushing.push("run:start", run_id=run_id)
            await until(lambda: all(page.nudges for page in (first, second, third)))
    assert first.nudges == second.nudges == third.nudges == [(run_id, "running")]


async def test_a_first_page_is_told_to_fetch_anew_once_its_subscription_stands(
    hub: Hub, pushing: Pushing
) -> None:
    async with listening(hub) as page:
        await live(page)
        names = [name for name, _ in page.frames]
    assert names == ["mark", "mark", "refetch"]
    assert [mark["state"] for mark in page.of("mark")] == ["reconnecting", "live"]


async def test_what_happens_between_rendering_and_connecting_is_told(
    hub: Hub, pushing: Pushing
) -> None:
    async with listening(hub) as first:
        await live(first)
        pushing.push("run:start", run_id=samples.new_id())
        await until(lambda: first.nudges)
        rendered_at = hub.cursor
        missed = samples.new_id()
        pushing.push("run:start", run_id=missed)
        await until(lambda: len(first.nudges) == 2)
        async with listening(hub, after=rendered_at) as second:
            await until(lambda: second.nudges)
            assert second.nudges == [(missed, "running")]
            assert second.of("refetch") == []


async def test_a_browser_that_comes_back_hears_what_it_missed_and_nothing_twice(
    hub: Hub, pushing: Pushing
) -> None:
    ids = [samples.new_id() for _ in range(6)]
    async with listening(hub) as other:
        await live(other)
        async with listening(hub) as page:
            await live(page)
            for run_id in ids[:3]:
                pushing.push("run:start", run_id=run_id)
            await until(lambda: len(page.nudges) == 3)
        for run_id in ids[3:]:
            pushing.push("run:start", run_id=run_id)
        await until(lambda: len(other.nudges) == 6)
        async with listening(hub, after=page.cursor) as again:
            await until(lambda: len(again.nudges) == 3)
    told = [run_id for run_id, _ in page.nudges + again.nudges]
    assert told == ids
    assert again.of("refetch") == []


async def test_a_place_in_another_hub_is_answered_by_fetching_anew(
    hub: Hub, pushing: Pushing
) -> None:
    async with listening(hub) as first:
        await live(first)
        for _ in range(3):
            pushing.push("run:start", run_id=samples.new_id())
        await until(lambda: len(first.nudges) == 3)
        _, _, number = hub.cursor.partition(".")
        async with listening(hub, after=f"0123456789ab.{int(number) - 1}") as page:
            await until(lambda: page.of("refetch"))
            assert page.nudges == []


async def test_a_key_that_the_server_refuses_hears_nothing_through_anothers(
    hub: Hub, pushing: Pushing
) -> None:
    pushing.refuse(403, key=key_of("vera"))
    async with listening(hub, "mia") as allowed, listening(hub, "vera") as refused:
        await live(allowed)
        await until(lambda: refused.mark)
        pushing.push("run:start", run_id=samples.new_id())
        await until(lambda: allowed.nudges)
        await asyncio.sleep(0.05)
        assert refused.mark["state"] == "refused"
        assert refused.nudges == []
        assert refused.of("refetch") == []
    assert ("/env/subscribe", key_of("vera")) in pushing.asked


async def test_everyone_joins_by_a_subscription_of_their_own_that_is_closed_again(
    hub: Hub, pushing: Pushing
) -> None:
    async with listening(hub, "mia") as mia, listening(hub, "adam") as adam:
        await live(mia)
        await live(adam)
        assert {connection.key for connection in pushing.connections} == {
            key_of("mia"),
            key_of("adam"),
        }
        assert len(pushing.open) == 1


async def test_an_accepted_key_is_not_tried_again_for_a_while(hub: Hub, pushing: Pushing) -> None:
    async with listening(hub, "mia") as first:
        await live(first)
        asked = len(pushing.asked)
        async with listening(hub, "mia") as second:
            await live(second)
            assert len(pushing.asked) == asked


async def test_when_the_last_page_leaves_nothing_stays(hub: Hub, pushing: Pushing) -> None:
    before = asyncio.all_tasks()
    for topics in ((ENVIRONMENT,), (ENVIRONMENT, STREAM)):
        async with listening(hub, "mia", *topics) as page:
            await live(page)
            assert hub.watches(ENVIRONMENT_ID)
        await until(lambda: not pushing.open)
        await until(lambda: asyncio.all_tasks() <= before)
        assert not hub.watches(ENVIRONMENT_ID)
        assert hub.guests == {}


async def test_pages_that_come_and_go_while_the_server_is_away_leave_nothing(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream
) -> None:
    async with listening(hub) as page:
        await live(page)
        pushing.fail(httpx.ConnectError("away"))
        upstream.fail("/runs", httpx.ConnectError("away"))
        pushing.cut()
        await until(lambda: page.mark["state"] == "reconnecting")
        for _ in range(3):
            async with listening(hub) as passing:
                await until(partial(getattr, passing, "mark"))
        [feed] = hub._feeds.values()
        assert len(feed.listeners) == 1
        assert feed._stale == set()


async def test_a_page_that_leaves_before_it_was_let_in_leaves_nothing(
    hub: Hub, pushing: Pushing
) -> None:
    before = asyncio.all_tasks()
    pushing.silent_to = frozenset({key_of("mia")})
    async with listening(hub):
        await until(lambda: pushing.asked)
    await until(lambda: asyncio.all_tasks() <= before)
    assert not hub.watches(ENVIRONMENT_ID)


async def test_one_whom_nobody_has_answered_yet_hears_nothing_through_anothers_key(
    hub: Hub, pushing: Pushing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "TRY_AGAIN_SECONDS", 0.01)
    pushing.fail(httpx.ConnectError("away"), key=key_of("vera"))
    async with listening(hub, "mia") as mia, listening(hub, "vera") as vera:
        await live(mia)
        await until(lambda: pushing.asked.count(("/env/subscribe", key_of("vera"))) > 3)
        pushing.push("run:start", run_id=samples.new_id())
        await until(lambda: mia.nudges)
        assert vera.mark["state"] == "reconnecting"
        assert vera.nudges == []


async def test_a_mistake_of_ours_at_the_door_ends_the_page_and_not_in_silence(
    hub: Hub, pushing: Pushing, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(hubs, "source_of", lambda *_: 1 / 0)  # a bug
    async with listening(hub) as page:
        await until(lambda: page.has_ended)
    assert page.of("bye") == [{"reason": "stopping"}]
    assert "ZeroDivisionError" in caplog.text


async def test_a_hub_that_ends_says_so_to_every_page(
    transactional_db: None, pushing: Pushing
) -> None:
    async with AsyncExitStack() as stack:
        async with serving() as hub:
            pages = [
                await stack.enter_async_context(listening(hub, name)) for name in ("mia", "adam")
            ]
            for page in pages:
                await live(page)
        assert running() is None
        assert all(page.of("bye") == [{"reason": "stopping"}] for page in pages)
        assert all(page.has_ended for page in pages), "it waited until they had read it"
    await until(lambda: not pushing.open)


async def test_after_a_page_of_nobody_the_cursor_is_foreign(hub: Hub, pushing: Pushing) -> None:
    async with listening(hub) as page:
        await live(page)
        place = hub.cursor
    async with listening(hub, after=place) as later:
        await live(later)
        assert len(later.of("refetch")) == 1
