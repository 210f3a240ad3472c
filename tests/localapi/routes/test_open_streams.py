"""Open streams: how many there may be, and that they end with the credential that opened them."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.utils import timezone

from hotdash.localapi.models import Event, Session
from tests.localapi.server import serving
from tests.localapi.tenants import Tenant
from tests.sockets import wait_for

READS = {"event:*": ["*"], "stream:*": ["*"]}


@pytest.fixture(scope="module")
def origin(data: Path, api: str) -> Iterator[str]:
    """A server where a credential may hold two streams open."""
    with serving(data, HOTDASH_API_STREAMS="2") as origin:
        yield origin


def given(tenant: Tenant, path: str = "/v1/sessions", **body: Any) -> dict[str, Any]:
    answer = tenant.client.post(path, json={"permissions": READS} | body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["data"])


def refusal(client: httpx.Client) -> httpx.Response:
    with client.stream("GET", "/v1/env/subscribe") as answer:
        if answer.status_code == 200:
            return answer
        answer.read()
        return answer


def test_one_stream_too_many_is_refused_until_one_is_closed(there: Tenant) -> None:
    with ExitStack() as open_streams:
        for _ in range(2):
            answer = open_streams.enter_context(there.client.stream("GET", "/v1/env/subscribe"))
            assert answer.status_code == 200

        refused = refusal(there.client)

        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "1"
        error = refused.json()["error"]
        assert (error["code"], error["retry_after"]) == ("rate_limit_exceeded", 1)
        assert "2 open streams" in error["message"]
    wait_for(lambda: refusal(there.client).status_code == 200)


def test_a_publisher_who_may_not_listen_publishes_nothing(there: Tenant) -> None:
    body = {"event_type": "order:placed", "event_data": 1}
    with ExitStack() as open_streams:
        for _ in range(2):
            open_streams.enter_context(there.client.stream("GET", "/v1/env/subscribe"))

        answer = there.client.post("/v1/streams/subscribe-with-event", json=body)

    assert answer.status_code == 429
    assert not Event.objects.filter(environment=there.env_id).exists()


def test_each_credential_has_seats_of_its_own(there: Tenant) -> None:
    other = there.may({"env:*": ["read"]})
    with ExitStack() as open_streams:
        for client in (there.client, there.client, other, other):
            answer = open_streams.enter_context(client.stream("GET", "/v1/env/subscribe"))
            assert answer.status_code == 200


def test_what_never_streams_takes_no_seat(there: Tenant) -> None:
    for _ in range(5):
        assert there.client.head("/v1/env/subscribe").status_code == 200
        assert there.client.get(f"/v1/streams/{uuid4()}/subscribe").status_code == 404

    wait_for(lambda: refusal(there.client).status_code == 200)


@pytest.mark.parametrize("path", ["/v1/sessions", "/v1/service-keys"])
def test_a_stream_ends_when_its_credential_is_revoked(tenant: Tenant, path: str) -> None:
    client = tenant.operator.with_token(given(tenant, path)["token"])
    stream_id = tenant.publish()["stream_id"]

    with client.stream("GET", f"/v1/streams/{stream_id}/subscribe") as answer:
        parts = answer.iter_text()
        assert next(parts) == ":\n\n"
        tenant.client.delete(path)

        assert "stream:complete" not in "".join(parts)


def test_a_stream_ends_when_its_session_expires(tenant: Tenant) -> None:
    session = given(tenant)
    client = tenant.operator.with_token(session["token"])
    stream_id = tenant.publish()["stream_id"]

    with client.stream("GET", f"/v1/streams/{stream_id}/subscribe") as answer:
        parts = answer.iter_text()
        assert next(parts) == ":\n\n"
        past = timezone.now() - timedelta(seconds=1)
        Session.objects.filter(pk=session["session_id"]).update(expires_at=past)

        assert "stream:complete" not in "".join(parts)


def test_streams_end_with_the_key_that_gave_their_session_away(tenant: Tenant) -> None:
    giver = tenant.may(READS | {"session:*": ["*"]})
    session = giver.post("/v1/sessions", json={"permissions": READS}).json()["data"]
    client = tenant.operator.with_token(session["token"])
    stream_id = tenant.publish()["stream_id"]

    with client.stream("GET", f"/v1/streams/{stream_id}/subscribe") as answer:
        parts = answer.iter_text()
        assert next(parts) == ":\n\n"
        for key in tenant.operator.client.get(f"/v1/api-keys?env_id={tenant.env_id}").json()[
            "data"
        ]:
            tenant.operator.client.delete(f"/v1/api-keys/{key['key_id']}")

        assert "stream:complete" not in "".join(parts)
