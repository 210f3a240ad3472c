"""Where the values of a JSON text begin and end, found without building any of them.

A 20 MB result as Python objects can take 450 MB. A page needs its first screen and its size, so
large values stay bytes. Text that is not JSON may yield spans too; parsing them tells.
"""

import json
import re
import sys
from collections.abc import Callable
from typing import Any

MAX_DEPTH = 512

_SCALARS = rb'[^\[\]{}"]++'
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_OPENING = b"[{"
_QUOTE = ord('"')


def _nested(depth: int) -> bytes:
    """Return a pattern for all that holds no container more than `depth` levels deep."""
    inner = b""
    if depth:
        deeper = _nested(depth - 1)
        inner = rb"|\{" + deeper + rb"\}|\[" + deeper + rb"\]"
    return rb"(?:" + _SCALARS + rb"|" + _STRING + inner + rb")*+"


# what lies three levels deep is skipped in one step: 25 MB of rows in 0.2 s; before 3.11.5 a
# possessive group goes on where its last, failed turn stood, so there each bracket is a step
_LEVELS = 3 if sys.version_info >= (3, 11, 5) else 0
_skip = re.compile(_nested(_LEVELS), re.DOTALL).match
_string = re.compile(_STRING, re.DOTALL).match
_scalar = re.compile(rb'[^\s,:\[\]{}"]++').match
_space = re.compile(rb"[\s,:]*+").match
_brackets = re.compile(rb"[\[{]++|[\]}]++").match

Text = bytes | bytearray | memoryview


class Unfinished(ValueError):
    """The text ends, nests too deep, or turns into something else before the value ends."""


def start_of(text: Text, at: int = 0) -> int:
    """Return where the next value starts, or the bracket that ends its container."""
    found = _space(text, at)
    at = found.end() if found else at
    if at >= len(text):
        raise Unfinished("the text ends")
    return at


def end_of(text: Text, start: int) -> int:
    """Return where the value that starts at `start` ends; raises Unfinished if it does not."""
    if text[start] in _OPENING:
        return _end_of_container(text, start + 1)
    found = (_string if text[start] == _QUOTE else _scalar)(text, start)
    if found is None:
        raise Unfinished("no value")
    return found.end()


def find(text: Text, start: int, wanted: str) -> tuple[int, int] | None:
    """Return where the value of an object's key begins and ends; what comes later is not read."""
    at = start_of(text, start + 1)
    while text[at] != ord("}"):
        key, at = _key(text, at)
        end = end_of(text, at)
        if key == wanted:
            return at, end
        at = start_of(text, end)
    return None


def read_object(
    text: Text, start: int, read: Callable[[str, int], tuple[Any, int]]
) -> tuple[dict[str, Any], int]:
    """Return an object and its end; `read` gives the value at a key's position, and its end."""
    fields = {}
    at = start_of(text, start + 1)
    while text[at] != ord("}"):
        key, at = _key(text, at)
        fields[key], at = read(key, at)
        at = start_of(text, at)
    return fields, at + 1


def read_array(
    text: Text, start: int, read: Callable[[int], tuple[Any, int]]
) -> tuple[list[Any], int]:
    """Return an array and its end; `read` gives the item at a position, and its end."""
    items = []
    at = start_of(text, start + 1)
    while text[at] != ord("]"):
        item, at = read(at)
        items.append(item)
        at = start_of(text, at)
    return items, at + 1


def _key(text: Text, at: int) -> tuple[str, int]:
    end = end_of(text, at)
    key = json.loads(bytes(text[at:end]))
    if not isinstance(key, str):
        raise Unfinished("no key")
    return key, start_of(text, end)


def _end_of_container(text: Text, at: int) -> int:
    depth = 1
    while depth < MAX_DEPTH:
        found = _skip(text, at)
        at = found.end() if found else at
        brackets = _brackets(text, at)
        if brackets is None:
            raise Unfinished("no closing bracket")
        many = brackets.end() - at
        if text[at] in _OPENING:
            depth += many
        elif many >= depth:
            return at + depth
        else:
            depth -= many
        at += many
    raise Unfinished("too deep")
