"""Schedules fire once for each due time, whoever looks, and make up for missed ones once."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from hotdash.localapi.models import Build, Event, Firing, Run, Schedule
from hotdash.localapi.runtime import scheduler
from hotdash.localapi.runtime.clock import database_now
from hotdash.localapi.runtime.cron import BadCron, check_cron, latest_due, next_due
from tests.localapi.rows import build as build_row
from tests.localapi.rows import schedule as schedule_row
from tests.localapi.runtime.shop import Shop


@pytest.fixture
def deployed(shop: Shop) -> Iterator[Build]:
    """A deployed build; no schedule and no run of a test is left for a worker of the next."""
    Schedule.objects.update(next_at=None)
    row = build_row(shop.project.project_id)
    yield row
    Schedule.objects.update(next_at=None)
    Run.objects.filter(build=row).update(claim_at=None)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_due_schedule_starts_a_run_with_an_event_of_its_own(shop: Shop, deployed: Build) -> None:
    due_at = database_now().replace(second=0, microsecond=0)
    schedule = schedule_row(deployed, cron="* * * * *", next_at=due_at)
    assert scheduler.fire_due() == 1
    run = Run.objects.get(build=deployed)
    assert (run.run_type, run.event_type, run.status) == ("schedule", None, "pending")
    assert run.event is not None
    assert (run.event.event_type, run.event.source) == ("hot:schedule", "schedule")
    assert json.loads(run.event.event_data) == {
        "cron": "* * * * *",
        "fn": "::shop::orders/nightly",
        "due_at": due_at.isoformat().replace("+00:00", "Z"),
    }
    schedule.refresh_from_db()
    assert schedule.next_at == due_at + timedelta(minutes=1)


def test_what_was_missed_is_made_up_for_once(shop: Shop, deployed: Build) -> None:
    now = database_now()
    schedule = schedule_row(deployed, cron="* * * * *", next_at=now - timedelta(hours=3))
    assert scheduler.fire_due() == 1
    assert scheduler.fire_due() == 0
    (firing,) = Firing.objects.filter(schedule=schedule)
    assert now - timedelta(minutes=1) <= firing.due_at <= now
    schedule.refresh_from_db()
    assert schedule.next_at is not None
    assert schedule.next_at > now


def test_a_schedule_that_is_not_due_waits(shop: Shop, deployed: Build) -> None:
    schedule_row(deployed, next_at=database_now() + timedelta(seconds=30))
    schedule_row(deployed, next_at=None)
    assert scheduler.fire_due() == 0


def test_a_due_time_fires_once_however_many_look(shop: Shop, deployed: Build) -> None:
    schedules = [
        schedule_row(deployed, cron="* * * * *", next_at=database_now() - timedelta(seconds=1))
        for _ in range(5)
    ]
    together = threading.Barrier(4)
    fired: list[int] = []

    def look() -> None:
        together.wait()
        fired.append(scheduler.fire_due())
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(fired) == len(schedules)
    assert Run.objects.filter(build=deployed).count() == len(schedules)
    assert Event.objects.filter(environment=shop.environment).count() == len(schedules)
    Run.objects.filter(build=deployed).update(claim_at=None)


def test_a_schedule_in_english_fires(shop: Shop, deployed: Build) -> None:
    text = "every 15 minutes on weekdays"
    schedule = schedule_row(deployed, cron=text, next_at=database_now() - timedelta(seconds=1))
    assert scheduler.fire_due() == 1
    event = Run.objects.select_related("event").get(build=deployed).event
    assert event is not None
    assert json.loads(event.event_data)["cron"] == text
    schedule.refresh_from_db()
    assert schedule.next_at == next_due("*/15 * * * 1-5", database_now())


@pytest.mark.parametrize(
    ("cron", "after", "due"),
    [
        ("*/5 * * * *", "2026-11-22T12:03:20", "2026-11-22T12:05:00"),
        ("0 3 * * *", "2026-11-22T03:00:00", "2026-11-23T03:00:00"),
        ("0 0 29 2 *", "2026-11-22T00:00:00", "2028-02-29T00:00:00"),
        ("0 9 * * MON", "2026-11-22T00:00:00", "2026-11-23T09:00:00"),
        ("*/15 * * * * *", "2026-11-22T12:03:20", "2026-11-22T12:03:30"),
        ("* * * * * *", "2026-11-22T12:03:20", "2026-11-22T12:03:21"),
        ("@daily", "2026-11-22T12:03:20", "2026-11-23T00:00:00"),
        ("every monday at 9am", "2026-11-22T00:00:00", "2026-11-23T09:00:00"),
        ("every day at 9am and 5:30pm", "2026-11-22T09:00:00", "2026-11-22T17:30:00"),
        ("every day at 9am and 5:30pm", "2026-11-22T17:30:00", "2026-11-23T09:00:00"),
        ("last friday of the month", "2026-11-22T00:00:00", "2026-11-27T00:00:00"),
    ],
)
def test_the_next_due_time_is_in_utc(cron: str, after: str, due: str) -> None:
    assert next_due(cron, at(after)) == at(due)


@pytest.mark.parametrize(
    "cron",
    [
        "",
        "* * * *",
        "* * * * * * *",
        "* * * * * 2026",
        "every 7 minutes",
        "@reboot",
        "61 * * * *",
        "0 0 30 2 *",
        "1--100000000 * * * *",
        "*/0 * * * *",
        "1,2," * 100 + "3 * * * *",
    ],
)
def test_what_is_no_schedule_is_refused_in_words(cron: str) -> None:
    with pytest.raises(BadCron, match="is no schedule"):
        check_cron(cron)


@pytest.mark.parametrize("asleep", [timedelta(minutes=5), timedelta(days=9), timedelta(days=4000)])
@pytest.mark.parametrize(
    "cron", ["* * * * * *", "* * * * *", "30 4 * * *", "0 0 1 1 *", "every day at 9am and 9:30pm"]
)
def test_the_latest_due_time_is_found_after_any_sleep(cron: str, asleep: timedelta) -> None:
    now = at("2026-11-22T12:00:30")
    first = next_due(cron, now - asleep)
    if first > now:
        return
    latest = latest_due(cron, first, now)
    assert latest <= now < next_due(cron, latest)
