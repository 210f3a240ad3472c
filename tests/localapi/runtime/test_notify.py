"""Whoever watches a topic is told everything in order, once, from where they left off."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from hotdash.localapi import engine, models
from hotdash.localapi.runtime import notes
from hotdash.localapi.streams import notify
from tests.sockets import wait_for

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _tables(tables: None, stored: None) -> Iterator[None]:
    """Notes are rows that another thread reads, which ends with the test."""
    yield
    notify.stop()


def tell(topic: str, *kinds: str) -> list[int]:
    rows = [models.Note(topic=topic, kind=kind, body="{}", at=NOW) for kind in kinds]
    for row in rows:
        row.save()
    return [row.id for row in rows]


tell_aside = sync_to_async(tell)
newest = sync_to_async(engine.newest_note)


async def first(watching: AsyncGenerator[engine.Note, None], count: int) -> list[engine.Note]:
    found = []
    async with asyncio.timeout(20):
        async for note in watching:
            found.append(note)
            if len(found) == count:
                break
    await watching.aclose()
    return found


async def joined(count: int) -> None:
    """Wait until so many hear what is new; before, a reader pages through the table."""
    await asyncio.to_thread(wait_for, lambda: len(notify._POLLER._subscribers) >= count, seconds=20)


async def test_what_happens_while_one_watches_is_told_in_order() -> None:
    place = await newest()
    watching = asyncio.create_task(first(engine.watch(frozenset({"env:a"}), place), 3))
    await joined(1)
    await tell_aside("env:a", "one", "two")
    await tell_aside("env:b", "not yours")
    await tell_aside("env:a", "three")
    assert [note.kind for note in await watching] == ["one", "two", "three"]


async def test_what_happened_since_a_note_is_told_first() -> None:
    missed = await tell_aside("env:c", *(str(number) for number in range(1_200)))
    watching = asyncio.create_task(first(engine.watch(frozenset({"env:c"}), missed[0]), 1_200))
    await joined(1)
    (fresh,) = await tell_aside("env:c", "fresh")
    assert [note.id for note in await watching] == [*missed[1:], fresh]


async def test_without_a_place_watching_starts_now() -> None:
    await tell_aside("env:d", "before")
    watching = asyncio.create_task(first(engine.watch(frozenset({"env:d"})), 1))
    await joined(1)
    await tell_aside("env:d", "after")
    assert [note.kind for note in await watching] == ["after"]


async def test_many_watch_with_one_poll_and_nothing_is_lost_or_told_twice() -> None:
    place = await newest()
    topics = [frozenset({f"env:{number % 5}"}) for number in range(40)]
    watching = [asyncio.create_task(first(engine.watch(topic, place), 20)) for topic in topics]
    await joined(len(topics))
    for round_ in range(20):
        for number in range(5):
            await tell_aside(f"env:{number}", str(round_))
    for told in await asyncio.gather(*watching):
        assert [note.kind for note in told] == [str(round_) for round_ in range(20)]
    assert _threads().count("notes") <= 1


async def test_a_reader_that_falls_far_behind_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notify, "_MAX_WAITING", 10)
    place = await newest()
    watching = engine.watch(frozenset({"env:e"}), place)
    read = asyncio.ensure_future(anext(watching))
    await joined(1)
    (late,) = (one for one in notify._POLLER._subscribers if "env:e" in one.topics)
    while None not in late.waiting._queue:  # type: ignore[attr-defined]  # the mark that it is late
        await tell_aside("env:e", "one more")
        await asyncio.sleep(0.01)
    await read
    with pytest.raises(engine.FellBehind):
        async for _ in watching:
            pass


def test_old_notes_are_forgotten_and_their_ids_never_used_again() -> None:
    (old,) = tell("env:f", "old")
    models.Note.objects.filter(pk=old).update(at=datetime(2020, 1, 1, tzinfo=UTC))
    notes.forget_old(3600)
    assert not models.Note.objects.filter(pk=old).exists()
    assert tell("env:f", "new")[0] > old


if connection.vendor == "postgresql":  # SQLite's writers are serial: no id appears late

    def test_a_note_whose_transaction_ends_late_is_still_told() -> None:
        tail = notes.Tail()
        (late, early) = tell("env:g", "late", "early")
        with hidden(late):
            assert [note.id for note in tail.read()] == [early]
        assert [note.id for note in tail.read()] == [late]
        assert tail.read() == []


class hidden:  # noqa: N801  reads as what it does
    """Take a note away for a while, as a transaction that has not ended does."""

    def __init__(self, note_id: int) -> None:
        self._row = models.Note.objects.get(pk=note_id)

    def __enter__(self) -> None:
        models.Note.objects.filter(pk=self._row.pk).delete()

    def __exit__(self, *_: Any) -> None:
        self._row.save(force_insert=True)


def _threads() -> list[str]:
    return [thread.name for thread in threading.enumerate()]
