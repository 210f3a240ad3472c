"""The sentence that an event's page opens with: what it set off, and how that went."""

from collections import Counter

from hotdash.gateway.errors import GatewayError
from hotdash.gateway.runs import Run
from hotdash.kit.attempts import nth, ordinal
from hotdash.kit.formats import number, visible
from hotdash.kit.statuses import STATUSES
from hotdash.pages.events.reading import Reading, chain_of

_WHICH = {
    "succeeded": "which succeeded",
    "failed": "which failed",
    "cancelled": "which was cancelled",
    "running": "which is running",
    "pending": "which waits to start",
    "pending_retry": "which failed and will be tried again",
}


def verdict(reading: Reading) -> str:
    """Say what the event set off, each function by its last attempt that is known."""
    if isinstance(reading.runs, GatewayError):
        return "What it set off could not be read."
    newest = reading.newest
    known = () if newest is None or isinstance(newest, GatewayError) else newest.rows
    last = [chain_of(run, known)[-1] for run in reading.runs]
    if not last:
        return "It has set off no run."
    if len(last) == 1:
        return f"It set off 1 run, {_which(last[0])}{_at(last[0])}."
    counts = Counter(STATUSES.get(run.status, run.status).lower() for run in last)
    parts = ", ".join(f"{number(count)} {visible(word)}" for word, count in counts.most_common())
    total = max(reading.runs.total, len(last))
    return f"It set off {number(total)} runs: {parts}."


def _which(run: Run) -> str:
    return _WHICH.get(run.status) or f"which the server calls “{visible(run.status)}”"


def _at(run: Run) -> str:
    this = ordinal(run)
    return "" if this is None or this < 2 else f" on its {nth(this)} attempt"
