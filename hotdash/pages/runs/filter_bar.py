"""The filter bar: one choice of status with counts, then each condition as a chip."""

from dataclasses import dataclass

from hotdash.kit.chips import Chip, Option
from hotdash.kit.formats import number
from hotdash.kit.statuses import STARTERS, STATUSES
from hotdash.pages.runs.filters import TIMES, RunFilters
from hotdash.pages.runs.totals import Totals


@dataclass(frozen=True)
class Facet:
    """One status to choose; `count` is empty while it is not known."""

    status: str
    label: str
    address: str
    count: str
    is_current: bool


def facets(filters: RunFilters, totals: Totals | None) -> list[Facet]:
    """Return the statuses to choose from; queued runs only where the server counts them."""
    shown = [
        status
        for status in STATUSES
        if status != "pending"
        or filters.status == "pending"
        or (totals is not None and "pending" in totals.by_status)
    ]
    return [_facet("", "All", filters, totals)] + [
        _facet(status, STATUSES[status], filters, totals) for status in shown
    ]


def _facet(status: str, label: str, filters: RunFilters, totals: Totals | None) -> Facet:
    count = None
    if totals is not None:
        count = totals.by_status.get(status) if status else totals.total
    words = number(count)
    if words and totals is not None and totals.is_at_most and count:
        words = f"up to {words}"
    return Facet(status, label, filters.address(status=status), words, filters.status == status)


def chips(filters: RunFilters) -> list[Chip]:
    """Return the conditions of time and type, set or not."""
    times = {key: span.words for key, span in TIMES.items()}
    return [
        Chip(
            "time",
            times.get(filters.time, ""),
            filters.address(time=""),
            tuple(
                Option(words, filters.address(time=key), key == filters.time)
                for key, words in times.items()
            ),
        ),
        Chip(
            "type",
            filters.type,
            filters.address(type=""),
            tuple(Option(key, filters.address(type=key), key == filters.type) for key in STARTERS),
        ),
    ]
