"""What went wrong in a run, in the error's own words (contract 5.6, failure payload)."""

from dataclasses import dataclass

from hotdash.gateway.json_value import Json
from hotdash.gateway.runs import Run

_KINDS = ("type", "$type")
_SHOWN = {*_KINDS, "msg", "function", "file", "line", "call"}  # of an error: the page says it
_MESSAGE_LENGTH = 4_000
ENDED_BADLY = {"failed", "pending_retry", "cancelled"}


@dataclass(frozen=True)
class Fault:
    """A failure or cancellation as the result tells it.

    `function` raised it, at `line` of a file; `details` is what it says beyond all this.
    """

    message: str = ""
    kind: str = ""
    function: str = ""
    line: str = ""
    details: Json | None = None

    @property
    def words(self) -> str:
        """The message, with its kind where it is one word that says little: `KeyError: 'sku'`."""
        kind = self.kind.rpartition("/")[2]
        is_telling = " " in self.message.strip() or self.message in {"", kind}
        return f"{kind}: {self.message}" if kind and not is_telling else self.message


def fault_of(run: Run) -> Fault | None:
    """Return what the run's result says about its end; None where it did not end badly."""
    if run.status not in ENDED_BADLY or run.result is None:
        return None
    told = run.result.child("$val")
    message = _text(told, "msg")
    if told is None or not message:
        return Fault(details=run.result)
    cause = told.child("err") or told.child("data")
    kind = next(filter(None, (_text(cause, key) for key in _KINDS)), "")
    details = cause if _says_more(cause, message) else None
    return Fault(message, kind, _text(cause, "function"), _line(cause), details)


def _text(told: Json | None, key: str) -> str:
    child = told.child(key) if told is not None else None
    if child is None:
        return ""
    if child.is_large:
        return child.head(_MESSAGE_LENGTH)
    return child.value[:_MESSAGE_LENGTH] if isinstance(child.value, str) else ""


def _line(cause: Json | None) -> str:
    file = _text(cause, "file")
    line = cause.child("line") if cause is not None and file else None
    return f"{file}:{line.value}" if line is not None and isinstance(line.value, int) else file


def _says_more(cause: Json | None, message: str) -> bool:
    if cause is None or cause.is_large:
        return cause is not None
    if isinstance(cause.value, dict):
        return not set(cause.value) <= _SHOWN
    return cause.value not in (message, None)
