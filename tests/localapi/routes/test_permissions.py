"""What each role's key may do, and how a right is written; the table of routes holds the rest."""

import re
from collections.abc import Iterator
from uuid import UUID

import httpx
import pytest

from hotdash.localapi.api import public, v1
from hotdash.localapi.models import Event, Project
from tests.localapi.tenants import EVERYTHING, Tenant

NOWHERE = UUID(int=0)
READER = {
    f"{noun}:*": ["read"]
    for noun in ("project", "build", "context", "event", "run", "stream", "env", "file", "domain")
}
MEMBER = READER | {"event:*": ["read", "create"]}
ADMIN = MEMBER | {
    "project:*": ["create", "read", "update", "delete"],
    "context:*": ["create", "read", "update", "delete"],
    "build:*": ["create", "read", "execute"],
    "session:*": ["*"],
    "domain:*": ["create", "read", "update", "delete"],
    "file:*": ["create", "read", "update", "delete"],
}
OPERATORS_ALONE = ("/v1/envs", "/v1/api-keys", "/v1/api-keys/{key_id}")


def routes() -> Iterator[tuple[str, str]]:
    """Every route of the API, from its own description."""
    for path, methods in v1.get_openapi_schema(path_prefix="/v1/")["paths"].items():
        yield from ((method.upper(), path) for method in methods)


ROUTES = sorted(routes())
FOR_PEOPLE = [(method, path) for method, path in ROUTES if path not in OPERATORS_ALONE]
LEAST = {  # the least role that may; the others are a viewer's
    "POST /v1/events": "member",
    "POST /v1/streams/subscribe-with-event": "member",
    "POST /v1/projects": "admin",
    "PATCH /v1/projects/{project}": "admin",
    "DELETE /v1/projects/{project}": "admin",
    "POST /v1/projects/{project}/activate": "admin",
    "POST /v1/projects/{project}/deactivate": "admin",
    "POST /v1/projects/{project}/builds": "admin",
    "POST /v1/projects/{project}/builds/{build_id}/deploy": "admin",
    "POST /v1/projects/{project}/context": "admin",
    "PUT /v1/projects/{project}/context/{key}": "admin",
    "DELETE /v1/projects/{project}/context/{key}": "admin",
    "POST /v1/env/context": "admin",
    "PUT /v1/env/context/{key}": "admin",
    "DELETE /v1/env/context/{key}": "admin",
    "POST /v1/domains": "admin",
    "POST /v1/domains/{domain_id}/verify": "admin",
    "DELETE /v1/domains/{domain_id}": "admin",
    "PUT /v1/files/upload/{path}": "admin",
    "POST /v1/files/uploads": "admin",
    "PUT /v1/files/uploads/{upload_id}/{part_number}": "admin",
    "POST /v1/files/uploads/{upload_id}/complete": "admin",
    "DELETE /v1/files/uploads/{upload_id}": "admin",
    "DELETE /v1/files/{file_id}": "admin",
    "POST /v1/runs/{run_id}/cancel": "owner",
    "POST /v1/tasks/{task_id}/cancel": "owner",
    "GET /v1/sessions": "admin",
    "POST /v1/sessions": "admin",
    "DELETE /v1/sessions": "admin",
    "DELETE /v1/sessions/{session_id}": "admin",
    "GET /v1/service-keys": "owner",
    "POST /v1/service-keys": "owner",
    "DELETE /v1/service-keys": "owner",
    "GET /v1/service-keys/{service_key_id}": "owner",
    "PATCH /v1/service-keys/{service_key_id}": "owner",
    "DELETE /v1/service-keys/{service_key_id}": "owner",
}


def status_of(client: httpx.Client, method: str, path: str) -> int:
    """Return how a route answers for objects that do not exist; a stream is not read."""
    concrete = re.sub(r"\{(\w+)\}", lambda name: _value(name[1]), path)
    with client.stream(method, concrete) as answer:
        return answer.status_code


def _value(name: str) -> str:
    return str(NOWHERE) if name.endswith("_id") else "nowhere"


def test_only_the_status_is_public() -> None:
    assert sorted(public.get_openapi_schema(path_prefix="/")["paths"]) == ["/", "/status"]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_route_answers_a_key_with_an_empty_map(tenant: Tenant, method: str, path: str) -> None:
    assert status_of(tenant.may({}), method, path) == 403


@pytest.mark.parametrize(("method", "path"), FOR_PEOPLE)
@pytest.mark.parametrize(
    ("role", "permissions"),
    [("viewer", READER), ("member", MEMBER), ("admin", ADMIN), ("owner", EVERYTHING)],
)
def test_each_role_reaches_what_it_may_and_nothing_else(
    tenant: Tenant, role: str, permissions: dict[str, list[str]], method: str, path: str
) -> None:
    least = LEAST.get(f"{method} {path}", "viewer")
    ranks = ["viewer", "member", "admin", "owner"]
    allowed = ranks.index(role) >= ranks.index(least)

    assert (status_of(tenant.may(permissions), method, path) != 403) == allowed


@pytest.mark.parametrize(
    ("permissions", "event_type", "allowed"),
    [
        ({"event:order:*": ["create"]}, "order:placed", True),
        ({"event:order:placed": ["create"]}, "order:placed", True),
        ({"event:order:placed": ["create"]}, "order:placed:late", False),
        ({"event:order:*": ["create"]}, "user:created", False),
        ({"event:*": ["*"]}, "user:created", True),
        ({"event:*": ["read"]}, "order:placed", False),
        ({"run:*": ["read"]}, "order:placed", False),
        (EVERYTHING, "order:placed", True),
    ],
)
def test_publishing_needs_the_right_to_that_very_type(
    tenant: Tenant, permissions: dict[str, list[str]], event_type: str, allowed: bool
) -> None:
    answer = tenant.may(permissions).post(
        "/v1/events", json={"event_type": event_type, "event_data": None}
    )

    assert answer.status_code == (201 if allowed else 403)
    assert Event.objects.filter(environment=tenant.env_id).exists() == allowed


def test_a_right_to_some_event_types_is_not_a_right_to_read_events(tenant: Tenant) -> None:
    assert tenant.may({"event:order:*": ["read"]}).get("/v1/events").status_code == 403


@pytest.mark.parametrize("written", ["{0}", "{0.hex}", "{{{0}}}", "urn:uuid:{0}"])
def test_a_right_to_one_stream_holds_however_its_id_is_written(
    tenant: Tenant, written: str
) -> None:
    stream_id = UUID(tenant.publish()["stream_id"])
    client = tenant.may({f"stream:{stream_id}": ["read"]})

    with client.stream("GET", f"/v1/streams/{written.format(stream_id)}/subscribe") as answer:
        assert answer.status_code == 200
    assert client.get(f"/v1/streams/{NOWHERE}/subscribe").status_code == 403


def test_a_refusal_changes_nothing(tenant: Tenant) -> None:
    tenant.may(READER).post("/v1/projects", json={"name": "mine"})

    assert not Project.objects.filter(environment=tenant.env_id).exists()


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "bearer {token}",
        "Basic {token}",
        "Bearer  {token}",
        "Bearer {token}0",
        "Bearer hot_zz_zz",
        "Bearer s_00000000000000000000000000000000_00000000000000000000000000000000",
        "Bearer hot_00000000000000000000000000000000_{secret}",
    ],
)
def test_a_key_must_be_written_exactly(tenant: Tenant, anyone: httpx.Client, header: str) -> None:
    token = tenant.operator.key(tenant.env_id, EVERYTHING)
    written = header.format(token=token, secret=token.rpartition("_")[2])

    answer = anyone.get("/v1/env", headers={"Authorization": written} if written else {})

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthorized"


def test_a_key_is_taken_from_the_header_alone(tenant: Tenant, anyone: httpx.Client) -> None:
    token = tenant.operator.key(tenant.env_id, EVERYTHING)

    for query in ("token", "access_token", "api_key", "key"):
        assert anyone.get("/v1/env", params={query: token}).status_code == 401
    assert anyone.get("/v1/env", headers={"Cookie": f"token={token}"}).status_code == 401


def test_the_last_digit_of_a_secret_counts(tenant: Tenant, anyone: httpx.Client) -> None:
    token = tenant.operator.key(tenant.env_id, EVERYTHING)
    other = token[:-1] + ("0" if token[-1] != "0" else "1")

    answer = anyone.get("/v1/env", headers={"Authorization": f"Bearer {other}"})

    assert answer.status_code == 401
