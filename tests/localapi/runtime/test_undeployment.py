"""A project that is switched off runs nothing, whatever a worker was doing to it."""

from hotdash.localapi import engine
from hotdash.localapi.models import Build, Schedule
from tests.localapi.runtime.shop import Shop, result
from tests.localapi.runtime.slow import HELD, let_import
from tests.localapi.runtime.workers import WorkerProcess
from tests.sockets import wait_for

SHOP = {
    "shop.py": """
from hotbuild import on_event, schedule

@on_event("order:placed")
def place(order):
    return "placed"

@schedule("*/5 * * * *")
def count():
    return 1
"""
}
SLOWER = {"slower.py": "import time\n\ntime.sleep(2.5)\n\ndef answer():\n    return 42\n"}


def state(build: Build) -> tuple[str, bool]:
    found = Build.objects.get(pk=build.pk)
    return found.runtime_status, found.deployed


def test_a_deployed_build_is_taken_away_with_its_schedules(
    shop: Shop, worker: WorkerProcess
) -> None:
    build = shop.deploy(SHOP)

    engine.undeploy(shop.project)

    assert state(build) == ("ready", False)
    assert Schedule.objects.get(build=build).next_at is None
    assert shop.runs_of(shop.publish("order:placed")) == []


def test_what_is_just_being_loaded_is_not_activated(shop: Shop, worker: WorkerProcess) -> None:
    build = shop.build(SHOP | {"held.py": HELD})
    engine.deploy(build)
    wait_for(lambda: state(build)[0] == "loading")

    engine.undeploy(shop.project)
    let_import(build)
    # begun later and slower to import: when it is ready, the first is settled
    other = shop.deploy(SLOWER)

    assert state(build) == ("superseded", False)
    assert result(shop.call("::slower/answer")) == 42
    assert state(other) == ("ready", True)
    assert Schedule.objects.get(build=build).next_at is None


def test_what_waits_for_a_worker_is_not_loaded(shop: Shop) -> None:
    build = shop.build(SHOP)
    engine.deploy(build)

    engine.undeploy(shop.project)

    build.refresh_from_db()
    assert (build.runtime_status, build.claim_at) == ("superseded", None)


def test_a_build_that_was_taken_away_can_be_deployed_again(
    shop: Shop, worker: WorkerProcess
) -> None:
    build = shop.deploy(SHOP)
    engine.undeploy(shop.project)

    shop.settle(build)

    assert state(build) == ("ready", True)
    assert Schedule.objects.get(build=build).next_at is not None
    (run,) = shop.runs_of(shop.publish("order:placed"))
    assert result(run) == "placed"
