"""Tasks: what a run starts beside itself, and how each of them ends."""

import json
from pathlib import Path

import pytest

from hotdash.localapi import engine
from hotdash.localapi.models import Event, Note, Run, Task
from hotdash.localapi.runtime import tasks
from hotdash.localapi.runtime.desk import Reply
from hotdash.localapi.runtime.messages import Question
from hotdash.localapi.runtime.queue import LeaseLost
from tests.localapi import rows
from tests.localapi.runtime.office import OFFICE, given, notes, over
from tests.localapi.runtime.shop import Shop, failure, result
from tests.sockets import wait_for

BUILD = OFFICE


@pytest.fixture
def office(deployed: Shop, stored: None) -> Shop:
    return deployed


def test_a_handler_starts_a_task_that_goes_on_by_itself(office: Shop) -> None:
    event = office.publish("work:asked", 40)

    (starter,) = office.runs_of(event)
    task = over(result(starter)["task"])

    assert task.status == "completed"
    assert result(task.run) == {"sum": 42, "task": str(task.task_id), "attempt": 1}
    assert (task.run.run_type, task.run.event_id) == ("task", None)
    assert (task.run.ns, task.run.var) == ("::office::work", "add")
    assert (task.origin_run_id, task.run.origin_run_id) == (starter.run_id, None)
    assert task.environment_id == task.run.environment_id == office.environment.env_id
    assert task.stream_id == task.run.stream_id == starter.stream_id
    assert task.run.build_id == starter.build_id
    assert task.timeout_ms == 1_800_000


def test_a_task_may_be_named_and_be_async(office: Shop) -> None:
    assert result(given(office, "later", {"any": "thing"}).run) == {"any": "thing"}


def test_subscribers_are_told_of_a_task(office: Shop) -> None:
    task = given(office, "add", 1, 2)

    started, complete = notes(task, f"env:{office.environment.env_id}")
    of_stream = notes(task, f"stream:{task.stream_id}")

    about = {
        "task_id": str(task.task_id),
        "env_id": str(office.environment.env_id),
        "stream_id": str(task.stream_id),
        "function_name": "::office::work/add",
    }
    assert started == ("task:started", about | {"task_type": "code"})
    duration = complete[1].pop("duration_ms")
    assert isinstance(duration, int)
    assert complete == ("task:complete", about | {"status": "completed", "error": None})
    assert of_stream == [("task:update", {"task_id": str(task.task_id)})] * 3


def test_the_environment_hears_of_a_task_and_not_of_its_run(office: Shop) -> None:
    task = given(office, "add", 1, 2)

    told = Note.objects.filter(body__contains=str(task.run_id))

    assert {note.topic for note in told} == {f"stream:{task.stream_id}"}
    assert [note.kind for note in told.order_by("id")] == ["run:start", "run:stop"]


def test_a_failed_task_says_why(office: Shop) -> None:
    task = given(office, "fail", "out of paper")

    assert task.status == "failed"
    assert failure(task.run)["msg"] == "out of paper"
    _, complete = notes(task, f"env:{office.environment.env_id}")
    assert (complete[1]["status"], complete[1]["error"]) == ("failed", "out of paper")


def test_a_task_may_take_longer_than_a_run(office: Shop) -> None:
    # the worker of these tests gives a run two seconds
    assert given(office, "sleep", 3).status == "completed"


def test_a_task_that_takes_too_long_is_timed_out(office: Shop) -> None:
    task = given(office, "sleep", 60, timeout=1)

    assert task.status == "timed_out"
    assert failure(task.run)["err"]["type"] == "TimeLimit"
    _, complete = notes(task, f"env:{office.environment.env_id}")
    assert complete[1]["status"] == "timed_out"


def test_a_failed_task_is_tried_again(office: Shop) -> None:
    task = given(office, "work-out", retry=2, retry_delay=0)

    assert task.status == "completed"
    assert result(task.run) == "attempt 2"
    assert (task.run.attempt, task.run.retry_attempt) == (2, 1)
    assert task.run.origin_run_id is not None
    former = Run.objects.get(pk=task.run.origin_run_id)
    assert (former.run_type, former.status, former.attempt) == ("task", "failed", 1)
    kinds = [kind for kind, _ in notes(task, f"env:{office.environment.env_id}")]
    assert kinds == ["task:started", "task:started", "task:complete"]


def test_a_task_that_was_timed_out_is_tried_again_too(office: Shop) -> None:
    task = given(office, "sleep", 60, timeout=1, retry=1, retry_delay=0)

    assert (task.status, task.run.attempt) == ("timed_out", 2)


def test_a_task_that_fails_after_it_was_timed_out_has_failed(office: Shop) -> None:
    task = given(office, "sleep-then-fail", timeout=1, retry=1, retry_delay=0)

    assert (task.status, task.run.attempt) == ("failed", 2)


def test_tasks_start_tasks(office: Shop) -> None:
    task = given(office, "nest", 2)
    depths = [task.depth]
    while result(task.run) != "deep enough":
        task = over(result(task.run))
        depths.append(task.depth)

    assert depths == [1, 2, 3]


def test_a_chain_of_tasks_and_events_is_bounded(office: Shop) -> None:
    new = engine.NewEvent(office.environment.env_id, "work:asked", "1", None, depth=100)

    (run,) = office.runs_of(engine.accept(new).event)

    assert failure(run)["err"]["type"] == "RuntimeError"
    assert "100 runs have set each other off by events and tasks" in failure(run)["msg"]


def test_what_a_task_sends_is_one_deeper(office: Shop) -> None:
    task = given(office, "tell")

    sent = Event.objects.get(origin_run_id=task.run_id)
    assert (sent.event_type, sent.depth) == ("work:done", 2)
    assert json.loads(sent.event_data) == {"by": str(task.task_id)}


def test_a_run_starts_a_hundred_tasks_and_no_more(office: Shop) -> None:
    build = office.project.builds.get()
    run = rows.run(build, "running", worker="nobody:1")
    for _ in range(99):
        rows.task(build, origin_run_id=run.run_id)

    last, one_more = asked_to_start(run), asked_to_start(run)

    assert not last.is_refusal
    assert one_more.facts == {
        "type": "RuntimeError",
        "msg": "A run may start 100 tasks, and this one has.",
    }
    Run.objects.filter(task__task_id=last.facts["task_id"]).update(claim_at=None)


def test_a_run_that_another_worker_has_starts_nothing(office: Shop) -> None:
    run = rows.run(office.project.builds.get(), "running", worker="nobody:1")
    Run.objects.filter(pk=run.pk).update(worker="somebody:2")

    with pytest.raises(LeaseLost):
        asked_to_start(run)

    assert not Task.objects.filter(origin_run_id=run.run_id).exists()


def asked_to_start(run: Run) -> Reply:
    given = {"fn": "::office::work/add", "timeout_ms": "1", "retry": "0", "retry_delay_ms": "0"}
    return tasks.start(run, Path(), Question("tasks.start", given, "[1, 2]"))


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("::office::work/nothing", "this build has no function ::office::work/nothing"),
        ("nothing", "this build has no function nothing"),
        ("::other::work/add", "this build has no function ::other::work/add"),
    ],
)
def test_only_a_function_of_the_build_is_a_task(office: Shop, function: str, words: str) -> None:
    refused = failure(office.call("::office::work/give", function))

    assert (refused["err"]["type"], refused["msg"]) == ("LookupError", words)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"timeout": 0}, "timeout is in seconds, at most a day, not 0"),
        ({"timeout": 86_401}, "timeout is in seconds, at most a day, not 86401"),
        ({"retry": 101}, "retry is a number from 0 to 100, not 101"),
        ({"retry_delay": -1}, "retry_delay is in seconds, at most a day, not -1"),
    ],
)
def test_an_option_out_of_range_is_refused(
    office: Shop, options: dict[str, object], words: str
) -> None:
    run = office.call("::office::work/give", "::office::work/add", [1, 2], options)

    assert failure(run)["msg"] == words


def test_tasks_leave_half_of_the_slots_to_others(office: Shop) -> None:
    # the worker of these tests has eight slots, so the fifth task waits
    sleeping = [
        result(office.call("::office::work/give", "::office::work/sleep", [30])) for _ in range(5)
    ]
    chosen = Task.objects.filter(pk__in=sleeping).select_related("run")
    wait_for(lambda: [task.status for task in chosen.all()].count("running") == 4)

    assert result(office.call("::office::work/later", "still here")) == "still here"

    assert sorted(task.status for task in chosen.all()) == ["queued"] + ["running"] * 4
    for task in chosen.all():
        engine.cancel(task.run_id)
        over(task.task_id)
