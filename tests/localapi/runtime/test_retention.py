"""What is old or too much is forgotten, wholly, and nothing else is."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from uuid6 import uuid7

from hotdash.localapi import blobs, contents
from hotdash.localapi.archives import storage
from hotdash.localapi.models import (
    Blob,
    Build,
    Call,
    Chore,
    Content,
    Environment,
    Event,
    Run,
    Stream,
    StreamData,
    Task,
)
from hotdash.localapi.pruning import main
from hotdash.localapi.retention import Keeping, prune, prune_daily
from hotdash.localapi.runtime.clock import database_now
from hotdash.localapi.totals import run_totals, totals
from tests.localapi import rows
from tests.localapi.runtime.shop import Shop
from tests.localapi.runtime.test_counters import counted, told
from tests.localapi.runtime.workers import WorkerProcess
from tests.sockets import wait_for

ALL = Keeping(0, 0)
MONTH = Keeping(30, 0)


def id_of(moment: datetime) -> UUID:
    """Return an id as it was made at that moment."""
    made = uuid7().int & ((1 << 80) - 1)
    return UUID(int=(int(moment.timestamp() * 1000) << 80) | made)


class Past:
    """Makes runs and events of some days ago."""

    def __init__(self, shop: Shop) -> None:
        storage.prepare()
        self.environment = shop.environment
        self.build: Build = rows.build(shop.project.project_id)

    def event(self, days: float, **changes: Any) -> Event:
        moment = database_now() - timedelta(days=days)
        facts: dict[str, Any] = {"event_id": id_of(moment), "event_time": moment}
        return rows.event(self.environment.env_id, **facts | changes)

    def run(self, days: float, status: str = "succeeded", calls: int = 2, **changes: Any) -> Run:
        moment = database_now() - timedelta(days=days)
        facts: dict[str, Any] = {
            "run_id": id_of(moment),
            "event": self.event(days),
            "start_time": moment,
            "stop_time": moment if status not in {"pending", "running"} else None,
        }
        run = rows.run(self.build, status, **facts | changes)
        for seq in range(calls):
            rows.call(run, seq + 1)
        return run

    def ids(self) -> set[UUID]:
        return set(Run.objects.filter(environment=self.environment).values_list("pk", flat=True))


@pytest.fixture
def past(shop: Shop) -> Past:
    return Past(shop)


def test_old_runs_go_with_all_that_belongs_to_them(past: Past) -> None:
    old, young = past.run(40), past.run(20)
    rows.piece(old)
    blob = rows.blob(old, "a large text of long ago")
    assert prune(MONTH).is_complete
    assert past.ids() == {young.pk}
    for table in (Call, StreamData):
        assert not table.objects.filter(run_id=old.pk).exists()
        assert not Blob.objects.filter(pk=blob.pk).exists()
    assert not Event.objects.filter(stream=old.stream_id).exists()
    assert not Stream.objects.filter(pk=old.stream_id).exists()
    assert Event.objects.filter(stream=young.stream_id).exists()
    assert Call.objects.filter(run=young).count() == 2


def test_what_waits_runs_or_is_parked_stays(past: Past) -> None:
    kept = {past.run(400, status, calls=0).pk for status in ("pending", "running", "pending_retry")}
    for status in ("succeeded", "failed", "cancelled"):
        past.run(400, status)
    prune(Keeping(1, 1))
    assert past.ids() == kept


def test_a_run_that_waited_long_and_ended_now_stays(past: Past) -> None:
    run = past.run(40, stop_time=database_now())
    prune(MONTH)
    assert past.ids() == {run.pk}


def test_so_many_of_the_newest_stay(past: Past) -> None:
    runs = [past.run(days) for days in range(9, 0, -1)]
    events = [past.event(days) for days in (8.5, 0.5)]
    prune(Keeping(0, 4))
    assert past.ids() == {run.pk for run in runs[-4:]}
    assert set(Event.objects.filter(pk__in=[event.pk for event in events])) == {events[1]}


def test_each_environment_has_its_own_number(past: Past, shop: Shop) -> None:
    mine = past.run(2)
    other = Environment.objects.create(org_id=shop.environment.org_id, name="other")
    project = other.projects.create(name="shop")
    build = rows.build(project.project_id)
    theirs = [rows.run(build) for _ in range(3)]
    prune(Keeping(0, 2))
    assert past.ids() == {mine.pk}
    left = set(Run.objects.filter(environment=other).values_list("pk", flat=True))
    assert left == {run.pk for run in theirs[1:]}


def test_no_limit_deletes_nothing(past: Past) -> None:
    run = past.run(4_000)
    assert prune(ALL).runs == 0
    assert past.ids() == {run.pk}


def test_a_stream_stays_for_what_is_still_in_it(past: Past) -> None:
    young = past.run(1)
    old = past.run(40, event=past.event(40, stream=young.stream))
    prune(MONTH)
    assert past.ids() == {young.pk}
    assert Stream.objects.filter(pk=old.stream_id).exists()


def test_an_event_stays_for_a_run_that_stays(past: Past) -> None:
    event = past.event(40)
    waits = past.run(40, "pending", event=event, calls=0)
    past.run(40, event=event)
    prune(MONTH)
    assert past.ids() == {waits.pk}
    assert Event.objects.filter(pk=event.pk).exists()


def test_a_tasks_run_goes_with_its_task(past: Past) -> None:
    moment = database_now() - timedelta(days=40)
    task = rows.task(past.build, run={"run_id": id_of(moment), "stop_time": moment})
    prune(MONTH)
    assert not Task.objects.filter(pk=task.pk).exists()
    assert not Stream.objects.filter(pk=task.stream_id).exists()


def test_the_counters_say_what_is_left_and_what_was_accepted(past: Past) -> None:
    for days in (40, 39, 20):
        past.run(days)
        past.run(days, "failed")
    accepted = totals(past.environment.env_id, "accepted")
    prune(MONTH)
    assert run_totals(past.environment.env_id) == {"succeeded": 1, "failed": 1}
    now = counted(past.environment)
    assert told(past.environment) | {"accepted": 0} == now | {"accepted": 0}
    assert totals(past.environment.env_id, "accepted") == accepted


def test_more_than_fits_into_one_transaction_goes(past: Past) -> None:
    event = past.event(50)
    for _ in range(60):
        past.run(40, calls=0, event=event)
    past.run(40, calls=600)
    for _ in range(210):
        past.event(40)
    done = prune(MONTH)
    assert (done.runs, done.calls, done.events) >= (61, 600, 212)
    assert told(past.environment)["runs"] == {}
    assert not Event.objects.filter(environment=past.environment).exists()


def test_a_pass_ends_with_its_time_and_goes_on_next_time(past: Past) -> None:
    for _ in range(60):
        past.run(40, calls=0)
    assert not prune(MONTH, seconds=0).is_complete
    assert len(past.ids()) >= 10
    passes = iter(lambda: prune(MONTH, seconds=0).is_complete, True)
    assert all(number < 100 for number, _ in enumerate(passes)), "each pass deletes something"
    assert not past.ids()


def test_a_day_is_pruned_once(past: Past) -> None:
    Chore.objects.all().delete()
    past.run(40)
    prune_daily(MONTH)
    assert not past.ids()
    later = past.run(40)
    prune_daily(MONTH)
    assert past.ids() == {later.pk}
    Chore.objects.update(begun_at=database_now() - timedelta(days=1, minutes=1))
    prune_daily(MONTH)
    assert not past.ids()


def test_a_value_goes_with_the_last_that_referred_to_it(past: Past) -> None:
    text = json.dumps("kept by two " * 10_000)
    owners = [past.run(40), past.run(20)]
    for owner in owners:
        with blobs.Spill(text, past.environment.env_id, owner.pk) as spill:
            spill.store()
    (content,) = {blob.content_id for blob in Blob.objects.filter(owner_id__in=past.ids())}
    Content.objects.filter(pk=content).update(kept_at=database_now() - timedelta(hours=2))
    prune(MONTH)
    contents.collect()
    assert contents.path_of(content).exists()
    prune(Keeping(10, 0))
    contents.collect()
    assert not contents.path_of(content).exists()


def test_the_command_says_what_it_deleted(past: Past, capsys: pytest.CaptureFixture[str]) -> None:
    prune(MONTH)
    past.run(40)
    past.event(40)
    assert main(["--days", "30", "--keep", "0"]) == 0
    assert capsys.readouterr().out.startswith(
        "Deleted 1 runs with 2 traced calls, 2 events without runs"
    )
    assert not past.ids()
    with pytest.raises(SystemExit):
        main(["--days", "-1"])


def test_a_worker_prunes_by_itself(past: Past, start_worker: Callable[..., WorkerProcess]) -> None:
    Chore.objects.all().delete()
    past.run(40)
    start_worker(HOTDASH_KEEP_DAYS="30")
    wait_for(lambda: not past.ids(), seconds=20)
    wait_for(Chore.objects.exists, seconds=20)
