"""Messages as lines of JSON, bounded in length and depth: all that crosses to and from a run."""

import json
from typing import Any

import orjson

from hotdash.localapi.runtime.limits import LINE_BYTES, LINE_DEPTH

_STRUCTURE = b'[]{}"'
_NOT_STRUCTURE = bytes(byte for byte in range(256) if byte not in _STRUCTURE)
_ONE_KIND = bytes.maketrans(b"{}", b"[]")
_VALLEYS = tuple(b"]" * depth + b"[" * depth for depth in (64, 32, 16, 8, 4, 2, 1))


class BadLine(Exception):
    """What arrived is no message; its text says why."""


def encode(message: dict[str, Any]) -> bytes:
    """Return a message as one line; surrogates that JSON cannot carry become question marks."""
    return (
        json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
        + b"\n"
    )


class Reader:
    """Cuts a byte stream into messages."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, received: bytes) -> list[dict[str, Any]]:
        """Return the messages that these bytes complete; raise BadLine for what is none."""
        self._rest += received
        *lines, rest = self._rest.split(b"\n")
        self._rest = rest
        if len(rest) > LINE_BYTES:
            raise BadLine("a line is longer than 1 MiB")
        return [decode(bytes(line)) for line in lines]


def decode(line: bytes) -> dict[str, Any]:
    """Return the message in one line; raise BadLine."""
    if len(line) > LINE_BYTES:
        raise BadLine("a line is longer than 1 MiB")
    if is_deeper_than(LINE_DEPTH, line):
        raise BadLine(f"a line is nested deeper than {LINE_DEPTH}")
    try:
        # not json.loads: it takes half a surrogate pair, which nothing can store
        message = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise BadLine("a line is not JSON") from None
    if not isinstance(message, dict):
        raise BadLine("a line is not an object")
    return message


def is_deeper_than(depth: int, text: bytes) -> bool:
    """Return whether JSON text is nested deeper, without building what it describes.

    Where the depth falls and rises again by as much, those brackets may go: the deepest stays. Each
    pass runs in C and leaves half as many such valleys, or fewer, so no hostile text holds up the
    worker. Brackets without their partners are no JSON, whatever their depth: the parser says so.
    """
    if text.count(b"[") + text.count(b"{") <= depth:
        return False
    bare = text.replace(rb"\\", b"").replace(rb"\"", b"").translate(None, _NOT_STRUCTURE)
    if b'"' in bare:
        bare = b"".join(bare.split(b'"')[::2])
    if any(bare.count(left) != bare.count(right) for left, right in (b"[]", b"{}")):
        return False
    bare = bare.translate(_ONE_KIND)
    too_deep = b"[" * (depth + 1)
    while b"][" in bare and too_deep not in bare:
        for valley in _VALLEYS:
            bare = bare.replace(valley, b"")
    return too_deep in bare
