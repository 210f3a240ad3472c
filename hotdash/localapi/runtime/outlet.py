"""What leaves a run through hotbuild: events, streamed output, questions. No Django in it."""

import dataclasses
import json
import os
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from hotdash.localapi.runtime.limits import ASKED_CHARACTERS, STREAM_BYTES
from hotdash.localapi.runtime.masking import Mask
from hotdash.localapi.runtime.wire import Wire

_REFUSALS = {
    "ValueError": ValueError,
    "FileNotFoundError": FileNotFoundError,
    "LookupError": LookupError,
    "RuntimeError": RuntimeError,
}


class NotJson(Exception):
    """A value that cannot leave the run; its text says which type stands in the way."""


class Outlet:
    """What hotbuild does inside a run: tell its worker something, or ask it."""

    def __init__(self, wire: Wire, mask: Mask, name_of: Callable[[object], str]) -> None:
        self._wire = wire
        self._mask = mask
        self._name_of = name_of

    def send(self, event_type: str, data: Any) -> None:
        """Ask the worker to publish an event; its environment and stream are the run's."""
        text = self._mask.sent(to_json(data, f"the data of {event_type}"))
        self._wire.emit_text("send-part", text, {"m": "send", "type": event_type})

    def stream(self, payload: Any, data_type: str) -> None:
        """Ask the worker to tell whoever watches."""
        text = self._mask.shown(to_json(payload, "what is streamed"))
        if len(text) > STREAM_BYTES:
            raise NotJson("What is streamed is longer than a run may stream in all, 8 MiB.")
        self._wire.emit_text("stream-part", text, {"m": "stream", "type": str(data_type)})

    def start_task(
        self, function: Callable[..., Any] | str, arguments: list[Any], **options: str
    ) -> str:
        """Ask the worker to start a task; its environment, stream and build are the run's.

        Raises LookupError for a function that this build has not.
        """
        name = self._name_of(function)
        text = self._mask.sent(to_json(arguments, "an argument of the task"))
        answer, _ = self.ask("tasks.start", text=text, fn=name, **options)
        return str(answer["task_id"])

    def cancel_task(self, task_id: str, reason: str) -> bool:
        """Ask the worker to cancel a task of the run's stream."""
        reason = self._mask.text(reason)[:ASKED_CHARACTERS]
        answer, _ = self.ask("tasks.cancel", task=task_id, reason=reason)
        return bool(answer["cancelled"])

    def ask(
        self, what: str, *, text: str = "", **given: str
    ) -> tuple[dict[str, Any], BinaryIO | None]:
        """Return the worker's answer to a question, and the file that came with it.

        Raises ValueError, FileNotFoundError or OSError with the worker's words when it refuses.
        """
        for name, value in given.items():
            if len(value) > ASKED_CHARACTERS:
                raise ValueError(f"{name} is longer than {ASKED_CHARACTERS:,} characters")
        question = {"m": "ask", "what": what, "given": given}
        answer, descriptor = self._wire.ask(question, text)
        if "refused" in answer:
            refused = answer["refused"]
            raise _REFUSALS.get(refused["type"], OSError)(refused["msg"])
        return answer["ok"], None if descriptor is None else os.fdopen(descriptor, "rb")


def to_json(value: Any, what: str) -> str:
    """Return JSON text; raise NotJson naming the type that is none."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_plain)
    except (TypeError, ValueError, RecursionError) as error:
        raise NotJson(f"{what} is not JSON: {error}") from None


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID | Path):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"it holds a value of type {type(value).__name__}")
