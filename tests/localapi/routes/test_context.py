"""Context variables: written, never read; sealed where they lie."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from hotdash.host.keyring import CannotOpen
from hotdash.localapi.context.seal import open_value, seal_value
from hotdash.localapi.models import ContextVariable
from tests.localapi.at_rest import kept
from tests.localapi.tenants import Tenant

CONTEXT = "/v1/projects/shop/context"


def create(tenant: Tenant, key: str = "DATABASE_URL", value: Any = '"postgres://x"') -> Any:
    tenant.project()
    return tenant.client.post(CONTEXT, json={"key": key, "value": value})


def keys(tenant: Tenant) -> list[str]:
    return [row["key"] for row in tenant.client.get(CONTEXT).json()["data"]]


def test_a_variable_is_made_and_its_value_not_told(tenant: Tenant) -> None:
    tenant.project()

    answer = tenant.client.post(
        CONTEXT, json={"key": "A", "value": "canary-7f3", "description": "first"}
    )

    assert answer.status_code == 201
    assert list(answer.json()["data"]) == ["key", "description", "created_at", "updated_at"]
    assert answer.json()["data"]["description"] == "first"
    assert "canary-7f3" not in answer.text + tenant.client.get(CONTEXT).text


def test_no_file_of_the_server_holds_a_value(tenant: Tenant, data: Path) -> None:
    value = f"canary-{uuid4()}"
    create(tenant, value=value)
    tenant.client.put(f"{CONTEXT}/DATABASE_URL", json={"value": f"again-{value}"})

    for file, content in kept(data):
        assert value.encode() not in content, file


def test_a_value_opens_in_its_own_place_alone(tenant: Tenant) -> None:
    create(tenant, value="secret")
    row = ContextVariable.objects.get(project__environment=tenant.env_id)
    org, env, project, sealed = tenant.org_id, tenant.env_id, row.project_id, bytes(row.sealed)

    assert open_value(org, env, project, "DATABASE_URL", sealed) == "secret"
    for elsewhere in (
        (uuid4(), env, project, "DATABASE_URL"),
        (org, uuid4(), project, "DATABASE_URL"),
        (org, env, uuid4(), "DATABASE_URL"),
        (org, env, project, "OTHER"),
    ):
        with pytest.raises(CannotOpen):
            open_value(*elsewhere, sealed)


def test_the_same_value_is_never_sealed_to_the_same_bytes() -> None:
    place = (UUID(int=1), UUID(int=2), UUID(int=3), "A")

    assert seal_value(*place, "secret") != seal_value(*place, "secret")


@pytest.mark.parametrize(
    "key", ["A", "bad key!", "lower.dotted-key", "a/b", "%2F", "ключ", "...", "K" * 512]
)
def test_what_can_be_addressed_is_a_key(tenant: Tenant, key: str) -> None:
    assert create(tenant, key).json()["data"]["key"] == key


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("", "is empty"),
        (" A", "begins or ends with a blank"),
        ("A\u00a0", "begins or ends with a blank"),
        ("K" * 513, "is longer than 512 characters"),
        ("..", "would be taken for a step in an address"),
        ("a\nb", "holds a control character or a line break"),
        ("a\u2028b", "holds a control character or a line break"),
    ],
)
def test_a_key_that_nothing_could_name_is_refused_in_words(
    tenant: Tenant, key: str, reason: str
) -> None:
    answer = create(tenant, key)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")
    assert answer.json()["error"]["message"].startswith(f"The key {reason}. ")
    assert keys(tenant) == []


@pytest.mark.parametrize("value", ["", "x", '{"a": 1}', "\u2028", "x" * 1024 * 1024])
def test_any_text_is_a_value(tenant: Tenant, value: str) -> None:
    assert create(tenant, value=value).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {"key": "A"},
        {"value": "x"},
        {"key": "A", "value": 1},
        {"key": "A", "value": None},
        {"key": "A", "value": {"a": 1}},
        {"key": 1, "value": "x"},
        {"key": "A", "value": "x", "description": 1},
        {"key": "A", "value": "x" * (1024 * 1024 + 1)},
        {"key": "a\0b", "value": "x"},
    ],
)
def test_a_variable_of_the_wrong_shape_is_unprocessable(
    tenant: Tenant, body: dict[str, Any]
) -> None:
    tenant.project()

    answer = tenant.client.post(CONTEXT, json=body)

    assert answer.status_code == 422
    assert "x" * 100 not in answer.text
    assert keys(tenant) == []


def test_a_key_that_is_there_is_a_conflict_and_keeps_its_value(tenant: Tenant) -> None:
    create(tenant, value="first")

    answer = create(tenant, value="second")

    assert answer.status_code == 409
    row = ContextVariable.objects.get(project__environment=tenant.env_id)
    place = (tenant.org_id, tenant.env_id, row.project_id, row.key)
    assert open_value(*place, sealed=bytes(row.sealed)) == "first"


def test_variables_are_listed_by_key(tenant: Tenant) -> None:
    for key in ("B", "a", "A"):
        create(tenant, key)

    assert keys(tenant) == ["A", "B", "a"]


def test_a_new_value_leaves_a_description_that_is_not_sent(tenant: Tenant) -> None:
    create(tenant)
    path = f"{CONTEXT}/DATABASE_URL"

    described = tenant.client.put(path, json={"value": "x", "description": "Primary"})
    kept = tenant.client.put(path, json={"value": "y"})
    cleared = tenant.client.put(path, json={"value": "y", "description": None})

    assert described.json()["data"]["description"] == "Primary"
    assert (kept.status_code, kept.json()["data"]["description"]) == (200, "Primary")
    assert cleared.json()["data"]["description"] is None
    assert described.json()["data"]["updated_at"] < kept.json()["data"]["updated_at"]


def test_a_key_with_a_slash_is_addressed_escaped(tenant: Tenant) -> None:
    create(tenant, "a/b")

    assert tenant.client.put(f"{CONTEXT}/a%2Fb", json={"value": "x"}).status_code == 200
    assert tenant.client.delete(f"{CONTEXT}/a%2Fb").status_code == 204
    assert keys(tenant) == []


def test_a_deleted_key_is_gone_and_free(tenant: Tenant) -> None:
    create(tenant)

    assert tenant.client.delete(f"{CONTEXT}/DATABASE_URL").status_code == 204

    again = tenant.client.delete(f"{CONTEXT}/DATABASE_URL")
    assert again.status_code == 404
    assert again.json()["error"]["message"] == "Context variable not found"
    assert create(tenant).status_code == 201


def test_an_unknown_key_cannot_be_changed(tenant: Tenant) -> None:
    tenant.project()

    assert tenant.client.put(f"{CONTEXT}/NOPE", json={"value": "x"}).status_code == 404
