"""The sentence that the overview opens with: trouble first, then what goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotdash.gateway.pages import Page
from hotdash.gateway.runs import Run, RunStats
from hotdash.kit.formats import ago, number, plural
from hotdash.pages.overview.reading import Reading

RECENT = timedelta(hours=1)


@dataclass(frozen=True)
class Verdict:
    """`fact` is a whole sentence; `rest` supports it."""

    fact: str
    rest: str = ""


def verdict(reading: Reading, place: str, now: datetime) -> Verdict:
    """Say what is the case in an environment, as far as it could be read."""
    if not isinstance(reading.failed, Page):
        return Verdict("What fails could not be read.", _goes_on(reading))
    if _is_empty(reading):
        return Verdict(f"Nothing has run in {place} yet.")
    recent = [run for run in reading.failed if _is_recent(run, now)]
    if recent:
        return Verdict(_failed(recent, reading.failed), _goes_on(reading))
    if reading.failed.rows:
        last = ago(_end(reading.failed.rows[0]), now)
        rest = f"The last failure was {last}. {_goes_on(reading)}" if last else _goes_on(reading)
        return Verdict("No run failed in the last hour.", rest)
    return Verdict("No run has failed.", _goes_on(reading))


def _failed(recent: Sequence[Run], failed: Page[Run]) -> str:
    """Return how many failed; when each that was read is recent, there may be more."""
    at_least = "At least " if len(recent) == len(failed) < failed.total else ""
    return f"{at_least}{plural(len(recent), 'run')} failed in the last hour."


def _goes_on(reading: Reading) -> str:
    sentences = []
    if isinstance(reading.parked, Page) and reading.parked.total:
        waits = "waits" if reading.parked.total == 1 else "wait"
        sentences.append(f"{plural(reading.parked.total, 'run')} {waits} for the next attempt.")
    if isinstance(reading.running, Page):
        count = reading.running.total
        verb = "is" if count == 1 else "are"
        sentences.append(
            f"{number(count)} {verb} running now." if count else "None is running now."
        )
    return " ".join(sentences)


def _is_empty(reading: Reading) -> bool:
    stats = reading.stats
    return isinstance(stats, RunStats) and not stats.total_runs and not _any(reading)


def _any(reading: Reading) -> bool:
    return bool(reading.failing or reading.under_way)


def _is_recent(run: Run, now: datetime) -> bool:
    end = _end(run)
    return end is not None and now - end < RECENT


def _end(run: Run) -> datetime | None:
    return run.stop_time or run.start_time
