"""Sessions: what a key gives to somebody else, for a while."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from django.utils import timezone

from hotdash.localapi.models import ApiKey, Session
from tests.localapi.at_rest import kept
from tests.localapi.tenants import Tenant

STREAMS = {"stream:*": ["read"]}


def create(tenant: Tenant, **body: Any) -> httpx.Response:
    return tenant.client.post("/v1/sessions", json={"permissions": STREAMS} | body)


def made(tenant: Tenant, **body: Any) -> dict[str, Any]:
    answer = create(tenant, **body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["data"])


def listed(client: httpx.Client) -> list[str]:
    return [row["session_id"] for row in client.get("/v1/sessions").json()["data"]]


def asking(tenant: Tenant, session: dict[str, Any]) -> httpx.Client:
    return tenant.operator.with_token(session["token"])


def expire(session: dict[str, Any]) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Session.objects.filter(pk=session["session_id"]).update(expires_at=past)


def test_a_session_is_shown_once_and_works(tenant: Tenant) -> None:
    session = made(tenant, metadata={"user": "ada"}, permissions={"event:*": ["read"]})

    assert list(session) == [
        "session_id", "token", "permissions", "metadata", "expires_at", "created_at",
    ]  # fmt: skip
    assert session["token"].startswith(f"s_{UUID(session['session_id']).hex}_")
    assert asking(tenant, session).get("/v1/events").status_code == 200
    [row] = tenant.client.get("/v1/sessions").json()["data"]
    assert "token" not in row
    assert row["metadata"] == {"user": "ada"}
    assert row["last_used_at"].endswith("Z")


def test_neither_token_nor_metadata_is_kept_in_the_clear(tenant: Tenant, data: Path) -> None:
    canary = f"canary-{uuid4()}"
    secret = made(tenant, metadata=canary)["token"].rpartition("_")[2]

    for file, content in kept(data):
        assert canary.encode() not in content, file
        assert secret.encode() not in content, file


@pytest.mark.parametrize(("asked", "seconds"), [(None, 3600), (1, 1), (600, 600), (86400, 86400)])
def test_a_session_lasts_as_long_as_was_asked(
    tenant: Tenant, asked: int | None, seconds: int
) -> None:
    session = made(tenant, expires_in=asked)

    lasts = datetime.fromisoformat(session["expires_at"]) - datetime.now(UTC)
    assert timedelta(seconds=seconds - 60) < lasts <= timedelta(seconds=seconds)


@pytest.mark.parametrize("seconds", [0, -1, 86401, 10**30])
def test_a_session_lasts_a_day_at_most(tenant: Tenant, seconds: int) -> None:
    answer = create(tenant, expires_in=seconds)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")
    assert "1 to 86,400" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "body", [{}, {"permissions": None}, {"permissions": []}, {"permissions": {}, "expires_in": "1"}]
)
def test_a_session_of_the_wrong_shape_is_unprocessable(tenant: Tenant, body: Any) -> None:
    answer = tenant.client.post("/v1/sessions", json=body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "unprocessable_entity")


@pytest.mark.parametrize(
    "metadata",
    ['{"z": 1, "a": 12345678901234567890.10}', r'"half \ud800 and \u0000"', '"\u2028"', "0", "[]"],
)
def test_metadata_comes_back_as_it_was_written(tenant: Tenant, metadata: str) -> None:
    written = f'{{"permissions": {{}}, "metadata": {metadata}}}'.encode()
    headers = {"Content-Type": "application/json"}

    answer = tenant.client.post("/v1/sessions", content=written, headers=headers)

    assert f'"metadata":{metadata}' in answer.text
    assert f'"metadata":{metadata}' in tenant.client.get("/v1/sessions").text


def test_large_metadata_is_refused(tenant: Tenant) -> None:
    assert create(tenant, metadata="x" * (64 * 1024)).status_code == 413


@pytest.mark.parametrize("metadata", [None, {}])
def test_metadata_that_says_nothing_is_left_out(tenant: Tenant, metadata: Any) -> None:
    assert "metadata" not in made(tenant, metadata=metadata)


def test_an_expired_session_is_refused_and_not_listed(tenant: Tenant) -> None:
    session = made(tenant, permissions={"event:*": ["read"]})
    expire(session)

    answer = asking(tenant, session).get("/v1/events")

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
    assert listed(tenant.client) == []


def test_a_revoked_session_is_refused_and_revoking_again_is_no_error(tenant: Tenant) -> None:
    session = made(tenant, permissions={"event:*": ["read"]})
    path = f"/v1/sessions/{session['session_id']}"

    assert tenant.client.delete(path).status_code == 204
    assert tenant.client.delete(path).status_code == 204
    assert asking(tenant, session).get("/v1/events").status_code == 401
    assert listed(tenant.client) == []


def test_revoking_all_says_how_many_were_active(tenant: Tenant) -> None:
    for _ in range(3):
        made(tenant)
    expire(made(tenant))

    assert tenant.client.delete("/v1/sessions").json()["data"] == {"revoked_count": 3}
    assert tenant.client.delete("/v1/sessions").json()["data"] == {"revoked_count": 0}


def test_sessions_are_listed_newest_first_in_pages(tenant: Tenant) -> None:
    ids = [made(tenant)["session_id"] for _ in range(3)]

    answer = tenant.client.get("/v1/sessions?limit=2").json()

    assert [row["session_id"] for row in answer["data"]] == [ids[2], ids[1]]
    assert answer["pagination"] == {"total": 3, "limit": 2, "offset": 0, "has_more": True}


def test_another_key_of_the_same_environment_sees_none_of_them(tenant: Tenant) -> None:
    session = made(tenant)
    other = tenant.may({"session:*": ["*"]})
    path = f"/v1/sessions/{session['session_id']}"

    assert listed(other) == []
    assert other.delete("/v1/sessions").json()["data"] == {"revoked_count": 0}
    answer = other.delete(path)
    assert (answer.status_code, answer.json()["error"]["message"]) == (404, "Session not found")
    assert listed(tenant.client) == [session["session_id"]]


def test_sessions_end_with_their_key(tenant: Tenant) -> None:
    session = made(tenant, permissions={"event:*": ["read"]})
    client = asking(tenant, session)
    assert client.get("/v1/events").status_code == 200

    ApiKey.objects.filter(environment=tenant.env_id).update(revoked_at=timezone.now())

    assert client.get("/v1/events").status_code == 401


def test_sessions_are_gone_with_a_deleted_key(tenant: Tenant) -> None:
    client = asking(tenant, made(tenant, permissions={"event:*": ["read"]}))

    ApiKey.objects.filter(environment=tenant.env_id).delete()

    assert client.get("/v1/events").status_code == 401


def fill(tenant: Tenant, up_to: int) -> Session:
    """Give the key so many active sessions, and return the first."""
    first = Session.objects.get(pk=made(tenant)["session_id"])
    copies = {"api_key_id": first.api_key_id, "expires_at": first.expires_at}
    Session.objects.bulk_create(
        Session(hash=b"", permissions={}, **copies) for _ in range(up_to - 1)
    )
    return first


def test_a_key_has_a_thousand_active_sessions_at_most(tenant: Tenant) -> None:
    first = fill(tenant, 1000)

    answer = create(tenant)

    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "session_limit_exceeded")
    assert "retry_after" not in answer.json()["error"]
    tenant.client.delete(f"/v1/sessions/{first.session_id}")
    assert create(tenant).status_code == 201


def test_of_many_who_ask_at_once_none_is_one_too_many(tenant: Tenant) -> None:
    fill(tenant, 997)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: create(tenant).status_code, range(12)))

    assert sorted(answers) == [201] * 3 + [429] * 9
