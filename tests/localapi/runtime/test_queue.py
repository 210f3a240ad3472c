"""The run table is a queue of leases: claimed once, fenced, taken over, never lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from hotdash.localapi.models import Build, EventHandler, Run
from hotdash.localapi.runtime import journal, outcomes, queue
from hotdash.localapi.runtime.clock import database_now
from hotdash.localapi.runtime.hearing import Said
from hotdash.localapi.runtime.journal import Entry
from tests.localapi.rows import build as build_row
from tests.localapi.rows import task as task_row
from tests.localapi.runtime.shop import Shop


@pytest.fixture
def deployed(shop: Shop) -> Iterator[Build]:
    """A build with one handler; whatever a test leaves in the queue is taken out of it."""
    Run.objects.filter(claim_at__isnull=False).update(claim_at=None)
    row = build_row(shop.project.project_id)
    EventHandler.objects.create(
        build=row, event_type="order:placed", ns="::shop", var="place", retry_max=1
    )
    yield row
    Run.objects.filter(claim_at__isnull=False).update(claim_at=None)


def pending(shop: Shop) -> Run:
    event = shop.publish("order:placed", {"id": 1})
    return Run.objects.get(event=event)


def expire(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(claim_at=database_now() - timedelta(seconds=1))


def claim_one(worker: str) -> Run:
    (run,) = queue.claim(worker, 1)
    return run


def finish(run: Run, outcome: outcomes.Outcome) -> bool:
    """Write an end as the worker does; False when the run was no longer its."""
    return not journal.write([Entry(run, Said(), outcome)])


def test_runs_are_claimed_in_the_order_in_which_they_became_due(
    shop: Shop, deployed: Build
) -> None:
    first, second, third = pending(shop), pending(shop), pending(shop)
    assert [run.pk for run in queue.claim("w:1", 2)] == [first.pk, second.pk]
    assert [run.pk for run in queue.claim("w:2", 9)] == [third.pk]
    assert queue.claim("w:1", 9) == []


def waiting_task(build: Build) -> Run:
    task = task_row(build, "pending")
    Run.objects.filter(pk=task.run_id).update(claim_at=database_now(), start_time=database_now())
    return task.run


def test_tasks_are_claimed_up_to_a_number_and_others_beside_them(
    shop: Shop, deployed: Build
) -> None:
    tasks = [waiting_task(deployed) for _ in range(3)]
    others = [pending(shop) for _ in range(3)]
    first = {run.pk for run in queue.claim("w:1", 4, tasks=2)}
    assert first == {run.pk for run in (*tasks[:2], *others[:2])}
    assert {run.pk for run in queue.claim("w:1", 4, tasks=0)} == {others[2].pk}
    assert queue.claim("w:1", 4, tasks=0) == []
    assert {run.pk for run in queue.claim("w:1", 4)} == {tasks[2].pk}


@pytest.mark.parametrize("kind", ["run_type = 'task'", "NOT (run_type = 'task')"])
def test_what_is_due_is_found_by_an_index(shop: Shop, deployed: Build, kind: str) -> None:
    index = {"run_type = 'task'": "task_due"}.get(kind, "run_due")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_seqscan = off")  # so few rows are read faster without
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        claim = queue._CLAIM.format(kind=kind, locked="")
        cursor.execute(
            f"{explain} {claim}", [database_now(), 1, "w", database_now(), database_now()]
        )
        plan = str(cursor.fetchall())
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_seqscan = on")
    assert index in plan


def test_a_claim_sets_the_start_once(shop: Shop, deployed: Build) -> None:
    run = pending(shop)
    first = claim_one("w:1")
    assert (first.status, first.execution, first.worker) == ("running", 1, "w:1")
    assert first.start_time > run.start_time
    expire(run)
    again = claim_one("w:2")
    assert (again.execution, again.start_time) == (2, first.start_time)


def test_a_run_that_is_not_due_is_not_claimed(shop: Shop, deployed: Build) -> None:
    run = pending(shop)
    Run.objects.filter(pk=run.pk).update(claim_at=database_now() + timedelta(seconds=60))
    assert queue.claim("w:1", 9) == []


def test_only_who_holds_a_run_may_end_it(shop: Shop, deployed: Build) -> None:
    run = pending(shop)
    stale = claim_one("w:1")
    expire(run)
    fresh = claim_one("w:2")
    assert finish(stale, outcomes.succeeded('"stale"')) is False
    assert finish(fresh, outcomes.succeeded('"fresh"')) is True
    run.refresh_from_db()
    assert (run.status, run.result) == ("succeeded", '"fresh"')
    assert finish(fresh, outcomes.succeeded('"twice"')) is False


def test_the_same_worker_that_took_a_run_over_from_itself_is_fenced_too(
    shop: Shop, deployed: Build
) -> None:
    run = pending(shop)
    before = claim_one("w:1")
    expire(run)
    claim_one("w:1")
    assert finish(before, outcomes.succeeded("1")) is False


def test_a_heartbeat_extends_what_is_held_and_tells_what_is_not(
    shop: Shop, deployed: Build
) -> None:
    kept, lost = pending(shop), pending(shop)
    queue.claim("w:1", 2)
    expire(lost)
    claim_one("w:2")
    expire(kept)
    held = queue.heartbeat("w:1", [kept.pk, lost.pk])
    assert set(held) == {kept.pk}
    assert queue.claim("w:3", 9) == []


def test_a_heartbeat_leaves_the_runs_of_a_namesake_alone(shop: Shop, deployed: Build) -> None:
    run = pending(shop)
    claim_one("w:1")
    expire(run)
    assert queue.heartbeat("w:1", []) == {}
    assert claim_one("w:2").pk == run.pk


def test_the_runs_of_a_dead_predecessor_are_freed_and_no_others(
    shop: Shop, deployed: Build
) -> None:
    dead, own, foreign = pending(shop), pending(shop), pending(shop)
    for name in ("host-0:boot1", "host-0:boot2", "host-01:boot1"):
        claim_one(name)
    assert queue.release_predecessors("host-0", "host-0:boot2") == 1
    assert [run.pk for run in queue.claim("host-0:boot2", 9)] == [dead.pk]
    assert {own.pk, foreign.pk}.isdisjoint(run.pk for run in queue.claim("w", 9))


def test_an_interrupted_run_goes_before_those_that_wait(shop: Shop, deployed: Build) -> None:
    interrupted = pending(shop)
    claim_one("host-0:boot1")
    pending(shop)
    queue.release_predecessors("host-0", "host-0:boot2")
    assert claim_one("host-0:boot2").pk == interrupted.pk


def test_a_run_that_lost_three_workers_is_given_up(shop: Shop, deployed: Build) -> None:
    run = pending(shop)
    claims = []
    for number in range(4):
        claims.append(claim_one(f"w:{number}"))
        expire(run)
    assert [queue.is_given_up(claim) for claim in claims] == [False, False, False, True]


def test_a_run_that_was_handed_back_has_lost_nobody(shop: Shop, deployed: Build) -> None:
    pending(shop)
    for _ in range(5):
        run = claim_one("w:1")
        queue.release(run, as_lost=False)
    again = claim_one("w:2")
    assert (again.lost, again.execution) == (0, 6)


def test_a_run_that_is_given_up_is_not_tried_again(shop: Shop, deployed: Build) -> None:
    run = pending(shop)
    Run.objects.filter(pk=run.pk).update(lost=queue.MAX_LOSSES)
    claimed = claim_one("w:1")
    assert finish(claimed, outcomes.stopped("WorkerLost", "lost")) is True
    run.refresh_from_db()
    assert (run.status, run.next_retry_at) == ("failed", None)


def test_a_run_that_is_cancelled_while_it_waits_is_never_claimed(
    shop: Shop, deployed: Build
) -> None:
    run = pending(shop)
    assert queue.cancel(run.pk, None) is True
    assert queue.claim("w:1", 9) == []
    run.refresh_from_db()
    assert (run.status, run.claim_at) == ("cancelled", None)
    assert run.stop_time is not None


def test_a_running_run_is_asked_to_stop(shop: Shop, deployed: Build) -> None:
    run = pending(shop)
    claim_one("w:1")
    assert queue.cancel(run.pk, "enough") is True
    ((run_id, facts),) = queue.cancellations("w:1").items()
    assert (run_id, facts.cancel_reason) == (run.pk, "enough")
    assert queue.cancellations("w:2") == {}


def test_an_event_and_its_runs_are_stored_together_or_not_at_all(
    shop: Shop, deployed: Build
) -> None:
    before = Run.objects.count()
    with pytest.raises(Exception, match="no note today"), refusing_notes():
        shop.publish("order:placed", {"id": 1})
    assert Run.objects.count() == before
    assert not shop.environment.events.exists()
    assert not shop.environment.streams.exists()


@contextmanager
def refusing_notes() -> Iterator[None]:
    """Make the last statement of an acceptance fail."""

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if 'INSERT INTO "note"' in sql:
            raise RuntimeError("no note today")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield
