"""A key of one environment sees nothing of another, by no route, filter or stream."""

from typing import Any

import pytest

from hotdash.localapi.models import Build, Run
from tests.localapi import rows
from tests.localapi.tenants import Tenant


@pytest.fixture
def theirs(stranger: Tenant) -> Run:
    """A run in the other environment, with everything around it."""
    project_id = stranger.project("vault")["project_id"]
    stranger.client.post("/v1/projects/vault/context", json={"key": "SECRET", "value": "1"})
    build = rows.build(project_id)
    rows.handler(build)
    rows.schedule(build)
    run = rows.run(build)
    rows.call(run, 1)
    rows.piece(run)
    return run


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/projects/{run.project_id}"),
        ("PATCH", "/v1/projects/{run.project_id}"),
        ("DELETE", "/v1/projects/{run.project_id}"),
        ("POST", "/v1/projects/{run.project_id}/activate"),
        ("POST", "/v1/projects/{run.project_id}/deactivate"),
        ("GET", "/v1/projects/{run.project_id}/builds"),
        ("POST", "/v1/projects/{run.project_id}/builds"),
        ("GET", "/v1/projects/{run.project_id}/builds/deployed"),
        ("GET", "/v1/projects/{run.project_id}/builds/live"),
        ("GET", "/v1/projects/{run.project_id}/builds/{run.build_id}"),
        ("GET", "/v1/projects/{run.project_id}/builds/{run.build_id}/download"),
        ("POST", "/v1/projects/{run.project_id}/builds/{run.build_id}/deploy"),
        ("GET", "/v1/projects/mine/builds/{run.build_id}"),
        ("GET", "/v1/projects/mine/builds/{run.build_id}/download"),
        ("POST", "/v1/projects/mine/builds/{run.build_id}/deploy"),
        ("GET", "/v1/projects/{run.project_id}/context"),
        ("POST", "/v1/projects/{run.project_id}/context"),
        ("PUT", "/v1/projects/{run.project_id}/context/SECRET"),
        ("DELETE", "/v1/projects/{run.project_id}/context/SECRET"),
        ("PUT", "/v1/projects/mine/context/SECRET"),
        ("GET", "/v1/projects/vault"),
        ("GET", "/v1/projects/vault/event-handlers"),
        ("GET", "/v1/projects/{run.project_id}/event-handlers"),
        ("GET", "/v1/projects/{run.project_id}/schedules"),
        ("GET", "/v1/events/{run.event_id}"),
        ("GET", "/v1/events/{run.event_id}/runs"),
        ("GET", "/v1/runs/{run.run_id}"),
        ("GET", "/v1/runs/{run.run_id}/vars"),
        ("GET", "/v1/runs/{run.run_id}/stream-data"),
        ("GET", "/v1/runs/{run.run_id}/subscribe"),
        ("GET", "/v1/streams/{run.stream_id}/subscribe"),
        ("POST", "/v1/streams/{run.stream_id}/subscribe"),
    ],
)
def test_an_object_of_another_environment_is_not_found(
    tenant: Tenant, theirs: Run, method: str, path: str
) -> None:
    tenant.project("mine")
    body: Any = {"name": "x", "key": "SECRET", "value": "2"}
    sent: dict[str, Any] = {"json": body} if method in {"PATCH", "PUT", "POST"} else {}
    if path.endswith("/builds"):
        sent = {"files": {"file": ("x.zip", b"")}, "data": {"hash": "x"}} if sent else {}

    answer = tenant.client.request(method, path.format(run=theirs), **sent)

    assert answer.status_code == 404, answer.text
    assert answer.json()["error"]["code"] == "not_found"
    assert Run.objects.filter(pk=theirs.run_id).exists()
    assert Build.objects.get(pk=theirs.build_id).deployed


@pytest.mark.parametrize(
    "path",
    [
        "/v1/projects",
        "/v1/builds",
        "/v1/events",
        "/v1/runs",
        "/v1/runs?status=succeeded",
        "/v1/runs?type=event",
        "/v1/runs?time_range=P3660D",
        "/v1/runs?stream_id={run.stream_id}",
        "/v1/events?stream_id={run.stream_id}",
    ],
)
def test_no_list_and_no_filter_shows_another_environment(
    tenant: Tenant, theirs: Run, path: str
) -> None:
    answer = tenant.client.get(path.format(run=theirs)).json()

    assert answer["data"] == []
    assert answer["pagination"]["total"] == 0


@pytest.mark.parametrize("path", ["/v1/runs/stats", "/v1/runs/stats?type=event"])
def test_no_count_includes_another_environment(tenant: Tenant, theirs: Run, path: str) -> None:
    assert set(tenant.client.get(path).json()["data"].values()) == {0}


def test_an_event_starts_no_run_in_another_environment(tenant: Tenant, theirs: Run) -> None:
    tenant.publish()

    assert Run.objects.filter(build=theirs.build_id).count() == 1


def test_nothing_is_published_into_another_environments_stream(tenant: Tenant, theirs: Run) -> None:
    body = {"event_type": "x", "event_data": 1, "stream_id": str(theirs.stream_id)}

    for path in ("/v1/events", "/v1/streams/subscribe-with-event"):
        answer = tenant.client.post(path, json=body)
        assert answer.status_code == 404
        assert answer.json()["error"]["message"] == "Stream not found"


def test_a_stream_is_not_narrowed_by_another_environments_project(
    tenant: Tenant, theirs: Run
) -> None:
    stream_id = tenant.publish()["stream_id"]

    answer = tenant.client.get(
        f"/v1/streams/{stream_id}/subscribe", params={"project": str(theirs.project_id)}
    )

    assert answer.status_code == 404
