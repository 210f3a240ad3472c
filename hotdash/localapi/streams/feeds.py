"""What subscribers are told: the replay on connect, then what the engine announces (contract 6)."""

from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from django.db.models import QuerySet

from hotdash.localapi import engine
from hotdash.localapi.aside import aside
from hotdash.localapi.credentials.principals import Principal
from hotdash.localapi.models import Note, Run, Task
from hotdash.localapi.payloads import RESULT, without_large
from hotdash.localapi.schemas.runs import run_shape
from hotdash.localapi.schemas.tasks import task_shape
from hotdash.localapi.scope import runs_of, tasks_of
from hotdash.localapi.streams.sse import frame, frame_of_text

State = tuple[Any, ...]

_REPLAYED = 100
_REPLAYED_BYTES = 32 * 1024 * 1024  # of large results; a run by its id has it
_TERMINAL = {"succeeded": "run:stop", "failed": "run:fail", "cancelled": "run:cancel"}
# a parked run is announced as failed; its status says that a retry follows
_ENDED = _TERMINAL | {"pending_retry": "run:fail"}


@dataclass(frozen=True)
class Cursor:
    """From which note on a subscriber is told, and whether it first gets the contract's replay."""

    after: int
    replays: bool


def cursor_of(last_event_id: str) -> Cursor:
    """Return where a subscriber goes on; an id that is held no longer begins anew."""
    if last_event_id == "0":
        return Cursor(0, replays=False)
    if last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) < 19:
        note_id = int(last_event_id)
        if Note.objects.filter(pk=note_id).exists():
            return Cursor(note_id, replays=False)
    return Cursor(engine.newest_note(), replays=True)


async def of_environment(key: Principal, cursor: Cursor) -> AsyncGenerator[bytes, None]:
    """Yield what happens in the key's environment, from the cursor on; nothing is replayed."""
    async for note in _notes(f"env:{key.environment_id}", cursor.after):
        yield frame_of_text(note.kind, note.body, note.id)


@dataclass
class StreamFeed:
    """One connection to one stream: each run gets one start and one end, a task each change."""

    key: Principal
    stream_id: UUID
    project_id: UUID | None
    started: set[UUID] = field(default_factory=set)
    ended: set[UUID] = field(default_factory=set)
    told_of: dict[UUID, State] = field(default_factory=dict)  # tasks, as they were told last

    def replay(self, cursor: Cursor) -> list[bytes]:
        """Return what is told first: the newest runs and tasks, unless it goes on from a frame.

        Read before the answer begins, so that what happens after it is told as it happens.
        """
        if not cursor.replays:
            return []
        runs = self._replayed_runs()
        tasks = self._tasks().order_by("-task_id")[:_REPLAYED]
        told = [frame for run in runs for frame in self._frames_of(run)]
        told += [frame for task in tasks for frame in self._frames_of_task(task)]
        last = len(told) - 1
        # only the last frame carries an id: whoever is cut off before it gets the whole again
        return [
            frame(kind, body, cursor.after if place == last else None)
            for place, (kind, body) in enumerate(told)
        ]

    async def frames(self, first: list[bytes], after: int) -> AsyncGenerator[bytes, None]:
        """Yield what comes first, then what is announced after that note."""
        for replayed in first:
            yield replayed
        async for note in _notes(f"stream:{self.stream_id}", after):
            if note.kind == "stream:data":
                yield frame_of_text(note.kind, note.body, note.id)
            elif told := await aside(self._told, note):
                yield told

    def _frames_of(self, run: Run) -> Iterator[tuple[str, Mapping[str, Any]]]:
        if run.status == "pending":
            return
        body = {"run": run_shape(run)}
        self.started.add(run.run_id)
        yield "run:start", body
        if run.status in _ENDED:
            self.ended.add(run.run_id)
            yield _ENDED[run.status], body

    def _frames_of_task(self, task: Task) -> Iterator[tuple[str, Mapping[str, Any]]]:
        state = _state_of_task(task)
        if self.told_of.get(task.task_id) != state:
            self.told_of[task.task_id] = state
            yield "task:update", {"task": task_shape(task)}

    def _told(self, note: engine.Note) -> bytes | None:
        if note.kind == "task:update":
            return self._told_of_task(note)
        run_id = UUID(orjson.loads(note.body)["run_id"])
        known = self.started if note.kind == "run:start" else self.ended
        if run_id in known:
            return None
        run = self._runs().filter(pk=run_id).first()
        if run is None:
            return None
        known.add(run_id)
        return frame(note.kind, {"run": run_shape(run)}, note.id)

    def _told_of_task(self, note: engine.Note) -> bytes | None:
        task = self._tasks().filter(pk=UUID(orjson.loads(note.body)["task_id"])).first()
        told = [] if task is None else self._frames_of_task(task)
        return next((frame(kind, body, note.id) for kind, body in told), None)

    def _replayed_runs(self) -> list[Run]:
        """Return the newest runs; older ones without their results, once those are too much."""
        left = _REPLAYED_BYTES
        runs: list[Run] = without_large(self._runs().order_by("-run_id")[:_REPLAYED], RESULT)
        for run in runs:
            left -= run.result_bytes or 0
            if run.result_bytes and left < 0:
                run.result = None
        return runs

    def _tasks(self) -> QuerySet[Task]:
        return tasks_of(self.key).filter(stream_id=self.stream_id)

    def _runs(self) -> Any:
        runs = runs_of(self.key).filter(stream_id=self.stream_id).select_related("project")
        return runs.filter(project_id=self.project_id) if self.project_id else runs


async def of_run(key: Principal, run: Run, after: int) -> AsyncGenerator[bytes, None]:
    """Yield the run as it is, then each change of it, until it is over."""
    yield await aside(_update_of_run, run, after)
    seen = _state(run)
    async for note in _notes_about(run.run_id, run.stream_id, after, is_over=_is_over(run)):
        fresh = await aside(runs_of(key).select_related("project").get, pk=run.run_id)
        if _state(fresh) != seen:
            seen = _state(fresh)
            yield await aside(_update_of_run, fresh, note.id)
        if _is_over(fresh):
            return


async def of_task(key: Principal, task: Task, after: int) -> AsyncGenerator[bytes, None]:
    """Yield the task as it is, then each change of it, until it is over."""
    yield await aside(_update_of_task, task, after)
    seen = _state_of_task(task)
    async for note in _notes_about(task.task_id, task.stream_id, after, is_over=_is_over(task.run)):
        fresh = await aside(tasks_of(key).get, pk=task.task_id)
        if _state_of_task(fresh) != seen:
            seen = _state_of_task(fresh)
            yield await aside(_update_of_task, fresh, note.id)
        if _is_over(fresh.run):
            return


def _update_of_run(run: Run, note_id: int) -> bytes:
    return frame("run:update", {"run": run_shape(run)}, note_id)


def _update_of_task(task: Task, note_id: int) -> bytes:
    return frame("task:update", {"task": task_shape(task)}, note_id)


async def _notes_about(
    subject: UUID, stream_id: UUID, after: int, *, is_over: bool
) -> AsyncGenerator[engine.Note, None]:
    """Yield the notes of a stream that name a run or task; none of one that is over."""
    if is_over:
        return
    async with aclosing(_notes(f"stream:{stream_id}", after)) as notes:
        async for note in notes:
            if note.kind != "stream:data" and str(subject) in note.body:
                yield note


async def _notes(topic: str, after: int) -> AsyncGenerator[engine.Note, None]:
    """Yield a topic's notes; end where the reader fell behind: it comes back with its last id."""
    try:
        async with aclosing(engine.watch(frozenset({topic}), after)) as notes:
            async for note in notes:
                yield note
    except engine.FellBehind:
        return


def _is_over(run: Run) -> bool:
    return run.status in _TERMINAL


def _state_of_task(task: Task) -> State:
    return (task.status, task.run_id, *_state(task.run))


def _state(run: Run) -> State:
    return (run.status, run.stop_time, run.result, run.retry_attempt, run.next_retry_at)
