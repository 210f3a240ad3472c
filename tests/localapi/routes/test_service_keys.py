"""Service keys: a part of a key's rights, given to another service."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from django.utils import timezone

from hotdash.localapi.models import ApiKey, ServiceKey
from tests.localapi.at_rest import kept
from tests.localapi.tenants import EVERYTHING, Tenant

READS = {"event:*": ["read"]}
MINE = "/v1/service-keys"


def create(tenant: Tenant, **body: Any) -> httpx.Response:
    return tenant.client.post(MINE, json={"permissions": READS} | body)


def made(tenant: Tenant, **body: Any) -> dict[str, Any]:
    answer = create(tenant, **body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["data"])


def status_of(tenant: Tenant, key: dict[str, Any]) -> int:
    return tenant.operator.with_token(key["token"]).get("/v1/events").status_code


def path(key: dict[str, Any]) -> str:
    return f"{MINE}/{key['service_key_id']}"


def test_a_service_key_is_shown_once_and_works(tenant: Tenant) -> None:
    key = made(tenant, name="ci", description="CI", metadata={"team": "payments"}, expires_in=60)

    assert list(key) == [
        "service_key_id", "name", "description", "token", "permissions", "metadata",
        "expires_at", "created_at",
    ]  # fmt: skip
    assert key["token"].startswith(f"{UUID(key['service_key_id']).hex}_")
    assert status_of(tenant, key) == 200
    again = tenant.client.get(path(key)).json()["data"]
    assert again.pop("last_used_at").endswith("Z")
    assert again == {name: value for name, value in key.items() if name != "token"}


def test_what_is_not_given_is_null_or_left_out(tenant: Tenant) -> None:
    key = made(tenant)

    assert (key["name"], key["description"]) == (None, None)
    assert {"metadata", "expires_at", "revoked_at", "last_used_at"}.isdisjoint(key)


def test_neither_token_nor_metadata_is_kept_in_the_clear(tenant: Tenant, data: Path) -> None:
    canary = f"canary-{uuid4()}"
    key = made(tenant, metadata={"a": canary})
    tenant.client.patch(path(key), json={"metadata": [canary]})
    secret = key["token"].rpartition("_")[2]

    for file, content in kept(data):
        assert canary.encode() not in content, file
        assert secret.encode() not in content, file


@pytest.mark.parametrize("resource", ["*:*", "project:*", "context:*", "env:*", "other:*"])
def test_a_service_key_may_hold_five_types_alone(tenant: Tenant, resource: str) -> None:
    answer = create(tenant, permissions={resource: ["*"]})

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")
    assert "mcp, webhook, stream, event, run" in answer.json()["error"]["message"]


def test_permissions_that_mean_nothing_are_refused_in_words(tenant: Tenant) -> None:
    answer = create(tenant, permissions={"stream": ["read"]})

    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("Invalid permissions: 'stream'")


def test_a_key_gives_nothing_away_that_it_lacks(tenant: Tenant) -> None:
    giver = tenant.may({"key:*": ["*"], "event:order:*": ["create"]})

    answer = giver.post(MINE, json={"permissions": {"event:order:*": ["*"]}})

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "permission_escalation")
    given = giver.post(MINE, json={"permissions": {"event:order:placed": ["create"]}})
    assert given.status_code == 201


@pytest.mark.parametrize("seconds", [0, -5, 10**12])
def test_a_service_key_ends_some_time_from_now(tenant: Tenant, seconds: int) -> None:
    answer = create(tenant, expires_in=seconds)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


def test_a_service_key_may_last_for_years(tenant: Tenant) -> None:
    key = made(tenant, expires_in=10 * 365 * 86400)

    lasts = datetime.fromisoformat(key["expires_at"]) - datetime.now(UTC)
    assert lasts > timedelta(days=3649)


@pytest.mark.parametrize("body", [{"name": "ci"}, {"permissions": {}, "name": 5}, []])
def test_a_service_key_of_the_wrong_shape_is_unprocessable(tenant: Tenant, body: Any) -> None:
    answer = tenant.client.post(MINE, json=body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "unprocessable_entity")


def test_metadata_that_is_not_sent_stays(tenant: Tenant) -> None:
    key = made(tenant, metadata={"team": "payments"})

    answer = tenant.client.patch(path(key), json={})

    assert answer.status_code == 200
    assert answer.json()["data"]["metadata"] == {"team": "payments"}


def test_metadata_that_is_sent_replaces_what_was_there(tenant: Tenant) -> None:
    key = made(tenant, metadata={"team": "payments", "tier": 1})

    answer = tenant.client.patch(path(key), json={"metadata": {"team": "core"}, "name": "other"})

    assert answer.json()["data"]["metadata"] == {"team": "core"}
    assert answer.json()["data"]["name"] is None


@pytest.mark.parametrize("nothing", [None, {}])
def test_metadata_is_erased_when_asked(tenant: Tenant, nothing: Any) -> None:
    key = made(tenant, metadata={"team": "payments"})

    answer = tenant.client.patch(path(key), json={"metadata": nothing})

    assert "metadata" not in answer.json()["data"]
    assert ServiceKey.objects.get(pk=key["service_key_id"]).sealed_metadata is None


def test_a_revoked_key_is_refused_listed_and_cannot_be_changed(tenant: Tenant) -> None:
    key = made(tenant)

    assert tenant.client.delete(path(key)).status_code == 204
    assert tenant.client.delete(path(key)).status_code == 204

    assert status_of(tenant, key) == 401
    answer = tenant.client.patch(path(key), json={"metadata": 1})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "revoked")
    [row] = tenant.client.get(MINE).json()["data"]
    assert row["revoked_at"].endswith("Z")


def test_an_expired_key_is_refused_and_listed(tenant: Tenant) -> None:
    key = made(tenant, expires_in=60)
    past = timezone.now() - timedelta(seconds=1)
    ServiceKey.objects.filter(pk=key["service_key_id"]).update(expires_at=past)

    assert status_of(tenant, key) == 401
    assert tenant.client.get(MINE).json()["pagination"]["total"] == 1


def test_the_total_counts_all_pages(tenant: Tenant) -> None:
    ids = [made(tenant)["service_key_id"] for _ in range(3)]

    answer = tenant.client.get(f"{MINE}?limit=2").json()

    assert [row["service_key_id"] for row in answer["data"]] == [ids[2], ids[1]]
    assert answer["pagination"] == {"total": 3, "limit": 2, "offset": 0, "has_more": True}


def test_revoking_all_counts_expired_keys_too(tenant: Tenant) -> None:
    made(tenant)
    expired = made(tenant, expires_in=60)
    past = timezone.now() - timedelta(seconds=1)
    ServiceKey.objects.filter(pk=expired["service_key_id"]).update(expires_at=past)
    tenant.client.delete(path(made(tenant)))

    assert tenant.client.delete(MINE).json()["data"] == {"revoked_count": 2}
    assert tenant.client.delete(MINE).json()["data"] == {"revoked_count": 0}


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_another_key_of_the_same_environment_sees_none_of_them(tenant: Tenant, method: str) -> None:
    key = made(tenant)
    other = tenant.may({"key:*": ["*"]})
    sent: dict[str, Any] = {"json": {"metadata": 1}} if method == "PATCH" else {}

    answer = other.request(method, path(key), **sent)

    assert answer.status_code == 404
    assert answer.json()["error"]["message"] == "Service key not found"
    assert other.get(MINE).json()["data"] == []
    assert other.delete(MINE).json()["data"] == {"revoked_count": 0}
    assert status_of(tenant, key) == 200


def test_service_keys_end_with_their_key(tenant: Tenant) -> None:
    key = made(tenant)

    tenant.operator.key(tenant.env_id, EVERYTHING, repr(sorted(EVERYTHING.items())))

    assert ApiKey.objects.filter(environment=tenant.env_id, revoked_at=None).exists()
    assert status_of(tenant, key) == 401
