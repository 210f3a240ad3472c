"""The access log: a line for each request, with ids, and nothing of what was sent or answered."""

import re
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from hotdash.localapi.models import ApiKey
from tests.localapi.tenants import Tenant
from tests.sockets import wait_for

Line = dict[str, str]


def lines(data: Path) -> list[Line]:
    """Every line of the served API's access log."""
    written = (data / "api.log").read_text()
    return [
        dict(re.findall(r'(\w+)=("[^"]*"|\S+)', line))
        for line in written.splitlines()
        if "logger=hotdash.access" in line
    ]


def line_of(data: Path, request_id: str) -> Line:
    def found() -> list[Line]:
        return [line for line in lines(data) if line["request_id"] == request_id]

    wait_for(lambda: bool(found()))
    (line,) = found()
    return line


def id_in(answer: httpx.Response) -> str:
    body = answer.json()
    return str(body.get("meta", body.get("error"))["request_id"])


def credential_of(tenant: Tenant) -> str:
    return str(ApiKey.objects.get(environment=tenant.env_id, revoked_at=None).key_id)


def test_a_line_says_who_asked_where_and_what_came_of_it(tenant: Tenant, data: Path) -> None:
    answer = tenant.client.get("/v1/projects")

    line = line_of(data, id_in(answer))

    assert set(line) == {
        "level", "logger", "event", "method", "route", "status", "ms", "bytes", "request_id",
        "credential_id", "environment_id", "timestamp",
    }  # fmt: skip
    assert (line["method"], line["route"], line["status"]) == ("GET", "v1:projects_index", "200")
    assert line["bytes"] == str(len(answer.content))
    assert line["environment_id"] == str(tenant.env_id)
    assert line["credential_id"] == credential_of(tenant)


def test_a_session_is_named_by_its_own_id(tenant: Tenant, data: Path) -> None:
    body = {"permissions": {"event:*": ["read"]}}
    session = tenant.client.post("/v1/sessions", json=body).json()["data"]

    answer = tenant.operator.with_token(session["token"]).get("/v1/events")

    assert line_of(data, id_in(answer))["credential_id"] == session["session_id"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/runs/abc", 400), ("PUT", "/v1/projects", 405), ("GET", "/v1/projects/no", 404)],
)
def test_a_refusal_has_the_id_that_its_client_was_told(
    tenant: Tenant, data: Path, method: str, path: str, status: int
) -> None:
    line = line_of(data, id_in(tenant.client.request(method, path)))

    assert line["status"] == str(status)
    assert line["credential_id"] == credential_of(tenant)


def test_who_may_not_is_named_and_who_is_unknown_is_not(
    tenant: Tenant, anyone: httpx.Client, data: Path
) -> None:
    forbidden = line_of(data, id_in(tenant.may({}).get("/v1/projects")))
    unknown = line_of(data, id_in(anyone.get("/v1/projects")))

    assert (forbidden["status"], unknown["status"]) == ("403", "401")
    assert "credential_id" in forbidden
    assert "credential_id" not in unknown


def test_the_operator_has_no_environment(tenant: Tenant, data: Path) -> None:
    line = line_of(data, id_in(tenant.operator.client.get("/v1/envs")))

    assert "credential_id" in line
    assert "environment_id" not in line


def test_nothing_that_was_sent_or_answered_is_written(tenant: Tenant, data: Path) -> None:
    canary = f"canary{uuid4().hex}"
    tenant.project(canary)
    tenant.client.get(f"/v1/projects/{canary}?note={canary}", headers={"X-Note": canary})
    tenant.client.post("/v1/events", json={"event_type": canary, "event_data": canary})
    tenant.client.get(f"/{canary}")
    last = tenant.client.get("/v1/env")
    line_of(data, id_in(last))

    log = (data / "api.log").read_text()
    assert canary not in log
    assert tenant.client.headers["Authorization"].rpartition("_")[2] not in log


def test_a_stream_has_its_line_when_it_is_over(tenant: Tenant, data: Path) -> None:
    def told() -> list[Line]:
        return [line for line in lines(data) if line.get("environment_id") == str(tenant.env_id)]

    with tenant.client.stream("GET", "/v1/env/subscribe") as answer:
        parts = answer.iter_bytes()  # an iterator that nobody holds closes the answer
        assert next(parts) == b":\n\n"
        assert [line for line in told() if "subscriptions" in line["route"]] == []

    wait_for(lambda: bool(told()))
    (line,) = told()
    assert (line["route"], line["status"]) == ("v1:subscriptions_to_environment", "200")
    assert int(line["bytes"]) >= 3


def test_a_download_is_counted(tenant: Tenant, data: Path) -> None:
    tenant.client.put("/v1/files/upload/a.bin", content=b"x" * 200_000)
    file_id = tenant.client.get("/v1/files").json()["data"][0]["file_id"]

    assert len(tenant.client.get(f"/v1/files/{file_id}/download").content) == 200_000

    def told() -> list[Line]:
        own = (line for line in lines(data) if line.get("environment_id") == str(tenant.env_id))
        return [line for line in own if line["bytes"] == "200000"]

    wait_for(lambda: bool(told()))


def test_a_body_that_nobody_reads_to_its_end_has_a_line_too(tenant: Tenant, data: Path) -> None:
    endless = (b" " * 65536 for _ in range(2_000))
    answer = tenant.client.post("/v1/streams/subscribe-with-event", content=endless)

    line = line_of(data, id_in(answer))
    assert (line["method"], line["route"], line["status"]) == ("POST", "unrouted", "413")


def test_each_request_has_an_id_of_its_own(tenant: Tenant) -> None:
    ids = {id_in(tenant.client.get("/v1/env")) for _ in range(20)}

    assert len(ids) == 20
    assert all(UUID(one).version == 4 for one in ids)
