"""Whatever dies, no accepted run is lost and none ends twice."""

import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from hotdash.localapi import engine
from hotdash.localapi.archives import storage
from hotdash.localapi.models import Build, Call, Note, Run, Task, Worker
from tests.localapi.runtime.shop import Shop, failure, marks, pause, result, tree
from tests.localapi.runtime.workers import WorkerProcess
from tests.processes import children_of, is_alive
from tests.sockets import wait_for

SLOW = {
    "slow.py": """
import os, signal, time

from hotbuild import send, stream, tasks

def tell_much(seconds):
    time.sleep(seconds)
    send("much:told", "x" * 100_000)

def nap(seconds):
    time.sleep(seconds)
    return seconds

def outer(seconds):
    return nap(seconds)

def mark(seconds):
    stream(os.getpid(), "pid")
    time.sleep(seconds)
    return "done"

def long_at_first():
    is_first = os.getcwd().endswith("-1")  # the number of this execution
    return mark(100 if is_first else 0)

def begin():
    return tasks.start(long_at_first)

def kill_template():
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)
"""
}
StartWorker = Callable[..., WorkerProcess]


@pytest.fixture
def long(start_worker: StartWorker) -> WorkerProcess:
    """A worker that lets a run take a minute."""
    return start_worker(HOTDASH_RUN_SECONDS="60")


def signed_in() -> set[str]:
    """Return the workers that are known; who was killed is among them for a day."""
    return set(Worker.objects.values_list("name", flat=True))


def test_a_running_run_shows_the_calls_that_were_made_so_far(
    shop: Shop, long: WorkerProcess
) -> None:
    shop.deploy(SLOW)
    run = shop.start("::slow/outer", 3)
    wait_for(lambda: Call.objects.filter(run=run).count() == 2)
    running = Run.objects.get(pk=run.pk)
    assert running.status == "running"
    assert tree(running) == ["outer", "  nap"]
    first_revs = {call.seq: call.rev for call in Call.objects.filter(run=run)}
    assert {call.stop_time for call in Call.objects.filter(run=run)} == {None}
    assert shop.over(run).status == "succeeded"
    last = {call.seq: call for call in Call.objects.filter(run=run)}
    assert all(last[seq].rev > rev for seq, rev in first_revs.items())
    assert all(call.stop_time for call in last.values())


def test_a_running_run_is_cancelled_with_its_process(shop: Shop, long: WorkerProcess) -> None:
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
    first = start_worker(HOTDASH_RUN_SECONDS="60")
    shop.deploy(SLOW)
    run = shop.start("::slow/mark", 1)
    wait_for(lambda: len(marks(run)) == 1)
    first.kill()
    wait_for(lambda: not is_alive(marks(run)[0]), seconds=10)
    began = time.monotonic()
    start_worker(HOTDASH_RUN_SECONDS="60")
    wait_for(lambda: len(marks(run)) == 2)
    assert time.monotonic() - began < 14, "its lease would have ended after fifteen seconds only"
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
    wait_for(lambda: len(marks(run)) == 2, seconds=25)
    paused.send(signal.SIGCONT)
    wait_for(lambda: not is_alive(marks(run)[0]), seconds=20)
    over = shop.over(run)
    assert (over.status, over.execution, over.lost) == ("succeeded", 2, 1)
    stops = Note.objects.filter(topic=f"env:{shop.environment.env_id}", kind="run:stop")
    assert stops.count() == 1


def test_runs_of_a_dead_template_run_again_in_a_new_one(shop: Shop, long: WorkerProcess) -> None:
    shop.deploy(SLOW)
    run = shop.start("::slow/mark", 1)
    wait_for(lambda: len(marks(run)) == 1)
    (template,) = long.templates()
    os.kill(template, signal.SIGKILL)
    wait_for(lambda: not is_alive(marks(run)[0]), seconds=10)
    over = shop.over(run)
    assert (over.status, over.execution) == ("succeeded", 2)
    assert len(marks(run)) == 2
    assert template not in long.templates()


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
    over = shop.over(run, seconds=15)
    assert failure(over)["err"]["type"] == "TimeLimit"
    assert not is_alive(marks(run)[0])
    assert result(shop.call("::slow/nap", 0)) == 0


def test_a_worker_that_is_told_to_stop_lets_short_runs_end(shop: Shop, long: WorkerProcess) -> None:
    shop.deploy(SLOW)
    run = shop.start("::slow/nap", 1)
    shop.running(run)
    long.process.terminate()
    assert long.process.wait(10) == 0
    assert Run.objects.get(pk=run.pk).status == "succeeded"


def test_a_worker_that_is_told_to_stop_hands_long_runs_back(
    shop: Shop, long: WorkerProcess
) -> None:
    shop.deploy(SLOW)
    run = shop.start("::slow/mark", 60)
    wait_for(lambda: len(marks(run)) == 1)
    long.process.terminate()
    assert long.process.wait(10) == 0
    handed_back = Run.objects.get(pk=run.pk)
    assert (handed_back.status, handed_back.worker, handed_back.lost) == ("pending", None, 0)
    assert not is_alive(marks(run)[0])
    Run.objects.filter(pk=run.pk).update(claim_at=None)


def test_a_worker_that_stops_hands_back_the_build_that_it_loads(
    shop: Shop, long: WorkerProcess, start_worker: StartWorker
) -> None:
    build = shop.build({"slow.py": "import time\ntime.sleep(3)\n"})
    engine.deploy(build)
    wait_for(lambda: Build.objects.get(pk=build.pk).runtime_status == "loading")
    long.process.terminate()
    assert long.process.wait(10) == 0
    assert Build.objects.get(pk=build.pk).runtime_status == "pending"
    start_worker()
    wait_for(lambda: Build.objects.get(pk=build.pk).deployed, seconds=30)


def test_two_workers_of_one_directory_have_names_of_their_own(
    shop: Shop, start_worker: StartWorker
) -> None:
    dead = signed_in()
    first = start_worker(HOTDASH_RUN_SECONDS="60")
    shop.deploy(SLOW)
    run = shop.start("::slow/mark", 60)
    wait_for(lambda: len(marks(run)) == 1)
    second = start_worker()
    wait_for(lambda: len(signed_in() - dead) == 2)
    assert Run.objects.get(pk=run.pk).worker is not None, "the second must not free it"
    assert engine.cancel(run.run_id)
    assert shop.over(run).execution == 1
    names = {name.partition(":")[0] for name in signed_in() - dead}
    assert len(names) == 2
    assert first.process.poll() is second.process.poll() is None


def test_a_worker_that_stops_signs_out(shop: Shop, start_worker: StartWorker) -> None:
    dead = signed_in()
    worker = start_worker()
    wait_for(lambda: bool(signed_in() - dead))
    worker.process.terminate()
    worker.process.wait(10)
    assert signed_in() == dead


def test_no_process_survives_a_killed_worker(shop: Shop, start_worker: StartWorker) -> None:
    worker = start_worker(HOTDASH_RUN_SECONDS="60")
    shop.deploy(SLOW)
    runs = [shop.start("::slow/mark", 60) for _ in range(8)]
    wait_for(lambda: all(marks(run) for run in runs))
    (template,) = worker.templates()
    everyone = [template, *children_of(template)]
    worker.kill()
    wait_for(lambda: not any(is_alive(pid) for pid in everyone), seconds=10)
    Run.objects.filter(environment=shop.environment).update(claim_at=None, status="cancelled")


if connection.vendor == "postgresql":

    def test_a_worker_whose_connections_are_cut_carries_on(shop: Shop, long: WorkerProcess) -> None:
        shop.deploy(SLOW)
        run = shop.start("::slow/mark", 2)
        wait_for(lambda: len(marks(run)) == 1)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND usename = current_user"
            )
        over = shop.over(run)
        assert (over.status, over.execution) == ("succeeded", 1)
        assert long.process.poll() is None

else:

    def test_a_worker_that_cannot_write_for_a_while_carries_on(
        shop: Shop, long: WorkerProcess
    ) -> None:
        shop.deploy(SLOW)
        run = shop.start("::slow/mark", 2)
        wait_for(lambda: len(marks(run)) == 1)
        with transaction.atomic():  # takes the one write lock, for longer than a writer waits
            pause(10.5)
        over = shop.over(run)
        assert (over.status, over.execution) == ("succeeded", 1)
        assert long.process.poll() is None

    def test_a_worker_whose_disk_is_full_for_a_while_carries_on(
        shop: Shop, long: WorkerProcess
    ) -> None:
        shop.deploy(SLOW)
        runs = [shop.start(name, 1) for name in ("::slow/nap", "::slow/tell-much")]
        for run in runs:
            shop.running(run)
        with full_disk(long.process.pid):
            pause(3)
            states = {Run.objects.get(pk=run.pk).status for run in runs}
            assert states == {"running"}, "their ends cannot be written"
        for run in runs:
            over = shop.over(run)
            assert (over.status, over.execution) == ("succeeded", 1)
        assert long.process.poll() is None

    @pytest.mark.parametrize("size", [60_000, 100_000], ids=["in its row", "beside its row"])
    def test_an_event_that_finds_the_disk_full_is_refused_whole(
        shop: Shop, size: int, data: Path
    ) -> None:
        storage.prepare()
        before = set((data / "incoming").iterdir())
        with full_disk(os.getpid()), pytest.raises((OperationalError, OSError)):
            shop.publish("nobody:cares", "x" * size)
        assert not shop.environment.events.exists()
        assert not shop.environment.streams.exists()
        assert set((data / "incoming").iterdir()) == before


@contextmanager
def full_disk(pid: int) -> Iterator[None]:
    """Let no file of a process grow: what it writes fails as on a full disk."""
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, most))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))
