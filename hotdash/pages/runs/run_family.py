"""Reads what a run came from and set off: its event, its origin, and the newest around it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar
from uuid import UUID

from hotdash.gateway.capabilities import Capabilities, get_capabilities
from hotdash.gateway.errors import GatewayError
from hotdash.gateway.events import Event, get_event, list_event_runs, list_events
from hotdash.gateway.pages import Page
from hotdash.gateway.runs import Run, RunQuery, get_run, list_runs
from hotdash.gateway.together import attempt, together
from hotdash.gateway.upstream import Gateway

NEWEST = 200  # events and runs that are searched

T = TypeVar("T")


@dataclass(frozen=True)
class Family:
    """What was read around a run; a GatewayError stands where a part of it could not be.

    `siblings` are the runs of the same event; None where they are among `runs`. No run has its
    result here: some are many megabytes, and none is drawn.
    """

    run: Run
    has_senders: bool
    is_by_stream: bool
    event: Event | GatewayError | None
    siblings: Page[Run] | GatewayError | None
    origin: Run | GatewayError | None
    events: Page[Event] | GatewayError | None
    runs: Page[Run] | GatewayError

    @property
    def known_runs(self) -> dict[UUID, Run]:
        """Every run that was read, by id."""
        pages = [page.rows for page in (self.runs, self.siblings) if isinstance(page, Page)]
        origin = (self.origin,) if isinstance(self.origin, Run) else ()
        return {run.run_id: run for runs in (*pages, origin, (self.run,)) for run in runs}

    @property
    def known_events(self) -> dict[UUID, Event]:
        """Every event that was read, by id."""
        rows = self.events.rows if isinstance(self.events, Page) else ()
        own = (self.event,) if isinstance(self.event, Event) else ()
        return {event.event_id: event for event in (*rows, *own)}

    @property
    def trouble(self) -> GatewayError | None:
        """The first thing that could not be read."""
        parts = (self.runs, self.events, self.event, self.siblings, self.origin)
        return next((part for part in parts if isinstance(part, GatewayError)), None)


def read_family(gateway: Gateway, run_id: UUID) -> Family:
    """Return the run with what is around it; raise only what the run itself answers with."""
    run, offers = together(
        partial(_read_run, gateway, run_id), partial(attempt, partial(get_capabilities, gateway))
    )
    is_by_stream = isinstance(offers, Capabilities) and offers.has_stream_filter
    has_senders = isinstance(offers, Capabilities) and offers.has_senders
    stream = run.stream_id if is_by_stream else None
    (runs, events), event, siblings, origin = together(
        # this one runs in the request's own thread, so that it may itself use the pool's
        partial(_read_newest, gateway, stream, has_senders=has_senders),
        partial(_maybe, get_event, gateway, run.event_id),
        partial(_maybe, _read_siblings, gateway, None if stream else run.event_id),
        partial(_maybe, _read_run, gateway, run.origin_run_id),
    )
    return Family(run, has_senders, stream is not None, event, siblings, origin, events, runs)


def _read_newest(
    gateway: Gateway, stream: UUID | None, *, has_senders: bool
) -> tuple[Page[Run] | GatewayError, Page[Event] | GatewayError | None]:
    """Return the newest runs, and the newest events where events name who sent them."""
    read_runs = partial(attempt, partial(_read_runs, gateway, stream))
    if not has_senders:
        return read_runs(), None
    read_events = partial(attempt, partial(list_events, gateway, NEWEST, stream_id=stream))
    return together(read_runs, read_events)


def _read_run(gateway: Gateway, run_id: UUID) -> Run:
    return _without_result(get_run(gateway, run_id))


def _read_runs(gateway: Gateway, stream: UUID | None) -> Page[Run]:
    return _without_results(list_runs(gateway, RunQuery(stream_id=stream, limit=NEWEST)))


def _read_siblings(gateway: Gateway, event_id: UUID) -> Page[Run]:
    return _without_results(list_event_runs(gateway, event_id))


def _without_results(page: Page[Run]) -> Page[Run]:
    return replace(page, rows=tuple(_without_result(run) for run in page))


def _without_result(run: Run) -> Run:
    return replace(run, result=None, sent={})


def _maybe(
    read: Callable[[Gateway, UUID], T], gateway: Gateway, wanted: UUID | None
) -> T | GatewayError | None:
    return None if wanted is None else attempt(partial(read, gateway, wanted))
