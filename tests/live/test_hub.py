"""One subscription however many watch, each by right of their own key; nothing lost in between."""

import asyncio

from hotdash.live.hub import Hub
from tests import samples
from tests.live.page import until
from tests.live.pushing import ENVIRONMENT_ID, Pushing, key_of, listening, live
from tests.upstream import FakeUpstream


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
    async with listening(hub, after="0123456789ab.7") as page:
        await live(page)
        assert len(page.of("refetch")) == 1


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


async def test_when_the_speaker_leaves_anothers_key_is_used_and_theirs_never_again(
    hub: Hub, pushing: Pushing
) -> None:
    async with listening(hub, "adam") as adam:
        async with listening(hub, "mia") as mia:
            await live(mia)
            await live(adam)
            [speaking] = pushing.open
            pages = {key_of("mia"): mia, key_of("adam"): adam}
            assert speaking.key in pages
            is_mia = speaking.key == key_of("mia")
        if is_mia:
            await until(lambda: [each.key for each in pushing.open] == [key_of("adam")])
        asked = len(pushing.asked)
        run_id = samples.new_id()
        await until(lambda: adam.mark["state"] == "live")
        pushing.push("run:start", run_id=run_id)
        await until(lambda: adam.nudges == [(run_id, "running")])
        assert key_of("mia") not in [key for _, key in pushing.asked[asked:]]


async def test_what_happens_while_the_key_changes_hands_is_found(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream
) -> None:
    async with listening(hub, "mia") as mia:
        await live(mia)
        async with listening(hub, "adam") as adam:
            await live(adam)
            unseen = samples.run("running")
            upstream.many("/runs", [unseen])
            leaving = asyncio.create_task(asyncio.sleep(0))
            await leaving
            pushing.cut()
            await until(lambda: adam.nudges)
            assert adam.nudges == [(unseen["run_id"], "running")]
            assert adam.mark["reconnects"] == 1


async def test_when_the_last_page_leaves_nothing_stays(hub: Hub, pushing: Pushing) -> None:
    async with listening(hub) as page:
        await live(page)
        assert hub.watches(ENVIRONMENT_ID)
    await until(lambda: not pushing.open)
    assert not hub.watches(ENVIRONMENT_ID)
    assert hub.guests == {}
    asked = len(pushing.asked)
    await asyncio.sleep(0.1)
    assert len(pushing.asked) == asked


async def test_after_a_page_of_nobody_the_cursor_is_foreign(hub: Hub, pushing: Pushing) -> None:
    async with listening(hub) as page:
        await live(page)
        place = hub.cursor
    async with listening(hub, after=place) as later:
        await live(later)
        assert len(later.of("refetch")) == 1
