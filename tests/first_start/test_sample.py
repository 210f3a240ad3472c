"""The sample project's way in: through the API, once, wherever a former start was cut short."""

import httpx
import pytest

from hotdash.first_start import CannotStart, sample
from tests import samples
from tests.upstream import gateway

EVENTS = sample.sample_events()
BUILDS = f"/projects/{sample.PROJECT}/builds"


@pytest.fixture(autouse=True)
def project(upstream):
    upstream.one("/projects", samples.project(name=sample.PROJECT), 201, "POST")


def accept_events(upstream, published=()):
    upstream.many("/events", list(published))
    rows = []

    def accept(seen):
        row = samples.event(
            event_type=seen.json["event_type"],
            event_data=seen.json["event_data"],
            stream_id=seen.json.get("stream_id", samples.new_id()),
            source="api",
        )
        rows.append(row)
        return httpx.Response(201, json={"data": row, "meta": {}})

    upstream.respond("POST", "/events", accept)
    return rows


def test_every_sample_event_is_published_once_and_streams_stay_together(upstream):
    rows = accept_events(upstream)
    sample.publish(gateway())
    assert [row["event_type"] for row in rows] == [event["event_type"] for event in EVENTS]
    streams: dict[int, str] = {}
    for row, event in zip(rows, EVENTS, strict=True):
        assert streams.setdefault(event["stream"], row["stream_id"]) == row["stream_id"]
    assert len(set(streams.values())) == len(streams)


def test_what_a_killed_start_published_is_not_published_again(upstream):
    first = accept_events(upstream)
    sample.publish(gateway())
    rest = accept_events(upstream, published=first[:7])
    sample.publish(gateway())
    assert len(rest) == len(EVENTS) - 7
    assert [row["event_data"] for row in rest] == [row["event_data"] for row in first[7:]]


def test_an_equal_event_that_a_run_sent_does_not_stand_in_for_the_sample(upstream):
    sent = samples.event(
        event_type=EVENTS[0]["event_type"], event_data=EVENTS[0]["event_data"], source="run"
    )
    rows = accept_events(upstream, published=[sent])
    sample.publish(gateway())
    assert len(rows) == len(EVENTS)


def test_a_deployed_build_is_left_alone(upstream):
    upstream.many(BUILDS, [samples.build(deployed=True)])
    sample.deploy(gateway())
    assert [call.method for call in upstream.calls if "builds" in call.path] == ["GET"]


def test_a_build_that_was_uploaded_but_not_deployed_is_deployed_not_uploaded_again(upstream):
    waiting = samples.build(deployed=False, runtime_status="")
    path = f"{BUILDS}/{waiting['build_id']}"
    upstream.many(BUILDS, [waiting])
    upstream.one(f"{path}/deploy", waiting, 202, "POST")
    upstream.one(path, {**waiting, "deployed": True, "runtime_status": "ready"})
    sample.deploy(gateway())
    assert not upstream.seen(BUILDS, "POST")
    assert len(upstream.seen(f"{path}/deploy", "POST")) == 1


def test_a_build_that_is_refused_stops_the_start_with_its_reason(upstream):
    waiting = samples.build(deployed=False, runtime_status="")
    path = f"{BUILDS}/{waiting['build_id']}"
    upstream.many(BUILDS, [waiting])
    upstream.one(f"{path}/deploy", waiting, 202, "POST")
    upstream.one(path, {**waiting, "runtime_status": "failed", "runtime_error": "no module x"})
    with pytest.raises(CannotStart, match="no module x"):
        sample.deploy(gateway())
