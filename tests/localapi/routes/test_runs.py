"""Runs: listed, filtered, counted, and what they did."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from hotdash.localapi.models import Build
from tests.localapi import rows
from tests.localapi.tenants import Tenant


def listed(tenant: Tenant, **query: Any) -> list[str]:
    answer = tenant.client.get("/v1/runs", params=query)
    assert answer.status_code == 200
    assert answer.json()["pagination"]["total"] >= len(answer.json()["data"])
    return [row["run_id"] for row in answer.json()["data"]]


def test_a_run_is_sent_in_the_order_of_the_contract(tenant: Tenant, build: Build) -> None:
    run = rows.run(build, "pending_retry", next_retry_at=rows.NOON, retry_attempt=1, retry_max=2)

    shown = tenant.client.get(f"/v1/runs/{run.run_id}").json()["data"]

    assert shown == {
        "run_id": str(run.run_id),
        "env_id": str(tenant.env_id),
        "stream_id": str(run.stream_id),
        "build_id": str(build.build_id),
        "run_type": "event",
        "status": "pending_retry",
        "start_time": "2026-11-22T12:00:00.123000Z",
        "stop_time": "2026-11-22T12:00:00.373000Z",
        "origin_run_id": None,
        "event_id": str(run.event_id),
        "project_id": str(build.project_id),
        "project_name": "shop",
        "retry_attempt": 1,
        "next_retry_at": "2026-11-22T12:00:00.123000Z",
        "ns": "::shop::orders",
        "var": "on-order",
        "event_type": "order:placed",
        "attempt": 1,
        "retry_max": 2,
    }
    assert list(shown)[-8:] == [
        "project_name",
        "retry_attempt",
        "next_retry_at",
        "ns",
        "var",
        "event_type",
        "attempt",
        "retry_max",
    ]


@pytest.mark.parametrize("status", ["pending", "running"])
def test_a_run_that_is_not_over_has_no_result_and_no_end(
    tenant: Tenant, build: Build, status: str
) -> None:
    run = rows.run(build, status)

    shown = tenant.client.get(f"/v1/runs/{run.run_id}").json()["data"]

    assert shown["stop_time"] is None
    assert "result" not in shown
    assert "next_retry_at" not in shown


@pytest.mark.parametrize("result", ["null", "false", "1.50", '{"b":1,"a":2}', '"text"'])
def test_a_result_is_sent_as_it_was_written(tenant: Tenant, build: Build, result: str) -> None:
    run = rows.run(build, result=result)

    assert f'"result":{result},"project_id"' in tenant.client.get(f"/v1/runs/{run.run_id}").text


def test_a_run_of_no_event_type_omits_it(tenant: Tenant, build: Build) -> None:
    run = rows.run(build, run_type="schedule", event_type=None)

    assert "event_type" not in tenant.client.get(f"/v1/runs/{run.run_id}").json()["data"]


def test_the_newest_run_comes_first_whenever_it_started(tenant: Tenant, build: Build) -> None:
    first = rows.run(build, start_time=rows.NOON + timedelta(hours=1))
    second = rows.run(build, start_time=rows.NOON)

    assert listed(tenant) == [str(second.run_id), str(first.run_id)]


def test_pages_follow_each_other(tenant: Tenant, build: Build) -> None:
    runs = [str(rows.run(build).run_id) for _ in range(5)]

    pages = [listed(tenant, limit=2, offset=offset) for offset in (0, 2, 4, 6)]

    assert [run_id for page in pages for run_id in page] == runs[::-1]
    assert pages[3] == []


@pytest.mark.parametrize(
    "status", ["pending", "running", "succeeded", "failed", "cancelled", "pending_retry"]
)
def test_a_status_selects_its_runs(tenant: Tenant, build: Build, status: str) -> None:
    for other in ("pending", "running", "succeeded", "failed", "cancelled", "pending_retry"):
        rows.run(build, other)

    answer = tenant.client.get("/v1/runs", params={"status": status}).json()

    assert [row["status"] for row in answer["data"]] == [status]
    assert answer["pagination"]["total"] == 1


@pytest.mark.parametrize("run_type", ["call", "event", "schedule", "run"])
def test_a_type_selects_its_runs(tenant: Tenant, build: Build, run_type: str) -> None:
    for other in ("call", "event", "schedule", "run"):
        rows.run(build, run_type=other)

    answer = tenant.client.get("/v1/runs", params={"type": run_type}).json()

    assert [row["run_type"] for row in answer["data"]] == [run_type]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "Succeeded"},
        {"status": "success"},
        {"status": ""},
        {"status": "succeeded,failed"},
        {"type": "task"},
        {"type": "EVENT"},
        {"type": ""},
    ],
)
def test_a_value_that_does_not_exist_selects_nothing(
    tenant: Tenant, build: Build, query: dict[str, str]
) -> None:
    rows.run(build)

    assert listed(tenant, **query) == []


def test_a_stream_selects_its_runs(tenant: Tenant, build: Build) -> None:
    runs = [rows.run(build) for _ in range(2)]

    assert listed(tenant, stream_id=runs[0].stream_id) == [str(runs[0].run_id)]
    assert tenant.client.get("/v1/runs", params={"stream_id": "abc"}).status_code == 400


@pytest.mark.parametrize(
    ("time_range", "ages"),
    [
        ("PT1H", [30]),
        ("PT90M", [30]),
        ("PT5400S", [30]),
        ("PT2H", [30, 100]),
        ("P1D", [30, 100, 60 * 20]),
        ("P1DT6H", [30, 100, 60 * 20, 60 * 28]),
        ("P1W", [30, 100, 60 * 20, 60 * 28]),
        ("PT1M", []),
    ],
)
def test_a_time_range_is_exact(
    tenant: Tenant, build: Build, time_range: str, ages: list[int]
) -> None:
    now = datetime.now(UTC)
    started = {
        str(rows.run(build, start_time=now - timedelta(minutes=age)).run_id): age
        for age in (30, 100, 60 * 20, 60 * 28, 60 * 24 * 40)
    }

    assert sorted(started[run_id] for run_id in listed(tenant, time_range=time_range)) == ages


@pytest.mark.parametrize("time_range", ["all", "", "7d", "pt1h", "P0D", "P9999Y", "PT", "P1.5D"])
def test_a_time_range_that_is_none_is_no_filter(
    tenant: Tenant, build: Build, time_range: str
) -> None:
    rows.run(build, start_time=datetime(2001, 1, 1, tzinfo=UTC))

    assert len(listed(tenant, time_range=time_range)) == 1


def test_filters_hold_together(tenant: Tenant, build: Build) -> None:
    wanted = rows.run(build, "failed", start_time=datetime.now(UTC))
    rows.run(build, "failed", run_type="schedule", start_time=datetime.now(UTC))
    rows.run(build, "succeeded", start_time=datetime.now(UTC))
    rows.run(build, "failed")

    found = listed(tenant, status="failed", type="event", time_range="PT1M")

    assert found == [str(wanted.run_id)]


def test_stats_count_every_state(tenant: Tenant, build: Build) -> None:
    for status in ("pending", "running", "running", "succeeded", "failed", "pending_retry"):
        rows.run(build, status)

    answer = tenant.client.get("/v1/runs/stats").json()["data"]

    assert answer == {
        "total_runs": 6,
        "running": 2,
        "succeeded": 1,
        "failed": 1,
        "cancelled": 0,
        "pending": 1,
        "pending_retry": 1,
    }
    assert list(answer)[:5] == ["total_runs", "running", "succeeded", "failed", "cancelled"]


def test_stats_follow_type_and_time(tenant: Tenant, build: Build) -> None:
    rows.run(build, start_time=datetime.now(UTC))
    rows.run(build, start_time=datetime.now(UTC), run_type="schedule")
    rows.run(build)

    query = {"type": "event", "time_range": "PT5M"}
    answer = tenant.client.get("/v1/runs/stats", params=query).json()["data"]

    assert (answer["total_runs"], answer["succeeded"]) == (1, 1)


@pytest.mark.parametrize("part", ["", "/vars", "/stream-data", "/subscribe"])
def test_an_unknown_run_is_not_found_and_a_bad_id_refused(tenant: Tenant, part: str) -> None:
    unknown, bad = (tenant.client.get(f"/v1/runs/{run_id}{part}") for run_id in (uuid4(), "abc"))

    assert (unknown.status_code, unknown.json()["error"]["message"]) == (404, "Run not found")
    assert (bad.status_code, bad.json()["error"]["code"]) == (400, "bad_request")
