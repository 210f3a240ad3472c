"""Cuts the bytes of a subscription into frames, in bounded memory (contract 6.1).

Written out because httpx-sse, as every client that was looked at, keeps an endless line for ever.
"""

from collections.abc import Iterator
from dataclasses import dataclass

LARGEST = 2**20
_FIELDS = frozenset({"event", "data", "id", "retry"})


@dataclass(frozen=True)
class RawFrame:
    """One frame as it came; `event` and `id` "" where the server named none."""

    event: str
    text: str
    id: str


@dataclass(frozen=True)
class Garbled:
    """A frame that could not be read: not UTF-8, no JSON object, or larger than is kept."""


class FrameReader:
    """Takes pieces of any size and gives whole frames; comments are swallowed."""

    def __init__(self) -> None:
        self._rest = bytearray()  # of a line that goes on: only what comes is ever looked at
        self._ends_in_cr = False
        self._lines: list[bytes] = []
        self._size = 0
        self._is_too_large = False

    def feed(self, piece: bytes) -> Iterator[RawFrame | Garbled]:
        """Yield what the piece completes."""
        text = b"\r" + piece if self._ends_in_cr else piece
        self._ends_in_cr = text.endswith(b"\r")  # half of a CRLF waits for its other half
        text = text.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        for part in text.splitlines(keepends=True):
            self._rest += part
            if part.endswith(b"\n"):
                line, self._rest = bytes(self._rest[:-1]), bytearray()
                if line:
                    self._keep(line)
                elif frame := self._whole():
                    yield frame
        if self._size + len(self._rest) > LARGEST:
            self._is_too_large = True
            # the line goes on: what follows must not look like a new one
            self._rest = bytearray(b":" if self._rest else b"")

    def _keep(self, line: bytes) -> None:
        self._size += len(line)
        self._is_too_large = self._is_too_large or self._size > LARGEST
        if self._is_too_large:
            self._lines = []
        elif not line.startswith(b":"):
            self._lines.append(line)

    def _whole(self) -> RawFrame | Garbled | None:
        lines, is_too_large = self._lines, self._is_too_large
        self._lines, self._size, self._is_too_large = [], 0, False
        if is_too_large:
            return Garbled()
        try:
            return _frame([line.decode() for line in lines]) if lines else None
        except UnicodeDecodeError:
            return Garbled()


def _frame(lines: list[str]) -> RawFrame | Garbled | None:
    fields: dict[str, str] = {}
    texts: list[str] = []
    for line in lines:
        name, _, value = line.removeprefix("\ufeff").partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            texts.append(value)
        elif name in _FIELDS:
            fields[name] = value
    if texts:
        return RawFrame(fields.get("event", ""), "\n".join(texts), fields.get("id", ""))
    # fields alone are no frame, by the standard; a text that is no field at all is no server's
    return None if fields else Garbled()
