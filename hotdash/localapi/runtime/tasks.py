"""Tasks: started and cancelled by a run, within its own stream; tried again where they failed."""

import re
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

from hotdash.localapi.blobs import Spill
from hotdash.localapi.errors import Refused
from hotdash.localapi.models import Run, Task
from hotdash.localapi.runtime import announcements, queue
from hotdash.localapi.runtime.acceptance import queued
from hotdash.localapi.runtime.clock import database_now
from hotdash.localapi.runtime.desk import Reply, refusal
from hotdash.localapi.runtime.limits import (
    RETRIES,
    RETRY_DELAY_MS,
    SENT_DEPTH,
    STARTED_TASKS,
    TASK_MS,
)
from hotdash.localapi.runtime.messages import BadText, Question, checked_json, storable
from hotdash.localapi.runtime.rows import insert

_NAME = re.compile(r"(::[\w:-]{1,250})/([\w.-]{1,250})")


def start(run: Run, _scratch: Path, question: Question) -> Reply:
    """Start a task for a run, in its build and stream; raise Refused or LeaseLost."""
    ns, var = _function(question.given["fn"])
    task = Task(
        environment_id=run.environment_id,
        stream_id=run.stream_id,
        origin_run_id=run.run_id,
        timeout_ms=_number(question, "timeout_ms", 1, TASK_MS),
        depth=run.depth + 1,
    )
    first = Run(
        ns=ns,
        var=var,
        build_id=run.build_id,
        retry_max=_number(question, "retry", 0, RETRIES),
        retry_delay_ms=_number(question, "retry_delay_ms", 0, RETRY_DELAY_MS),
    )
    arguments = Spill(_arguments(question.text), task.environment_id, task.task_id)
    with arguments, queued(), transaction.atomic():
        queue.check_held(run)
        too_many = _too_many(run, task)
        if too_many:
            return refusal("RuntimeError", too_many)
        task.arguments = arguments.text
        _store(task, _pending(first, run, task, database_now()))
        arguments.store()
    return Reply({"task_id": str(task.task_id)})


def cancel(run: Run, _scratch: Path, question: Question) -> Reply:
    """Cancel a task of the run's own stream; raise Refused or LeaseLost."""
    try:
        task_id = UUID(question.given["task"])
    except ValueError:
        raise Refused(400, "A task is named by its id.") from None
    if not Task.objects.filter(pk=task_id, stream_id=run.stream_id).exists():
        return refusal("LookupError", f"This stream has no task {task_id}.")
    reason = storable(question.given["reason"]) or None
    with queued(), transaction.atomic():
        queue.check_held(run)
        was_cancelled = cancel_newest(task_id, reason)
    return Reply({"cancelled": was_cancelled})


def cancel_newest(task_id: UUID, reason: str | None) -> bool:
    """Cancel the attempt that a task is at; False: the task was over."""
    run_ids = Task.objects.filter(pk=task_id).values_list("run_id", flat=True)
    former = None
    # an attempt that is over may have been followed by the next one since it was looked up
    while (run_id := run_ids.first()) not in {None, former}:
        if queue.cancel(run_id, reason):
            return True
        former = run_id
    return False


def try_again(run: Run, now: datetime) -> None:
    """Start the next attempt of a task, inside the caller's transaction."""
    task = run.task
    again = Run(
        ns=run.ns,
        var=run.var,
        build_id=run.build_id,
        origin_run_id=run.run_id,
        retry_max=run.retry_max,
        retry_delay_ms=run.retry_delay_ms,
        attempt=run.attempt + 1,
        retry_attempt=run.retry_attempt,
    )
    insert([_pending(again, run, task, now)])
    Task.objects.filter(pk=task.pk).update(run=again)
    insert([announcements.task_changed(task, now)])


def _store(task: Task, run: Run) -> None:
    task.run = run
    task.created_at = run.start_time
    insert([run], [task], [announcements.task_changed(task, run.start_time)])


def _pending(unsaved: Run, starter: Run, task: Task, now: datetime) -> Run:
    unsaved.environment_id = starter.environment_id
    unsaved.stream_id = task.stream_id
    unsaved.project_id = starter.project_id
    unsaved.run_type = "task"
    unsaved.start_time = unsaved.claim_at = now
    return unsaved


def _too_many(run: Run, task: Task) -> str | None:
    if task.depth > SENT_DEPTH:
        return f"depth limit: {SENT_DEPTH} runs have set each other off by events and tasks"
    if Task.objects.filter(origin_run_id=run.run_id).count() >= STARTED_TASKS:
        return f"A run may start {STARTED_TASKS} tasks, and this one has."
    return None


def _function(name: str) -> tuple[str, str]:
    found = _NAME.fullmatch(name)
    if found is None:
        raise Refused(400, f"{name[:100]!r} is no function: write ::namespace/function.")
    return found[1], found[2]


def _arguments(text: str) -> str:
    try:
        arguments = checked_json(text)
    except BadText as error:
        raise Refused(400, str(error)) from None
    if not arguments.startswith("["):
        raise Refused(400, "The arguments of a task are a list.")
    return arguments


def _number(question: Question, name: str, least: int, most: int) -> int:
    given = question.given[name]
    if not (given.isascii() and given.isdigit()) or not least <= int(given[:12]) <= most:
        raise Refused(400, f"{name} of a task is a whole number from {least:,} to {most:,}.")
    return int(given)
