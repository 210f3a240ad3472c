"""The run table as a queue of leases: the only statements that touch its queue columns.

`claim_at` is the lease: when it has passed, the run may be claimed, whoever held it before. What
a worker writes about a run is fenced by its own boot-unique name and the execution it claimed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet

from hotdash.localapi.models import Note, Run, Task
from hotdash.localapi.runtime import announcements, counters, outcomes
from hotdash.localapi.runtime.clock import database_now
from hotdash.localapi.runtime.outcomes import Outcome
from hotdash.localapi.runtime.rows import id_from, insert_together, insertion, time_value

LEASE_SECONDS = 15
MAX_LOSSES = 3
_HELD = ("run_id", "execution", "cancel_requested", "cancel_reason")

# MATERIALIZED, since Postgres may otherwise run the sub-select again and pass the limit
_CLAIM = """
WITH due AS MATERIALIZED (
    SELECT run_id, status FROM run
    WHERE claim_at <= %s AND {kind} ORDER BY claim_at, run_id LIMIT %s {locked}
)
UPDATE run SET
    status = 'running', worker = %s, claim_at = %s, execution = execution + 1,
    lost = lost + CASE WHEN status = 'running' THEN 1 ELSE 0 END,
    start_time = CASE WHEN execution = 0 THEN %s ELSE start_time END
WHERE run_id IN (SELECT run_id FROM due)
RETURNING run_id, (SELECT due.status FROM due WHERE due.run_id = run.run_id)
"""


# written out: an index of a part of the rows is used by no parameter
_TASKS = "run_type = 'task'"
_OTHERS = "NOT (run_type = 'task')"
_IS_DUE = f"""
SELECT EXISTS (SELECT 1 FROM run WHERE claim_at <= %s AND {_TASKS}),
       EXISTS (SELECT 1 FROM run WHERE claim_at <= %s AND {_OTHERS})
"""  # noqa: S608  only the two conditions above


class LeaseLost(Exception):
    """The run is no longer this worker's to write about."""


@dataclass(frozen=True)
class Held:
    """What the database says of a run that this worker holds."""

    execution: int
    cancel_requested: bool
    cancel_reason: str | None


def claim(worker: str, limit: int, tasks: int | None = None) -> list[Run]:
    """Take up to `limit` due runs, oldest first, with their event, project and environment.

    Up to `tasks` of them are tasks; they go first, or others in plenty would hold them up for ever.
    """
    now = database_now()
    # looked at first, so that an idle worker never asks for the write lock
    has_tasks, has_others = _is_due(now)
    most_tasks = min(limit, limit if tasks is None else tasks) if has_tasks else 0
    if not most_tasks and not has_others:
        return []
    with transaction.atomic():
        former = _claim(_TASKS, worker, most_tasks, now) if most_tasks else {}
        if has_others and len(former) < limit:
            former |= _claim(_OTHERS, worker, limit - len(former), now)
        runs = list(
            Run.objects.filter(pk__in=former)
            .select_related("event", "project", "environment", "task")
            .order_by("start_time", "run_id")
        )
        notes = [note for run in runs for note in announcements.run_started(run, now)]
        moved = [counters.moved(run, former[run.run_id], "running") for run in runs]
        insert_together(insertion(notes), counters.addition(chain.from_iterable(moved)))
    return runs


def _is_due(now: datetime) -> tuple[bool, bool]:
    """Return whether tasks wait to be claimed, and whether other runs do."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_DUE, [time_value(now), time_value(now)])
        tasks, others = cursor.fetchone()
    return bool(tasks), bool(others)


def _claim(kind: str, worker: str, limit: int, now: datetime) -> dict[UUID, str]:
    """Return the status that each run had."""
    locked = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    lease = now + timedelta(seconds=LEASE_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM.format(kind=kind, locked=locked),
            [time_value(now), limit, worker, time_value(lease), time_value(now)],
        )
        return {id_from(run_id): status for run_id, status in cursor.fetchall()}


def heartbeat(worker: str, run_ids: Iterable[UUID]) -> dict[UUID, Held]:
    """Extend the leases of the runs that this worker really holds, and return what it holds."""
    held = Run.objects.filter(worker=worker, status="running", run_id__in=list(run_ids))
    with transaction.atomic():
        held.update(claim_at=database_now() + timedelta(seconds=LEASE_SECONDS))
        return {run_id: Held(*facts) for run_id, *facts in held.values_list(*_HELD)}


def cancellations(worker: str) -> dict[UUID, Held]:
    """Return the held runs that somebody wants to stop."""
    wanted = Run.objects.filter(worker=worker, status="running", cancel_requested=True)
    return {run_id: Held(*facts) for run_id, *facts in wanted.values_list(*_HELD)}


def finish(
    run: Run, outcome: Outcome, trace_rev: int, result_bytes: int | None = None
) -> list[Note]:
    """Write how a run ended, inside the caller's transaction; raise LeaseLost if it is not ours.

    Returns the notes that say so, to be written after all else about the run. A failure with
    retries left parks the run as `pending_retry` (contract 5.6).
    """
    now = database_now()
    may_retry = outcome.status == "failed" and run.attempt <= run.retry_max and not is_given_up(run)
    status = "pending_retry" if may_retry else outcome.status
    changes: dict[str, object] = {
        "status": status,
        "stop_time": now,
        "result": outcome.result,
        "result_bytes": result_bytes,
        "claim_at": None,
        "worker": None,
        "trace_rev": trace_rev,
    }
    if may_retry:
        changes["retry_attempt"] = run.retry_attempt + 1
        changes["next_retry_at"] = now + timedelta(milliseconds=run.retry_delay_ms)
    if not _ours(run).update(**changes):
        raise LeaseLost(str(run.run_id))
    counters.add(counters.moved(run, "running", status))
    if outcome.is_timeout and run.run_type == "task" and not may_retry:
        Task.objects.filter(run=run).update(timed_out=True)
    return announcements.run_ended(run, outcome, now, is_final=not may_retry)


def touch(run: Run, trace_rev: int) -> None:
    """Advance a run's trace inside the caller's transaction; raise LeaseLost if it is not ours."""
    if not _ours(run).update(trace_rev=trace_rev):
        raise LeaseLost(str(run.run_id))


def check_held(run: Run) -> None:
    """Hold a run until the caller's transaction ends; raise LeaseLost if it is not ours."""
    if not list(_ours(run).select_for_update().values_list("pk")):
        raise LeaseLost(str(run.run_id))


def release(run: Run, *, as_lost: bool) -> None:
    """Let any worker claim a run again; `as_lost` counts towards being given up.

    It goes before runs that were never begun: at the end of the queue it could be interrupted
    again and again, and be given up for what it never did.
    """
    _hand_back(run, "running" if as_lost else "pending")


def hold_back(run: Run) -> None:
    """Let any worker claim a run that could not begin here, as if this one never had."""
    _hand_back(run, "pending", execution=F("execution") - 1)


def release_predecessors(name: str, worker: str) -> int:
    """Free the runs of dead workers of this name; only the holder of its lock may ask."""
    dead = Run.objects.filter(status="running", worker__startswith=f"{name}:").exclude(
        worker=worker
    )
    return dead.update(claim_at=F("start_time"), worker=None)


def is_given_up(run: Run) -> bool:
    """Return whether so many workers were lost with this run that it is failed instead."""
    return run.lost >= MAX_LOSSES


def cancel(run_id: UUID, reason: str | None) -> bool:
    """Cancel a waiting run now, ask for a running one; False: it was already over."""
    with transaction.atomic():
        # held: a run that fails at this moment would be parked between the two looks, and missed
        list(Run.objects.select_for_update().filter(pk=run_id).values_list("pk"))
        if any(_cancel_waiting(run_id, status, reason) for status in ("pending", "pending_retry")):
            return True
        running = Run.objects.filter(pk=run_id, status="running")
        fresh = running.filter(cancel_requested=False)  # the first reason is the one that is told
        return bool(fresh.update(cancel_requested=True, cancel_reason=reason)) or running.exists()


def _cancel_waiting(run_id: UUID, status: str, reason: str | None) -> bool:
    now = database_now()
    outcome = outcomes.cancelled(reason)
    if not Run.objects.filter(pk=run_id, status=status).update(
        status="cancelled",
        stop_time=now,
        result=outcome.result,
        claim_at=None,
        next_retry_at=None,
        cancel_requested=True,
        cancel_reason=reason,
    ):
        return False
    run = Run.objects.get(pk=run_id)
    changes = counters.moved(run, status, "cancelled")
    if status == "pending":  # a run that was handed back may have made calls; a parked one's count
        changes += counters.calls_of([run_id])
    insert_together(
        insertion(announcements.run_ended(run, outcome, now)), counters.addition(changes)
    )
    return True


def _hand_back(run: Run, status: str, **changes: object) -> None:
    with transaction.atomic():
        if _ours(run).update(claim_at=F("start_time"), worker=None, status=status, **changes):
            counters.add(counters.moved(run, "running", status))


def _ours(run: Run) -> QuerySet[Run]:
    return Run.objects.filter(
        pk=run.pk, worker=run.worker, execution=run.execution, status="running"
    )
