"""GET /runs/{id}/vars and /stream-data: what a run did, also while it does it."""

from typing import Any

import pytest

from hotdash.localapi.models import Build, Run
from tests.localapi import rows
from tests.localapi.tenants import Tenant


def trace(tenant: Tenant, run: Run, **query: Any) -> dict[str, Any]:
    answer = tenant.client.get(f"/v1/runs/{run.run_id}/vars", params=query)
    assert answer.status_code == 200
    return dict(answer.json())


def test_a_call_is_a_variable_with_meta(tenant: Tenant, build: Build) -> None:
    run = rows.run(build, trace_rev=2)
    rows.call(run, 1)
    row = rows.call(run, 2, parent=1, rev=2)

    shown = trace(tenant, run)

    assert list(shown) == ["data", "pagination", "rev", "execution", "meta"]
    assert shown["data"][1] == {
        "var_id": str(row.var_id),
        "run_id": str(run.run_id),
        "ns": "::shop::orders",
        "var": "step-2",
        "value": 2,
        "meta": {
            "kind": "call",
            "seq": 2,
            "execution": 1,
            "rev": 2,
            "call_id": "2",
            "parent_id": "1",
            "args": {"x": 1},
            "error": None,
            "file": "shop/orders.py",
            "line": 2,
        },
        "start_time": "2026-11-22T12:00:00.123000Z",
        "stop_time": "2026-11-22T12:00:00.125000Z",
    }
    assert shown["data"][0]["meta"]["parent_id"] is None


def test_an_open_call_is_there_without_an_end(tenant: Tenant, build: Build) -> None:
    run = rows.run(build, "running")
    rows.call(run, 1, value=None, stop_time=None)

    (call,) = trace(tenant, run)["data"]

    assert (call["value"], call["stop_time"], call["meta"]["error"]) == (None, None, None)


def test_a_call_that_raised_carries_its_error(tenant: Tenant, build: Build) -> None:
    run = rows.run(build, "failed")
    rows.call(run, 1, value=None, error='{"type": "ValueError", "msg": "too many"}')

    (call,) = trace(tenant, run)["data"]

    assert call["meta"]["error"] == {"type": "ValueError", "msg": "too many"}


def test_calls_come_in_the_order_in_which_they_began(tenant: Tenant, build: Build) -> None:
    run = rows.run(build)
    for seq in (3, 1, 2):
        rows.call(run, seq, rev=4 - seq)

    shown = trace(tenant, run, limit=2)

    assert [call["meta"]["seq"] for call in shown["data"]] == [1, 2]
    assert shown["pagination"] == {"total": 3, "limit": 2, "offset": 0, "has_more": True}
    assert [call["meta"]["seq"] for call in trace(tenant, run, offset=2)["data"]] == [3]


def test_after_a_revision_only_what_changed_since_comes_in_its_order(
    tenant: Tenant, build: Build
) -> None:
    run = rows.run(build, trace_rev=5)
    for seq, rev in ((1, 5), (2, 2), (3, 4)):
        rows.call(run, seq, rev=rev)

    shown = trace(tenant, run, after_rev=2)

    assert [(call["meta"]["seq"], call["meta"]["rev"]) for call in shown["data"]] == [
        (3, 4),
        (1, 5),
    ]
    assert (shown["rev"], shown["pagination"]["total"]) == (5, 2)
    assert trace(tenant, run, after_rev=5)["data"] == []
    assert len(trace(tenant, run, after_rev=0)["data"]) == 3


def test_a_second_execution_starts_the_trace_over(tenant: Tenant, build: Build) -> None:
    run = rows.run(build, "running", execution=2)
    rows.call(run, 1, execution=1)
    rows.call(run, 2, execution=1)
    again = rows.call(run, 1, execution=2)

    shown = trace(tenant, run)

    assert shown["execution"] == 2
    assert [call["var_id"] for call in shown["data"]] == [str(again.var_id)]


@pytest.mark.parametrize("after_rev", ["x", "-1", "1.0", "1_0", str(2**31)])
def test_a_revision_that_is_none_is_a_bad_request(
    tenant: Tenant, build: Build, after_rev: str
) -> None:
    run = rows.run(build)

    answer = tenant.client.get(f"/v1/runs/{run.run_id}/vars", params={"after_rev": after_rev})

    assert answer.status_code == 400


def test_streamed_output_is_listed_in_order(tenant: Tenant, build: Build) -> None:
    run, other = rows.run(build), rows.run(build)
    pieces = [rows.piece(run, payload) for payload in ('{"n":1}', "2", "null")]
    rows.piece(other)

    answer = tenant.client.get(f"/v1/runs/{run.run_id}/stream-data").json()

    assert [row["payload"] for row in answer["data"]] == [{"n": 1}, 2, None]
    assert answer["data"][0] == {
        "stream_data_id": str(pieces[0].stream_data_id),
        "run_id": str(run.run_id),
        "data_type": "progress",
        "payload": {"n": 1},
        "created_at": "2026-11-22T12:00:00.123000Z",
    }
    assert answer["pagination"]["total"] == 3
