"""Subscriptions to a stream: what was, what happens, and where a subscriber goes on."""

import json
from uuid import uuid4

import pytest

from hotdash.localapi.models import Build
from tests.localapi import rows
from tests.localapi.frames import subscribed
from tests.localapi.telling import becomes, streamed
from tests.localapi.tenants import Tenant


def test_a_new_stream_is_silent_and_its_headers_are_there_at_once(tenant: Tenant) -> None:
    stream_id = tenant.publish()["stream_id"]

    with subscribed(tenant.client, f"/v1/streams/{stream_id}/subscribe") as stream:
        assert stream.answer.headers["Content-Type"] == "text/event-stream"
        assert stream.answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_newest_runs_are_told_first(tenant: Tenant, build: Build, method: str) -> None:
    first = rows.run(build, "failed")
    second = rows.run(build, "running", event=first.event)
    rows.run(build, "pending", event=first.event)
    parked = rows.run(build, "pending_retry", event=first.event)
    cancelled = rows.run(build, "cancelled", event=first.event)
    path = f"/v1/streams/{first.stream_id}/subscribe"

    with subscribed(tenant.client, path, method=method) as stream:
        frames = stream.take(7)

    assert [(frame.event, frame.data["run"]["run_id"]) for frame in frames] == [
        ("run:start", str(cancelled.run_id)),
        ("run:cancel", str(cancelled.run_id)),
        ("run:start", str(parked.run_id)),
        ("run:fail", str(parked.run_id)),
        ("run:start", str(second.run_id)),
        ("run:start", str(first.run_id)),
        ("run:fail", str(first.run_id)),
    ]
    assert {frame.id for frame in frames[:-1]} == {None}
    assert frames[-1].id is not None


def test_no_more_than_a_hundred_runs_are_told_again(tenant: Tenant, build: Build) -> None:
    first = rows.run(build, "running")
    for _ in range(100):
        rows.run(build, "running", event=first.event)

    with subscribed(tenant.client, f"/v1/streams/{first.stream_id}/subscribe") as stream:
        told = {frame.data["run"]["run_id"] for frame in stream.take(100)}
        streamed(first, "1")
        assert stream.take(1)[0].event == "stream:data"

    assert str(first.run_id) not in told


def test_what_happens_is_told_as_it_happens(tenant: Tenant, build: Build) -> None:
    run = rows.run(build, "pending")

    with subscribed(tenant.client, f"/v1/streams/{run.stream_id}/subscribe") as stream:
        notes = [
            becomes(run, "running", "run:start"),
            streamed(run, '{"current": 1,\n "total": 3}'),
            becomes(run, "succeeded", "run:stop", result="{}"),
        ]
        frames = stream.take(3)

    assert [frame.event for frame in frames] == ["run:start", "stream:data", "run:stop"]
    assert [frame.id for frame in frames] == [str(note.pk) for note in notes]
    assert frames[1].data["payload"] == {"current": 1, "total": 3}
    assert list(frames[1].data) == ["type", "stream_data_id", "run_id", "data_type", "payload"]
    assert frames[2].data["run"]["result"] == {}


def test_each_run_gets_one_start_and_one_end(tenant: Tenant, build: Build) -> None:
    run = rows.run(build, "running")

    with subscribed(tenant.client, f"/v1/streams/{run.stream_id}/subscribe") as stream:
        assert stream.take(1)[0].event == "run:start"
        becomes(run, "running", "run:start")
        becomes(run, "pending_retry", "run:fail")
        becomes(run, "failed", "run:fail")
        streamed(run, "1")
        assert [frame.event for frame in stream.take(2)] == ["run:fail", "stream:data"]


def test_a_payload_cannot_forge_a_frame(tenant: Tenant, build: Build) -> None:
    run = rows.run(build, "pending")
    forged = json.dumps(
        "x\n\nevent: run:stop\ndata: {}\n\n\r\r\u2028\u2029\x85\x00\x1c", ensure_ascii=False
    )

    with subscribed(tenant.client, f"/v1/streams/{run.stream_id}/subscribe") as stream:
        streamed(run, forged)
        streamed(run, '"after"')
        frames = stream.take(2)

    assert frames[0].data["payload"] == json.loads(forged)
    assert frames[1].data["payload"] == "after"


def test_a_project_keeps_the_runs_of_others_away(tenant: Tenant, build: Build) -> None:
    other = rows.build(tenant.project("other")["project_id"])
    mine = rows.run(build, "running")
    theirs = rows.run(other, "running", event=mine.event)
    path = f"/v1/streams/{mine.stream_id}/subscribe?project=shop"

    with subscribed(tenant.client, path) as stream:
        becomes(theirs, "failed", "run:fail")
        becomes(mine, "succeeded", "run:stop")
        frames = stream.take(2)

    assert [frame.event for frame in frames] == ["run:start", "run:stop"]
    assert {frame.data["run"]["run_id"] for frame in frames} == {str(mine.run_id)}


def test_an_unknown_project_is_not_found(tenant: Tenant) -> None:
    stream_id = tenant.publish()["stream_id"]

    answer = tenant.client.get(f"/v1/streams/{stream_id}/subscribe?project=nowhere")

    assert (answer.status_code, answer.json()["error"]["message"]) == (404, "Project not found")


def test_an_unknown_stream_is_not_found(tenant: Tenant) -> None:
    answer = tenant.client.get(f"/v1/streams/{uuid4()}/subscribe")

    assert (answer.status_code, answer.json()["error"]["message"]) == (404, "Stream not found")


def test_a_subscriber_goes_on_after_the_last_frame_it_has(tenant: Tenant, build: Build) -> None:
    run = rows.run(build, "running")
    notes = [streamed(run, str(number)) for number in range(4)]
    path = f"/v1/streams/{run.stream_id}/subscribe"

    with subscribed(tenant.client, path, after=str(notes[1].pk)) as stream:
        later = [frame.data["payload"] for frame in stream.take(2)]
    with subscribed(tenant.client, path, after="0") as stream:
        everything = [frame.data["payload"] for frame in stream.take(4)]

    assert later == [2, 3]
    assert everything == [0, 1, 2, 3]


@pytest.mark.parametrize("after", ["999999999", "-1", "abc", "9" * 30, ""])
def test_an_id_that_is_not_held_begins_anew(tenant: Tenant, build: Build, after: str) -> None:
    run = rows.run(build, "running")
    streamed(run, "1")
    path = f"/v1/streams/{run.stream_id}/subscribe"

    with subscribed(tenant.client, path, after=after) as stream:
        streamed(run, "2")
        frames = stream.take(2)

    assert [frame.event for frame in frames] == ["run:start", "stream:data"]
    assert frames[1].data["payload"] == 2
