"""The words for what a run is and what started it (contract 8); an unknown value stays itself."""

from collections.abc import Mapping

STATUSES: Mapping[str, str] = {
    "failed": "Failed",
    "running": "Running",
    "pending": "Queued",
    "pending_retry": "Retry due",
    "succeeded": "Succeeded",
    "cancelled": "Cancelled",
}
STARTERS: Mapping[str, str] = {  # by run type
    "event": "an event",
    "schedule": "a schedule",
    "call": "a call",
    "run": "another run",
    "eval": "an evaluation",
    "repl": "the REPL",
}
