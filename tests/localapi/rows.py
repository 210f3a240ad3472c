"""Rows as the engine leaves them: plain builders for what no worker has run in a test."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from hotdash.localapi import contents
from hotdash.localapi.models import (
    Blob,
    Build,
    Call,
    Content,
    Event,
    EventHandler,
    Note,
    Project,
    Run,
    Schedule,
    Stream,
    StreamData,
    Task,
)
from hotdash.localapi.models.ids import new_id
from hotdash.localapi.runtime import counters
from tests.localapi import archives

NOON = datetime(2026, 11, 22, 12, 0, 0, 123000, tzinfo=UTC)


def build(project_id: str | UUID, **changes: Any) -> Build:
    """Return a build that is deployed and ready."""
    build_id = new_id()
    facts: dict[str, Any] = {
        "build_id": build_id,
        "project_id": project_id,
        "hash": "a" * 64,
        "size": 123,
        "deployed": True,
        "runtime_status": "ready",
        "manifest": archives.manifest(),
        "storage_path": f"builds/{build_id}.zip",
    }
    return Build.objects.create(**facts | changes)


def handler(of: Build, event_type: str = "order:placed", **changes: Any) -> EventHandler:
    """Return a handler of that event type."""
    facts: dict[str, Any] = {"ns": "::shop::orders", "var": "on-order"}
    return EventHandler.objects.create(build=of, event_type=event_type, **facts | changes)


def schedule(of: Build, cron: str = "0 3 * * *", **changes: Any) -> Schedule:
    """Return a schedule."""
    facts: dict[str, Any] = {"ns": "::shop::orders", "var": "nightly"}
    return Schedule.objects.create(build=of, cron=cron, **facts | changes)


def event(env_id: UUID, **changes: Any) -> Event:
    """Return an event in a stream of its own."""
    stream = changes.pop("stream", None) or Stream.objects.create(environment_id=env_id)
    facts: dict[str, Any] = {
        "event_type": "order:placed",
        "event_data": '{"id": 7}',
        "source": "api",
    }
    made = Event.objects.create(environment_id=env_id, stream=stream, **facts | changes)
    counters.add(counters.accepted(made, []))
    return made


def run(of: Build, status: str = "succeeded", **changes: Any) -> Run:
    """Return a run of the build that an event started."""
    env_id = Project.objects.get(pk=of.project_id).environment_id
    started = changes.pop("event", None) or event(env_id)
    is_over = status not in {"pending", "running"}
    facts: dict[str, Any] = {
        "stream": started.stream,
        "event": started,
        "event_type": started.event_type,
        "run_type": "event",
        "start_time": NOON,
        "stop_time": NOON + timedelta(milliseconds=250) if is_over else None,
        "result": '{"ok": true}' if status == "succeeded" else None,
        "ns": "::shop::orders",
        "var": "on-order",
        "execution": 0 if status == "pending" else 1,
    }
    made = Run.objects.create(
        environment_id=env_id, build=of, project_id=of.project_id, status=status, **facts | changes
    )
    if started:
        _, *of_run = counters.accepted(started, [made])
        counters.add(of_run + counters.moved(made, "pending", status))
    return made


def task(of: Build, status: str = "succeeded", **changes: Any) -> Task:
    """Return a task whose run has that status; changes of that run are given as `run`."""
    env_id = Project.objects.get(pk=of.project_id).environment_id
    stream = changes.pop("stream", None) or Stream.objects.create(environment_id=env_id)
    work: dict[str, Any] = {
        "run_type": "task",
        "start_time": NOON,
        "stop_time": None if status in {"pending", "running"} else NOON + timedelta(seconds=2),
        "result": '{"ok": true}' if status == "succeeded" else None,
        "ns": "::shop::jobs",
        "var": "export",
        "execution": 0 if status == "pending" else 1,
    }
    made = Run.objects.create(
        environment_id=env_id,
        stream=stream,
        build=of,
        project_id=of.project_id,
        status=status,
        **work | changes.pop("run", {}),
    )
    facts: dict[str, Any] = {
        "origin_run_id": new_id(),
        "arguments": "[7]",
        "timeout_ms": 1_800_000,
        "depth": 1,
        "created_at": NOON,
    }
    return Task.objects.create(environment_id=env_id, stream=stream, run=made, **facts | changes)


def call(of: Run, seq: int, parent: int | None = None, **changes: Any) -> Call:
    """Return a call of the run that returned."""
    facts: dict[str, Any] = {
        "execution": of.execution,
        "rev": seq,
        "ns": "::shop::orders",
        "var": f"step-{seq}",
        "file": "shop/orders.py",
        "line": seq,
        "args": '{"x": 1}',
        "value": "2",
        "start_time": NOON,
        "stop_time": NOON + timedelta(milliseconds=seq),
    }
    made = Call.objects.create(run=of, seq=seq, parent_seq=parent, **facts | changes)
    size = len(made.args) + len(made.value or "")
    counters.add(
        [
            counters.Change(of.environment_id, *one)
            for one in (("call", "", 1), ("call_bytes", "", size))
        ]
    )
    return made


def blob(of: Run, text: str = "a large text") -> Blob:
    """Return a value of the run that lies beside its result."""
    return Blob.objects.create(
        environment_id=of.environment_id,
        owner_id=of.run_id,
        content=content(text.encode()),
        encoding="string",
    )


def content(data: bytes) -> Content:
    """Return the row of bytes that lie where contents do."""
    with contents.draft() as draft:
        draft.write(data)
        draft.seal()
        with transaction.atomic():
            return contents.keep(draft)


def piece(of: Run, payload: str = '{"current": 1}', **changes: Any) -> StreamData:
    """Return a piece of streamed output."""
    facts: dict[str, Any] = {"data_type": "progress", "at": NOON}
    return StreamData.objects.create(
        run_id=of.run_id, stream_id=of.stream_id, payload=payload, **facts | changes
    )


def note(topic: str, kind: str, body: str) -> Note:
    """Return a note that subscribers of the topic are told."""
    return Note.objects.create(topic=topic, kind=kind, body=body, at=datetime.now(UTC))
