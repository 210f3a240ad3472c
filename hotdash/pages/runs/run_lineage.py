"""Where a run comes from and what it set off: only links that the server itself draws."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from hotdash.gateway.events import Event
from hotdash.gateway.pages import Page
from hotdash.gateway.runs import Run
from hotdash.kit.attempts import ordinal
from hotdash.kit.formats import clock, duration, milliseconds_between, plural, short_id
from hotdash.kit.statuses import STATUSES
from hotdash.pages.runs.run_family import NEWEST, Family

LONGEST_CHAIN = 20
MOST_BESIDE = 6
MOST_SENT = 12


@dataclass(frozen=True)
class Node:
    """One box of the line: a run or an event, to which it leads; `icon` what it is if no run."""

    title: str
    small: str
    run_id: UUID | None = None
    status: str = ""
    icon: str = ""
    is_here: bool = False
    is_past: bool = False
    event_id: UUID | None = None


Line = tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Lineage:
    """The line to a run, and the lines on from it: its later attempts, each event that it sent.

    A line is steps from left to right; the nodes of one step stand below each other.
    """

    steps: Line
    onward: tuple[Line, ...]
    left_out: int
    searched: str


def lineage_of(family: Family) -> Lineage:
    """Draw the lines between what was read."""
    run, runs, events = family.run, family.known_runs, family.known_events
    before, after = _before(run, runs), _after(run, runs)
    first = before[0] if before else run
    event = events.get(first.event_id) if first.event_id else None
    beside = _beside(run, runs)
    sent = _sent(run, events)
    here = _attempt(run, "this run", is_here=True)
    steps = (
        *_sender(event, runs),
        *((_event(event),) for event in (event,) if event),
        *((_attempt(run, is_past=True),) for run in before),
        (here, *(_other(run) for run in beside[:MOST_BESIDE])),
    )
    retries = tuple((_attempt(run),) for run in after)
    return Lineage(
        steps,
        onward=(
            *((retries,) if retries else ()),
            *(((_event(event),), _started(event, runs)) for event in sent[:MOST_SENT]),
        ),
        left_out=len(beside[MOST_BESIDE:]) + len(sent[MOST_SENT:]),
        searched=_searched(family),
    )


def _before(run: Run, known: Mapping[UUID, Run]) -> tuple[Run, ...]:
    """Return the attempts before this one that were read, the first one first."""
    chain: list[Run] = []
    while run.origin_run_id and len(chain) < LONGEST_CHAIN:
        origin = known.get(run.origin_run_id)
        if origin is None:
            break
        chain.append(run := origin)
    return tuple(reversed(chain))


def _after(run: Run, known: Mapping[UUID, Run]) -> tuple[Run, ...]:
    """Return the attempts after this one that were read, the next one first."""
    retries = {other.origin_run_id: other for other in known.values() if other.origin_run_id}
    chain: list[Run] = []
    while run.run_id in retries and len(chain) < LONGEST_CHAIN:
        run = retries[run.run_id]
        chain.append(run)
    return tuple(chain)


def _beside(run: Run, known: Mapping[UUID, Run]) -> tuple[Run, ...]:
    """Return the other runs of this run's event: one for each function that handles it."""
    if run.event_id is None:
        return ()
    return tuple(
        other
        for other in known.values()
        if other.event_id == run.event_id and other.run_id != run.run_id
    )


def _sent(run: Run, events: Mapping[UUID, Event]) -> list[Event]:
    own = (event for event in events.values() if _was_sent(event))
    return sorted(
        (event for event in own if event.origin_run_id == run.run_id),
        key=lambda event: event.event_id,
    )


def _was_sent(event: Event) -> bool:
    # of a retry's event the origin is the run that failed, not one that sent it
    return event.source == "run" and event.origin_run_id is not None


def _sender(event: Event | None, known: Mapping[UUID, Run]) -> Iterator[tuple[Node]]:
    if event is None or not _was_sent(event) or event.origin_run_id is None:
        return
    sender = known.get(event.origin_run_id)
    title = sender.var if sender and sender.var else short_id(event.origin_run_id)
    yield (
        Node(
            f"Sent by {title}",
            _outcome(sender) if sender else "another run",
            event.origin_run_id,
            sender.status if sender else "",
            icon="" if sender else "runs",
        ),
    )


def _event(event: Event) -> Node:
    is_scheduled = event.source == "schedule"
    kind = "schedule" if is_scheduled else "event"
    return Node(
        event.event_type,
        f"{kind}, {clock(event.event_time)}".rstrip(", "),
        icon="schedules" if is_scheduled else "events",
        event_id=event.event_id,
    )


def _attempt(run: Run, words: str = "", *, is_here: bool = False, is_past: bool = False) -> Node:
    this = ordinal(run)
    name = f"Attempt {this}" if this and (this > 1 or not is_here) else ""
    title = ", ".join(filter(None, (name, words))) or "Attempt"
    return Node(
        title[0].upper() + title[1:], _outcome(run), run.run_id, run.status, "", is_here, is_past
    )


def _other(run: Run) -> Node:
    return Node(run.var or run.event_type or run.run_type, _outcome(run), run.run_id, run.status)


def _started(event: Event, known: Mapping[UUID, Run]) -> tuple[Node, ...]:
    return tuple(_other(run) for run in known.values() if run.event_id == event.event_id)


def _outcome(run: Run) -> str:
    took = duration(milliseconds_between(run.start_time, run.stop_time))
    return took or STATUSES.get(run.status, run.status).lower()


def _searched(family: Family) -> str:
    """Say what was read for this, so that what is absent is not taken for what is not."""
    where = "this stream" if family.is_by_stream else "this environment"
    runs = _read(family.runs, "run")
    if not family.has_senders:
        return (
            f"Retries were looked for in {runs} of {where}. "
            "This server does not say which run sent an event, so none is drawn as sent by it."
        )
    return f"Drawn from {_read(family.events, 'event')} and {runs} of {where}."


def _read(page: object, noun: str) -> str:
    if not isinstance(page, Page) or page.total > len(page):
        return f"the newest {NEWEST} {noun}s"
    return f"the only {noun}" if len(page) == 1 else f"all {plural(len(page), noun)}"
