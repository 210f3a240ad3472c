"""Messages as lines of JSON, bounded in length and depth: all that crosses to and from a run."""

import json
from typing import Any

from hotdash.localapi.runtime.limits import LINE_BYTES, LINE_DEPTH

_STRUCTURE = b'[]{}"'
_NOT_STRUCTURE = bytes(byte for byte in range(256) if byte not in _STRUCTURE)
_ONE_KIND = bytes.maketrans(b"{}", b"[]")


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
        message = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLine("a line is not JSON") from None
    if not isinstance(message, dict):
        raise BadLine("a line is not an object")
    return message


def is_deeper_than(depth: int, text: bytes) -> bool:
    """Return whether JSON text is nested deeper, without building what it describes.

    Each pass takes away the innermost level, in C: a hostile text costs no Python loop over it.
    Brackets without their partners are no JSON, whatever their depth: the parser says so.
    """
    if text.count(b"[") + text.count(b"{") <= depth:
        return False
    bare = text.replace(rb"\\", b"").replace(rb"\"", b"").translate(None, _NOT_STRUCTURE)
    if b'"' in bare:
        bare = b"".join(bare.split(b'"')[::2])
    if any(bare.count(left) != bare.count(right) for left, right in (b"[]", b"{}")):
        return False
    bare = bare.translate(_ONE_KIND)  # else one pass would take [] and then the {} around it
    for _ in range(depth):
        if not bare:
            return False
        bare = bare.replace(b"[]", b"")
    return bool(bare)
