"""A run's page: its status and trace while it runs, and an end when it is final."""

from uuid import UUID

import httpx
import pytest

from hotdash.gateway.traces import Trace
from hotdash.live import hub as hubs
from hotdash.live.hub import Hub
from hotdash.live.of_run import MOST_PAGES
from hotdash.live.renderers import Piece, Place, register
from hotdash.live.topics import Topic
from tests import samples
from tests.live.page import until
from tests.live.pushing import ENVIRONMENT_ID, PLACE, Pushing, listening, live
from tests.samples import Wire
from tests.upstream import FakeUpstream, Seen


def topic_of(run: Wire) -> Topic:
    return Topic("run", ENVIRONMENT_ID, UUID(run["run_id"]))


def end(pushing: Pushing, upstream: FakeUpstream, run: Wire) -> None:
    """Let the run succeed, and say so."""
    final = {**run, "status": "succeeded", "stop_time": samples.at(3)}
    upstream.show(final, [])
    pushing.push("run:update", run=final)


@pytest.fixture(autouse=True)
def _soon_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "FINAL_SECONDS", 0.05)


@pytest.fixture
def run(upstream: FakeUpstream) -> Wire:
    """A run that runs."""
    run = samples.run("running")
    upstream.show(run, [])
    return run


async def test_a_final_run_is_looked_at_once_more_and_the_stream_ends_for_good(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, run: Wire
) -> None:
    async with listening(hub, "mia", topic_of(run)) as page:
        await live(page)
        asked = len(upstream.seen(f"/runs/{run['run_id']}"))
        final = {**run, "status": "succeeded", "stop_time": samples.at(3)}
        upstream.show(final, [])
        pushing.push("run:update", run=final)
        pushing.cut()
        await until(lambda: page.has_ended)
    assert len(upstream.seen(f"/runs/{run['run_id']}")) > asked
    assert page.nudges[-1] == (run["run_id"], "succeeded")
    assert page.of("bye") == [{"reason": "final"}]
    assert page.mark["reconnects"] == 0
    assert not pushing.open


async def test_a_run_that_waits_for_its_retry_is_not_over(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, run: Wire
) -> None:
    async with listening(hub, "mia", topic_of(run)) as page:
        await live(page)
        parked = {**run, "status": "pending_retry", "next_retry_at": samples.at(5)}
        upstream.show(parked, [])
        pushing.push("run:update", run=parked)
        await until(lambda: page.nudges and page.nudges[-1][1] == "pending_retry")
        pushing.cut()
        await until(lambda: page.mark["reconnects"] == 1)
        assert not page.has_ended
        failed = {**parked, "status": "failed"}
        upstream.show(failed, [])
        pushing.push("run:update", run=failed)
        await until(lambda: page.has_ended)
    assert [status for _, status in page.nudges] == ["pending_retry", "failed"]


async def test_an_unknown_run_is_refused(hub: Hub, pushing: Pushing, run: Wire) -> None:
    pushing.refuse(404, code="not_found")
    async with listening(hub, "mia", topic_of(run)) as page:
        await until(lambda: page.mark.get("state") == "refused")


async def test_the_trace_grows_by_what_changed_and_is_whole_when_the_run_is_over(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, run: Wire
) -> None:
    asked: list[tuple[Place, UUID]] = []

    def render(place: Place, run_id: UUID, trace: Trace) -> list[Piece]:
        asked.append((place, run_id))
        return [Piece("trace", f'<li id="call-{call.seq}"></li>') for call in trace.calls]

    register("trace", render)
    path = f"/runs/{run['run_id']}/vars"
    calls = [samples.call(1, rev=1)]
    upstream.many(path, calls, rev=1, execution=1)
    async with listening(hub, "mia", topic_of(run)) as page:
        await live(page)
        assert page.of("append") == []  # the page was rendered with the first
        calls += [samples.call(2, rev=2), samples.call(3, rev=3)]
        upstream.many(path, calls, rev=3, execution=1)
        await until(lambda: len(page.of("append")) == 2)
        calls.append(samples.call(4, rev=4))
        upstream.many(path, calls, rev=4, execution=1)
        upstream.one(f"/runs/{run['run_id']}", {**run, "status": "failed"})
        pushing.push("run:update", run={**run, "status": "failed"})
        await until(lambda: page.has_ended)
    assert [body["html"] for body in page.of("append")] == [
        f'<li id="call-{seq}"></li>' for seq in (2, 3, 4)
    ]
    assert set(asked) == {(PLACE, UUID(run["run_id"]))}
    names = [name for name, _ in page.frames]
    assert names.index("nudge") > max(at for at, name in enumerate(names) if name == "append")


async def test_a_run_that_begins_anew_is_fetched_anew(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, run: Wire
) -> None:
    register("trace", lambda *_: [])
    path = f"/runs/{run['run_id']}/vars"
    upstream.many(path, [samples.call(1, rev=1)], rev=1, execution=1)
    async with listening(hub, "mia", topic_of(run)) as page:
        await live(page)
        upstream.many(path, [samples.call(1, rev=9, execution=2)], rev=9, execution=2)
        await until(lambda: len(page.of("refetch")) == 2)


async def test_without_the_extension_no_trace_is_asked_for(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, run: Wire
) -> None:
    register("trace", lambda *_: [])
    upstream.extensions = ()
    async with listening(hub, "mia", topic_of(run)) as page:
        await live(page)
        assert upstream.seen(f"/runs/{run['run_id']}/vars") == []


async def test_a_page_that_also_hears_its_environment_goes_on_after_the_run(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, run: Wire
) -> None:
    topics = (topic_of(run), Topic("env", ENVIRONMENT_ID))
    async with listening(hub, "mia", *topics) as page:
        await live(page)
        upstream.show({**run, "status": "cancelled"}, [])
        for connection in pushing.open:
            if connection.path.startswith("/runs"):
                connection.pieces.put_nowait(None)
        pushing.push("run:update", run={**run, "status": "cancelled"})
        await until(lambda: (run["run_id"], "cancelled") in page.nudges)
        async with listening(hub, "adam", topic_of(run)) as alone:
            await until(lambda: alone.has_ended)  # so the moment after the end is over
        pushing.push("run:start", run_id=samples.new_id())
        await until(lambda: page.nudges[-1][1] == "running")
        assert page.of("bye") == []


async def test_a_page_about_two_runs_ends_with_the_second(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, run: Wire
) -> None:
    second = samples.run("running")
    upstream.show(second, [])
    async with listening(hub, "mia", topic_of(run), topic_of(second)) as page:
        await live(page)
        end(pushing, upstream, run)
        await until(lambda: (run["run_id"], "succeeded") in page.nudges)
        async with listening(hub, "adam", topic_of(run)) as alone:
            await until(lambda: alone.has_ended)
        assert not page.has_ended
        end(pushing, upstream, second)
        await until(lambda: page.has_ended)
    assert page.of("bye") == [{"reason": "final"}]


async def test_what_a_run_streamed_last_may_come_after_its_end(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, run: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "FINAL_SECONDS", 3600)
    register("stream:data", lambda _place, item: [Piece("said", str(item.data_type))])
    stream = Topic("stream", ENVIRONMENT_ID, UUID(samples.STREAM_ID))
    async with listening(hub, "mia", topic_of(run), stream) as page:
        await live(page)
        end(pushing, upstream, run)
        await until(lambda: (run["run_id"], "succeeded") in page.nudges)
        last = {"stream_data_id": samples.new_id(), "run_id": run["run_id"], "payload": "."}
        pushing.push("stream:data", data_type="text", **last)
        await until(lambda: page.of("append"))
        assert page.of("append") == [{"target": "said", "html": "text"}]
        assert page.of("bye") == []


async def test_what_a_trace_gained_before_a_look_failed_is_told_by_the_next(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, run: Wire
) -> None:
    register("trace", lambda _place, _id, trace: [Piece("t", str(c.seq)) for c in trace.calls])
    path = f"/runs/{run['run_id']}/vars"
    calls = [samples.call(1, rev=1)]
    upstream.many(path, calls, rev=1, execution=1)
    async with listening(hub, "mia", topic_of(run)) as page:
        await live(page)
        upstream.most_rows = 10
        failures = [httpx.ReadTimeout("")]

        def fails_once(call: Seen) -> None:
            if call.params["after_rev"] == "11" and failures:
                raise failures.pop()

        upstream.before(path, fails_once)
        calls += [samples.call(seq, rev=seq) for seq in range(2, 30)]
        await until(lambda: len(page.of("append")) >= 28)
    assert failures == []
    assert [body["html"] for body in page.of("append")] == [str(seq) for seq in range(2, 30)]


async def test_a_page_that_comes_when_the_run_is_over_already_is_told_so(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, run: Wire
) -> None:
    topics = (topic_of(run), Topic("env", ENVIRONMENT_ID))
    async with listening(hub, "mia", *topics) as first:  # whose topic of the run stays
        await live(first)
        final = {**run, "status": "succeeded"}
        upstream.show(final, [])
        pushing.push("run:update", run=final)
        await until(lambda: (run["run_id"], "succeeded") in first.nudges)
        async with listening(hub, "adam", topic_of(run)) as late:
            await until(lambda: late.has_ended)
    assert late.of("bye") == [{"reason": "final"}]
    assert not first.has_ended


async def test_a_trace_without_end_is_read_a_part_at_a_time(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, run: Wire
) -> None:
    register("trace", lambda _place, _id, trace: [Piece("t", str(c.seq)) for c in trace.calls])
    path = f"/runs/{run['run_id']}/vars"
    upstream.many(path, [samples.call(1, rev=1)], rev=1, execution=1)

    def endless(call: Seen) -> httpx.Response:
        rev = int(call.params.get("after_rev", 0)) + 1
        more = {"total": 10**6, "limit": 500, "offset": 0, "has_more": True}
        body = {"data": [samples.call(rev, rev=rev)], "pagination": more, "rev": rev}
        return httpx.Response(200, json={**body, "execution": 1})

    async with listening(hub, "mia", topic_of(run)) as page:
        await live(page)
        upstream.respond("GET", path, endless)
        await until(lambda: len(page.of("append")) >= MOST_PAGES)
