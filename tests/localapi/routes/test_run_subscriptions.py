"""Subscriptions to a run: it is told as it is, and until it is over."""

from hotdash.localapi.models import Build
from tests.localapi import rows
from tests.localapi.frames import subscribed
from tests.localapi.telling import becomes, streamed
from tests.localapi.tenants import Tenant


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
