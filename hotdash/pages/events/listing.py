"""What the list of events asks of the Hot API: two calls at once, or three on a later page."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from hotdash.gateway.errors import GatewayError
from hotdash.gateway.events import Event, list_events
from hotdash.gateway.pages import Page
from hotdash.gateway.runs import Outcome, list_outcomes
from hotdash.gateway.together import attempt, together
from hotdash.gateway.upstream import Gateway
from hotdash.kit.conditions import query_string, read_id
from hotdash.kit.drift import Stretch, as_asked, going_on
from hotdash.kit.paging import no_position, read_position

PAGE_SIZE = 50
RUNS_READ = 100  # beside a page of events; older runs leave their events without an outcome


@dataclass(frozen=True)
class Asked:
    """Which page an address asks for: where it begins, and the newest row seen on the first."""

    offset: int = 0
    first: UUID | None = None
    unknown: str = ""  # what was asked for but cannot be, in a sentence

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Asked":
        """Return what the query says: from and first."""
        text = query.get("from", "")
        offset = read_position(text)
        if offset is None:
            return cls(unknown=no_position(text))
        return cls(offset, read_id(query.get("first")))


@dataclass(frozen=True)
class Listing:
    """One page of events with what became of the newest runs, or the error in its place."""

    events: Stretch[Event]
    runs: Page[Outcome] | GatewayError


def read_listing(gateway: Gateway, asked: Asked) -> Listing:
    """Read the page; only a failing list of events raises."""
    read_runs = partial(attempt, partial(list_outcomes, gateway, RUNS_READ))
    if asked.first is None:
        events, runs = together(
            partial(list_events, gateway, PAGE_SIZE, asked.offset),
            read_runs,
        )
        return Listing(as_asked(events, PAGE_SIZE), runs)
    events, top, runs = together(
        partial(list_events, gateway, PAGE_SIZE * 2, asked.offset),
        partial(list_events, gateway, PAGE_SIZE),
        read_runs,
    )
    stretch = going_on(events, top, PAGE_SIZE, asked.first, lambda event: event.event_id)
    return Listing(stretch, runs)


def page_address(position: int, first: UUID | None) -> str:
    """Return the query of the page that begins at a position; the first page carries none."""
    if position <= 1:
        return ""
    return query_string({"from": position, "first": first})
