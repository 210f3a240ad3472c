"""An event is published and its stream subscribed to in one request."""

from uuid import uuid4

import pytest

from hotdash.localapi.models import Build, Event, Run
from tests.localapi import rows
from tests.localapi.frames import subscribed
from tests.localapi.telling import becomes
from tests.localapi.tenants import Tenant


def test_an_event_is_published_and_what_becomes_of_it_told(tenant: Tenant, build: Build) -> None:
    rows.handler(build)
    body = {"event_type": "order:placed", "event_data": {"id": 7}}
    path = "/v1/streams/subscribe-with-event"

    with subscribed(tenant.client, path, method="POST", body=body) as stream:
        published = stream.take(1)[0]
        run = Run.objects.get(event=published.data["event_id"])
        becomes(run, "running", "run:start")
        becomes(run, "succeeded", "run:stop", result="1")
        frames = stream.take(2)

    event = Event.objects.get(pk=published.data["event_id"])
    assert published.event == "event:published"
    assert published.data == {
        "type": "event:published",
        "event_id": str(event.event_id),
        "stream_id": str(event.stream_id),
        "event_type": "order:placed",
    }
    assert [frame.event for frame in frames] == ["run:start", "run:stop"]


@pytest.mark.parametrize(
    ("permissions", "allowed"),
    [
        ({"event:*": ["create"], "stream:*": ["read"]}, True),
        ({"event:x": ["create"], "stream:{stream}": ["read"]}, True),
        ({"event:x": ["create"], "stream:other": ["read"]}, False),
        ({"event:x": ["create"]}, False),
        ({"event:y": ["create"], "stream:*": ["read"]}, False),
        ({"stream:*": ["read"]}, False),
    ],
)
def test_publishing_into_a_stream_needs_both_rights(
    tenant: Tenant, permissions: dict[str, list[str]], allowed: bool
) -> None:
    stream_id = str(uuid4())
    held = {name.format(stream=stream_id): actions for name, actions in permissions.items()}
    body = {"event_type": "x", "event_data": None, "stream_id": stream_id}

    with tenant.may(held).stream("POST", "/v1/streams/subscribe-with-event", json=body) as answer:
        assert answer.status_code == (200 if allowed else 403)

    assert Event.objects.filter(environment=tenant.env_id).exists() == allowed


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        ("?project=nowhere", {"event_type": "x", "event_data": 1}, 404),
        ("", {"event_type": "hot:x", "event_data": 1}, 403),
        ("", {"event_type": "x"}, 422),
        ("", {"event_type": "x", "event_data": 1, "stream_id": "abc"}, 422),
    ],
)
def test_what_is_refused_is_not_published(
    tenant: Tenant, query: str, body: dict[str, object], status: int
) -> None:
    answer = tenant.client.post(f"/v1/streams/subscribe-with-event{query}", json=body)

    assert answer.status_code == status
    assert answer.json()["error"]["request_id"]
    assert not Event.objects.filter(environment=tenant.env_id).exists()
