"""What the server of one environment does, or does not, costs the pages of another nothing."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from hotdash.gateway import client, slots
from hotdash.live import revocations, watch
from hotdash.live.aside import THREADS
from hotdash.live.hub import Hub
from hotdash.live.joins import AT_ONCE
from hotdash.live.topics import Topic
from tests import samples
from tests.live.page import Page, until
from tests.live.pushing import Pushing, key_of, listening, live
from tests.samples import Wire
from tests.upstream import FakeUpstream, Seen

ELSEWHERE = UUID("01a204f9-0000-7000-9000-000000000002")
PAGES = 40  # more than there are threads, or trials at once
HOSTILE = [f"hostile{number // 20}" for number in range(PAGES)]
KEYS = frozenset(key_of(name) for name in HOSTILE)


@dataclass
class Silence:
    """What is not answered to hostile people while it lasts."""

    upstream: FakeUpstream
    held: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)

    def fall(self, path: str) -> None:
        """Answer them no more at this path."""
        self.upstream.before(path, self._hold)

    def _hold(self, seen: Seen) -> None:
        if seen.key in KEYS:
            self.held += 1
            self.is_over.wait()


@pytest.fixture
def silence(upstream: FakeUpstream) -> Iterator[Silence]:
    """A silence that ends with the test, whatever becomes of it."""
    silence = Silence(upstream)
    yield silence
    silence.is_over.set()


@pytest.fixture
def runs(upstream: FakeUpstream) -> list[Wire]:
    """A run for each hostile page."""
    runs = [samples.run("running") for _ in HOSTILE]
    for run in runs:
        upstream.show(run, [])
    return runs


@asynccontextmanager
async def crowd(
    hub: Hub, runs: list[Wire], environment: Callable[[], UUID] = lambda: ELSEWHERE
) -> AsyncIterator[list[Page]]:
    """A page about each run, of one environment elsewhere or of several: a topic each."""
    async with AsyncExitStack() as stack:
        yield [
            await stack.enter_async_context(
                listening(hub, name, Topic("run", environment(), UUID(run["run_id"])))
            )
            for name, run in zip(HOSTILE, runs, strict=True)
        ]


async def test_subscriptions_that_are_not_answered_keep_nobody_else_from_joining(
    hub: Hub, pushing: Pushing, runs: list[Wire]
) -> None:
    pushing.silent_to = KEYS
    async with crowd(hub, runs):
        await until(lambda: len(pushing.asked) >= AT_ONCE)
        async with listening(hub, "mia") as page:
            await live(page)


async def test_looks_that_are_not_answered_delay_nobody_elses(
    hub: Hub,
    pushing: Pushing,
    runs: list[Wire],
    silence: Silence,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(slots, "WAIT_SECONDS", 3600.0)
    monkeypatch.setattr(client, "TOTAL_SECONDS", 3600.0)
    for run in runs:
        silence.fall(f"/runs/{run['run_id']}")
    async with crowd(hub, runs):
        await until(lambda: silence.held)
        async with listening(hub, "mia") as page:
            await live(page)


async def test_however_many_servers_are_silent_what_is_revoked_is_read(
    hub: Hub,
    pushing: Pushing,
    runs: list[Wire],
    silence: Silence,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch, "POLL_SECONDS", 0.02)
    for run in runs:
        silence.fall(f"/runs/{run['run_id']}")
    async with crowd(hub, runs, uuid4), listening(hub, "mia") as page:
        await until(lambda: silence.held == THREADS)
        await asyncio.to_thread(revocations.revoke, "person:mia")
        await until(lambda: page.has_ended)


async def test_keys_that_are_not_judged_keep_no_other_from_being_tried(
    hub: Hub,
    pushing: Pushing,
    upstream: FakeUpstream,
    runs: list[Wire],
    silence: Silence,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch, "LOOK_AGAIN_SECONDS", 0.05)
    monkeypatch.setattr(watch, "still_stands", lambda _: True)
    upstream.refuse("/env", 401)
    silence.fall("/env")
    async with crowd(hub, runs):
        await until(lambda: silence.held)
        async with listening(hub, "mia") as page:
            await until(lambda: page.mark.get("state") == "refused")
