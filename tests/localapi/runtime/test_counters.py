"""What the counters say is what counting says, whatever became of the runs in between."""

import threading
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection

from hotdash.localapi import engine
from hotdash.localapi.models import Call, Environment, Event, Run
from hotdash.localapi.models import Counter as CounterRow
from hotdash.localapi.runtime import counters, queue, scheduler
from hotdash.localapi.runtime.clock import database_now
from hotdash.localapi.runtime.outcomes import failed
from hotdash.localapi.totals import run_totals, totals
from tests.localapi.runtime.shop import Shop
from tests.localapi.runtime.workers import WorkerProcess

BUILD = {
    "work.py": """
from hotbuild import on_event, send

@on_event("work:wanted")
def work(data):
    return [step(number) for number in range(3)]

@on_event("work:doomed", retry=1, retry_delay=0)
def fail(data):
    send("work:noted", step(1))
    raise ValueError("no")

def step(number):
    return number
"""
}


def counted(environment: Environment) -> dict[str, object]:
    """Return what counting the rows says, in the shape of `told`."""
    runs = Run.objects.filter(environment=environment).exclude(run_type="task")
    over = runs.exclude(status__in=["pending", "running"])
    return {
        "runs": dict(Counter(runs.values_list("status", flat=True))),
        "accepted": runs.count(),
        "events": Event.objects.filter(environment=environment).count(),
        "calls": Call.objects.filter(run__in=over).count(),
        "bytes": sum(
            len(args.encode()) + len((value or "").encode())
            for args, value in Call.objects.filter(run__in=over).values_list("args", "value")
        ),
    }


def told(environment: Environment) -> dict[str, object]:
    """Return what the counters say."""
    known = environment.env_id
    return {
        "runs": {status: amount for status, amount in run_totals(known).items() if amount},
        "accepted": sum(totals(known, "accepted").values()),
        "events": totals(known, "event").get("", 0),
        "calls": totals(known, "call").get("", 0),
        "bytes": totals(known, "call_bytes").get("", 0),
    }


def test_runs_are_counted_from_their_acceptance_to_their_end(
    shop: Shop, start_worker: Callable[..., WorkerProcess]
) -> None:
    start_worker()
    shop.deploy(BUILD)
    for kind in ("work:wanted", "work:doomed", "work:wanted"):
        shop.runs_of(shop.publish(kind))
    scheduler.retry_due()
    for run in Run.objects.filter(environment=shop.environment):
        shop.over(run)
    said = told(shop.environment)
    assert said == counted(shop.environment)
    assert said["runs"] == {"succeeded": 2, "failed": 2}
    assert said["calls"] == 2 * 4 + 2 * 2


def test_what_waits_is_claimed_handed_back_and_cancelled(shop: Shop) -> None:
    build = shop.build(BUILD)
    type(build).objects.filter(pk=build.pk).update(deployed=True, runtime_status="ready")
    Run.objects.exclude(environment=shop.environment).update(claim_at=None)
    for _ in range(3):
        shop.publish("work:wanted")
    first, second, third = queue.claim("somebody:1", 3)
    assert told(shop.environment) == counted(shop.environment)
    queue.release(first, as_lost=False)
    queue.release(second, as_lost=True)
    assert told(shop.environment)["runs"] == {"pending": 1, "running": 2}
    taken_over = queue.claim("another:1", 2)
    assert {run.pk for run in taken_over} == {first.pk, second.pk}
    queue.finish(third, failed("no", {}), 0)
    queue.release(taken_over[0], as_lost=False)
    assert engine.cancel(taken_over[0].pk)
    assert told(shop.environment) == counted(shop.environment)
    assert told(shop.environment)["runs"] == {"running": 1, "failed": 1, "cancelled": 1}


def test_a_parked_run_is_counted_as_what_becomes_of_it(shop: Shop) -> None:
    build = shop.build(BUILD)
    type(build).objects.filter(pk=build.pk).update(deployed=True, runtime_status="ready")
    Run.objects.exclude(environment=shop.environment).update(claim_at=None)
    shop.publish("work:doomed")
    shop.publish("work:doomed")
    for run in queue.claim("somebody:2", 2):
        queue.finish(run, failed("no", {}), 0)
    assert told(shop.environment)["runs"] == {"pending_retry": 2}
    parked = Run.objects.filter(environment=shop.environment)
    assert engine.cancel(parked[0].pk)
    parked.filter(status="pending_retry").update(next_retry_at=database_now())
    scheduler.retry_due()
    assert told(shop.environment) == counted(shop.environment)
    assert told(shop.environment)["runs"] == {"cancelled": 1, "failed": 1, "pending": 1}


def test_what_is_rolled_back_is_not_counted(shop: Shop) -> None:
    other = Environment.objects.create(org_id=uuid4(), name="other")
    stream = shop.publish("work:noted").stream_id
    foreign = engine.NewEvent(other.env_id, "work:noted", "1", stream)
    with pytest.raises(engine.ForeignStream):
        engine.accept(foreign)
    assert told(other)["events"] == 0


def test_threads_that_write_and_one_that_folds_lose_nothing(shop: Shop) -> None:
    def apart(work: Callable[[], object]) -> threading.Thread:
        def working() -> None:
            for _ in range(20):
                work()
            connection.close()

        thread = threading.Thread(target=working)
        thread.start()
        return thread

    threads = [apart(lambda: shop.publish("work:noted")) for _ in range(4)]
    threads += [apart(counters.fold) for _ in range(2)]
    for thread in threads:
        thread.join()
    assert told(shop.environment) == counted(shop.environment)
    assert told(shop.environment)["events"] == 80
    counters.fold()
    assert not CounterRow.objects.exclude(slot=0).exists()
