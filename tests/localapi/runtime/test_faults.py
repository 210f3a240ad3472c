"""Whatever dies, no accepted run is lost and none ends twice."""

import os
import signal

from hotdash.localapi import engine
from hotdash.localapi.models import Call, Note, Run, Task
from tests.localapi.runtime.shop import Shop, failure, marks, result, tree
from tests.localapi.runtime.slow import SLOW, let_go
from tests.localapi.runtime.workers import StartWorker, WorkerProcess
from tests.processes import children_of, is_alive
from tests.sockets import wait_for


def test_a_running_run_shows_the_calls_that_were_made_so_far(
    shop: Shop, own_worker: WorkerProcess
) -> None:
    shop.deploy(SLOW)
    run = shop.start("::slow/outer")
    wait_for(lambda: Call.objects.filter(run=run).count() == 3)
    running = Run.objects.get(pk=run.pk)
    assert running.status == "running"
    assert tree(running) == ["outer", "  wait", "    hold"]
    first_revs = {call.seq: call.rev for call in Call.objects.filter(run=run)}
    assert {call.stop_time for call in Call.objects.filter(run=run)} == {None}
    let_go(run)
    assert shop.over(run).status == "succeeded"
    last = {call.seq: call for call in Call.objects.filter(run=run)}
    assert all(last[seq].rev > rev for seq, rev in first_revs.items())
    assert all(call.stop_time for call in last.values())


def test_a_running_run_is_cancelled_with_its_process(shop: Shop, own_worker: WorkerProcess) -> None:
    shop.deploy(SLOW)
    run = shop.start("::slow/mark", 60)
    wait_for(lambda: len(marks(run)) == 1)
    assert engine.cancel(run.run_id, "enough") is True
    over = shop.over(run)
    assert over.status == "cancelled"
    assert result(over)["$val"]["msg"] == "enough"
    assert not is_alive(marks(run)[0])
    kinds = Note.objects.filter(topic=f"env:{shop.environment.env_id}").values_list("kind")
    assert ("run:cancel",) in kinds


def test_a_killed_worker_takes_its_runs_down_and_its_successor_runs_them_again(
    shop: Shop, start_worker: StartWorker
) -> None:
    first = start_worker()
    shop.deploy(SLOW)
    run = shop.start("::slow/wait")
    wait_for(lambda: len(marks(run)) == 1)
    first.kill()
    wait_for(lambda: not is_alive(marks(run)[0]))
    successor = start_worker()
    wait_for(lambda: len(marks(run)) == 2)
    assert "1 runs of a predecessor freed" in successor.said(), "its lease was not waited for"
    let_go(run)
    over = shop.over(run)
    assert (over.status, over.execution, over.lost) == ("succeeded", 2, 1)


def test_a_task_of_a_killed_worker_is_executed_again(shop: Shop, start_worker: StartWorker) -> None:
    first = start_worker()
    shop.deploy(SLOW)
    task = Task.objects.get(pk=result(shop.call("::slow/begin")))
    wait_for(lambda: len(marks(task.run)) == 1)
    first.kill()
    start_worker()
    over = shop.over(task.run)
    assert (over.status, over.execution, result(over)) == ("succeeded", 2, "done")
    assert Task.objects.get(pk=task.pk).status == "completed"


def test_a_worker_that_was_paused_too_long_kills_its_runs_and_tells_nothing(
    shop: Shop, start_worker: StartWorker
) -> None:
    paused = start_worker(HOTDASH_RUN_SECONDS="120")
    shop.deploy(SLOW)
    run = shop.start("::slow/long-at-first")
    wait_for(lambda: len(marks(run)) == 1)
    paused.send(signal.SIGSTOP)
    start_worker(HOTDASH_RUN_SECONDS="120")
    wait_for(lambda: len(marks(run)) == 2, seconds=60)
    paused.send(signal.SIGCONT)
    wait_for(lambda: not is_alive(marks(run)[0]))
    over = shop.over(run)
    assert (over.status, over.execution, over.lost) == ("succeeded", 2, 1)
    stops = Note.objects.filter(topic=f"env:{shop.environment.env_id}", kind="run:stop")
    assert stops.count() == 1


def test_runs_of_a_dead_template_run_again_in_a_new_one(
    shop: Shop, own_worker: WorkerProcess
) -> None:
    shop.deploy(SLOW)
    run = shop.start("::slow/wait")
    wait_for(lambda: len(marks(run)) == 1)
    (template,) = own_worker.templates()
    os.kill(template, signal.SIGKILL)
    wait_for(lambda: len(marks(run)) == 2)
    assert not is_alive(marks(run)[0])
    let_go(run)
    over = shop.over(run)
    assert (over.status, over.execution) == ("succeeded", 2)
    assert template not in own_worker.templates()


def test_a_run_that_kills_its_template_each_time_is_given_up(
    shop: Shop, start_worker: StartWorker
) -> None:
    start_worker(HOTDASH_RUN_ISOLATION="off")  # a run that is isolated cannot
    shop.deploy(SLOW)
    over = shop.call("::slow/kill-template")
    assert over.status == "failed"
    assert failure(over)["err"]["type"] == "WorkerLost"
    assert over.execution == 4


def test_a_stopped_template_does_not_stop_the_worker(shop: Shop, start_worker: StartWorker) -> None:
    worker = start_worker(HOTDASH_RUN_SECONDS="2")
    shop.deploy(SLOW)
    run = shop.start("::slow/mark", 60)
    wait_for(lambda: len(marks(run)) == 1)
    os.kill(worker.templates()[0], signal.SIGSTOP)
    over = shop.over(run)
    assert failure(over)["err"]["type"] == "TimeLimit"
    assert not is_alive(marks(run)[0])
    assert result(shop.call("::slow/mark", 0)) == "done"


def test_no_process_survives_a_killed_worker(shop: Shop, start_worker: StartWorker) -> None:
    worker = start_worker()
    shop.deploy(SLOW)
    runs = [shop.start("::slow/mark", 60) for _ in range(8)]
    wait_for(lambda: all(marks(run) for run in runs))
    (template,) = worker.templates()
    everyone = [template, *children_of(template)]
    worker.kill()
    wait_for(lambda: not any(is_alive(pid) for pid in everyone))
    Run.objects.filter(environment=shop.environment).update(claim_at=None, status="cancelled")
