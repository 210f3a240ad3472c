"""What a run may say to its worker; everything else ends the run.

No message names an environment, a stream or a run: their scope is the run's own, whatever the
build's code writes into the socket.
"""

import json
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from hotdash.localapi.runtime.limits import (
    ASKED_CHARACTERS,
    RESULT_BYTES,
    RESULT_DEPTH,
    TRACE_CALLS,
)
from hotdash.localapi.runtime.lines import BadLine, is_deeper_than

CUT = '"…"'  # a text of a call that is too long
_NAME_CHARACTERS = 500
_SHOWN_CHARACTERS = 40_000
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_SMALL = 64 * 1024


class BadText(Exception):
    """A long text from a run is no JSON that could be kept; its text says why."""


@dataclass(frozen=True)
class Question:
    """Something that a run asks its worker; `text` is what it sent in parts before, else empty."""

    what: str
    given: dict[str, str]
    text: str = ""


@dataclass
class CallRow:
    """One traced call as it is stored; `stop` is None while it is being made.

    `args` is None where they are as they were said before.
    """

    seq: int
    parent: int | None
    ns: str
    var: str
    file: str
    line: int
    args: str | None
    start: datetime
    stop: datetime | None
    value: str | None
    error: str | None


def read_call(message: dict[str, Any], long: Mapping[str, str]) -> CallRow:
    """Return a traced call, with the long texts of it that came in parts; raise BadLine."""
    return CallRow(
        seq=_number(message, "seq", TRACE_CALLS),
        parent=None if message.get("parent") is None else _number(message, "parent", TRACE_CALLS),
        ns=_text(message, "ns"),
        var=_text(message, "var"),
        file=_text(message, "file"),
        line=_number(message, "line", 10_000_000),
        args=long.get("args") or _shown(message, "args"),
        start=_time(message, "start"),
        stop=None if message.get("stop") is None else _time(message, "stop"),
        value=long.get("value") or _shown(message, "value"),
        error=_shown(message, "error"),
    )


# what a run may ask, and the facts that each question gives: all of them, and no others
ASKS: Mapping[str, frozenset[str]] = {
    "files.delete": frozenset({"path"}),
    "files.list": frozenset({"prefix", "after"}),
    "files.open": frozenset({"path"}),
    "files.write": frozenset({"path", "type"}),
    "tasks.cancel": frozenset({"task", "reason"}),
    "tasks.start": frozenset({"fn", "timeout_ms", "retry", "retry_delay_ms"}),  # and arguments
}

_PARTS = ("send-part", "stream-part", "result-part", "ask-part", "args-part", "value-part")
_FIELDS = {
    "call": frozenset(
        "m seq parent ns var file line args start stop value error".split()  # noqa: SIM905  read as words
    ),
    "send": frozenset({"m", "type"}),
    "stream": frozenset({"m", "type"}),
    "ask": frozenset({"m", "what", "given"}),
    "done": frozenset({"m"}),
    "cancel": frozenset({"m", "msg"}),
    "fail": frozenset({"m", "msg", "err"}),
    **{kind: frozenset({"m", "part"}) for kind in _PARTS},
}


def kind_of(message: dict[str, Any]) -> str:
    """Return which message this is; raise BadLine for an unknown one or an unknown field."""
    kind = message.get("m")
    fields = _FIELDS.get(kind) if isinstance(kind, str) else None
    if fields is None or not isinstance(kind, str):
        raise BadLine("an unknown message")
    if not message.keys() <= fields:
        raise BadLine(f"a message {kind!r} with an unknown field")
    return kind


def read_type(message: dict[str, Any]) -> str:
    """Return the type of an event or of streamed data; raise BadLine."""
    return _text(message, "type")


def read_question(message: dict[str, Any], text: str) -> Question:
    """Return a question; raise BadLine for an unknown one, or one with other facts than its own."""
    what, given = message.get("what"), message.get("given")
    if not isinstance(what, str) or what not in ASKS:
        raise BadLine("an unknown question")
    if not isinstance(given, dict) or given.keys() != ASKS[what]:
        raise BadLine(f"a question {what!r} with other facts than its own")
    for value in given.values():
        if not isinstance(value, str) or len(value) > ASKED_CHARACTERS:
            raise BadLine(f"a question {what!r} with a fact that is no short text")
    return Question(what, given, text)


def read_part(message: dict[str, Any]) -> str:
    """Return a part of a longer text; raise BadLine."""
    part = message.get("part")
    if not isinstance(part, str):
        raise BadLine("a part that is no text")
    return part


def read_failure(message: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return message and details of a failure; raise BadLine."""
    words, details = message.get("msg"), message.get("err")
    if not isinstance(words, str) or not isinstance(details, dict):
        raise BadLine("a failure without message and details")
    if len(json.dumps(details)) > _SHOWN_CHARACTERS:
        raise BadLine("a failure with too many details")
    return storable(words), details


def read_reason(message: dict[str, Any]) -> str:
    """Return why a run ended itself as cancelled; raise BadLine."""
    words = message.get("msg")
    if not isinstance(words, str):
        raise BadLine("an end without a reason")
    return storable(words)


def checked_json(text: str) -> str:
    """Return JSON text that may be stored and sent on; raise BadText.

    It is checked without building what it describes: 32 MiB of brackets would fill the memory.
    """
    raw = text.encode(errors="replace")
    if len(raw) > RESULT_BYTES:
        raise BadText("result too large: more than 32 MiB")
    if is_deeper_than(RESULT_DEPTH, raw):
        raise BadText(f"the result is nested deeper than {RESULT_DEPTH}")
    if _SURROGATE.search(raw.replace(rb"\\", b"")) or not _is_json(raw):
        raise BadText("the result is not JSON")
    return text


def storable(text: str) -> str:
    """Return text without what no database and no wire takes."""
    return text.encode(errors="replace").decode().replace("\0", "�")


def _is_json(raw: bytes) -> bool:
    if len(raw) < _SMALL:
        try:
            orjson.loads(raw)
        except orjson.JSONDecodeError:
            return False
        return True
    if b"\0" in raw:  # behind one SQLite looks at nothing
        return False
    with closing(sqlite3.connect(":memory:")) as validator:
        (is_valid,) = validator.execute("SELECT json_valid(?)", (raw.decode(),)).fetchone()
    return bool(is_valid)


def _text(message: dict[str, Any], name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str) or len(value) > _NAME_CHARACTERS:
        raise BadLine(f"a message whose {name} is no short text")
    return storable(value)


def _number(message: dict[str, Any], name: str, most: int) -> int:
    value = message.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise BadLine(f"a message whose {name} is no number in range")
    return value


def _shown(message: dict[str, Any], name: str) -> str | None:
    value = message.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > _SHOWN_CHARACTERS:
        raise BadLine(f"a call whose {name} is no bounded text")
    try:
        return checked_json(value)
    except BadText:
        raise BadLine(f"a call whose {name} is no JSON") from None


def _time(message: dict[str, Any], name: str) -> datetime:
    value = message.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadLine(f"a call whose {name} is no time")
    try:
        return datetime.fromtimestamp(value / 1_000_000, UTC)
    except (OverflowError, OSError, ValueError):
        raise BadLine(f"a call whose {name} is no time") from None
