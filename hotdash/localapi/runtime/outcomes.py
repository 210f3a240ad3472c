"""How a run ended, and the result that says so (contract 5.6)."""

import json
from dataclasses import dataclass
from typing import Any

MESSAGE_CHARACTERS = 4_000


@dataclass(frozen=True)
class Outcome:
    """The end of one execution; `result` is JSON text, `message` the reason unless it succeeded."""

    status: str  # succeeded, failed, cancelled
    result: str
    message: str | None = None


def succeeded(result: str) -> Outcome:
    """Return the end of a run that returned this JSON text."""
    return Outcome("succeeded", result)


def failed(message: str, error: dict[str, Any]) -> Outcome:
    """Return the end of a run that failed; `error` holds type and, where known, the place."""
    message = message[:MESSAGE_CHARACTERS]
    return Outcome("failed", _typed("::hot::run/Failure", {"msg": message, "err": error}), message)


def stopped(kind: str, message: str) -> Outcome:
    """Return the end of a run that a limit or an accident ended, not its own code."""
    return failed(message, {"type": kind})


def cancelled(reason: str | None) -> Outcome:
    """Return the end of a run that somebody cancelled."""
    message = (reason or "Cancelled.")[:MESSAGE_CHARACTERS]
    result = _typed("::hot::run/Cancellation", {"msg": message, "data": None})
    return Outcome("cancelled", result, message)


def _typed(name: str, value: dict[str, Any]) -> str:
    return json.dumps({"$type": name, "$val": value}, ensure_ascii=False)
