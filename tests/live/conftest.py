"""The hub and the server that it follows."""

from collections.abc import AsyncIterator, Iterator

import pytest

from hotdash.gateway import subscriptions
from hotdash.live import following, renderers
from hotdash.live.hub import Hub, serving
from tests.live.pushing import Pushing
from tests.upstream import FakeUpstream


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Come back from a cut at once: how long it waits has a test of its own."""
    monkeypatch.setattr(following, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(following, "LONGEST_WAIT", 0.05)


@pytest.fixture
def pushing(upstream: FakeUpstream) -> Iterator[Pushing]:
    """What the subscriptions reach; the lists that are looked at beside it are empty."""
    upstream.many("/runs", [])
    upstream.many("/events", [])
    transport = Pushing()
    with subscriptions.use_transport(transport):
        yield transport


@pytest.fixture
async def hub(transactional_db: None, pushing: Pushing) -> AsyncIterator[Hub]:
    """A hub on this test's loop."""
    async with serving() as running:
        yield running


@pytest.fixture(autouse=True)
def _no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test register renderers of its own."""
    monkeypatch.setattr(renderers, "_renderers", {})


@pytest.fixture
def hub_in_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the view find a hub; its streams are never read."""
    monkeypatch.setattr("hotdash.live.hub._running", Hub())
