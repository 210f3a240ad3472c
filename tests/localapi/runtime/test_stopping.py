"""A worker that is told to stop: what runs may end or is handed back, and it signs out."""

from hotdash.localapi import engine
from hotdash.localapi.models import Build, Run, Worker
from tests.localapi.runtime.shop import Shop, marks
from tests.localapi.runtime.slow import HELD, SLOW, let_go, let_import
from tests.localapi.runtime.workers import StartWorker, WorkerProcess
from tests.processes import is_alive
from tests.sockets import wait_for


def signed_in() -> set[str]:
    """Return the workers that are known; who was killed is among them for a day."""
    return set(Worker.objects.values_list("name", flat=True))


def test_a_worker_that_is_told_to_stop_lets_short_runs_end(
    shop: Shop, own_worker: WorkerProcess
) -> None:
    shop.deploy(SLOW)
    run = shop.start("::slow/wait")
    wait_for(lambda: len(marks(run)) == 1)
    own_worker.process.terminate()
    let_go(run)
    assert own_worker.stop() == 0
    assert Run.objects.get(pk=run.pk).status == "succeeded"


def test_a_worker_that_is_told_to_stop_hands_long_runs_back(
    shop: Shop, own_worker: WorkerProcess
) -> None:
    shop.deploy(SLOW)
    run = shop.start("::slow/mark", 60)
    wait_for(lambda: len(marks(run)) == 1)
    assert own_worker.stop() == 0
    handed_back = Run.objects.get(pk=run.pk)
    assert (handed_back.status, handed_back.worker, handed_back.lost) == ("pending", None, 0)
    assert not is_alive(marks(run)[0])
    Run.objects.filter(pk=run.pk).update(claim_at=None)


def test_a_worker_that_stops_hands_back_the_build_that_it_loads(
    shop: Shop, own_worker: WorkerProcess, start_worker: StartWorker
) -> None:
    build = shop.build({"held.py": HELD})
    engine.deploy(build)
    wait_for(lambda: Build.objects.get(pk=build.pk).runtime_status == "loading")
    assert own_worker.stop() == 0
    assert Build.objects.get(pk=build.pk).runtime_status == "pending"
    let_import(build)
    start_worker()
    wait_for(lambda: Build.objects.get(pk=build.pk).deployed)


def test_a_worker_that_stops_signs_out(shop: Shop, start_worker: StartWorker) -> None:
    dead = signed_in()
    worker = start_worker()
    wait_for(lambda: bool(signed_in() - dead))
    assert worker.stop() == 0
    assert signed_in() == dead


def test_two_workers_of_one_directory_have_names_of_their_own(
    shop: Shop, start_worker: StartWorker
) -> None:
    dead = signed_in()
    first = start_worker()
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
