"""How many runs there are of each status, under the filters of type and time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from hotdash.gateway.capabilities import get_capabilities
from hotdash.gateway.runs import RunStats, count_runs, get_run_stats
from hotdash.gateway.together import together
from hotdash.gateway.upstream import Gateway
from hotdash.pages.runs.filters import TIMES, RunFilters


@dataclass(frozen=True)
class Totals:
    """Counts by status; a status that the server does not count is missing from `by_status`."""

    total: int
    by_status: Mapping[str, int]
    is_at_most: bool = False  # the server compares times by whole days


def totals_of(stats: RunStats) -> Totals:
    """Return the server's own counts as totals."""
    counts = {
        "failed": stats.failed,
        "running": stats.running,
        "pending": stats.pending,
        "pending_retry": stats.pending_retry,
        "succeeded": stats.succeeded,
        "cancelled": stats.cancelled,
    }
    known = {status: count for status, count in counts.items() if count is not None}
    return Totals(stats.total_runs, known)


def read_totals(gateway: Gateway, filters: RunFilters, now: datetime) -> Totals:
    """Ask for the totals under the filters: one call where the server filters its stats."""
    if not filters.narrows_totals:
        return totals_of(get_run_stats(gateway))
    if get_capabilities(gateway).has_stats_filters:
        span = TIMES.get(filters.time)
        stats = get_run_stats(gateway, filters.type or None, span.iso if span else None)
        return totals_of(stats)
    return _counted(gateway, filters, now)


def _counted(gateway: Gateway, filters: RunFilters, now: datetime) -> Totals:
    """Count by asking for one row of each status, four calls at a time."""

    def count(status: str) -> int:
        return count_runs(gateway, replace(filters, status=status).query(now, limit=1))

    failed, running, parked, succeeded = together(
        lambda: count("failed"),
        lambda: count("running"),
        lambda: count("pending_retry"),
        lambda: count("succeeded"),
    )
    cancelled, total = together(lambda: count("cancelled"), lambda: count(""))
    by_status = {
        "failed": failed,
        "running": running,
        "pending_retry": parked,
        "succeeded": succeeded,
        "cancelled": cancelled,
    }
    return Totals(total, by_status, is_at_most=bool(filters.time))
