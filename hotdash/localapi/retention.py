"""Forgets runs that are over and events without runs, by age and by number.

Each transaction deletes so little that writers hardly wait for it, and after each this waits as
long as it took. What is pending, running or parked is never touched.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from hotdash.localapi.models import (
    Blob,
    Call,
    Chore,
    Environment,
    Event,
    Run,
    Stream,
    StreamData,
    Task,
)
from hotdash.localapi.runtime import counters
from hotdash.localapi.runtime.clock import database_now
from hotdash.localapi.runtime.counters import Change
from hotdash.localapi.runtime.rows import marks, uuid_value

_FINAL = ("succeeded", "failed", "cancelled")
_NONE = Q(pk__in=[])
# a task is kept as long as the runs of its time: one handler may start more than are kept
_TASKS = Q(run_type="task")
_PAGE = 500  # ids that are looked at together
_RUNS = 50
_CALLS = 500
_EVENTS = 200
_LEAST_PAUSE = 0.005
_CHORE = "prune"
_DAILY = timedelta(days=1)
_SLICE_SECONDS = 1.0  # a worker that is to stop waits for it
_RUNLESS = """
DELETE FROM event WHERE event_id IN ({ids})
AND NOT EXISTS (SELECT 1 FROM run WHERE run.event_id = event.event_id)
"""
_EMPTY_STREAMS = """
DELETE FROM stream WHERE stream_id IN ({ids})
AND NOT EXISTS (SELECT 1 FROM event WHERE event.stream_id = stream.stream_id)
AND NOT EXISTS (SELECT 1 FROM run WHERE run.stream_id = stream.stream_id)
AND NOT EXISTS (SELECT 1 FROM task WHERE task.stream_id = stream.stream_id)
"""


@dataclass(frozen=True)
class Keeping:
    """For how many days runs and events are kept, and how many of each in an environment.

    Zero is no limit.
    """

    days: int
    newest: int


@dataclass
class Pruned:
    """What was deleted; `is_complete` says that nothing more is to be deleted now."""

    runs: int = 0
    calls: int = 0
    events: int = 0
    is_complete: bool = True


def prune(keeping: Keeping, seconds: float = inf) -> Pruned:
    """Delete what need not be kept, for some seconds at most; may be asked again at any time."""
    pruning = _Pruning(keeping, time.monotonic() + seconds)
    for environment_id in pruning.environments():
        pruning.of(environment_id)
    return pruning.pruned


def prune_daily(keeping: Keeping) -> None:
    """Go on with the day's pruning for a moment; nothing, once it is done for the day."""
    now = database_now()
    if Chore.objects.filter(pk=_CHORE, begun_at__gt=now - _DAILY).exists():
        return
    if prune(keeping, _SLICE_SECONDS).is_complete:
        Chore.objects.update_or_create(name=_CHORE, defaults={"begun_at": now})


class _Pruning:
    """One pass over the environments, until its time is over."""

    def __init__(self, keeping: Keeping, until: float) -> None:
        self.pruned = Pruned()
        self._keeping = keeping
        self._until = until
        self._too_old = database_now() - timedelta(days=keeping.days)

    def environments(self) -> list[UUID]:
        """Return where something may be too much: a slice of time is not for asking thousands."""
        too_much = _NONE
        for model, uncounted in ((Run, _TASKS), (Event, _NONE)):
            rows = model.objects.filter(environment_id=OuterRef("pk"))
            if self._keeping.days:
                too_much |= Q(Exists(rows.filter(pk__lt=_first_id_of(self._too_old))))
            if newest := self._keeping.newest:
                too_much |= Q(Exists(rows.exclude(uncounted)[newest : newest + 1]))
        return list(Environment.objects.filter(too_much).values_list("env_id", flat=True))

    def of(self, environment_id: UUID) -> None:
        """Prune one environment: runs first, then the events that they leave behind."""
        runs = Run.objects.filter(environment_id=environment_id)
        for condition in self._conditions(runs.exclude(_TASKS), Q(stop_time__lt=self._too_old)):
            over = runs.filter(condition)
            for ids in self._batches(over, Q(status__in=_FINAL), _RUNS):
                self._delete_runs(ids)
        events = Event.objects.filter(environment_id=environment_id)
        for condition in self._conditions(events, Q()):
            for ids in self._batches(events.filter(condition), Q(runs=None), _EVENTS):
                self._delete_events(environment_id, ids)

    def _conditions(self, rows: QuerySet[Model], and_old: Q) -> Iterator[Q]:
        """Yield what makes a row one that need not be kept, by age and by number."""
        if self._keeping.days:
            yield Q(pk__lt=_first_id_of(self._too_old)) & and_old
        if self._keeping.newest:
            oldest_kept = self._keeping.newest - 1
            kept = rows.order_by("-pk").values_list("pk", flat=True)
            yield from (Q(pk__lt=bound) for bound in kept[oldest_kept : oldest_kept + 1])

    def _batches(self, rows: QuerySet[Model], wanted: Q, size: int) -> Iterator[Sequence[UUID]]:
        """Yield ids of wanted rows, oldest first, with a pause after each; ends with the time."""
        after = UUID(int=0)
        while True:
            # in the order of ids alone: by another index each batch would sort all that is old
            page = list(
                rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:_PAGE]
            )
            if not page:
                return
            after = page[-1]
            found = list(rows.filter(wanted, pk__in=page).values_list("pk", flat=True))
            for start in range(0, len(found), size):
                if self._is_late():
                    self.pruned.is_complete = False
                    return
                began = time.monotonic()
                yield found[start : start + size]
                time.sleep(max(_LEAST_PAUSE, time.monotonic() - began))

    def _is_late(self) -> bool:
        """Whether the time is over; never before something is deleted, or a day had no end."""
        return time.monotonic() > self._until and (self.pruned.runs or self.pruned.events) > 0

    def _delete_runs(self, ids: Sequence[UUID]) -> None:
        while self._delete_calls(ids):
            time.sleep(_LEAST_PAUSE)
        with transaction.atomic():
            locked = Run.objects.select_for_update().filter(pk__in=ids).order_by("pk")
            runs = list(locked.only("environment_id", "stream_id", "status", "run_type"))
            tasks = Task.objects.filter(run__in=ids)
            owners = [*ids, *tasks.values_list("pk", flat=True)]
            Blob.objects.filter(owner_id__in=owners).delete()
            tasks.delete()
            StreamData.objects.filter(run_id__in=ids).delete()
            _execute("DELETE FROM run WHERE run_id IN ({ids})", ids)
            _forget_streams({run.stream_id for run in runs})
            counters.add([change for run in runs for change in counters.forgotten(run)])
        self.pruned.runs += len(runs)

    def _delete_calls(self, run_ids: Sequence[UUID]) -> int:
        with transaction.atomic():
            locked = Call.objects.select_for_update().filter(run__in=run_ids).order_by("pk")
            ids = list(locked.values_list("pk", flat=True)[:_CALLS])
            if ids:
                counters.add(counters.calls_of(ids, "var_id", sign=-1))
                _execute("DELETE FROM call WHERE var_id IN ({ids})", ids)
        self.pruned.calls += len(ids)
        return len(ids)

    def _delete_events(self, environment_id: UUID, ids: Sequence[UUID]) -> None:
        with transaction.atomic():
            streams = set(Event.objects.filter(pk__in=ids).values_list("stream_id", flat=True))
            count = _execute(_RUNLESS, ids)
            left = set(Event.objects.filter(pk__in=ids).values_list("pk", flat=True))
            Blob.objects.filter(owner_id__in=set(ids) - left).delete()
            _forget_streams(streams)
            counters.add([Change(environment_id, "event", "", -count)])
        self.pruned.events += count


def _forget_streams(ids: set[UUID]) -> None:
    # held first: whoever publishes into one at this moment has then done so, and it is seen
    list(Stream.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    _execute(_EMPTY_STREAMS, sorted(ids))


def _execute(statement: str, ids: Sequence[UUID]) -> int:
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(statement.format(ids=marks(len(ids))), [uuid_value(one) for one in ids])
        return int(cursor.rowcount)


def _first_id_of(moment: datetime) -> UUID:
    """Return the smallest id that could be made at a moment: ids are ordered by their time."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
