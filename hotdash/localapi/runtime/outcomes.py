"""How a run ended, and the result that says so (contract 5.6)."""

import json
from dataclasses import dataclass, replace
from typing import Any

MESSAGE_CHARACTERS = 4_000


@dataclass(frozen=True)
class Outcome:
    """The end of one execution; `result` is JSON text, `message` the reason unless it succeeded."""

    status: str  # succeeded, failed, cancelled
    result: str
    message: str | None = None
    is_timeout: bool = False


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


def timed_out(message: str) -> Outcome:
    """Return the end of a run whose time was up."""
    return replace(stopped("TimeLimit", message), is_timeout=True)


def cancelled(reason: str | None, data: str = "null") -> Outcome:
    """Return the end of a run that was cancelled, by itself with data (JSON text) or from outside.

    The data is kept as it came: it may be as long as a result.
    """
    message = (reason or "Cancelled.")[:MESSAGE_CHARACTERS]
    result = _typed("::hot::run/Cancellation", {"msg": message})
    return Outcome("cancelled", f'{result[:-2]}, "data": {data}}}}}', message)


def _typed(name: str, value: dict[str, Any]) -> str:
    return json.dumps({"$type": name, "$val": value}, ensure_ascii=False)
