"""Runs: one execution each of one function (contract 5.6)."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from hotdash.gateway import client, fields, lists
from hotdash.gateway.envelopes import Row
from hotdash.gateway.json_value import Json
from hotdash.gateway.pages import Page
from hotdash.gateway.paths import identifier, path
from hotdash.gateway.upstream import Gateway

FINAL = frozenset({"succeeded", "failed", "cancelled"})


@dataclass(frozen=True)
class Run:
    """A run as the server tells it; None where it does not say.

    `result` is None while there is none yet, `Json(null)` where it is null. `ns`, `var`,
    `event_type`, `attempt` and `retry_max` are extensions.
    """

    run_id: UUID
    status: str
    run_type: str
    env_id: UUID | None
    stream_id: UUID | None
    build_id: UUID | None
    event_id: UUID | None
    origin_run_id: UUID | None
    project_id: UUID | None
    project_name: str | None
    start_time: datetime | None
    stop_time: datetime | None
    next_retry_at: datetime | None
    retry_attempt: int
    result: Json | None
    ns: str | None
    var: str | None
    event_type: str | None
    attempt: int | None
    retry_max: int | None
    sent: Row = field(default_factory=dict, repr=False, compare=False)  # all of it, as it came

    @property
    def is_final(self) -> bool:
        """Whether nothing about this run will change any more."""
        return self.status in FINAL

    @property
    def function(self) -> str | None:
        """`ns/var`, where the server names the function."""
        return f"{self.ns}/{self.var}" if self.ns and self.var else None


@dataclass(frozen=True)
class Outcome:
    """What became of a run, for the event that started it: the least that can be read of one."""

    event_id: UUID | None
    status: str
    start_time: datetime | None


@dataclass(frozen=True)
class RunStats:
    """How many runs there are by status; None where the server does not count them."""

    total_runs: int
    running: int
    succeeded: int
    failed: int
    cancelled: int
    pending: int | None
    pending_retry: int | None


@dataclass(frozen=True)
class RunQuery:
    """Which runs: `time_range` is an ISO 8601 duration, `since` the moment it stands for."""

    status: str | None = None
    type: str | None = None
    time_range: str | None = None
    stream_id: UUID | None = None  # only where the server filters by it
    since: datetime | None = None
    limit: int = 50
    offset: int = 0


def list_runs(gateway: Gateway, query: RunQuery) -> Page[Run]:
    """Return a page of runs, newest first; `dropped` counts rows older than `since`.

    Some servers compare `time_range` by days (contract Q6), so it is filtered again here.
    """
    page = lists.fetch_page(
        gateway,
        path("runs"),
        shape_run,
        query.limit,
        query.offset,
        status=query.status,
        type=query.type,
        time_range=query.time_range,
        stream_id=str(query.stream_id) if query.stream_id else None,
    )
    since = query.since
    if since is None:
        return page
    return page.keeping(lambda run: run.start_time is None or run.start_time >= since)


def list_outcomes(gateway: Gateway, limit: int) -> Page[Outcome]:
    """Return what became of the newest runs; a third of the work of reading them whole."""
    return lists.fetch_page(gateway, path("runs"), _shape_outcome, limit, 0)


def count_runs(gateway: Gateway, query: RunQuery) -> int:
    """Return how many runs there are, as the server counts them."""
    counted = RunQuery(query.status, query.type, query.time_range, query.stream_id, limit=1)
    return list_runs(gateway, counted).total


def get_run(gateway: Gateway, run_id: UUID | str) -> Run:
    """Return one run; raises Refused(404) for one that is unknown here."""
    return shape_run(client.fetch(gateway, path("runs", identifier(run_id))))


def get_run_stats(
    gateway: Gateway, type: str | None = None, time_range: str | None = None
) -> RunStats:
    """Return all-time counts by status; the two filters are an extension."""
    row = client.fetch(gateway, path("runs", "stats"), type=type, time_range=time_range)
    return RunStats(
        total_runs=fields.whole(row, "total_runs"),
        running=fields.whole(row, "running"),
        succeeded=fields.whole(row, "succeeded"),
        failed=fields.whole(row, "failed"),
        cancelled=fields.whole(row, "cancelled"),
        pending=fields.maybe_whole(row, "pending"),
        pending_retry=fields.maybe_whole(row, "pending_retry"),
    )


def shape_run(row: Row) -> Run:
    """Return the run of a resource of any generation; raises BadAnswer("shape") without an id."""
    return Run(
        run_id=fields.own_id(row, "run_id"),
        status=fields.text(row, "status"),
        run_type=fields.text(row, "run_type"),
        env_id=fields.uuid(row, "env_id"),
        stream_id=fields.uuid(row, "stream_id"),
        build_id=fields.uuid(row, "build_id"),
        event_id=fields.uuid(row, "event_id"),
        origin_run_id=fields.uuid(row, "origin_run_id"),
        project_id=fields.uuid(row, "project_id"),
        project_name=fields.maybe_text(row, "project_name"),
        start_time=fields.moment(row, "start_time"),
        stop_time=fields.moment(row, "stop_time"),
        next_retry_at=fields.moment(row, "next_retry_at"),
        retry_attempt=fields.whole(row, "retry_attempt"),
        result=fields.payload(row, "result"),
        ns=fields.maybe_text(row, "ns"),
        var=fields.maybe_text(row, "var"),
        event_type=fields.maybe_text(row, "event_type"),
        attempt=fields.maybe_whole(row, "attempt"),
        retry_max=fields.maybe_whole(row, "retry_max"),
        sent=row,
    )


def _shape_outcome(row: Row) -> Outcome:
    return Outcome(
        event_id=fields.uuid(row, "event_id"),
        status=fields.text(row, "status"),
        start_time=fields.moment(row, "start_time"),
    )
