"""An event becomes durable together with the runs that it starts, in one transaction."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from hotdash.localapi import blobs
from hotdash.localapi.blobs import Spill
from hotdash.localapi.models import Event, Run, Stream
from hotdash.localapi.models.ids import new_id
from hotdash.localapi.runtime import announcements, counters
from hotdash.localapi.runtime.calls import Target, find_target
from hotdash.localapi.runtime.clock import database_now
from hotdash.localapi.runtime.group_commit import GroupCommit
from hotdash.localapi.runtime.rows import (
    id_from,
    insert_together,
    insertion,
    time_value,
    uuid_value,
)

CALL = "hot:call"

_HANDLERS = """
SELECT build.build_id, build.project_id, handler.ns, handler.var, retry_max, retry_delay_ms
FROM event_handler handler
JOIN build ON build.build_id = handler.build_id
JOIN project ON project.project_id = build.project_id
WHERE handler.event_type = %s AND project.environment_id = %s
  AND build.deployed AND build.runtime_status = 'ready' AND project.active
ORDER BY handler.ns, handler.var
"""
_OPEN_STREAM = """
INSERT INTO stream (stream_id, environment_id, created_at) VALUES (%s, %s, %s)
ON CONFLICT (stream_id) DO NOTHING
"""
_HOLD_STREAM = "SELECT environment_id FROM stream WHERE stream_id = %s {locked}"
_TOGETHER = GroupCommit()


class ForeignStream(Exception):
    """The stream belongs to another environment; to the caller it does not exist."""


@dataclass(frozen=True)
class NewEvent:
    """An event to accept; `event_data` is JSON text and is kept as it is."""

    environment_id: UUID
    event_type: str
    event_data: str
    stream_id: UUID | None
    source: str = "api"  # api, schedule, run, retry
    origin_run_id: UUID | None = None
    event_id: UUID | None = None
    depth: int = 0


@dataclass(frozen=True)
class Accepted:
    """What was stored: the event, and one pending run for each of its handlers."""

    event: Event
    runs: list[Run]


def accept(new: NewEvent) -> Accepted:
    """Store an event, its stream, its runs and their notes; raise ForeignStream or BadCall."""
    # looked up before the write lock is taken: a deployment in between is as good as one before
    found = targets(new)
    now = database_now()
    event = build_event(new, now)
    runs = [pending_run(event, target, now) for target in found]
    with _spill(event) as spill:
        # made before the write lock is taken
        rows = _Rows(event, runs, spill, opens_stream=new.stream_id is None)
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            _TOGETHER.run(rows.store)
        else:
            with transaction.atomic():
                rows.store()
    return Accepted(event, runs)


def build_event(new: NewEvent, now: datetime) -> Event:
    """Return the unsaved event, in a stream of its own unless one is named."""
    return Event(
        event_id=new.event_id or new_id(),
        environment_id=new.environment_id,
        stream_id=new.stream_id or new_id(),
        event_type=new.event_type,
        event_data=new.event_data,
        event_time=now,
        created_at=now,
        source=new.source,
        origin_run_id=new.origin_run_id,
        depth=new.depth,
    )


def pending_run(event: Event, target: Target, now: datetime) -> Run:
    """Return the unsaved run of one function for an event, due at once."""
    return Run(
        environment_id=event.environment_id,
        stream_id=event.stream_id,
        build_id=target.build_id,
        project_id=target.project_id,
        event_id=event.event_id,
        run_type=target.run_type,
        start_time=now,
        ns=target.ns,
        var=target.var,
        event_type=event.event_type if target.run_type == "event" else None,
        retry_max=target.retry_max,
        retry_delay_ms=target.retry_delay_ms,
        claim_at=now,
    )


def store(event: Event, runs: list[Run]) -> None:
    """Save an event with its stream, runs and notes, inside the caller's transaction.

    Raises OperationalError while the disk is full: a worker waits for that as for its database.
    """
    with blobs.waited_for(), _spill(event) as spill:
        _Rows(event, runs, spill).store()


class _Rows:
    """All that is stored with an event, ready to be inserted."""

    def __init__(
        self, event: Event, runs: list[Run], spill: Spill, *, opens_stream: bool = False
    ) -> None:
        event.event_data, event.data_bytes = spill.text, spill.size
        notes = [announcements.event_created(event)]
        if runs:
            notes.append(announcements.event_handled(event, runs[0]))
        self._event = event
        self._spill = spill
        self._opens_stream = opens_stream  # its id is fresh: nobody else can have opened it
        self._stream = insertion([_stream_of(event)])
        self._opened = insertion([announcements.stream_created(event)])
        self._rest = (
            insertion([event]),
            insertion(runs),
            insertion(notes),
            counters.addition(counters.accepted(event, runs)),
        )

    def store(self) -> None:
        """Insert it, inside the caller's transaction."""
        if self._opens_stream:
            insert_together(self._stream, self._opened, *self._rest)
        elif _open_stream(self._event):
            insert_together(self._opened, *self._rest)
        else:
            insert_together(*self._rest)
        self._spill.store()


def _spill(event: Event) -> Spill:
    return Spill(event.event_data, event.environment_id, event.event_id)


def queued() -> AbstractContextManager[object]:
    """Return this thread's turn to write: it lasts as long as the context."""
    return _TOGETHER.alone() if connection.vendor == "sqlite" else nullcontext()


def targets(new: NewEvent) -> list[Target]:
    """Return the functions that an event starts; raise BadCall for a call of none."""
    if new.event_type == CALL:
        return [find_target(new.environment_id, new.event_data)]
    with connection.cursor() as cursor:
        cursor.execute(_HANDLERS, [new.event_type, uuid_value(new.environment_id)])
        return [
            Target(id_from(build), id_from(project), ns, var, "event", retry_max, retry_delay_ms)
            for build, project, ns, var, retry_max, retry_delay_ms in cursor.fetchall()
        ]


def _stream_of(event: Event) -> Stream:
    return Stream(
        stream_id=event.stream_id,
        environment_id=event.environment_id,
        created_at=event.created_at,
    )


def _open_stream(event: Event) -> bool:
    """Return whether the event opens its stream, which stays until the transaction ends.

    Raises ForeignStream. Whoever prunes on Postgres deletes what nobody holds, perhaps between
    the two looks: then there is a stream to open again.
    """
    stream_id, environment_id = uuid_value(event.stream_id), uuid_value(event.environment_id)
    locked = "FOR KEY SHARE" if connection.vendor == "postgresql" else ""
    owner = None
    with connection.cursor() as cursor:
        while owner is None:
            cursor.execute(_OPEN_STREAM, [stream_id, environment_id, time_value(event.created_at)])
            if cursor.rowcount == 1:
                return True
            cursor.execute(_HOLD_STREAM.format(locked=locked), [stream_id])
            owner = cursor.fetchone()
    if owner[0] != environment_id:
        raise ForeignStream(str(event.stream_id))
    return False
