"""An event as one flat row of the list: text only, everything worked out before the template."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from hotdash.gateway.errors import GatewayError
from hotdash.gateway.events import Event
from hotdash.gateway.pages import Page
from hotdash.gateway.runs import Outcome
from hotdash.kit import formats
from hotdash.kit.statuses import STATUSES
from hotdash.pages.events.sources import SOURCES
from hotdash.pages.events.summary import one_line

NAME_LENGTH = 120
# of several runs the first of these speaks for the event; the others are counted
LOUDEST = ("failed", "pending_retry", "running", "pending", "cancelled", "succeeded")


class Row(TypedDict):
    """What one row shows, for a flat loop."""

    event_id: str
    short_id: str
    type: str
    data: str
    status: str  # of its loudest run; empty where there is none, or none is known
    outcome: str
    source: str
    at: str
    at_exact: str
    at_iso: str


@dataclass(frozen=True)
class Outcomes:
    """What the newest runs say about events, and from when on they say all there is."""

    by_event: Mapping[UUID, Sequence[str]] = field(default_factory=dict)
    since: datetime | None = None
    is_all: bool = False

    def knows(self, event: Event) -> bool:
        """Whether every run of the event would be among those that were read."""
        at = event.created_at or event.event_time
        return self.is_all or bool(at and self.since and at >= self.since)


def outcomes_of(runs: Page[Outcome] | GatewayError) -> Outcomes:
    """Return what a page of the newest runs tells about events."""
    if isinstance(runs, GatewayError):
        return Outcomes()
    by_event = defaultdict(list)
    for run in runs:
        if run.event_id:
            by_event[run.event_id].append(run.status)
    starts = [run.start_time for run in runs if run.start_time]
    return Outcomes(by_event, min(starts, default=None), is_all=len(runs) >= runs.total)


def rows_of(events: Iterable[Event], outcomes: Outcomes, now: datetime) -> list[Row]:
    """Return the rows of a page."""
    return [_row(event, outcomes, now) for event in events]


def _row(event: Event, outcomes: Outcomes, now: datetime) -> Row:
    event_id = str(event.event_id)
    at = event.event_time or event.created_at
    status, outcome = _outcome(event, outcomes)
    return Row(
        event_id=event_id,
        short_id=formats.short_id(event_id),
        type=type_in_words(event),
        data=one_line(event.event_data),
        status=status,
        outcome=outcome,
        source=_source(event),
        at=formats.ago(at, now),
        at_exact=formats.exact(at),
        at_iso=formats.iso(at),
    )


def type_in_words(event: Event) -> str:
    """Return the type as it can be shown and clicked; one may be empty or made of blanks."""
    return formats.visible(formats.clipped(event.event_type, NAME_LENGTH)) or "(no type)"


def _outcome(event: Event, outcomes: Outcomes) -> tuple[str, str]:
    """Return the status that speaks for the event, and the words; nothing where nobody can tell."""
    counts = Counter(outcomes.by_event.get(event.event_id, ()))
    if not counts:
        return "", "No run" if outcomes.knows(event) else ""
    loudest = min(counts, key=lambda status: (*LOUDEST, status).index(status))
    word = STATUSES.get(loudest) or formats.visible(formats.clipped(loudest, NAME_LENGTH))
    many, others = counts[loudest], counts.total() - counts[loudest]
    label = word if many == 1 else f"{many} {word.lower()}"
    status = loudest if loudest in STATUSES else ""
    return status, f"{label}, {others} more" if others else label


def _source(event: Event) -> str:
    source = event.source or ""
    return SOURCES.get(source) or formats.visible(formats.clipped(source, NAME_LENGTH))
