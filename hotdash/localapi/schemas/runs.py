"""Runs on the wire (contract 5.6; extensions: docs/embedded-api.md)."""

from datetime import datetime
from typing import Annotated, Any, NotRequired
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Schema
from typing_extensions import TypedDict

from hotdash.localapi.blobs import whole
from hotdash.localapi.durations import beginning_of
from hotdash.localapi.envelopes import OMIT, Extension, sent, stored
from hotdash.localapi.models import Run
from hotdash.localapi.totals import run_totals

COUNTED = ("running", "succeeded", "failed", "cancelled", "pending", "pending_retry")


class RunShape(TypedDict):
    """A run; `result` is absent until it has one."""

    run_id: UUID
    env_id: UUID
    stream_id: UUID
    build_id: UUID | None
    run_type: str
    status: str
    start_time: datetime
    stop_time: datetime | None
    origin_run_id: UUID | None
    event_id: UUID | None
    result: NotRequired[Any]
    project_id: NotRequired[UUID]
    project_name: NotRequired[str]
    retry_attempt: int
    next_retry_at: NotRequired[datetime]
    ns: Annotated[str, Extension]
    var: Annotated[str, Extension]
    event_type: NotRequired[Annotated[str, Extension]]
    attempt: Annotated[int, Extension]
    retry_max: Annotated[int, Extension]


class RunStatsShape(TypedDict):
    """How many runs there are in each state."""

    total_runs: int
    running: int
    succeeded: int
    failed: int
    cancelled: int
    pending: Annotated[int, Extension]
    pending_retry: Annotated[int, Extension]


class RunFilters(Schema):
    """Which runs are wanted: exact, case-sensitive values; an unknown one matches nothing."""

    status: str | None = None
    type: str | None = None
    time_range: str | None = None
    stream_id: Annotated[UUID | None, Extension] = None

    def of(self, runs: QuerySet[Run]) -> QuerySet[Run]:
        """Return the runs that pass; a `time_range` that is no duration is ignored."""
        exact = {"status": self.status, "run_type": self.type, "stream_id": self.stream_id}
        runs = runs.filter(**{name: value for name, value in exact.items() if value is not None})
        beginning = self.beginning
        return runs if beginning is None else runs.filter(start_time__gte=beginning)

    @property
    def beginning(self) -> datetime | None:
        """Since when runs are wanted, if `time_range` is a duration."""
        return beginning_of(self.time_range or "", timezone.now())

    def count(self, passed: QuerySet[Run], environment_id: UUID) -> int:
        """Return how many pass: told by the counters, unless a time or a stream is named."""
        if self.beginning is not None or self.stream_id is not None:
            return passed.count()
        by_status = run_totals(environment_id, self.type)
        return sum(by_status.values()) if self.status is None else by_status.get(self.status, 0)


class StatsFilters(Schema):
    """Which runs are counted; the platform counts all of them, of all times."""

    type: Annotated[str | None, Extension] = None
    time_range: Annotated[str | None, Extension] = None


def run_shape(run: Run) -> RunShape:
    """Return a run as it is sent; its project must be loaded with it."""
    shape: RunShape = {
        "run_id": run.run_id,
        "env_id": run.environment_id,
        "stream_id": run.stream_id,
        "build_id": run.build_id,
        "run_type": run.run_type,
        "status": run.status,
        "start_time": run.start_time,
        "stop_time": run.stop_time,
        "origin_run_id": run.origin_run_id,
        "event_id": run.event_id,
        "result": OMIT if run.result is None else stored(whole(run.result, run.run_id)),
        "project_id": run.project_id,
        "project_name": run.project.name,
        "retry_attempt": run.retry_attempt,
        "next_retry_at": OMIT if run.next_retry_at is None else run.next_retry_at,
        "ns": run.ns,
        "var": run.var,
        "event_type": OMIT if run.event_type is None else run.event_type,
        "attempt": run.attempt,
        "retry_max": run.retry_max,
    }
    return sent(shape)
