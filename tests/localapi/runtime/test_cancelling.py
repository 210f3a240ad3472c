"""What ends a run before its time: itself, another run, somebody outside."""

import json
import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection, transaction

from hotdash.localapi import engine
from hotdash.localapi.models import Build, Event, Run, StreamData, Task
from hotdash.localapi.runtime import outcomes, queue, scheduler
from hotdash.localapi.runtime.clock import database_now
from tests.localapi import rows
from tests.localapi.runtime.office import OFFICE, given, over
from tests.localapi.runtime.shop import Shop, failure, pause, result
from tests.sockets import wait_for

BUILD = OFFICE


@pytest.fixture
def office(deployed: Shop, stored: None) -> Shop:
    return deployed


def cancellation(run: Run) -> object:
    value = result(run)
    assert value["$type"] == "::hot::run/Cancellation"
    return value["$val"]


def test_a_run_cancels_itself(office: Shop) -> None:
    run = office.call("::office::work/give-up", "sold out", {"left": [0]})

    assert run.status == "cancelled"
    assert cancellation(run) == {"msg": "sold out", "data": {"left": [0]}}
    pieces = StreamData.objects.filter(run_id=run.run_id).order_by("stream_data_id")
    assert [json.loads(piece.payload) for piece in pieces] == ["before", "after"]


def test_a_run_needs_no_reason_to_cancel_itself(office: Shop) -> None:
    run = office.call("::office::work/give-up")

    assert cancellation(run) == {"msg": "Cancelled.", "data": None}


def test_a_coroutine_cancels_its_run(office: Shop) -> None:
    assert office.call("::office::work/give-up-later").status == "cancelled"


def test_a_run_that_cancelled_itself_is_not_tried_again(office: Shop) -> None:
    (run,) = office.runs_of(office.publish("work:hopeless"))

    assert (run.status, run.retry_max, run.retry_attempt) == ("cancelled", 3, 0)


def test_data_that_is_no_json_is_named(office: Shop) -> None:
    run = office.call("::office::work/give-up-with-an-object")

    assert cancellation(run) == {
        "msg": "odd",
        "data": "the data of the cancellation is not JSON: it holds a value of type object",
    }


def test_a_task_cancels_itself(office: Shop) -> None:
    task = over(result(office.call("::office::work/give-up-in-a-task")))

    assert task.status == "cancelled"
    assert cancellation(task.run) == {"msg": "in a task", "data": None}


def test_a_run_cancels_a_task_that_it_started(office: Shop) -> None:
    task_id, first, second = result(office.call("::office::work/start-and-stop"))
    task = over(task_id)

    assert (first, task.status) == (True, "cancelled")
    assert second is (task.run.execution > 0)  # one that waited was over at once
    assert result(task.run) == {
        "$type": "::hot::run/Cancellation",
        "$val": {"msg": "not needed", "data": None},
    }


def test_a_later_run_of_the_stream_cancels_a_task(office: Shop) -> None:
    starter = office.call("::office::work/give", "::office::work/sleep", [60])
    task = Task.objects.get(pk=result(starter))
    office.running(task.run)

    data = json.dumps({"fn": "::office::work/stop", "args": [str(task.task_id), "too late"]})
    call = engine.NewEvent(office.environment.env_id, "hot:call", data, starter.stream_id)
    (stop,) = engine.accept(call).runs

    assert result(office.over(stop)) is True
    assert over(task.task_id).status == "cancelled"


def test_a_reason_that_no_table_takes_is_mended(office: Shop) -> None:
    task_id, _, _ = result(office.call("::office::work/start-and-stop", "a\0b\ud800c"))

    assert cancellation(over(task_id).run) == {"msg": "a\ufffdb?c", "data": None}


def test_a_task_that_is_over_stays_as_it_is(office: Shop) -> None:
    task = given(office, "add", 1, 2)
    data = json.dumps({"fn": "::office::work/stop", "args": [str(task.task_id)]})
    call = engine.NewEvent(office.environment.env_id, "hot:call", data, task.stream_id)
    (stop,) = engine.accept(call).runs

    assert result(office.over(stop)) is False
    assert over(task.task_id).status == "completed"


def test_a_task_of_another_stream_is_not_there(office: Shop) -> None:
    task = given(office, "add", 1, 2)

    for task_id in (str(task.task_id), str(uuid4())):
        refused = failure(office.call("::office::work/stop", task_id))
        assert refused["err"]["type"] == "LookupError"
        assert refused["msg"] == f"This stream has no task {task_id}."


def test_a_task_that_waits_for_its_next_attempt_is_cancelled_at_once(office: Shop) -> None:
    name = "::office::work/fail"
    starter = office.call("::office::work/give", name, ["no"], {"retry": 1, "retry_delay": 600})
    task = Task.objects.get(pk=result(starter))
    wait_for(lambda: Run.objects.get(pk=task.run_id).status == "pending_retry")
    task = Task.objects.select_related("run").get(pk=task.pk)
    assert (task.status, task.run.retry_attempt) == ("queued", 1)

    assert engine.cancel(task.run_id, "enough")

    assert over(task.task_id).status == "cancelled"
    assert scheduler.retry_due() == 0


def cancelled_while(change: Callable[[], object], cancel: Callable[[], bool]) -> bool:
    """Return what a cancellation says that begins before a change of the run is over."""
    said: list[bool] = []

    def cancelling() -> None:
        said.append(cancel())
        connection.close()

    with transaction.atomic():
        change()
        canceller = threading.Thread(target=cancelling)
        canceller.start()
        pause(0.5)  # in which it looks at what was there before
    canceller.join()
    return said == [True]


def test_a_run_that_fails_while_it_is_cancelled_is_not_tried_again(office: Shop) -> None:
    build = Build.objects.filter(project=office.project).latest("created_at")
    retried = {"retry_max": 1, "retry_delay_ms": 600_000}
    run = rows.run(build, "running", worker="nobody", **retried)
    assert cancelled_while(
        lambda: queue.finish(run, outcomes.failed("no", {}), 0),
        lambda: engine.cancel(run.run_id, "enough"),
    )
    assert Run.objects.get(pk=run.pk).status == "cancelled"


def test_a_task_whose_next_attempt_begins_meanwhile_is_cancelled(office: Shop) -> None:
    name = "::office::work/fail-then-sleep"
    starter = office.call("::office::work/give", name, [], {"retry": 1, "retry_delay": 600})
    task_id = result(starter)
    first = Task.objects.get(pk=task_id).run_id
    wait_for(lambda: Run.objects.get(pk=first).status == "pending_retry")
    parked = Run.objects.select_related("event", "task").get(pk=first)
    assert cancelled_while(
        lambda: scheduler._retry(parked, database_now()),
        lambda: engine.cancel_task(task_id, "enough"),
    )
    assert over(task_id).status == "cancelled"


def test_a_run_that_was_to_be_cancelled_when_its_worker_died_is_not_begun_again(
    office: Shop,
) -> None:
    office.call("::office::work/add", 1, 2)  # from here on a run begins at once
    with transaction.atomic():
        run = office.start("::office::work/tell")
        Run.objects.filter(pk=run.pk).update(
            status="running", execution=1, worker="dead:1", cancel_requested=True
        )

    assert office.over(run).status == "cancelled"
    assert not Event.objects.filter(origin_run_id=run.pk).exists()
