"""The list of runs, and its totals under a filter."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from hotdash.guard.needs import needs
from hotdash.guard.request import Request
from hotdash.kit.failures import explain, explained
from hotdash.kit.render import page
from hotdash.kit.run_row import rows_of
from hotdash.live.listening import cursor, listen
from hotdash.live.topics import environment_topic
from hotdash.pages.runs.filter_bar import chips, facets
from hotdash.pages.runs.filters import RunFilters
from hotdash.pages.runs.listing import Listing, read_listing
from hotdash.pages.runs.totals import Totals, read_totals

INDEX_PARTS = frozenset({"listing"})
TOTALS_PARTS = frozenset({"facets"})


@needs("runs.view")
def index(request: Request) -> HttpResponse:
    """List the runs of the current environment, newest first."""
    after = cursor(request.environment)
    filters = RunFilters.read(request.GET)
    now = datetime.now(UTC)
    listing = read_listing(request.gateway, filters, now)
    context = _addresses(request, filters) | _totals_of(listing, filters)
    context |= _paging(listing, filters)
    context |= {
        "filters": filters,
        "chips": chips(filters),
        "rows": rows_of(listing.runs, listing.names, now),
        "remark": _remark(listing),
        "live": listen(after, environment_topic(request.environment.pk)),
    }
    return page(request, "runs/index.html", context, parts=INDEX_PARTS)


@needs("runs.view")
def totals(request: Request) -> HttpResponse:
    """Count the runs of each status under the filters of type and time."""
    filters = RunFilters.read(request.GET)
    found = read_totals(request.gateway, filters, datetime.now(UTC))
    context = _addresses(request, filters) | {
        "filters": filters,
        "facets": facets(filters, found),
        "totals_are_due": False,
    }
    return page(request, "runs/totals.html", context, parts=TOTALS_PARTS)


def _remark(listing: Listing) -> str:
    unnamed = listing.unnamed_because
    return f"Some functions are not named. {explain(unnamed).sentence}" if unnamed else ""


def _addresses(request: Request, filters: RunFilters) -> dict[str, Any]:
    return {
        "here": reverse("runs:index", args=request.slugs),
        "totals_address": reverse("runs:totals", args=request.slugs) + filters.address(),
    }


def _totals_of(listing: Listing, filters: RunFilters) -> dict[str, Any]:
    """Return the facets, and why their counts are missing or still to come."""
    failure = explained(listing.totals)
    all_time = listing.totals if isinstance(listing.totals, Totals) else None
    counted = None if filters.narrows_totals else all_time
    return {
        "facets": facets(filters, counted),
        "totals_failure": failure,
        "totals_are_due": counted is None and failure is None,
        "is_nothing_yet": _is_nothing_yet(listing, filters, all_time),
        "runs_in_all": all_time.total if all_time else None,
    }


def _is_nothing_yet(listing: Listing, filters: RunFilters, all_time: Totals | None) -> bool:
    """Whether the environment has no run at all, as far as the list and the totals can tell."""
    is_whole_list = not filters.is_filtered and not filters.offset
    return not listing.runs and (is_whole_list or (all_time is not None and not all_time.total))


def _paging(listing: Listing, filters: RunFilters) -> dict[str, Any]:
    pager = listing.pager
    first = filters.first
    if not filters.offset and listing.runs:
        first = listing.runs[0].run_id
    return {
        "pager": pager,
        "newest_id": first or "",
        "has_moved_on": listing.has_moved_on,
        "newer": filters.page_address(pager.newer_from, first) if pager.has_newer else None,
        "older": filters.page_address(pager.older_from, first) if pager.has_older else None,
        "last_page": filters.page_address(pager.last_from, filters.first),
    }
