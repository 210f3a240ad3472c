"""Tasks on the wire (contract 5.7)."""

from datetime import datetime
from typing import Any, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from hotdash.localapi.blobs import whole
from hotdash.localapi.envelopes import OMIT, sent, stored
from hotdash.localapi.models import Task


class TaskShape(TypedDict):
    """A task; `result` is absent until it has one."""

    task_id: UUID
    env_id: UUID
    stream_id: UUID
    build_id: UUID
    run_id: UUID | None
    origin_run_id: UUID | None
    function_name: str
    task_type: str
    status: str
    start_time: datetime | None
    stop_time: datetime | None
    duration_ms: int | None
    result: NotRequired[Any]
    timeout_ms: int
    retry_attempt: int
    next_retry_at: NotRequired[datetime]
    created_at: datetime


def task_shape(task: Task) -> TaskShape:
    """Return a task as it is sent; its run must be loaded with it."""
    run = task.run
    has_started = run.execution > 0
    shape: TaskShape = {
        "task_id": task.task_id,
        "env_id": task.environment_id,
        "stream_id": task.stream_id,
        "build_id": run.build_id,
        "run_id": run.run_id,
        "origin_run_id": task.origin_run_id,
        "function_name": f"{run.ns}/{run.var}",
        "task_type": "code",
        "status": task.status,
        "start_time": run.start_time if has_started else None,
        "stop_time": run.stop_time,
        "duration_ms": _duration_ms(task) if has_started else None,
        "result": OMIT if run.result is None else stored(whole(run.result, run.run_id)),
        "timeout_ms": task.timeout_ms,
        "retry_attempt": run.retry_attempt,
        "next_retry_at": OMIT if run.next_retry_at is None else run.next_retry_at,
        "created_at": task.created_at,
    }
    return sent(shape)


def _duration_ms(task: Task) -> int | None:
    if task.run.stop_time is None:
        return None
    return round((task.run.stop_time - task.run.start_time).total_seconds() * 1000)
