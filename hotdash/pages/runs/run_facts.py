"""The facts of a run in one line: only what the server said, nothing usual, nothing guessed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hotdash.gateway.events import Event
from hotdash.gateway.runs import Run
from hotdash.kit import attempts
from hotdash.kit.formats import duration, milliseconds_between

Kind = Literal["text", "time", "id", "event", "run"]


@dataclass(frozen=True)
class Fact:
    """One fact; `id` is what is copied or linked to, `text` what is read."""

    term: str
    kind: Kind = "text"
    text: str = ""
    id: str = ""
    at: datetime | None = None


def facts_of(run: Run, event: Event | None) -> tuple[Fact, ...]:
    """Return the facts that are known, in the order in which they are asked for."""
    return (*_times(run, event), *_places(run, event))


def _times(run: Run, event: Event | None) -> Iterator[Fact]:
    if run.start_time:
        yield Fact("Accepted" if run.status == "pending" else "Started", "time", at=run.start_time)
    if took := duration(milliseconds_between(run.start_time, run.stop_time)):
        yield Fact("Took", text=took)
    if waited := _waited(run, event):
        yield Fact("Waited", text=waited)
    if run.next_retry_at:
        yield Fact("Next attempt", "time", at=run.next_retry_at)
    if (words := attempts.words(run)) and words != "1" and words != "1 of 1":
        yield Fact("Attempt", text=words)


def _places(run: Run, event: Event | None) -> Iterator[Fact]:
    if trigger := run.event_type or (event.event_type if event else "") or run.run_type:
        yield Fact("Trigger", text=trigger)
    if run.project_name:
        yield Fact("Project", text=run.project_name)
    if run.build_id:
        yield Fact("Build", "id", id=str(run.build_id))
    if run.stream_id:
        yield Fact("Stream", "id", id=str(run.stream_id))
    if run.event_id:
        yield Fact("Event", "event", id=str(run.event_id))
    if run.origin_run_id:
        yield Fact("Retry of", "run", id=str(run.origin_run_id))


def _waited(run: Run, event: Event | None) -> str:
    """Return how long the run's event waited for it; while the run itself waits, nothing."""
    if event is None or event.event_time is None or run.start_time is None:
        return ""
    if run.status == "pending" or run.start_time < event.event_time:
        return ""
    return duration(milliseconds_between(event.event_time, run.start_time))
