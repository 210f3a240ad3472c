"""Subscriptions: to a run, a stream, an environment."""

import json
import time
from contextlib import ExitStack
from uuid import uuid4

import pytest

from hotdash.localapi.models import Build, Event, Note, Run
from tests.localapi import rows
from tests.localapi.frames import subscribed
from tests.localapi.tenants import Tenant


@pytest.fixture
def build(tenant: Tenant) -> Build:
    return rows.build(tenant.project()["project_id"])


def becomes(run: Run, status: str, kind: str, **changes: object) -> Note:
    """Change a run and tell its stream, as the engine does."""
    Run.objects.filter(pk=run.pk).update(status=status, **changes)
    return rows.note(f"stream:{run.stream_id}", kind, json.dumps({"run_id": str(run.run_id)}))


def streamed(run: Run, payload: str) -> Note:
    """Tell the stream of a run a piece of output."""
    facts = f'"stream_data_id":"{uuid4()}","run_id":"{run.run_id}","data_type":"progress"'
    return rows.note(f"stream:{run.stream_id}", "stream:data", f'{{{facts},"payload":{payload}}}')


# a run


def test_a_run_that_is_over_is_told_once(tenant: Tenant, build: Build) -> None:
    run = rows.run(build)

    with subscribed(tenant.client, f"/v1/runs/{run.run_id}/subscribe") as stream:
        frames = stream.rest()

    shown = tenant.client.get(f"/v1/runs/{run.run_id}").json()["data"]
    assert [(frame.event, frame.data["run"]) for frame in frames] == [("run:update", shown)]


def test_a_run_is_told_until_it_is_over(tenant: Tenant, build: Build) -> None:
    run = rows.run(build, "pending")

    with subscribed(tenant.client, f"/v1/runs/{run.run_id}/subscribe") as stream:
        states = [stream.take(1)[0].data["run"]["status"]]
        for status, kind in (("running", "run:start"), ("succeeded", "run:stop")):
            note = becomes(run, status, kind, result="1" if status == "succeeded" else None)
            frame = stream.take(1)[0]
            assert frame.id == str(note.pk)
            states.append(frame.data["run"]["status"])
        assert stream.next() is None

    assert states == ["pending", "running", "succeeded"]


def test_a_run_that_waits_for_its_retry_is_not_over(tenant: Tenant, build: Build) -> None:
    run = rows.run(build, "running")

    with subscribed(tenant.client, f"/v1/runs/{run.run_id}/subscribe") as stream:
        stream.take(1)
        becomes(run, "pending_retry", "run:fail", retry_attempt=1, next_retry_at=rows.NOON)
        assert stream.take(1)[0].data["run"]["status"] == "pending_retry"
        becomes(run, "failed", "run:fail", next_retry_at=None)
        assert [frame.data["run"]["status"] for frame in stream.rest()] == ["failed"]


def test_a_run_says_nothing_of_others_in_its_stream_and_nothing_twice(
    tenant: Tenant, build: Build
) -> None:
    run = rows.run(build, "running")
    other = rows.run(build, "running", event=run.event)

    with subscribed(tenant.client, f"/v1/runs/{run.run_id}/subscribe") as stream:
        stream.take(1)
        becomes(other, "failed", "run:fail")
        streamed(run, "1")
        becomes(run, "running", "run:start")
        becomes(run, "cancelled", "run:cancel")
        assert [frame.data["run"]["status"] for frame in stream.rest()] == ["cancelled"]


# a stream


def test_a_new_stream_is_silent_and_its_headers_are_there_at_once(tenant: Tenant) -> None:
    stream_id = tenant.publish()["stream_id"]
    began = time.monotonic()

    with subscribed(tenant.client, f"/v1/streams/{stream_id}/subscribe") as stream:
        assert time.monotonic() - began < 2
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


# an event and its stream


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


# an environment


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


# every stream


def test_many_subscribers_are_told_the_same(tenant: Tenant) -> None:
    with ExitStack() as opened:
        streams = [
            opened.enter_context(subscribed(tenant.client, "/v1/env/subscribe")) for _ in range(20)
        ]
        tenant.publish()
        told = {json.dumps([frame.data for frame in stream.take(2)]) for stream in streams}

    assert len(told) == 1
