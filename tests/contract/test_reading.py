"""The gateway reads every server: the platform, its older generation, the embedded API."""

import uuid
from contextlib import suppress
from dataclasses import replace
from functools import partial

import httpx
import pytest

from hotdash.gateway import (
    builds,
    capabilities,
    context,
    environments,
    events,
    handlers,
    keys,
    projects,
    runs,
    schedules,
    status,
    traces,
    usage,
)
from hotdash.gateway.errors import GatewayError, Refused, RouteMissing
from hotdash.gateway.runs import RunQuery
from hotdash.gateway.together import attempt
from tests.contract.cases import MISSING_EVENT, MISSING_RUN
from tests.contract.targets import Target

STATUSES = {"pending", "running", "succeeded", "failed", "cancelled", "pending_retry"}


def test_a_run_is_read(target: Target) -> None:
    run = runs.get_run(target.gateway, target.world.run_id)
    assert str(run.run_id) == target.world.run_id
    assert run.status in STATUSES
    assert run.start_time is not None
    assert run.start_time.tzinfo is not None
    assert run.stop_time is not None
    assert run.stop_time >= run.start_time
    assert run.result is not None
    assert None not in (run.stream_id, run.build_id, run.event_id, run.project_name)


def test_the_embedded_api_alone_names_the_function(target: Target) -> None:
    run = runs.get_run(target.gateway, target.world.run_id)
    told = (run.function, run.event_type, run.attempt, run.retry_max)
    if target.kind == "embedded":
        assert None not in told
        assert run.attempt == 1
    else:
        assert told == (None, None, None, None)


def test_runs_are_listed_newest_first_with_their_total(target: Target) -> None:
    page = runs.list_runs(target.gateway, RunQuery(limit=5))
    assert 0 < len(page) <= page.total
    ids = [run.run_id for run in page]
    assert ids == sorted(ids, reverse=True)
    assert runs.count_runs(target.gateway, RunQuery()) == page.total


@pytest.mark.parametrize("wanted", ["succeeded", "failed", "pending_retry", "bogus"])
def test_runs_are_filtered_by_status(target: Target, wanted: str) -> None:
    page = runs.list_runs(target.gateway, RunQuery(status=wanted, limit=1))
    assert {run.status for run in page} <= {wanted}
    assert (page.total == 0) == (len(page) == 0)


def test_a_page_beyond_the_end_is_empty_with_its_total(server: Target) -> None:
    page = runs.list_runs(server.gateway, RunQuery(offset=100_000))
    everything = runs.list_runs(server.gateway, RunQuery(limit=5))
    assert (page.rows, page.total) == ((), everything.total)


def test_runs_are_counted(target: Target) -> None:
    stats = runs.get_run_stats(target.gateway)
    assert stats.total_runs >= stats.succeeded + stats.failed + stats.cancelled
    assert (stats.pending is not None) == (target.kind == "embedded")


def test_what_is_unknown_is_told_from_what_is_not_offered(target: Target) -> None:
    for call, missing in ((runs.get_run, MISSING_RUN), (events.get_event, MISSING_EVENT)):
        with pytest.raises(Refused) as caught:
            call(target.gateway, missing)
        assert (caught.value.status, caught.value.code) == (404, "not_found")
        assert type(caught.value) is Refused


def test_an_event_and_its_runs_are_read(target: Target) -> None:
    event = events.get_event(target.gateway, target.world.event_id)
    assert (str(event.event_id), str(event.stream_id)) == (
        target.world.event_id,
        target.world.stream_id,
    )
    assert event.event_data is not None
    assert event.event_time is not None
    assert (event.source == "api") == (target.kind == "embedded")
    started = events.list_event_runs(target.gateway, target.world.event_id)
    assert all(run.event_id == event.event_id for run in started)
    assert len(events.list_events(target.gateway, limit=3)) > 0


def test_an_event_is_published(target: Target) -> None:
    event = events.publish_event(target.gateway, "order:placed", {"id": 7, "qty": 1, "price": 5})
    assert event.event_type == "order:placed"
    assert event.event_data is not None
    assert event.event_data.value == {"id": 7, "qty": 1, "price": 5}


def test_a_trace_or_variables_or_a_missing_route(target: Target) -> None:
    read = attempt(partial(traces.list_calls, target.gateway, target.world.run_id))
    if target.kind == "platform":
        assert isinstance(read, RouteMissing)
        return
    assert isinstance(read, traces.Trace)
    if target.kind == "older":
        assert (len(read.calls), len(read.variables), read.rev) == (0, 1, None)
    elif target.kind == "embedded":
        assert read.calls[0].parent_id is None
        assert [call.seq for call in read.calls] == list(range(1, len(read.calls) + 1))
        assert all(call.stop_time and call.value is not None for call in read.calls)
        assert (read.execution, read.variables) == (1, ())
        later = traces.list_calls(target.gateway, target.world.run_id, after_rev=read.rev)
        assert later.calls == ()


def test_capabilities_are_found_out(target: Target) -> None:
    offered = capabilities.get_capabilities(target.gateway)
    assert offered.generation == ("older" if target.kind == "older" else "current")
    assert offered.has_trace == (target.kind == "embedded")
    assert offered.has_vars == (target.kind in {"embedded", "older"})
    assert status.get_status(target.gateway).status == "ok"


def test_a_prefix_is_found_out(target: Target) -> None:
    gateway = target.gateway
    unprefixed = replace(gateway, upstream=replace(gateway.upstream, prefix=""))
    assert environments.get_environment(unprefixed) == environments.get_environment(gateway)
    assert capabilities.get_capabilities(unprefixed).prefix == target.prefix


def test_a_key_is_tried(target: Target) -> None:
    found = keys.try_key(target.gateway.upstream, target.gateway.key)
    assert found.is_active
    with pytest.raises(Refused) as caught:
        keys.try_key(target.gateway.upstream, target.door("hot_wrong").key)
    assert caught.value.status == 401


def test_handlers_and_schedules_of_the_deployed_build_are_read(target: Target) -> None:
    found = handlers.list_event_handlers(target.gateway, target.world.project)
    assert all(handler.event_type and handler.ns and handler.var for handler in found)
    assert {str(handler.build_id) for handler in found} == {target.world.build_id}
    timed = schedules.list_schedules(target.gateway, target.world.project)
    assert all(schedule.cron and schedule.function for schedule in timed)
    assert handlers.list_event_handlers(target.gateway, target.world.idle).rows == ()


def test_projects_and_builds_are_read(target: Target) -> None:
    assert projects.create_project(target.gateway, "billing").name == "billing"
    assert len(projects.list_projects(target.gateway)) > 0
    build = builds.get_deployed_build(target.gateway, target.world.project)
    assert (str(build.build_id), build.is_deployed) == (target.world.build_id, True)
    assert build.runtime_status == ("" if target.kind == "older" else "ready")
    assert len(builds.list_builds(target.gateway, target.world.project)) > 0
    with pytest.raises(Refused):
        builds.get_deployed_build(target.gateway, target.world.idle)


def test_context_is_listed_without_values(target: Target) -> None:
    if not isinstance(target.transport, httpx.MockTransport):
        with suppress(GatewayError):  # it is there from the last time
            context.create_context(target.gateway, target.world.idle, "CONTRACT_A", "canary")
    listed = context.list_context(target.gateway, target.world.idle)
    assert len(listed) > 0
    assert "canary" not in repr(listed)


def test_usage_or_quota_is_read(target: Target) -> None:
    read = usage.get_usage(target.gateway)
    if target.kind == "older":
        assert read.percent["compute_used_percent"] == 15
    else:
        assert read.limits["runs_per_month"] == -1
        assert isinstance(read.org_id, uuid.UUID)
