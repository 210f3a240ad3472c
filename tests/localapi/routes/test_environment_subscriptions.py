"""Subscriptions to an environment: what happens in it, and in no other."""

import json
from contextlib import ExitStack

from tests.localapi.frames import subscribed
from tests.localapi.tenants import Tenant


def test_an_environment_tells_what_happens_flat(tenant: Tenant) -> None:
    with subscribed(tenant.client, "/v1/env/subscribe") as stream:
        event = tenant.publish()
        created, published = stream.take(2)

    assert (created.event, created.data["stream_id"]) == ("stream:created", event["stream_id"])
    assert published.data == {
        "type": "event:created",
        "event_id": event["event_id"],
        "env_id": str(tenant.env_id),
        "stream_id": event["stream_id"],
        "event_type": "order:placed",
        "project_id": None,
    }


def test_an_environment_is_told_nothing_of_another(tenant: Tenant, stranger: Tenant) -> None:
    with subscribed(tenant.client, "/v1/env/subscribe") as stream:
        stranger.publish("theirs")
        tenant.publish("mine")
        frames = stream.take(2)

    assert frames[1].data["event_type"] == "mine"
    assert {frame.data["env_id"] for frame in frames} == {str(tenant.env_id)}


def test_an_environment_is_told_nothing_again_unless_asked(tenant: Tenant) -> None:
    tenant.publish("before")

    with subscribed(tenant.client, "/v1/env/subscribe") as stream:
        tenant.publish("now")
        assert stream.take(2)[1].data["event_type"] == "now"
    with subscribed(tenant.client, "/v1/env/subscribe", after="0") as stream:
        assert [frame.data.get("event_type") for frame in stream.take(4)][1::2] == ["before", "now"]


def test_many_subscribers_are_told_the_same(tenant: Tenant) -> None:
    with ExitStack() as opened:
        streams = [
            opened.enter_context(subscribed(tenant.client, "/v1/env/subscribe")) for _ in range(20)
        ]
        tenant.publish()
        told = {json.dumps([frame.data for frame in stream.take(2)]) for stream in streams}

    assert len(told) == 1
