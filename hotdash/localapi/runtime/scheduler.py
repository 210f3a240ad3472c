"""Makes runs whose time has come: schedules that are due, and retries of failed runs.

Each firing and each retry is one transaction, so that it happens entirely or not at all, and once,
however many workers look.
"""

import json
from datetime import datetime

from django.db import transaction

from hotdash.localapi import blobs
from hotdash.localapi.models import Event, Firing, Run, Schedule
from hotdash.localapi.runtime import counters, tasks
from hotdash.localapi.runtime.acceptance import NewEvent, build_event, pending_run, store
from hotdash.localapi.runtime.announcements import parked_run_failed
from hotdash.localapi.runtime.calls import Target
from hotdash.localapi.runtime.clock import database_now
from hotdash.localapi.runtime.cron import latest_due, next_due
from hotdash.localapi.runtime.rows import insert

_BATCH = 50


def fire_due() -> int:
    """Start a run for each schedule that is due; what was missed is made up for once."""
    now = database_now()
    due = Schedule.objects.filter(
        next_at__lte=now, build__deployed=True, build__project__active=True
    ).select_related("build__project")[:_BATCH]
    return sum(_fire(schedule, now) for schedule in list(due))


def retry_due() -> int:
    """Start the next attempt of each parked run whose delay is over."""
    now = database_now()
    due = Run.objects.filter(status="pending_retry", next_retry_at__lte=now)
    return sum(_retry(run, now) for run in list(due.select_related("event", "task")[:_BATCH]))


def _fire(schedule: Schedule, now: datetime) -> bool:
    first = schedule.next_at
    if first is None:
        return False
    due_at = latest_due(schedule.cron, first, now)
    with transaction.atomic():
        moved = Schedule.objects.filter(pk=schedule.pk, next_at=first).update(
            next_at=next_due(schedule.cron, now)
        )
        if not moved:  # another worker was first, or the build is no longer deployed
            return False
        _, is_first = Firing.objects.get_or_create(schedule=schedule, due_at=due_at)
        if is_first:
            _start(schedule, due_at, now)
    return is_first


def _start(schedule: Schedule, due_at: datetime, now: datetime) -> None:
    data = {
        "cron": schedule.cron,
        "fn": f"{schedule.ns}/{schedule.var}",
        "due_at": due_at.isoformat().replace("+00:00", "Z"),
    }
    event = build_event(
        NewEvent(
            environment_id=schedule.build.project.environment_id,
            event_type="hot:schedule",
            event_data=json.dumps(data),
            stream_id=None,
            source="schedule",
        ),
        now,
    )
    target = Target(
        build_id=schedule.build_id,
        project_id=schedule.build.project_id,
        ns=schedule.ns,
        var=schedule.var,
        run_type="schedule",
    )
    store(event, [pending_run(event, target, now)])


def _retry(run: Run, now: datetime) -> bool:
    with transaction.atomic():
        parked = Run.objects.filter(pk=run.pk, status="pending_retry")
        if not parked.update(status="failed", next_retry_at=None):
            return False
        counters.add(counters.moved(run, "pending_retry", "failed"))
        if run.event is not None:
            _start_again(run, run.event, now)
        elif run.run_type == "task":
            tasks.try_again(run, now)
        insert([parked_run_failed(run, now)])
    return True


def _start_again(run: Run, former: Event, now: datetime) -> None:
    event = build_event(_same_again(run, former), now)
    target = Target(
        build_id=run.build_id,
        project_id=run.project_id,
        ns=run.ns,
        var=run.var,
        run_type=run.run_type,
        retry_max=run.retry_max,
        retry_delay_ms=run.retry_delay_ms,
    )
    again = pending_run(event, target, now)
    again.origin_run_id = run.run_id
    again.attempt = run.attempt + 1
    again.retry_attempt = run.retry_attempt
    store(event, [again])


def _same_again(run: Run, event: Event) -> NewEvent:
    return NewEvent(
        environment_id=run.environment_id,
        event_type=event.event_type,
        event_data=blobs.whole(event.event_data, event.event_id),  # it gets blobs of its own
        stream_id=run.stream_id,
        source="retry",
        origin_run_id=run.run_id,
        depth=event.depth,
    )
