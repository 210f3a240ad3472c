"""Where the values of a JSON text begin and end, found without building any of them.

A 20 MB result as Python objects can take 450 MB. A page needs its first screen and its size, so
large values stay bytes. Text that is not JSON may yield spans too; parsing them tells.
"""

import json
import re
from collections.abc import Iterator

_SCALARS = rb'[^\[\]{}"]++'
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_FLAT = rb"(?:" + _SCALARS + rb"|" + _STRING + rb")*+"
# whatever holds no container two levels deep is skipped in one step: 20 MB of rows in 0.3 s
_SKIPPED = re.compile(
    rb"(?:" + _SCALARS + rb"|" + _STRING + rb"|\{" + _FLAT + rb"\}|\[" + _FLAT + rb"\])*+",
    re.DOTALL,
)
_WHOLE_STRING = re.compile(_STRING, re.DOTALL)
_WHOLE_SCALAR = re.compile(rb"[^\s,\[\]{}\"]++")
_SPACE = re.compile(rb"[\s,:]*+")

Text = bytes | bytearray | memoryview


class Unfinished(ValueError):
    """The text ends, or turns into something else, before the value does."""


def start_of(text: Text) -> int:
    """Return where the first value of a text starts."""
    return _past_space(text, 0)


def end_of(text: Text, start: int) -> int:
    """Return where the value that starts at `start` ends; raise Unfinished if it does not."""
    opening = text[start : start + 1]
    if opening in (b"{", b"["):
        return _end_of_container(text, start + 1)
    match = (_WHOLE_STRING if opening == b'"' else _WHOLE_SCALAR).match(text, start)
    if match is None:
        raise Unfinished("no value")
    return match.end()


def fields(text: Text, start: int) -> Iterator[tuple[str, int, int]]:
    """Yield (key, start, end) of each field of the object that starts at `start`."""
    at = _past_space(text, start + 1)
    while text[at : at + 1] != b"}":
        key_end = end_of(text, at)
        key = json.loads(bytes(text[at:key_end]))
        value = _past_space(text, key_end)
        value_end = end_of(text, value)
        yield str(key), value, value_end
        at = _past_space(text, value_end)


def items(text: Text, start: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each item of the array that starts at `start`."""
    at = _past_space(text, start + 1)
    while text[at : at + 1] != b"]":
        item_end = end_of(text, at)
        yield at, item_end
        at = _past_space(text, item_end)


def _end_of_container(text: Text, at: int) -> int:
    depth = 1
    while depth:
        at = _past(_SKIPPED, text, at)
        bracket = text[at : at + 1]
        if not bracket or bracket == b'"':
            raise Unfinished("no closing bracket")
        depth += 1 if bracket in (b"{", b"[") else -1
        at += 1
    return at


def _past_space(text: Text, at: int) -> int:
    return _past(_SPACE, text, at)


def _past(pattern: re.Pattern[bytes], text: Text, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at
