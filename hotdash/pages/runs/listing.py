"""What the list asks of the Hot API: at most four calls, at most two of them in sequence."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

from hotdash.gateway.errors import GatewayError
from hotdash.gateway.events import Event, list_events
from hotdash.gateway.handlers import EventHandler, list_event_handlers
from hotdash.gateway.pages import Page
from hotdash.gateway.runs import Run, list_runs
from hotdash.gateway.together import attempt, together
from hotdash.gateway.upstream import Gateway
from hotdash.kit.naming import Names, names_from
from hotdash.kit.paging import Pager
from hotdash.pages.runs.filters import PAGE_SIZE, RunFilters
from hotdash.pages.runs.totals import Totals, read_totals

T = TypeVar("T")

EVENTS_READ = 200  # beside a page of runs; older events leave their runs unnamed


@dataclass(frozen=True)
class Listing:
    """One page of runs with what was read beside it; panels carry their error in their place."""

    runs: Sequence[Run]
    pager: Pager
    names: Names
    totals: Totals | GatewayError | None  # None: not asked for with this page
    unnamed_because: GatewayError | None = None
    has_moved_on: bool = False  # the first page's newest row is not where it can be found


def read_listing(gateway: Gateway, filters: RunFilters, now: datetime) -> Listing:
    """Read the page that the filters ask for; only a failing list raises."""
    listing = (
        _going_on(gateway, filters, now, filters.first)
        if filters.offset and filters.first
        else _as_asked(gateway, filters, now)
    )
    names, failed = _read_names(gateway, listing.runs)
    return replace(listing, names=names, unnamed_because=failed)


def _as_asked(gateway: Gateway, filters: RunFilters, now: datetime) -> Listing:
    """Read the page at the position of the address, and the totals of the whole environment."""
    page, totals = together(
        partial(list_runs, gateway, filters.query(now, offset=filters.offset)),
        partial(attempt, partial(read_totals, gateway, RunFilters(), now)),
    )
    pager = _pager(page, filters.offset, len(page.rows), page.total)
    return Listing(page.rows, pager, Names(), totals)


def _going_on(gateway: Gateway, filters: RunFilters, now: datetime, first: UUID) -> Listing:
    """Read a page so that it goes on where the one before ended, whatever came in meanwhile.

    The rows at the top say by how many the list has shifted since its first page was opened, and
    twice as many rows as a page holds are read, so the shifted page lies in what was read.
    """
    page, top = together(
        partial(list_runs, gateway, filters.query(now, PAGE_SIZE * 2, filters.offset)),
        partial(list_runs, gateway, filters.query(now, PAGE_SIZE)),
    )
    shift = _position(top, first)
    rows = page.rows[shift or 0 :][:PAGE_SIZE]
    pager = _pager(page, filters.offset, len(rows), page.total - (shift or 0))
    pager = replace(pager, newer_rows=shift or 0)
    return Listing(rows, pager, Names(), None, has_moved_on=shift is None)


def _position(top: Iterable[Run], first: UUID) -> int | None:
    return next((place for place, run in enumerate(top) if run.run_id == first), None)


def _pager(page: Page[Run], offset: int, shown: int, total: int) -> Pager:
    """Return the pager; rows that were dropped as too old lie at the end, so nothing follows."""
    known = offset + shown if page.dropped else total
    return Pager(offset, PAGE_SIZE, shown, known, page.is_at_least)


def _read_names(gateway: Gateway, runs: Sequence[Run]) -> tuple[Names, GatewayError | None]:
    """Read events and handlers, only where runs do not name their functions themselves.

    Handlers belong to a project; of several, the one with most of these runs is asked, since a
    call for each would grow with the page.
    """
    unnamed = [run for run in runs if not run.var and run.event_id]
    if not unnamed:
        return Names(), None
    projects = Counter(run.project_id for run in unnamed if run.project_id)
    project = projects.most_common(1)[0][0] if projects else None
    events, handlers = together(
        partial(attempt, partial(_newest_events, gateway)),
        partial(attempt, partial(_handlers_of, gateway, project)),
    )
    failed = next((found for found in (events, handlers) if isinstance(found, GatewayError)), None)
    return names_from(_found(events), _found(handlers)), failed


def _newest_events(gateway: Gateway) -> Sequence[Event]:
    return list_events(gateway, EVENTS_READ).rows


def _handlers_of(gateway: Gateway, project: UUID | None) -> Sequence[EventHandler]:
    return list_event_handlers(gateway, project).rows if project else ()


def _found(answer: Sequence[T] | GatewayError) -> Sequence[T]:
    return () if isinstance(answer, GatewayError) else answer
