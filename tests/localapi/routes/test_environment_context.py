"""Context variables that all projects of an environment share."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from hotdash.host.keyring import CannotOpen
from hotdash.localapi.context.seal import open_value
from hotdash.localapi.models import ContextVariable
from tests.localapi.at_rest import kept
from tests.localapi.tenants import Tenant

SHARED = "/v1/env/context"


def create(tenant: Tenant, key: str = "REGION", **more: Any) -> httpx.Response:
    return tenant.client.post(SHARED, json={"key": key, "value": "eu-1"} | more)


def keys(tenant: Tenant) -> list[str]:
    return [row["key"] for row in tenant.client.get(SHARED).json()["data"]]


def test_a_variable_is_made_listed_and_its_value_not_told(tenant: Tenant, data: Path) -> None:
    canary = f"canary-{uuid4()}"
    answer = create(tenant, value=canary, description="where we are")

    assert answer.status_code == 201
    assert list(answer.json()["data"]) == ["key", "description", "created_at", "updated_at"]
    listed = tenant.client.get(SHARED)
    assert listed.json()["data"] == [answer.json()["data"]]
    assert canary not in answer.text + listed.text
    for file, content in kept(data):
        assert canary.encode() not in content, file


def test_a_value_opens_as_the_environments_alone(tenant: Tenant) -> None:
    create(tenant, value="secret")
    row = ContextVariable.objects.get(environment=tenant.env_id)
    sealed = bytes(row.sealed)

    assert open_value(tenant.org_id, tenant.env_id, None, "REGION", sealed) == "secret"
    for org, env, project, key in (
        (uuid4(), tenant.env_id, None, "REGION"),
        (tenant.org_id, uuid4(), None, "REGION"),
        (tenant.org_id, tenant.env_id, uuid4(), "REGION"),
        (tenant.org_id, tenant.env_id, None, "OTHER"),
    ):
        with pytest.raises(CannotOpen):
            open_value(org, env, project, key, sealed)


def test_a_key_that_is_there_is_a_conflict(tenant: Tenant) -> None:
    create(tenant)

    answer = create(tenant)

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict")
    assert answer.json()["error"]["message"].startswith("The environment has")


def test_a_project_may_have_the_same_key_and_keeps_it_to_itself(tenant: Tenant) -> None:
    tenant.project()
    create(tenant)

    own = tenant.client.post("/v1/projects/shop/context", json={"key": "REGION", "value": "us"})

    assert own.status_code == 201
    assert tenant.client.delete("/v1/projects/shop/context/REGION").status_code == 204
    assert keys(tenant) == ["REGION"]


def test_a_deleted_project_leaves_what_is_shared(tenant: Tenant) -> None:
    tenant.project()
    create(tenant)

    assert tenant.client.delete("/v1/projects/shop").status_code == 204
    assert keys(tenant) == ["REGION"]


def test_a_key_that_nothing_could_name_is_refused_in_words(tenant: Tenant) -> None:
    answer = create(tenant, "")

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


def test_a_new_value_leaves_a_description_that_is_not_sent(tenant: Tenant) -> None:
    create(tenant, description="where we are")

    kept = tenant.client.put(f"{SHARED}/REGION", json={"value": "eu-2"})
    changed = tenant.client.put(f"{SHARED}/REGION", json={"value": "eu-2", "description": "x"})

    assert (kept.status_code, kept.json()["data"]["description"]) == (200, "where we are")
    assert changed.json()["data"]["description"] == "x"


def test_an_unknown_key_is_not_found(tenant: Tenant) -> None:
    for answer in (
        tenant.client.put(f"{SHARED}/NOPE", json={"value": "x"}),
        tenant.client.delete(f"{SHARED}/NOPE"),
    ):
        assert answer.status_code == 404
        assert answer.json()["error"]["message"] == "Context variable not found"


def test_a_deleted_key_is_gone_and_free(tenant: Tenant) -> None:
    create(tenant, "a/b")

    assert tenant.client.delete(f"{SHARED}/a%2Fb").status_code == 204
    assert keys(tenant) == []
    assert create(tenant, "a/b").status_code == 201


def test_another_environment_sees_and_changes_none_of_it(tenant: Tenant, stranger: Tenant) -> None:
    create(stranger, "THEIRS")

    assert keys(tenant) == []
    assert tenant.client.put(f"{SHARED}/THEIRS", json={"value": "x"}).status_code == 404
    assert tenant.client.delete(f"{SHARED}/THEIRS").status_code == 404
    assert keys(stranger) == ["THEIRS"]


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("GET", SHARED, "read"),
        ("POST", SHARED, "create"),
        ("PUT", f"{SHARED}/REGION", "update"),
        ("DELETE", f"{SHARED}/REGION", "delete"),
    ],
)
def test_each_action_needs_its_right(tenant: Tenant, method: str, path: str, action: str) -> None:
    body = {"key": "NEW", "value": "x"}
    sent: dict[str, Any] = {"json": body} if method in {"POST", "PUT"} else {}
    others = [one for one in ("create", "read", "update", "delete") if one != action]
    create(tenant)

    assert tenant.may({"context:*": others}).request(method, path, **sent).status_code == 403
    assert tenant.may({"context:*": [action]}).request(method, path, **sent).is_success
