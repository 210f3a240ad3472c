"""Tasks: read and watched by whoever may read their stream."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from hotdash.localapi import engine
from hotdash.localapi.models import Build, Note, Run, Task
from hotdash.localapi.runtime import announcements
from tests.localapi import rows
from tests.localapi.frames import subscribed
from tests.localapi.tenants import Tenant


def built(tenant: Tenant) -> Build:
    return rows.build(tenant.project()["project_id"])


def shown(tenant: Tenant, task: Task) -> Any:
    answer = tenant.client.get(f"/v1/tasks/{task.task_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def end(task: Task, status: str = "succeeded", result: str = '"done"') -> None:
    """The task's run ends as a worker writes it, and its readers are told."""
    Run.objects.filter(pk=task.run_id).update(status=status, result=result)
    announcements.task_changed(task, rows.NOON).save()


def test_a_task_is_told_in_the_order_of_the_contract(tenant: Tenant) -> None:
    task = rows.task(built(tenant))

    told = shown(tenant, task)

    assert told == {
        "task_id": str(task.task_id),
        "env_id": str(tenant.env_id),
        "stream_id": str(task.stream_id),
        "build_id": str(task.run.build_id),
        "run_id": str(task.run_id),
        "origin_run_id": str(task.origin_run_id),
        "function_name": "::shop::jobs/export",
        "task_type": "code",
        "status": "completed",
        "start_time": "2026-11-22T12:00:00.123000Z",
        "stop_time": "2026-11-22T12:00:02.123000Z",
        "duration_ms": 2000,
        "result": {"ok": True},
        "timeout_ms": 1_800_000,
        "retry_attempt": 0,
        "created_at": "2026-11-22T12:00:00.123000Z",
    }
    assert list(told)[-4:] == ["result", "timeout_ms", "retry_attempt", "created_at"]


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("pending", "queued"),
        ("running", "running"),
        ("pending_retry", "queued"),
        ("succeeded", "completed"),
        ("failed", "failed"),
        ("cancelled", "cancelled"),
    ],
)
def test_a_task_stands_where_its_run_stands(tenant: Tenant, status: str, told: str) -> None:
    assert shown(tenant, rows.task(built(tenant), status))["status"] == told


def test_a_task_whose_time_was_up_says_so(tenant: Tenant) -> None:
    assert shown(tenant, rows.task(built(tenant), "failed", timed_out=True))["status"] == (
        "timed_out"
    )


def test_a_task_that_waits_has_no_times_and_no_result(tenant: Tenant) -> None:
    told = shown(tenant, rows.task(built(tenant), "pending"))

    assert (told["start_time"], told["stop_time"], told["duration_ms"]) == (None, None, None)
    assert "result" not in told
    assert "next_retry_at" not in told


def test_a_task_that_will_be_tried_again_says_when(tenant: Tenant) -> None:
    parked = {"next_retry_at": rows.NOON + timedelta(minutes=1), "retry_attempt": 1}

    told = shown(tenant, rows.task(built(tenant), "pending_retry", run=parked))

    assert told["next_retry_at"] == "2026-11-22T12:01:00.123000Z"
    assert told["retry_attempt"] == 1


def test_who_may_read_the_stream_may_read_the_task(tenant: Tenant) -> None:
    task = rows.task(built(tenant))
    path = f"/v1/tasks/{task.task_id}"

    assert tenant.may({f"stream:{task.stream_id}": ["read"]}).get(path).status_code == 200
    for permissions in ({f"stream:{uuid4()}": ["read"]}, {"run:*": ["read"]}):
        answer = tenant.may(permissions).get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")


def test_an_unknown_task_is_not_found(tenant: Tenant, stranger: Tenant) -> None:
    task = rows.task(built(tenant))

    for client, task_id in ((tenant.client, uuid4()), (stranger.client, task.task_id)):
        for path in (f"/v1/tasks/{task_id}", f"/v1/tasks/{task_id}/subscribe"):
            answer = client.get(path)
            assert answer.status_code == 404
            assert answer.json()["error"]["message"] == "Task not found"


def test_runs_of_tasks_are_not_listed_and_not_counted_but_are_there(tenant: Tenant) -> None:
    task = rows.task(built(tenant))

    for path in ("/v1/runs", "/v1/runs?type=task", f"/v1/runs?stream_id={task.stream_id}"):
        listed = tenant.client.get(path).json()
        assert (listed["data"], listed["pagination"]["total"]) == ([], 0)
    for path in ("/v1/runs/stats", "/v1/runs/stats?time_range=P3650D"):
        assert tenant.client.get(path).json()["data"]["total_runs"] == 0
    one = tenant.client.get(f"/v1/runs/{task.run_id}").json()["data"]
    assert (one["run_type"], one["event_id"]) == ("task", None)


def test_a_task_that_is_over_is_told_once(tenant: Tenant) -> None:
    task = rows.task(built(tenant))

    with subscribed(tenant.client, f"/v1/tasks/{task.task_id}/subscribe") as reader:
        (frame,) = reader.rest()

    assert (frame.event, frame.data["task"]) == ("task:update", shown(tenant, task))


def test_a_task_is_watched_to_its_end(tenant: Tenant) -> None:
    build = built(tenant)
    task = rows.task(build, "running")

    with subscribed(tenant.client, f"/v1/tasks/{task.task_id}/subscribe") as reader:
        first = reader.next()
        announcements.task_changed(task, rows.NOON).save()  # and nothing has changed
        end(rows.task(build, "running", stream=task.stream))  # another's end is not its own
        end(task, "failed")
        rest = reader.rest()

    assert first is not None
    assert first.data["task"]["status"] == "running"
    assert [frame.data["task"]["status"] for frame in rest] == ["failed"]


def test_a_stream_tells_of_its_tasks(tenant: Tenant) -> None:
    build = built(tenant)
    over = rows.task(build)
    with subscribed(tenant.client, f"/v1/streams/{over.stream_id}/subscribe") as reader:
        replayed = reader.take(3)
        waiting = rows.task(build, "running", stream=over.stream)
        for _ in range(2):  # told twice, it is one state
            announcements.task_changed(waiting, rows.NOON).save()
        told = reader.take(1)  # a state that is over before it is looked at is not told
        end(waiting)
        told += reader.take(1)

    assert [frame.event for frame in replayed] == ["run:start", "run:stop", "task:update"]
    assert replayed[0].data["run"]["run_type"] == "task"
    assert replayed[2].data["task"] == shown(tenant, over)
    assert [frame.event for frame in told] == ["task:update"] * 2
    statuses = [frame.data["task"]["status"] for frame in told]
    assert statuses == ["running", "completed"]


def test_the_newest_hundred_tasks_are_replayed(tenant: Tenant) -> None:
    build = built(tenant)
    first = rows.task(build, "pending")
    tasks = [rows.task(build, "pending", stream=first.stream) for _ in range(101)]
    cursor = engine.newest_note()

    with subscribed(tenant.client, f"/v1/streams/{first.stream_id}/subscribe") as reader:
        frames = reader.take(100)
        Note.objects.create(
            topic=f"stream:{first.stream_id}", kind="stream:data", body="{}", at=rows.NOON
        )
        after = reader.next()

    assert frames[0].data["task"]["task_id"] == str(tasks[-1].task_id)
    assert {frame.event for frame in frames} == {"task:update"}
    assert [frame.id for frame in frames] == [None] * 99 + [str(cursor)]
    assert after is not None
    assert after.event == "stream:data"


def test_a_project_filters_runs_and_not_tasks(tenant: Tenant) -> None:
    task = rows.task(built(tenant))
    other = tenant.project("other")["name"]

    path = f"/v1/streams/{task.stream_id}/subscribe?project={other}"
    with subscribed(tenant.client, path) as reader:
        assert reader.take(1)[0].event == "task:update"
