"""However many pages of one environment wait, those of another are let in."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from hotdash import asgi
from hotdash.gateway import slots
from hotdash.gateway.errors import NoAnswer
from hotdash.host.lifespan import Receive, Scope, Send
from tests.live.page import until


@dataclass
class Pages:
    """In place of the threads: pages that were let in stay until the test is over."""

    paths: list[str] = field(default_factory=list)
    crowded: list[str] = field(default_factory=list)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, _receive: Receive, _send: Send) -> None:
        """Hold a page."""
        self.paths.append(scope["path"])
        if slots._IS_CROWDED.get():
            self.crowded.append(scope["path"])
        await self.is_over.wait()


@pytest.fixture
async def pages(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pages]:
    """The pages that were let in."""
    held = Pages()
    monkeypatch.setattr(asgi, "_bridge", held)
    yield held
    held.is_over.set()


def open_pages(path: str, count: int) -> list[asyncio.Task[None]]:
    """Ask for a page so many times at once."""
    scope: Scope = {"type": "http", "path": path}
    return [asyncio.create_task(asgi.application(scope, None, None)) for _ in range(count)]  # type: ignore[arg-type]  # neither is used


async def test_pages_that_wait_for_one_environment_leave_room_for_the_others(pages: Pages) -> None:
    silent = open_pages("/acme/staging/runs/", 60)
    await until(lambda: pages.paths)
    others = open_pages("/acme/production/runs/", 1) + open_pages("/umbra/staging/runs/", 1)
    await until(lambda: len(pages.paths) == asgi._OF_ONE + 2)
    assert pages.paths.count("/acme/staging/runs/") == asgi._OF_ONE
    assert pages.crowded == []
    pages.is_over.set()
    await asyncio.gather(*silent, *others)
    assert len(pages.paths) == 62, "everybody had a turn"


async def test_whoever_waited_long_enough_goes_in_and_waits_for_nothing_more(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asgi, "_WAIT_SECONDS", 0.05)
    silent = open_pages("/acme/staging/runs/", 20)
    await until(lambda: len(pages.paths) == 20)
    assert len(pages.crowded) == 20 - asgi._OF_ONE
    pages.is_over.set()
    await asyncio.gather(*silent)


class Taken:
    """A slot that does not get free, and how long each waited for it."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def acquire(self, timeout: float) -> bool:
        """Note how long."""
        self.waits.append(timeout)
        return False


def test_in_a_crowd_a_slot_is_hardly_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(slots._slots, "crowded", slot := Taken())
    with slots.in_a_crowd(), pytest.raises(NoAnswer) as told:
        slots.taken("crowded").__enter__()
    assert told.value.kind == "busy"
    assert slot.waits == [slots.CROWDED_SECONDS]
