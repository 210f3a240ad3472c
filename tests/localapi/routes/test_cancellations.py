"""Cancelling from outside: at once what waits, soon what runs, never what is over."""

from typing import Any

import httpx
import pytest

from hotdash.localapi.models import Run
from tests.localapi import rows
from tests.localapi.tenants import Tenant


def cancelled(tenant: Tenant, path: str, **sent: Any) -> httpx.Response:
    return tenant.client.post(f"/v1{path}/cancel", **sent)


@pytest.mark.parametrize("status", ["pending", "pending_retry"])
def test_a_run_that_waits_is_cancelled_at_once(tenant: Tenant, status: str) -> None:
    run = rows.run(rows.build(tenant.project()["project_id"]), status)

    answer = cancelled(tenant, f"/runs/{run.run_id}", json={"reason": "sold out"})

    assert answer.status_code == 200
    told = answer.json()["data"]
    assert told["status"] == "cancelled"
    assert told["stop_time"] is not None
    assert told["result"] == {
        "$type": "::hot::run/Cancellation",
        "$val": {"msg": "sold out", "data": None},
    }
    assert tenant.client.get(f"/v1/runs/{run.run_id}").json()["data"] == told


def test_a_run_that_runs_is_asked_to_end(tenant: Tenant) -> None:
    run = rows.run(rows.build(tenant.project()["project_id"]), "running")

    for reason in ("sold out", "asked twice"):
        answer = cancelled(tenant, f"/runs/{run.run_id}", json={"reason": reason})
        assert (answer.status_code, answer.json()["data"]["status"]) == (200, "running")

    run.refresh_from_db()
    assert (run.cancel_requested, run.cancel_reason) == (True, "sold out")


@pytest.mark.parametrize("sent", [{}, {"json": {}}, {"json": {"reason": None}}])
def test_no_reason_need_be_given(tenant: Tenant, sent: dict[str, Any]) -> None:
    run = rows.run(rows.build(tenant.project()["project_id"]), "pending")

    told = cancelled(tenant, f"/runs/{run.run_id}", **sent).json()["data"]

    assert told["result"]["$val"]["msg"] == "Cancelled."


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"reason": 7}}, 422),
        ({"json": {"reason": "x" * 4_001}}, 422),
        ({"json": ["no", "map"]}, 422),
        ({"json": {"reason": "a\0b"}}, 422),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 400),
        (
            {
                "content": b'{"reason": "a\\ud800b"}',
                "headers": {"Content-Type": "application/json"},
            },
            422,
        ),
        ({"content": b'{"reason": "x"}'}, 415),
    ],
)
def test_a_body_that_is_no_reason_is_refused(
    tenant: Tenant, sent: dict[str, Any], status: int
) -> None:
    run = rows.run(rows.build(tenant.project()["project_id"]), "pending")

    assert cancelled(tenant, f"/runs/{run.run_id}", **sent).status_code == status
    assert Run.objects.get(pk=run.pk).status == "pending"


@pytest.mark.parametrize("status", ["succeeded", "failed", "cancelled"])
def test_what_is_over_stays_as_it_is(tenant: Tenant, status: str) -> None:
    build = rows.build(tenant.project()["project_id"])
    run, task = rows.run(build, status), rows.task(build, status)

    for path, noun in ((f"/runs/{run.run_id}", "run"), (f"/tasks/{task.task_id}", "task")):
        answer = cancelled(tenant, path)
        assert answer.status_code == 409
        error = answer.json()["error"]
        assert error["code"] == "conflict"
        assert error["message"] == f"This {noun} is over, there is nothing to cancel."


def test_a_task_is_cancelled_by_its_own_id_and_by_its_runs(tenant: Tenant) -> None:
    build = rows.build(tenant.project()["project_id"])
    one, other = rows.task(build, "pending"), rows.task(build, "pending")

    told = cancelled(tenant, f"/tasks/{one.task_id}", json={"reason": "late"}).json()["data"]
    assert (told["status"], told["result"]["$val"]["msg"]) == ("cancelled", "late")

    assert cancelled(tenant, f"/runs/{other.run_id}").status_code == 200
    other.refresh_from_db()
    assert other.status == "cancelled"


def test_only_who_may_execute_runs_cancels_them(tenant: Tenant, stranger: Tenant) -> None:
    build = rows.build(tenant.project()["project_id"])
    run, task = rows.run(build, "pending"), rows.task(build, "pending")
    reader = tenant.may({"run:*": ["read"], "stream:*": ["read"]})

    for path in (f"/v1/runs/{run.run_id}/cancel", f"/v1/tasks/{task.task_id}/cancel"):
        assert reader.post(path).status_code == 403
        assert stranger.client.post(path).status_code == 404

    assert Run.objects.get(pk=run.pk).status == "pending"
    assert Run.objects.get(pk=task.run_id).status == "pending"
