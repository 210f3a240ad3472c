"""A failed run is tried again as its handler asks, each attempt a run of its own (contract 5.6)."""

from datetime import timedelta

from hotdash.localapi import engine
from hotdash.localapi.models import Note, Run
from tests.localapi.runtime.shop import Shop, failure, result
from tests.localapi.runtime.workers import WorkerProcess
from tests.sockets import wait_for

BANK = {
    "bank.py": """
from hotbuild import on_event, run

@on_event("refund", retry=2, retry_delay=0.2)
def refund(data):
    if run.attempt <= data["fails"]:
        raise RuntimeError(f"busy at attempt {run.attempt} of {run.retry_max + 1}")
    return run.attempt

@on_event("slow:refund", retry=1, retry_delay=60)
def slow_refund(data):
    raise RuntimeError("busy")
"""
}


def attempts(shop: Shop) -> list[Run]:
    return list(Run.objects.filter(environment=shop.environment).order_by("run_id"))


def wait_until_over(shop: Shop, count: int) -> list[Run]:
    wait_for(
        lambda: [run.status in {"succeeded", "failed"} for run in attempts(shop)] == [True] * count,
        seconds=20,
    )
    return attempts(shop)


def test_a_run_that_fails_twice_succeeds_on_its_third_attempt(
    shop: Shop, worker: WorkerProcess
) -> None:
    shop.deploy(BANK)
    event = shop.publish("refund", {"fails": 2})
    first, second, third = wait_until_over(shop, 3)
    assert [run.status for run in (first, second, third)] == ["failed", "failed", "succeeded"]
    assert [run.attempt for run in (first, second, third)] == [1, 2, 3]
    assert [run.retry_attempt for run in (first, second, third)] == [1, 2, 2]
    assert [run.origin_run_id for run in (first, second, third)] == [
        None,
        first.run_id,
        second.run_id,
    ]
    assert {run.stream_id for run in (first, second, third)} == {event.stream_id}
    assert result(third) == 3


def test_a_retry_has_an_event_of_its_own_with_the_same_data(
    shop: Shop, worker: WorkerProcess
) -> None:
    shop.deploy(BANK)
    event = shop.publish("refund", {"fails": 1})
    first, second = wait_until_over(shop, 2)
    assert second.event is not None
    assert second.event_id != event.event_id
    assert (second.event.event_type, second.event.event_data) == ("refund", '{"fails": 1}')
    assert (second.event.source, second.event.origin_run_id) == ("retry", first.run_id)


def test_whoever_watches_a_parked_run_is_told_when_it_is_final(
    shop: Shop, worker: WorkerProcess
) -> None:
    shop.deploy(BANK)
    event = shop.publish("refund", {"fails": 1})
    first, _ = wait_until_over(shop, 2)
    told = Note.objects.filter(topic=f"stream:{event.stream_id}", body__contains=str(first.run_id))
    assert [note.kind for note in told.order_by("id")] == ["run:start", "run:fail", "run:fail"]
    of_environment = Note.objects.filter(topic=f"env:{shop.environment.env_id}", kind="run:fail")
    assert of_environment.count() == 1


def test_the_last_attempt_fails_for_good(shop: Shop, worker: WorkerProcess) -> None:
    shop.deploy(BANK)
    shop.publish("refund", {"fails": 9})
    runs = wait_until_over(shop, 3)
    assert [run.status for run in runs] == ["failed"] * 3
    assert failure(runs[-1])["msg"] == "busy at attempt 3 of 3"
    assert runs[-1].next_retry_at is None


def test_a_parked_run_says_why_and_when_it_is_tried_again(
    shop: Shop, worker: WorkerProcess
) -> None:
    shop.deploy(BANK)
    shop.publish("slow:refund", {})
    wait_for(lambda: [run.status for run in attempts(shop)] == ["pending_retry"])
    (run,) = attempts(shop)
    assert failure(run)["msg"] == "busy"
    assert (run.attempt, run.retry_attempt, run.retry_max) == (1, 1, 1)
    assert run.stop_time is not None
    assert run.next_retry_at == run.stop_time + timedelta(seconds=60)


def test_a_parked_run_that_is_cancelled_is_not_tried_again(
    shop: Shop, worker: WorkerProcess
) -> None:
    shop.deploy(BANK)
    shop.publish("slow:refund", {})
    wait_for(lambda: [run.status for run in attempts(shop)] == ["pending_retry"])
    (run,) = attempts(shop)
    assert engine.cancel(run.run_id, "refunded by hand") is True
    run.refresh_from_db()
    assert (run.status, run.next_retry_at) == ("cancelled", None)
    assert result(run) == {
        "$type": "::hot::run/Cancellation",
        "$val": {"msg": "refunded by hand", "data": None},
    }
    assert engine.cancel(run.run_id) is False
