"""A server that does not push is asked: often at first, slower the longer nothing changes."""

import httpx
import pytest

from hotdash.live import source
from hotdash.live.hub import Hub
from hotdash.live.of_environment import OfEnvironment
from tests import samples
from tests.live.page import until
from tests.live.pushing import Pushing, listening
from tests.upstream import FakeUpstream


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "BESIDE_PUSH_SECONDS", 0.05)
    monkeypatch.setattr(OfEnvironment, "pause", lambda *_, is_pushed, **__: 0.02 + is_pushed / 50)


async def test_a_server_of_the_older_generation_is_polled(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream
) -> None:
    upstream.extensions = ()
    pushing.refuse(404, path="/env/subscribe")
    async with listening(hub) as page:
        await until(lambda: page.mark.get("state") == "polling")
        await until(lambda: page.of("refetch"))
        run = samples.run("running")
        upstream.many("/runs", [run])
        await until(lambda: page.nudges)
        upstream.many("/runs", [{**run, "status": "failed"}])
        await until(lambda: len(page.nudges) == 2)
    assert page.nudges == [(run["run_id"], "running"), (run["run_id"], "failed")]
    assert page.mark["state"] == "polling"


async def test_a_server_that_cannot_push_for_now_is_polled_and_not_called_live(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream
) -> None:
    async with listening(hub, "mia") as first:
        await until(lambda: first.mark.get("state") == "live")
        pushing.refuse(503, code="internal_server_error")
        pushing.cut()
        await until(lambda: first.mark["state"] == "polling")
        run = samples.run("running")
        upstream.many("/runs", [run])
        await until(lambda: first.nudges)
        pushing.refusals.clear()
        await until(lambda: first.mark["state"] == "live")
    assert first.nudges == [(run["run_id"], "running")]


async def test_a_silent_push_is_not_taken_for_peace(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream
) -> None:
    async with listening(hub) as page:
        await until(lambda: page.mark.get("state") == "live")
        run, event = samples.run("failed"), samples.event()
        upstream.many("/runs", [run])
        upstream.many("/events", [event])
        await until(lambda: len(page.nudges) == 2)
    assert set(page.nudges) == {(run["run_id"], "failed"), (event["event_id"], "created")}
    assert page.mark["state"] == "live"


async def test_a_run_that_ends_without_a_word_is_noticed(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream
) -> None:
    run = samples.run("running")
    upstream.many("/runs", [samples.run(), run])
    async with listening(hub) as page:
        await until(lambda: page.mark.get("state") == "live")
        upstream.many("/runs", [samples.run("succeeded"), {**run, "status": "failed"}])
        await until(lambda: (run["run_id"], "failed") in page.nudges)


async def test_a_key_that_may_not_read_events_still_hears_of_runs(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream
) -> None:
    upstream.refuse("/events", 403, "forbidden", "no")
    async with listening(hub) as page:
        await until(lambda: page.mark.get("state") == "live")
        run = samples.run("running")
        upstream.many("/runs", [run])
        await until(lambda: page.nudges)


async def test_a_polled_key_that_is_refused_hears_no_more(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream
) -> None:
    pushing.refuse(404, path="/env/subscribe")
    async with listening(hub) as page:
        await until(lambda: page.mark.get("state") == "polling")
        upstream.refuse("/runs", 401)
        await until(lambda: page.mark["state"] == "refused")


async def test_while_nobody_answers_the_mark_says_so(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream
) -> None:
    pushing.refuse(404, path="/env/subscribe")
    async with listening(hub) as page:
        await until(lambda: page.mark.get("state") == "polling")
        upstream.fail("/runs", httpx.ReadTimeout(""))
        await until(lambda: page.mark["state"] == "reconnecting")
        upstream.many("/runs", [])
        await until(lambda: page.mark["state"] == "polling")


def test_it_grows_slower_the_longer_nothing_changes() -> None:
    pauses = [source.slower(2.0, quiet, 30.0) for quiet in range(12)]
    assert pauses[0] == 2.0
    assert pauses == sorted(pauses)
    assert pauses[-1] == 30.0
