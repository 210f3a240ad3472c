"""How long it is until a server is asked again, and what it is asked then."""

import threading
from functools import partial
from typing import Any

import httpx
import pytest

from hotdash.live import following, source
from hotdash.live.following import FIRST_WAIT, LONGEST_WAIT, NO_PUSH_WAIT, spread
from hotdash.live.hub import Hub
from hotdash.live.of_environment import OfEnvironment
from tests import samples
from tests.live.page import until
from tests.live.pushing import Pushing, listening, live
from tests.upstream import FakeUpstream


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What was to be waited until the next subscription; nothing is."""
    kept: list[float] = []

    def keep(seconds: float) -> float:
        kept.append(seconds)
        return 0.001

    monkeypatch.setattr(following, "FIRST_WAIT", FIRST_WAIT)
    monkeypatch.setattr(following, "LONGEST_WAIT", LONGEST_WAIT)
    monkeypatch.setattr(following, "spread", keep)
    return kept


async def test_a_server_that_is_away_is_asked_less_and_less_and_soon_again_once_it_was_back(
    hub: Hub, pushing: Pushing, waits: list[float]
) -> None:
    async with listening(hub) as page:
        await live(page)
        for times in range(1, 3):
            waits.clear()
            pushing.fail(httpx.ConnectError("away"))
            pushing.cut()
            await until(lambda: len(waits) >= 10)
            assert waits[:4] == [0.2, 0.4, 0.8, 1.6]
            assert waits == sorted(waits)
            assert waits[9] == LONGEST_WAIT
            pushing.refusals.clear()
            await until(partial(page.has_reconnected, times))


async def test_a_server_that_names_a_time_is_given_it(
    hub: Hub, pushing: Pushing, waits: list[float]
) -> None:
    async with listening(hub) as page:
        await live(page)
        later = httpx.Response(429, headers={"Retry-After": "7"}, stream=httpx.ByteStream(b""))
        pushing.refusals.append(lambda *_: later if len(waits) < 2 else None)
        pushing.cut()
        await until(lambda: page.has_reconnected(1))
        assert waits[1] == 7.0


async def test_a_server_without_the_route_is_asked_for_it_every_ten_minutes(
    hub: Hub, pushing: Pushing, waits: list[float]
) -> None:
    async with listening(hub) as page:
        await live(page)
        pushing.refuse(404, path="/env/subscribe")
        pushing.cut()
        await until(lambda: len(waits) >= 2)
        assert waits[1] == NO_PUSH_WAIT


def test_not_everybody_comes_back_at_once() -> None:
    waits = {spread(10.0) for _ in range(50)}
    assert len(waits) > 10
    assert all(5.0 <= wait <= 10.0 for wait in waits)


async def test_the_longer_nothing_changes_the_longer_is_waited(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiets: list[int] = []

    def pause(_: OfEnvironment, *, is_pushed: bool, quiet: int) -> float:
        quiets.append(quiet)
        return 0.001

    monkeypatch.setattr(OfEnvironment, "pause", pause)
    pushing.refuse(404, path="/env/subscribe")
    async with listening(hub) as page:
        await until(lambda: max(quiets, default=0) >= 4)
        quiets.clear()
        upstream.many("/runs", [samples.run("running")])
        await until(lambda: page.nudges)
        await until(lambda: 0 in quiets)
        await until(lambda: quiets[-1] >= 2)


async def test_beside_the_push_one_row_is_looked_at_while_nothing_is_under_way(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "BESIDE_PUSH_SECONDS", 0.01)
    done, running = samples.run("succeeded"), samples.run("running")

    def asked() -> str:
        return upstream.seen("/runs")[-1].params["limit"]

    upstream.many("/runs", [done])
    async with listening(hub) as page:
        await live(page)
        await until(lambda: asked() == "1")
        pushing.push("run:start", run_id=running["run_id"])
        upstream.many("/runs", [running, done])
        await until(lambda: asked() == "50")
        pushing.push("run:stop", run_id=running["run_id"])
        upstream.many("/runs", [{**running, "status": "succeeded"}, done])
        await until(lambda: asked() == "1")


async def test_the_first_look_tells_nothing_and_the_one_after_a_cut_what_lies_behind_the_newest(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream
) -> None:
    before, newest, unseen = (samples.run("succeeded") for _ in range(3))
    upstream.many("/runs", [before])
    upstream.many("/events", [samples.event()])
    async with listening(hub) as page:
        await live(page)
        assert page.nudges == []
        pushing.push("run:stop", run_id=newest["run_id"])
        await until(lambda: page.nudges)
        upstream.many("/runs", [newest, unseen, before])
        pushing.cut()
        await until(lambda: len(page.nudges) == 2)
    assert page.nudges == [(run["run_id"], "succeeded") for run in (newest, unseen)]


async def test_a_key_that_may_listen_but_not_look_stays(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "BESIDE_PUSH_SECONDS", 0.01)
    upstream.refuse("/runs", 403, "forbidden", "no")
    async with listening(hub) as page:
        await live(page)
        await until(lambda: len(upstream.seen("/runs")) > 3)
        pushing.push("run:start", run_id=samples.new_id())
        await until(lambda: page.nudges)
        assert page.mark["state"] == "live"


async def test_pages_fetched_while_nobody_knew_how_things_stood_fetch_once_more(
    hub: Hub, pushing: Pushing, upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "BESIDE_PUSH_SECONDS", 0.01)
    upstream.fail("/runs", httpx.ReadTimeout(""))
    async with listening(hub) as page:
        await live(page)
        await until(lambda: len(upstream.seen("/runs")) > 2)
        assert len(page.of("refetch")) == 1
        upstream.many("/runs", [])
        await until(lambda: len(page.of("refetch")) == 2)
        run = samples.run("failed")
        upstream.many("/runs", [run])
        await until(lambda: page.heard((run["run_id"], "failed")))
        assert len(page.of("refetch")) == 2


async def test_never_two_looks_at_once(
    hub: Hub, pushing: Pushing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "BESIDE_PUSH_SECONDS", 0.001)
    inside, most, looks = 0, 0, 0
    lock, look, pause = threading.Lock(), OfEnvironment.look, threading.Event()

    def counted(self: OfEnvironment, *args: Any, **kwargs: Any) -> Any:
        nonlocal inside, most, looks
        with lock:
            inside, looks = inside + 1, looks + 1
            most = max(most, inside)
        try:
            pause.wait(0.01)  # long enough for another to begin
            return look(self, *args, **kwargs)
        finally:
            with lock:
                inside -= 1

    monkeypatch.setattr(OfEnvironment, "look", counted)
    async with listening(hub) as page:
        await live(page)
        for number in range(1, 6):
            pushing.cut()
            await until(partial(page.has_reconnected, number))
    assert most == 1
