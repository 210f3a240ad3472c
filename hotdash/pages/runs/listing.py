"""What the list asks of the Hot API: at most four calls, at most two of them in sequence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from hotdash.gateway.errors import GatewayError
from hotdash.gateway.runs import Run, list_runs
from hotdash.gateway.together import attempt, together
from hotdash.gateway.upstream import Gateway
from hotdash.kit.drift import as_asked, going_on
from hotdash.kit.naming import Names, read_names
from hotdash.kit.paging import Pager
from hotdash.pages.runs.filters import PAGE_SIZE, RunFilters
from hotdash.pages.runs.totals import Totals, read_totals


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
        if filters.first
        else _as_asked(gateway, filters, now)
    )
    names, failed = read_names(gateway, listing.runs)
    return replace(listing, names=names, unnamed_because=failed)


def _as_asked(gateway: Gateway, filters: RunFilters, now: datetime) -> Listing:
    """Read the page at the position of the address, and the totals of the whole environment."""
    page, totals = together(
        partial(list_runs, gateway, filters.query(now, offset=filters.offset)),
        partial(attempt, partial(read_totals, gateway, RunFilters(), now)),
    )
    stretch = as_asked(page, PAGE_SIZE)
    return Listing(stretch.rows, stretch.pager, Names(), totals)


def _going_on(gateway: Gateway, filters: RunFilters, now: datetime, first: UUID) -> Listing:
    """Read a page so that it goes on where the one before ended."""
    page, top = together(
        partial(list_runs, gateway, filters.query(now, PAGE_SIZE * 2, filters.offset)),
        partial(list_runs, gateway, filters.query(now, PAGE_SIZE)),
    )
    stretch = going_on(page, top, PAGE_SIZE, first, lambda run: run.run_id)
    return Listing(stretch.rows, stretch.pager, Names(), None, has_moved_on=stretch.has_moved_on)
