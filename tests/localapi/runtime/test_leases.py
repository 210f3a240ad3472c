"""A claim is a lease: held by heartbeats, fenced, taken over when it ends, and never forgotten."""

from collections.abc import Iterator

import pytest

from hotdash.localapi.models import Build, Note, Run
from hotdash.localapi.runtime import outcomes, queue
from tests.localapi.runtime.claims import (
    a_queue_of_its_own,
    claim_one,
    expire,
    finish,
    pending,
)
from tests.localapi.runtime.shop import Shop


@pytest.fixture
def deployed(shop: Shop) -> Iterator[Build]:
    with a_queue_of_its_own(shop) as build:
        yield build


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


def test_a_run_that_was_released_takes_no_end_from_who_had_it(shop: Shop, deployed: Build) -> None:
    run = pending(shop)
    former = claim_one("w:1")
    queue.release(former, as_lost=True)
    assert finish(former, outcomes.succeeded("1")) is False
    assert claim_one("w:2").pk == run.pk


def test_a_run_that_somebody_else_has_is_not_released(shop: Shop, deployed: Build) -> None:
    run = pending(shop)
    former = claim_one("w:1")
    expire(run)
    claim_one("w:2")
    queue.release(former, as_lost=True)
    assert queue.claim("w:3", 9) == []


def test_a_run_that_is_released_goes_before_those_that_wait(shop: Shop, deployed: Build) -> None:
    interrupted = pending(shop)
    held = claim_one("w:1")
    pending(shop)
    queue.release(held, as_lost=True)
    assert claim_one("w:2").pk == interrupted.pk


def test_a_run_that_is_taken_over_is_told_to_have_started_once(shop: Shop, deployed: Build) -> None:
    run = pending(shop)
    for worker in ("w:1", "w:2"):
        claim_one(worker)
        expire(run)
    told = Note.objects.filter(topic=f"env:{run.environment_id}", kind="run:start")
    assert told.count() == 1
