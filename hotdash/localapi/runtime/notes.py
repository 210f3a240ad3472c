"""Reading new notes in the order of their ids, without losing those that commit late."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max, Q
from django.utils import timezone

from hotdash.localapi import models

_POLL_SECONDS = {"sqlite": 0.05, "postgresql": 0.1}
_LATE_SECONDS = 5
_PAGE = 500
_FIELDS = ("id", "topic", "kind", "body", "at")


@dataclass(frozen=True)
class Note:
    """Something that subscribers of a topic are told; `body` is JSON text."""

    id: int
    topic: str
    kind: str
    body: str
    at: datetime


def newest_note() -> int:
    """Return the id of the newest note, 0 while there is none: a place to watch from."""
    return models.Note.objects.aggregate(newest=Max("id"))["newest"] or 0


def older_notes(topics: frozenset[str], after: int) -> list[Note]:
    """Return the first page of the kept notes of some topics after an id."""
    rows = models.Note.objects.filter(topic__in=topics, id__gt=after).order_by("id")
    return [Note(*row) for row in rows.values_list(*_FIELDS)[:_PAGE]]


def close_connection() -> None:
    """Give this thread's connection back."""
    connection.close()


def forget_old(kept_seconds: int) -> None:
    """Delete notes and streamed output that are older than that."""
    before = timezone.now() - timedelta(seconds=kept_seconds)
    models.Note.objects.filter(at__lt=before).delete()
    models.StreamData.objects.filter(at__lt=before).delete()


class Tail:
    """The end of the note table as one thread sees it, on that thread's own connection."""

    def __init__(self) -> None:
        self._last = newest_note()
        self._version = -1
        # Postgres gives ids before transactions commit: ids that were passed over are asked for
        # again until they are five seconds old. SQLite's writers are serial, so are its ids.
        self._missing: dict[int, float] = {}

    def pause(self) -> None:
        """Wait until the next poll is due."""
        time.sleep(_POLL_SECONDS[connection.vendor])

    def read(self) -> list[Note]:
        """Return what became visible since the last call."""
        if connection.vendor == "sqlite" and not self._has_changed():
            return []
        wanted = Q(id__gt=self._last)
        if self._missing:
            wanted |= Q(id__in=list(self._missing))
        rows = models.Note.objects.filter(wanted).order_by("id").values_list(*_FIELDS)
        notes = [Note(*row) for row in rows]
        self._move_on(notes)
        return notes

    def backlog(self, topics: frozenset[str], after: int) -> list[Note]:
        """Return the notes of some topics after an id, up to where this tail stands."""
        rows = models.Note.objects.filter(topic__in=topics, id__gt=after, id__lte=self._last)
        return [Note(*row) for row in rows.order_by("id").values_list(*_FIELDS)]

    def _has_changed(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            version: int = cursor.fetchone()[0]
        changed = version != self._version
        self._version = version
        return changed

    def _move_on(self, notes: list[Note]) -> None:
        now = time.monotonic()
        for note in notes:
            self._missing.pop(note.id, None)
            if connection.vendor == "postgresql":
                for skipped in range(self._last + 1, note.id):
                    self._missing[skipped] = now + _LATE_SECONDS
            self._last = max(self._last, note.id)
        self._missing = {id_: until for id_, until in self._missing.items() if until > now}
