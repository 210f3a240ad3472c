"""The headline numbers: counts of runs by status, as the server has them of all time."""

from dataclasses import dataclass

from hotdash.gateway.runs import RunStats
from hotdash.kit.formats import number


@dataclass(frozen=True)
class Figure:
    """One number; `query` leads to the runs that it counts."""

    term: str
    count: str
    note: str
    query: str


def figures_of(stats: RunStats) -> list[Figure]:
    """Return the counts that the server has, queued and parked runs only where it counts them."""
    total = stats.total_runs
    failed, succeeded = _share(stats.failed, total), _share(stats.succeeded, total)
    figures = [
        Figure("Runs", number(total), "of all time", ""),
        Figure("Failed", number(stats.failed), failed, "?status=failed"),
        Figure("Succeeded", number(stats.succeeded), succeeded, "?status=succeeded"),
        Figure("Running", number(stats.running), "now", "?status=running"),
    ]
    if stats.pending_retry is not None:
        retries = number(stats.pending_retry)
        figures.append(Figure("Retry due", retries, "now", "?status=pending_retry"))
    if stats.pending is not None:
        figures.append(Figure("Queued", number(stats.pending), "now", "?status=pending"))
    return figures


def _share(count: int, total: int) -> str:
    if not total:
        return ""
    percent = 100 * count / total
    return f"{percent:.2f} %" if 0 < percent < 0.995 else f"{percent:.1f} %"
