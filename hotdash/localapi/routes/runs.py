"""Runs: what was executed, how it ended, what it did (contract 5.6; docs/embedded-api.md)."""

from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router

from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.envelopes import (
    EXTENSION,
    Listing,
    Page,
    Single,
    listing,
    listing_of,
    single,
)
from hotdash.localapi.models import Call, StreamData
from hotdash.localapi.payloads import RESULT, payload_listing
from hotdash.localapi.schemas.runs import (
    COUNTED,
    RunFilters,
    RunShape,
    RunStatsShape,
    StatsFilters,
    run_shape,
)
from hotdash.localapi.schemas.traces import (
    Changed,
    StreamDataShape,
    Trace,
    call_shape,
    stream_data_shape,
)
from hotdash.localapi.scope import environment_of, listed_runs_of, runs_of, the
from hotdash.localapi.totals import run_totals

router = Router(tags=["runs"])


@router.get("/runs", auth=May("run:*", "read"), response=Listing[RunShape])
def index(request: Request, page: Query[Page], filters: Query[RunFilters]) -> HttpResponseBase:
    """List the environment's runs by id, newest first: rows never change pages."""
    rows = filters.of(listed_runs_of(request.auth))
    total = filters.count(rows, environment_of(request.auth).env_id)
    chosen = rows.select_related("project").order_by("-run_id")
    return payload_listing(chosen, page, total, run_shape, RESULT)


@router.get("/runs/stats", auth=May("run:*", "read"), response=Single[RunStatsShape])
def stats(request: Request, filters: Query[StatsFilters]) -> HttpResponse:
    """Count the environment's runs by state; of all times unless filtered."""
    chosen = RunFilters(type=filters.type, time_range=filters.time_range)
    if chosen.beginning is None:
        by_status = run_totals(environment_of(request.auth).env_id, filters.type)
    else:
        rows = chosen.of(listed_runs_of(request.auth))
        # not grouped: SQLite would go through all runs in the order of an index with the status
        by_status = rows.aggregate(
            **{status: Count("run_id", filter=Q(status=status)) for status in COUNTED}
        )
    counted = {status: by_status.get(status, 0) for status in COUNTED}
    return single({"total_runs": sum(by_status.values()), **counted})


@router.get("/runs/{run_id}", auth=May("run:*", "read"), response=Single[RunShape])
def show(request: Request, run_id: UUID) -> HttpResponse:
    """Return a run."""
    return single(run_shape(the(runs_of(request.auth).select_related("project"), run_id, "Run")))


@router.get(
    "/runs/{run_id}/vars", auth=May("run:*", "read"), response=Trace, openapi_extra=EXTENSION
)
def calls(
    request: Request, run_id: UUID, page: Query[Page], changed: Query[Changed]
) -> HttpResponse:
    """List the calls of the run's newest execution, in order; after a revision, what changed since.

    The run is read first: calls may be newer than the revision that is told, never older.
    """
    run = the(runs_of(request.auth), run_id, "Run")
    rows = Call.objects.filter(run=run, execution=run.execution)
    if changed.after_rev is None:
        chosen = rows.order_by("seq")
    else:
        rows = rows.filter(rev__gt=changed.after_rev)
        chosen = rows.order_by("rev", "seq")
    return listing(
        map(call_shape, page.cut(chosen)),
        page,
        rows.count(),
        rev=run.trace_rev,
        execution=run.execution,
    )


@router.get(
    "/runs/{run_id}/stream-data",
    auth=May("run:*", "read"),
    response=Listing[StreamDataShape],
    openapi_extra=EXTENSION,
)
def stream_data(request: Request, run_id: UUID, page: Query[Page]) -> HttpResponse:
    """List what the run streamed and is still kept, in order."""
    run = the(runs_of(request.auth), run_id, "Run")
    rows = StreamData.objects.filter(run_id=run.run_id).order_by("stream_data_id")
    return listing_of(rows, page, stream_data_shape)
