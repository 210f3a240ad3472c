"""POST, GET and DELETE /api-keys: the operator's alone."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from hotdash.localapi.models import ApiKey
from tests.localapi.tenants import EVERYTHING, Operator, Tenant

READ_RUNS = {"run:*": ["read"]}


def ask(operator: Operator, tenant: Tenant, **changes: Any) -> Any:
    body = {"env_id": str(tenant.env_id), "name": "mia", "permissions": READ_RUNS} | changes
    return operator.client.post("/v1/api-keys", json=body)


def test_a_key_is_shown_once_and_works(operator: Operator, tenant: Tenant) -> None:
    made = ask(operator, tenant)

    assert made.status_code == 201
    token = made.json()["data"]["token"]
    assert re.fullmatch("hot_[0-9a-f]{32}_[0-9a-f]{64}", token)
    assert operator.with_token(token).get("/v1/runs").status_code == 200
    listed = operator.client.get("/v1/api-keys", params={"env_id": str(tenant.env_id)}).json()
    assert [row["name"] for row in listed["data"]] == ["mia"]
    assert "token" not in listed["data"][0]


def test_only_the_hash_of_a_key_is_kept(operator: Operator, tenant: Tenant) -> None:
    data = ask(operator, tenant).json()["data"]

    row = ApiKey.objects.get(pk=data["key_id"])

    secret = data["token"].rpartition("_")[2]
    assert len(row.hash) == 32
    assert secret not in repr(ApiKey.objects.filter(pk=row.pk).values())


def test_a_second_key_of_the_same_name_takes_the_place_of_the_first(
    operator: Operator, tenant: Tenant
) -> None:
    first = operator.with_token(ask(operator, tenant).json()["data"]["token"])
    second = operator.with_token(ask(operator, tenant).json()["data"]["token"])

    assert first.get("/v1/runs").status_code == 401
    assert second.get("/v1/runs").status_code == 200


def test_a_revoked_key_is_refused_and_revoking_again_is_no_error(
    operator: Operator, tenant: Tenant
) -> None:
    data = ask(operator, tenant).json()["data"]
    client = operator.with_token(data["token"])

    for _ in range(2):
        assert operator.client.delete(f"/v1/api-keys/{data['key_id']}").status_code == 204

    assert client.get("/v1/runs").status_code == 401


def test_a_use_is_noted_but_not_each_one(operator: Operator, tenant: Tenant) -> None:
    data = ask(operator, tenant).json()["data"]
    client = operator.with_token(data["token"])
    noted = []

    for _ in range(2):
        client.get("/v1/runs")
        noted.append(ApiKey.objects.get(pk=data["key_id"]).last_used_at)

    assert noted[0] is not None
    assert noted[0] == noted[1]


def test_of_many_who_ask_at_once_one_key_lives(operator: Operator, tenant: Tenant) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(operator, tenant), range(8)))

    assert {answer.status_code for answer in answers} == {201}
    assert ApiKey.objects.filter(environment=tenant.env_id, revoked_at=None).count() == 1


def test_an_unknown_key_cannot_be_revoked(operator: Operator) -> None:
    assert operator.client.delete(f"/v1/api-keys/{uuid4()}").status_code == 404


def test_the_operator_key_is_not_listed_and_not_revoked_by_the_wire(operator: Operator) -> None:
    own = ApiKey.objects.get(environment=None, revoked_at=None)

    assert operator.client.delete(f"/v1/api-keys/{own.key_id}").status_code == 404
    assert operator.client.get("/v1/envs").status_code == 200


def test_a_key_for_an_unknown_environment_is_refused(operator: Operator, tenant: Tenant) -> None:
    answer = ask(operator, tenant, env_id=str(uuid4()))

    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "Environment not found"


@pytest.mark.parametrize(
    "permissions",
    [
        {"run": ["read"]},
        {"run:": ["read"]},
        {":*": ["read"]},
        {"*": ["read"]},
        {"*:x": ["read"]},
        {"run:*": []},
        {"run:*": ["create"]},
        {"run:*": ["READ"]},
        {"run:*": "read"},
        {"run:*": [["read"]]},
        {"stream:*": ["create"]},
    ],
)
def test_a_map_that_means_nothing_is_refused_in_words(
    operator: Operator, tenant: Tenant, permissions: dict[str, Any]
) -> None:
    answer = ask(operator, tenant, permissions=permissions)

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_request"
    assert answer.json()["error"]["message"].startswith("Invalid permissions: ")


@pytest.mark.parametrize(
    "permissions",
    [{}, EVERYTHING, {"file:*": ["read"], "domain:*": ["delete"]}, {"other:thing": ["read"]}],
)
def test_a_map_that_means_something_is_kept_as_it_is(
    operator: Operator, tenant: Tenant, permissions: dict[str, list[str]]
) -> None:
    assert ask(operator, tenant, permissions=permissions).json()["data"]["permissions"] == (
        permissions
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_other_key_sees_or_makes_keys(tenant: Tenant, method: str) -> None:
    body = {"env_id": str(tenant.env_id), "name": "mine", "permissions": EVERYTHING}

    answer = tenant.client.request(method, "/v1/api-keys", json=body)

    assert answer.status_code == 403
