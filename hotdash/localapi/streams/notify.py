"""What changed, told to subscribers of every process: rows, one poll per process, fan-out.

Each process that has subscribers reads new notes once a poll, in a thread of its own, and hands
them to whoever watches their topic. A nudge between processes would save some 30 ms that nobody
sees, for three times the processor time and a second mechanism.
"""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncGenerator

from django.db import DatabaseError

from hotdash.localapi.aside import aside
from hotdash.localapi.runtime.notes import Note, Tail, close_connection, newest_note, older_notes

_LOG = logging.getLogger(__name__)

_MAX_WAITING = 2_000
_AWAY_SECONDS = 1.0
_IDLE_POLLS = 100  # a poller that nobody needs ends after about five seconds


class FellBehind(Exception):
    """A subscriber read too slowly; it may start again after the last note it has."""


class _Subscriber:
    """One reader's topics and the notes that wait for it, on that reader's event loop."""

    def __init__(self, topics: frozenset[str], after: int) -> None:
        self.topics = topics
        self.after = after
        self.waiting: asyncio.Queue[Note | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()

    def give(self, notes: list[Note]) -> None:
        """Hand over notes from the poller's thread; a closed loop no longer wants them."""
        if notes and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._take, notes)

    def _take(self, notes: list[Note]) -> None:
        if self.waiting.qsize() > _MAX_WAITING:
            notes = [None]  # type: ignore[list-item]  # the mark of having fallen behind
        for note in notes:
            self.waiting.put_nowait(note)


class _Poller:
    """The one reader of new notes in this process, alive while somebody watches."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._arriving: list[_Subscriber] = []
        self._subscribers: list[_Subscriber] = []
        self._thread: threading.Thread | None = None
        self._is_stopping = False

    def join(self, subscriber: _Subscriber) -> None:
        """Begin to tell a subscriber what happens."""
        with self._lock:
            self._arriving.append(subscriber)
            if self._thread is None:
                self._start()

    def leave(self, subscriber: _Subscriber) -> None:
        """Stop telling it."""
        with self._lock:
            for places in (self._arriving, self._subscribers):
                if subscriber in places:
                    places.remove(subscriber)

    def stop(self) -> None:
        """End the thread; a later subscriber starts another."""
        thread = self._thread
        if thread is not None:
            self._is_stopping = True
            thread.join()
            self._is_stopping = False

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="notes", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        tail: Tail | None = None
        idle = 0
        while idle < _IDLE_POLLS and not self._is_stopping:
            try:
                tail = tail or Tail()
                idle = 0 if self._poll(tail) else idle + 1
                tail.pause()
            except DatabaseError:
                # the database is away: subscribers wait, and nothing is skipped when it is back
                _LOG.exception("notes cannot be read")
                close_connection()
                time.sleep(_AWAY_SECONDS)
        close_connection()
        with self._lock:
            self._thread = None
            if not self._is_stopping and (
                self._arriving or self._subscribers
            ):  # somebody came while this one was ending
                self._start()

    def _poll(self, tail: Tail) -> bool:
        with self._lock:
            arriving, subscribers = list(self._arriving), list(self._subscribers)
        fresh = tail.read()
        for subscriber in subscribers:
            subscriber.give([note for note in fresh if note.topic in subscriber.topics])
        for subscriber in arriving:
            # its backlog ends where the tail stands now, so nothing is told twice or never
            subscriber.give(tail.backlog(subscriber.topics, subscriber.after))
            with self._lock:
                if subscriber in self._arriving:
                    self._arriving.remove(subscriber)
                    self._subscribers.append(subscriber)
        return bool(arriving or subscribers)


_POLLER = _Poller()


async def watch(topics: frozenset[str], after: int | None = None) -> AsyncGenerator[Note, None]:
    """Yield the notes of some topics with an id above `after`, as they come; None: from now on.

    Raises FellBehind when the reader is some thousand notes late.
    """
    place = await aside(newest_note) if after is None else after
    while page := await aside(older_notes, topics, place):
        for note in page:
            yield note
        place = page[-1].id
    subscriber = _Subscriber(topics, place)
    _POLLER.join(subscriber)
    try:
        while (fresh := await subscriber.waiting.get()) is not None:
            yield fresh
    finally:
        _POLLER.leave(subscriber)
    raise FellBehind


def stop() -> None:
    """End this process's poll, before it closes; who watches hears nothing more."""
    _POLLER.stop()
