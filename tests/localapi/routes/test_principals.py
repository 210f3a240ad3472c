"""Which kind of credential opens which routes (contract 2.3), and how it has to be written."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from hotdash.localapi.models import Event
from tests.localapi.routes.test_permissions import FOR_PEOPLE, NOWHERE, status_of
from tests.localapi.tenants import EVERYTHING, Tenant

FOR_ANY = {
    "POST /v1/events",
    "GET /v1/events",
    "GET /v1/events/{event_id}",
    "GET /v1/events/{event_id}/runs",
    "GET /v1/streams/{stream_id}/subscribe",
    "POST /v1/streams/{stream_id}/subscribe",
    "POST /v1/streams/subscribe-with-event",
    "GET /v1/tasks/{task_id}",
    "GET /v1/tasks/{task_id}/subscribe",
}
MOST = {"event:*": ["*"], "stream:*": ["*"], "run:*": ["*"]}

Give = Callable[[Tenant, Any], dict[str, Any]]


def a_session(tenant: Tenant, permissions: Any) -> dict[str, Any]:
    answer = tenant.client.post("/v1/sessions", json={"permissions": permissions})
    return dict(answer.json()["data"])


def a_service_key(tenant: Tenant, permissions: Any) -> dict[str, Any]:
    answer = tenant.client.post("/v1/service-keys", json={"permissions": permissions})
    return dict(answer.json()["data"])


@pytest.mark.parametrize(("method", "path"), FOR_PEOPLE)
@pytest.mark.parametrize(("give", "most"), [(a_session, EVERYTHING), (a_service_key, MOST)])
def test_what_a_key_gave_opens_events_streams_and_tasks_alone(
    tenant: Tenant, give: Give, most: Any, method: str, path: str
) -> None:
    client = tenant.operator.with_token(give(tenant, most)["token"])

    assert (status_of(client, method, path) != 403) == (f"{method} {path}" in FOR_ANY)


@pytest.mark.parametrize("give", [a_session, a_service_key])
def test_the_refusal_says_what_is_wanted(tenant: Tenant, give: Give) -> None:
    client = tenant.operator.with_token(give(tenant, MOST)["token"])

    answer = client.get("/v1/runs")

    assert answer.json()["error"]["code"] == "forbidden"
    assert answer.json()["error"]["message"].startswith("Only API keys")


@pytest.mark.parametrize("give", [a_session, a_service_key])
def test_what_a_key_gave_holds_its_own_rights_alone(tenant: Tenant, give: Give) -> None:
    stream_id = tenant.publish()["stream_id"]
    given = give(tenant, {"event:order:*": ["create"], f"stream:{stream_id}": ["read"]})
    client = tenant.operator.with_token(given["token"])

    def publish(event_type: str) -> int:
        body = {"event_type": event_type, "event_data": 1}
        return client.post("/v1/events", json=body).status_code

    assert publish("order:paid") == 201
    assert publish("user:made") == 403
    assert client.get("/v1/events").status_code == 403
    assert client.get(f"/v1/streams/{NOWHERE}/subscribe").status_code == 403
    with client.stream("GET", f"/v1/streams/{stream_id}/subscribe") as answer:
        assert answer.status_code == 200
    assert Event.objects.filter(environment=tenant.env_id).count() == 2


@pytest.mark.parametrize("give", [a_session, a_service_key])
def test_what_a_key_gave_sees_its_own_environment_alone(
    tenant: Tenant, stranger: Tenant, give: Give
) -> None:
    theirs = stranger.publish()
    client = tenant.operator.with_token(give(tenant, MOST)["token"])

    assert client.get("/v1/events").json()["data"] == []
    assert client.get(f"/v1/events/{theirs['event_id']}").status_code == 404
    assert client.get(f"/v1/streams/{theirs['stream_id']}/subscribe").status_code == 404


@pytest.mark.parametrize("give", [a_session, a_service_key])
@pytest.mark.parametrize(
    "written",
    ["Bearer x{token}", "Bearer {token}0", "bearer {token}", "Bearer {id}_{other}", "Bearer {id}"],
)
def test_a_token_must_be_written_exactly(
    tenant: Tenant, anyone: httpx.Client, give: Give, written: str
) -> None:
    token = give(tenant, MOST)["token"]
    start, _, secret = token.rpartition("_")
    other = secret[:-1] + ("0" if secret[-1] != "0" else "1")
    header = written.format(token=token, id=start, other=other)

    answer = anyone.get("/v1/events", headers={"Authorization": header})

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")


def test_an_id_of_one_kind_opens_nothing_as_another(tenant: Tenant, anyone: httpx.Client) -> None:
    session = a_session(tenant, MOST)["token"]

    header = {"Authorization": f"Bearer {session.removeprefix('s_')}"}

    assert anyone.get("/v1/events", headers=header).status_code == 401
