"""Reads what the overview shows: four calls at once, then names, and what was tried again since."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from hotdash.gateway.errors import GatewayError
from hotdash.gateway.pages import Page
from hotdash.gateway.runs import Run, RunQuery, RunStats, get_run_stats, list_runs
from hotdash.gateway.together import attempt, together
from hotdash.gateway.upstream import Gateway
from hotdash.kit.attempts import limit, ordinal
from hotdash.kit.naming import Names, read_names

FAILED_READ = 25
LATER_READ = 100  # newest runs among which a later attempt of a failed one is looked for
SHOWN = 8  # rows of a panel

T = TypeVar("T")

PARTS = {  # what each part of the page is made of
    "failing": {"failed", "parked"},
    "running": {"running"},
    "counts": {"stats"},
}
WHOLE = {"failed", "parked", "running", "stats"}


@dataclass(frozen=True)
class Reading:
    """What was read; an error stands where it could not be, None where it was not asked for."""

    failed: Page[Run] | GatewayError | None
    parked: Page[Run] | GatewayError | None
    running: Page[Run] | GatewayError | None
    stats: RunStats | GatewayError | None
    names: Names = field(default_factory=Names)
    later: Sequence[Run] = ()

    @property
    def failing(self) -> Sequence[Run]:
        """The newest runs that failed or will be tried again; of attempts read, only the last.

        What a later attempt has put right does not fail any more.
        """
        runs = (*_rows(self.failed), *_rows(self.parked))
        tried_again = {run.origin_run_id for run in (*runs, *self.under_way, *self.later)}
        last = (run for run in runs if run.run_id not in tried_again)
        return sorted(last, key=lambda run: run.run_id, reverse=True)

    @property
    def under_way(self) -> Sequence[Run]:
        """The runs that run now, newest first."""
        return _rows(self.running)

    @property
    def failing_trouble(self) -> GatewayError | None:
        """Why some of what fails may be missing."""
        parts = (self.failed, self.parked)
        return next((part for part in parts if isinstance(part, GatewayError)), None)


def read_overview(gateway: Gateway, part: str | None) -> Reading:
    """Read what the page needs, or one part of it; raise only if none of it can be read."""
    wanted = PARTS.get(part or "", WHOLE)
    failed, parked, running, stats = together(
        _maybe("failed" in wanted, partial(_runs, gateway, "failed", FAILED_READ)),
        _maybe("parked" in wanted, partial(_runs, gateway, "pending_retry", SHOWN)),
        _maybe("running" in wanted, partial(_runs, gateway, "running", SHOWN)),
        _maybe("stats" in wanted, partial(get_run_stats, gateway)),
    )
    read = [found for found in (failed, parked, running, stats) if found is not None]
    errors = [found for found in read if isinstance(found, GatewayError)]
    if len(errors) == len(read):
        raise errors[0]
    reading = Reading(failed, parked, running, stats)
    runs = (*reading.failing[:SHOWN], *reading.under_way)
    (names, _), later = together(
        partial(read_names, gateway, runs),
        partial(_later, gateway, reading.failing),
    )
    return replace(reading, names=names, later=later)


def _later(gateway: Gateway, failing: Sequence[Run]) -> Sequence[Run]:
    """Return the newest runs where one that failed may have been tried again since."""
    if not any(run.status == "failed" and _may_have_another(run) for run in failing):
        return ()
    return _rows(attempt(partial(list_runs, gateway, RunQuery(limit=LATER_READ))))


def _may_have_another(run: Run) -> bool:
    this, most = ordinal(run), limit(run)
    return this is None or most is None or this < most


def _maybe(is_wanted: bool, call: Callable[[], T]) -> Callable[[], T | GatewayError | None]:
    return partial(attempt, call) if is_wanted else _nothing


def _nothing() -> None:
    return None


def _runs(gateway: Gateway, status: str, limit: int) -> Page[Run]:
    return list_runs(gateway, RunQuery(status=status, limit=limit))


def _rows(page: Page[Run] | GatewayError | None) -> Sequence[Run]:
    return page.rows if isinstance(page, Page) else ()
