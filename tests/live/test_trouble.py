"""Whatever the server does: nothing is lost or told twice, and what was mended is counted."""

import asyncio
import logging
from functools import partial

import httpx
import pytest

from hotdash.gateway import sse
from hotdash.live import source
from hotdash.live.hub import Hub
from tests import samples
from tests.live.page import until
from tests.live.pushing import Pushing, key_of, listening, live
from tests.upstream import FakeUpstream


async def test_a_server_that_cuts_again_and_again_loses_and_doubles_nothing(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream
) -> None:
    runs = [samples.run("succeeded") for _ in range(8)]
    async with listening(hub) as page:
        await live(page)
        for number, run in enumerate(runs, 1):
            ended = (run["run_id"], "succeeded")
            if number % 2:  # while it stands
                pushing.push("run:start", run_id=run["run_id"])
                pushing.push("run:stop", run_id=run["run_id"])
                await until(partial(page.heard, ended))
            upstream.many("/runs", list(reversed(runs[:number])))
            pushing.cut(httpx.ReadError("cut") if number % 3 else None)
            await until(partial(page.has_reconnected, number))
            await until(partial(page.heard, ended))
    ends = [run_id for run_id, status in page.nudges if status == "succeeded"]
    assert ends == [run["run_id"] for run in runs]
    assert page.mark["reconnects"] == len(runs)
    assert page.mark["missed"] == 0


async def test_more_than_a_page_of_runs_unseen_is_said_by_fetching_anew(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream
) -> None:
    upstream.many("/runs", [samples.run()])
    async with listening(hub) as page:
        await live(page)
        upstream.many("/runs", [samples.run() for _ in range(120)])
        pushing.cut()
        await until(lambda: len(page.of("refetch")) == 2)


async def test_what_lies_behind_a_page_of_unseen_rows_is_said_though_the_newest_was_pushed(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "BESIDE_PUSH_SECONDS", 0.05)
    async with listening(hub) as page:
        await live(page)
        newest = samples.run("running")
        pushing.push("run:start", run_id=newest["run_id"])
        await until(lambda: page.nudges)
        upstream.many("/runs", [newest, *(samples.run() for _ in range(70))])
        await until(lambda: len(page.of("refetch")) == 2)


async def test_more_than_a_page_of_events_unseen_is_said_by_fetching_anew(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream
) -> None:
    async with listening(hub) as page:
        await live(page)
        upstream.many("/events", [samples.event() for _ in range(70)])
        pushing.cut()
        await until(lambda: len(page.of("refetch")) == 2)


async def test_a_server_with_ids_is_asked_to_go_on_from_the_last_one(
    hub: Hub, pushing: Pushing
) -> None:
    async with listening(hub) as page:
        await live(page)
        pushing.push("run:start", number="41", run_id=samples.new_id())
        pushing.push("run:start", number="42", run_id=samples.new_id())
        await until(lambda: len(page.nudges) == 2)
        pushing.cut()
        await until(lambda: page.mark["reconnects"] == 1)
        [again] = pushing.open
        assert again.last_id == "42"


async def test_a_frame_without_an_id_does_not_undo_the_last_one(hub: Hub, pushing: Pushing) -> None:
    async with listening(hub) as page:
        await live(page)
        pushing.push("run:start", number="41", run_id=samples.new_id())
        pushing.push("run:start", run_id=samples.new_id())
        await until(lambda: len(page.nudges) == 2)
        pushing.cut()
        await until(partial(page.has_reconnected, 1))
        assert [each.last_id for each in pushing.open] == ["41"]


async def test_what_a_server_replays_is_not_told_again(hub: Hub, pushing: Pushing) -> None:
    run_id = samples.new_id()
    async with listening(hub) as page:
        await live(page)
        for _ in range(2):
            pushing.push("run:start", run_id=run_id)
            pushing.push("run:stop", run_id=run_id)
            await until(lambda: len(page.nudges) == 2)
            pushing.cut()
            await until(lambda: page.mark["state"] == "live" and pushing.open)
    assert page.nudges == [(run_id, "running"), (run_id, "succeeded")]


@pytest.mark.parametrize(
    "garbage",
    [
        b"event: run:start\ndata: {half\n\n",
        b"event: run:start\ndata: []\n\n",
        b'event: run:start\ndata: {"type":"run:start"}\n\n',
        b'event: run:start\ndata: {"run_id":"../../etc"}\n\n',
        b"event: run:start\ndata: \xff\xfe\n\n",
        b"<html>502 Bad Gateway</html>\n\n",
        b"data: " + b"x" * (sse.LARGEST + 10) + b"\n\n",
    ],
    ids=["half", "list", "no id", "bad id", "no utf-8", "html", "too large"],
)
async def test_a_frame_that_cannot_be_read_is_counted_and_the_next_is_told(
    hub: Hub, pushing: Pushing, garbage: bytes
) -> None:
    async with listening(hub) as page:
        await live(page)
        pushing.send(garbage)
        run_id = samples.new_id()
        pushing.push("run:start", run_id=run_id)
        await until(lambda: page.nudges)
        assert page.nudges == [(run_id, "running")]
        assert page.mark["missed"] == 1
        assert page.mark["state"] == "live"


async def test_a_frame_of_a_name_nobody_knows_is_passed_over(hub: Hub, pushing: Pushing) -> None:
    async with listening(hub) as page:
        await live(page)
        pushing.push("agent:thought", text="hm")
        pushing.send(b": keepalive\n\n:\n\n")
        pushing.push("run:start", run_id=samples.new_id())
        await until(lambda: page.nudges)
        assert page.mark["missed"] == 0


async def test_a_silent_connection_is_given_up_and_made_anew(hub: Hub, pushing: Pushing) -> None:
    async with listening(hub) as page:
        await live(page)
        pushing.cut(httpx.ReadTimeout("45 s of silence"))
        await until(lambda: page.mark["reconnects"] == 1 and page.mark["state"] == "live")


async def test_a_start_after_its_stop_is_not_told(hub: Hub, pushing: Pushing) -> None:
    run_id, next_id = samples.new_id(), samples.new_id()
    async with listening(hub) as page:
        await live(page)
        pushing.push("run:stop", run_id=run_id)
        pushing.push("run:start", run_id=run_id)
        pushing.push("run:start", run_id=next_id)
        await until(lambda: len(page.nudges) == 2)
    assert page.nudges == [(run_id, "succeeded"), (next_id, "running")]


async def test_an_announced_failure_is_named_only_once_the_server_says_which(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream
) -> None:
    parked = samples.run("pending_retry")
    async with listening(hub) as page:
        await live(page)
        pushing.push("run:fail", run_id=parked["run_id"])
        await until(lambda: page.nudges)
        upstream.many("/runs", [parked])
        pushing.cut()
        await until(lambda: len(page.nudges) == 2)
        upstream.many("/runs", [{**parked, "status": "failed"}])
        pushing.cut()
        await until(lambda: len(page.nudges) == 3)
    assert [status for _, status in page.nudges] == ["", "pending_retry", "failed"]


async def test_a_key_that_is_refused_in_the_middle_leaves_to_anothers(
    hub: Hub, pushing: Pushing
) -> None:
    async with listening(hub, "mia") as mia:
        await live(mia)
        async with listening(hub, "adam") as adam:
            await live(adam)
            pushing.refuse(401, key=key_of("mia"))
            pushing.cut()
            await until(lambda: mia.mark["state"] == "refused")
            await until(lambda: [each.key for each in pushing.open] == [key_of("adam")])
            run_id = samples.new_id()
            await until(lambda: adam.mark["state"] == "live")
            pushing.push("run:start", run_id=run_id)
            await until(lambda: adam.nudges)
            assert mia.nudges == []
            assert not mia.has_ended


async def test_a_server_that_goes_away_and_comes_back_is_heard_again(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream
) -> None:
    async with listening(hub) as page:
        await live(page)
        pushing.fail(httpx.ConnectError("refused"))
        upstream.fail("/runs", httpx.ConnectError("refused"))
        pushing.cut(httpx.ReadError("gone"))
        await until(lambda: page.mark["state"] == "reconnecting")
        await asyncio.sleep(0.1)
        meanwhile = samples.run("succeeded")
        upstream.many("/runs", [meanwhile])
        pushing.refusals.clear()
        await until(lambda: page.mark["state"] == "live")
        assert page.nudges == [(meanwhile["run_id"], "succeeded")]
        assert page.mark["reconnects"] == 1
        assert len(page.of("refetch")) == 1


async def test_a_page_that_joins_while_the_server_is_away_is_told_later(
    hub: Hub, pushing: Pushing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotdash.live.hub.TRY_AGAIN_SECONDS", 0.02)
    pushing.fail(httpx.ConnectError("refused"))
    async with listening(hub) as page:
        await until(lambda: page.mark.get("state") == "reconnecting")
        pushing.refusals.clear()
        await live(page)
        assert len(page.of("refetch")) == 1


async def test_a_mistake_of_ours_ends_the_pages_of_one_topic_and_is_logged(
    hub: Hub, pushing: Pushing, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening(hub) as page:
        await live(page)
        monkeypatch.setattr(
            "hotdash.live.of_environment.OfEnvironment.hear",
            lambda *_: 1 / 0,  # a bug
        )
        with caplog.at_level(logging.ERROR):
            pushing.push("run:start", run_id=samples.new_id())
            await until(lambda: page.has_ended)
    assert page.of("bye") == [{"reason": "stopping"}]
    assert "ZeroDivisionError" in caplog.text
    assert key_of("mia") not in caplog.text
