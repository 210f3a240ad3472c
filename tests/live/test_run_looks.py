"""How a run is looked at: often enough, never more, and its trace whole before it is over."""

from uuid import UUID

import pytest

from hotdash.gateway.subscriptions import Frame
from hotdash.live import hub as hubs
from hotdash.live import of_run
from hotdash.live.hub import Hub
from hotdash.live.of_run import FASTEST_SECONDS, OfRun
from hotdash.live.renderers import Piece, register
from hotdash.live.source import BESIDE_PUSH_SECONDS
from hotdash.live.topics import Topic
from tests import samples
from tests.live.page import until
from tests.live.pushing import ENVIRONMENT_ID, PLACE, Pushing, listening, live
from tests.samples import Wire
from tests.upstream import FakeUpstream


@pytest.fixture
def run(upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch) -> Wire:
    """A run that runs, watched in a hurry."""
    monkeypatch.setattr(hubs, "FINAL_SECONDS", 0.01)
    monkeypatch.setattr(of_run, "FASTEST_SECONDS", 0.001)
    run = samples.run("running")
    upstream.show(run, [])
    return run


def topic_of(run: Wire) -> Topic:
    return Topic("run", ENVIRONMENT_ID, UUID(run["run_id"]))


def asked(upstream: FakeUpstream, run: Wire, part: str = "") -> int:
    return len(upstream.seen(f"/runs/{run['run_id']}{part}"))


async def test_beside_the_push_the_trace_is_read_and_the_run_only_now_and_then(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, run: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_run, "BESIDE_PUSH_SECONDS", 3600)
    register("trace", lambda *_: [])
    async with listening(hub, "mia", topic_of(run)) as page:
        await live(page)
        assert page.nudges == [], "the first look tells nothing"
        before = asked(upstream, run)
        read = asked(upstream, run, "/vars")
        await until(lambda: asked(upstream, run, "/vars") >= read + 5)
        assert asked(upstream, run) == before


async def test_an_end_that_nobody_told_of_is_noticed(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, run: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_run, "BESIDE_PUSH_SECONDS", 0.01)
    async with listening(hub, "mia", topic_of(run)) as page:
        await live(page)
        upstream.show({**run, "status": "failed"}, [])
        await until(lambda: page.has_ended)
    assert page.nudges == [(run["run_id"], "failed")]


async def test_where_nothing_is_pushed_each_look_asks_for_the_run(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, run: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_run, "BESIDE_PUSH_SECONDS", 3600)
    register("trace", lambda *_: [])
    pushing.refuse(404)
    async with listening(hub, "mia", topic_of(run)) as page:
        await until(lambda: page.mark.get("state") == "polling")
        upstream.show({**run, "status": "cancelled"}, [])
        await until(lambda: page.has_ended)
    assert page.nudges == [(run["run_id"], "cancelled")]


async def test_of_a_run_that_is_over_the_whole_trace_is_told_however_many_pages_it_has(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, run: Wire
) -> None:
    register("trace", lambda _place, _id, trace: [Piece("t", str(c.seq)) for c in trace.calls])
    path = f"/runs/{run['run_id']}/vars"
    calls = [samples.call(1, rev=1)]
    upstream.many(path, calls, rev=1, execution=1)
    upstream.most_rows = 10
    async with listening(hub, "mia", topic_of(run)) as page:
        await live(page)
        final = {**run, "status": "succeeded"}
        upstream.show(final, [])
        upstream.many(path, calls + [samples.call(n, rev=n) for n in range(2, 40)], execution=1)
        pushing.push("run:update", run=final)
        await until(lambda: page.has_ended)
    assert [body["html"] for body in page.of("append")] == [str(seq) for seq in range(2, 40)]


async def test_a_trace_that_no_room_shows_is_not_asked_for(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, run: Wire
) -> None:
    async with listening(hub, "mia", topic_of(run)) as page:
        await live(page)
        assert asked(upstream, run, "/vars") == 0


def test_a_trace_is_read_four_times_a_second_at_most_and_a_run_without_one_seldom() -> None:
    source = OfRun(PLACE, UUID(samples.new_id()))
    assert source.pause(is_pushed=True, quiet=0) == BESIDE_PUSH_SECONDS
    source._has_trace = True
    assert FASTEST_SECONDS >= 0.25
    assert source.pause(is_pushed=True, quiet=0) == FASTEST_SECONDS
    assert source.pause(is_pushed=True, quiet=99) <= 2.0


def test_frames_of_another_name_say_nothing_of_the_run() -> None:
    run = samples.run("running")
    source = OfRun(PLACE, UUID(run["run_id"]))
    assert source.hear(Frame("run:rumour", {"run": run}, "")) == ()
    assert source.hear(Frame("run:update", {"run": run}, ""))
