"""What a run says while it runs: running text and values, the newest of them, as lines of a log."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Literal
from uuid import UUID

from hotdash.gateway.capabilities import get_capabilities
from hotdash.gateway.errors import GatewayError, RouteMissing
from hotdash.gateway.json_value import Json
from hotdash.gateway.pages import Page
from hotdash.gateway.stream_data import StreamData, list_stream_data
from hotdash.gateway.upstream import Gateway
from hotdash.kit.failures import Failure, explain
from hotdash.kit.formats import number, visible

NEWEST = 200  # pieces that a page shows; those before are counted
LONGEST = 2_000  # characters of one piece

Read = Page[StreamData] | GatewayError | None  # None: the server keeps no output


@dataclass(frozen=True)
class Piece:
    """One piece as it is shown: `key` is its place among the page's ids."""

    key: str
    data_type: str
    at: datetime | None
    is_text: bool
    text: str


@dataclass(frozen=True)
class Line:
    """Consecutive pieces of text of one type, read as one text; or one value."""

    pieces: tuple[Piece, ...]

    @property
    def first(self) -> Piece:
        """The piece that gives the line its time and its type."""
        return self.pieces[0]


@dataclass(frozen=True)
class Output:
    """The newest lines, how many pieces came before them, and why there may be none."""

    state: Literal["kept", "empty", "not kept", "trouble"]
    lines: tuple[Line, ...] = ()
    before: int = 0
    trouble: Failure | None = None
    most: int = NEWEST


def read_output(gateway: Gateway, run_id: UUID) -> Page[StreamData] | None:
    """Return the newest pieces; None where the server keeps none.

    The oldest are asked for first: for most runs they are all, and they say how many there are.
    """
    if not get_capabilities(gateway).has_stream_data:
        return None
    try:
        first = list_stream_data(gateway, run_id, NEWEST)
    except RouteMissing:
        return None
    if first.total <= len(first):
        return first
    return list_stream_data(gateway, run_id, NEWEST, first.total - NEWEST)


def output_of(read: Read) -> Output:
    """Shape what was read."""
    if read is None:
        return Output("not kept")
    if isinstance(read, GatewayError):
        return Output("trouble", trouble=explain(read))
    if not read.rows:
        return Output("empty")
    return Output("kept", lines_of(read.rows), max(0, read.total - len(read)))


def lines_of(items: Iterable[StreamData]) -> tuple[Line, ...]:
    """Join consecutive texts of one type; each other value is a line of its own."""
    lines: list[Line] = []
    pieces = map(_piece, items)
    for (_, is_text), group in groupby(pieces, lambda piece: (piece.data_type, piece.is_text)):
        same = tuple(group)
        lines += [Line(same)] if is_text else [Line((piece,)) for piece in same]
    return tuple(lines)


def _piece(item: StreamData) -> Piece:
    payload = item.payload
    is_text = payload is not None and not payload.is_large and isinstance(payload.value, str)
    return Piece(
        key=f"piece-{item.stream_data_id}",
        data_type=visible(item.data_type[:80]),
        at=item.at or _named_in(item.stream_data_id),
        is_text=is_text,
        text=_bounded(payload.value) if payload and is_text else _written(payload),
    )


def _named_in(piece_id: UUID) -> datetime | None:
    """Return the moment that a UUIDv7 was made at; frames carry no other time."""
    if piece_id.version != 7:
        return None
    return datetime.fromtimestamp((piece_id.int >> 80) / 1000, UTC)


def _written(payload: Json | None) -> str:
    if payload is None:
        return ""
    if payload.is_large:
        return _bounded(payload.head(LONGEST), payload.size)
    return _bounded(json.dumps(payload.value, ensure_ascii=False))


def _bounded(text: str, length: int | None = None) -> str:
    left_out = (length or len(text)) - LONGEST
    cut = visible(text[:LONGEST])
    return f"{cut} … {number(left_out)} more characters" if left_out > 0 else cut
