"""The run table is a queue: claimed once, in its order, within bounds, and cancelled."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from hotdash.localapi.models import Build, Run
from hotdash.localapi.runtime import queue
from hotdash.localapi.runtime.clock import database_now
from tests.localapi.rows import task as task_row
from tests.localapi.runtime.claims import a_queue_of_its_own, claim_one, expire, pending
from tests.localapi.runtime.shop import Shop


@pytest.fixture
def deployed(shop: Shop) -> Iterator[Build]:
    with a_queue_of_its_own(shop) as build:
        yield build


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
