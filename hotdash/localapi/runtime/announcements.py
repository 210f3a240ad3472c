"""What subscribers are told about events and runs, as notes of the changing transaction."""

import json
from datetime import datetime
from typing import Any

from hotdash.localapi.models import Event, Note, Run, StreamData, Task
from hotdash.localapi.models.tasks import TASK_STATUS
from hotdash.localapi.runtime.outcomes import Outcome

_MESSAGE_CHARACTERS = 500
_ENDS = {"succeeded": "run:stop", "failed": "run:fail", "cancelled": "run:cancel"}
_REASONS = {"failed": "error", "cancelled": "reason"}


def note(topic: str, kind: str, body: dict[str, Any], at: datetime) -> Note:
    """Return an unsaved note; whoever makes the change saves it in the same transaction."""
    return Note(topic=topic, kind=kind, body=json.dumps(body, ensure_ascii=False), at=at)


def stream_created(event: Event) -> Note:
    """Return the note that an event opened its stream (contract 6.6)."""
    body = {
        "stream_id": str(event.stream_id),
        "env_id": str(event.environment_id),
        "project_id": None,
    }
    return note(f"env:{event.environment_id}", "stream:created", body, event.created_at)


def event_created(event: Event) -> Note:
    """Return the note that an event was accepted."""
    return _of_event(event, "event:created", None)


def event_handled(event: Event, run: Run) -> Note:
    """Return the note that an event found a handler, named by the first one's project."""
    return _of_event(event, "event:handled", str(run.project_id))


def run_started(run: Run, now: datetime) -> list[Note]:
    """Return the notes that a run, or a task's, is being executed for the first time."""
    if run.execution > 1:  # taken over: its start was told
        return []
    if run.run_type == "task":
        return _task_started(run, now)
    return _run_changed(run, "run:start", now)


def run_ended(run: Run, outcome: Outcome, now: datetime, *, is_final: bool = True) -> list[Note]:
    """Return the notes that a run, or a task's, has ended; not finally: it is tried again."""
    duration_ms = round((now - run.start_time).total_seconds() * 1000)
    if run.run_type == "task":
        return _task_ended(run, outcome, now, duration_ms if is_final else None)
    facts = {_REASONS[outcome.status]: outcome.message} if outcome.status in _REASONS else {}
    return _run_changed(run, _ENDS[outcome.status], now, duration_ms=duration_ms, **facts)


def task_changed(task: Task, at: datetime) -> Note:
    """Return the note that a task is not what it was; its stream's readers look at it anew."""
    return note(f"stream:{task.stream_id}", "task:update", {"task_id": str(task.task_id)}, at)


def parked_run_failed(run: Run, at: datetime) -> Note:
    """Return the note that a parked run is final: its environment was told when it was parked."""
    return note(f"stream:{run.stream_id}", "run:fail", {"run_id": str(run.run_id)}, at)


def _run_changed(run: Run, kind: str, at: datetime, **facts: Any) -> list[Note]:
    """Return the notes of a run's change: flat for its environment, by id for its stream."""
    body = {
        "run_id": str(run.run_id),
        "env_id": str(run.environment_id),
        "stream_id": str(run.stream_id),
        "event_id": None if run.event_id is None else str(run.event_id),
        "project_id": str(run.project_id),
        "fn_name": f"{run.ns}/{run.var}",
        "run_type": run.run_type,
        **{
            name: fact[:_MESSAGE_CHARACTERS] if isinstance(fact, str) else fact
            for name, fact in facts.items()
        },
    }
    return [
        note(f"env:{run.environment_id}", kind, body, at),
        note(f"stream:{run.stream_id}", kind, {"run_id": str(run.run_id)}, at),
    ]


def _task_started(run: Run, at: datetime) -> list[Note]:
    """Return the notes that a task is being executed (contract 6.4, 6.6)."""
    body = _of_task(run) | {"task_type": "code"}
    return [note(f"env:{run.environment_id}", "task:started", body, at), *_of_its_run(run, at)]


def _task_ended(run: Run, outcome: Outcome, at: datetime, duration_ms: int | None) -> list[Note]:
    """Return the notes that a task is over, or will be tried again where no duration is given."""
    told = _of_its_run(run, at, _ENDS[outcome.status])
    if duration_ms is None:
        return told
    body = _of_task(run) | {
        "status": "timed_out" if outcome.is_timeout else TASK_STATUS[outcome.status],
        "duration_ms": duration_ms,
        "error": outcome.message and outcome.message[:_MESSAGE_CHARACTERS],
    }
    return [note(f"env:{run.environment_id}", "task:complete", body, at), *told]


def _of_its_run(run: Run, at: datetime, kind: str = "run:start") -> list[Note]:
    told = note(f"stream:{run.stream_id}", kind, {"run_id": str(run.run_id)}, at)
    return [told, task_changed(run.task, at)]


def _of_task(run: Run) -> dict[str, Any]:
    return {
        "task_id": str(run.task.task_id),
        "env_id": str(run.environment_id),
        "stream_id": str(run.stream_id),
        "function_name": f"{run.ns}/{run.var}",
    }


def _of_event(event: Event, kind: str, project_id: str | None) -> Note:
    body = {
        "event_id": str(event.event_id),
        "env_id": str(event.environment_id),
        "stream_id": str(event.stream_id),
        "event_type": event.event_type,
        "project_id": project_id,
    }
    return note(f"env:{event.environment_id}", kind, body, event.created_at)


def streamed(row: StreamData) -> Note:
    """Return the note of a piece of streamed output; its payload is JSON text already."""
    head = json.dumps(
        {
            "stream_data_id": str(row.stream_data_id),
            "run_id": str(row.run_id),
            "data_type": row.data_type,
        },
        ensure_ascii=False,
    )
    return Note(
        topic=f"stream:{row.stream_id}",
        kind="stream:data",
        body=f'{head[:-1]}, "payload": {row.payload}}}',
        at=row.at,
    )
