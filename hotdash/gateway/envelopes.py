"""The envelopes around everything the Hot API sends (contract 1.3, 1.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotdash.gateway import spans
from hotdash.gateway.errors import BadAnswer
from hotdash.gateway.json_value import LARGE_BYTES, Json, parse

Row = Mapping[str, Any]  # a resource's fields; those too large to parse are Json already

_WHOLE_BYTES = 256 * 1024  # below this a body is parsed at once: faster, and never large


@dataclass(frozen=True)
class Answer:
    """A success: its envelope's parts, or nothing at all after 204."""

    status: int
    fields: Row

    @property
    def row(self) -> Row:
        """The one resource of the answer; raises BadAnswer("shape") if there is none."""
        data = self.fields.get("data")
        if not isinstance(data, dict):
            raise BadAnswer("shape", self.status)
        return data

    @property
    def rows(self) -> list[Row]:
        """The resources of a list; raises BadAnswer("shape") if it is none."""
        data = self.fields.get("data")
        if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
            raise BadAnswer("shape", self.status)
        return data


def read_envelope(body: spans.Text) -> Row:
    """Return the envelope's fields; raise BadAnswer("not_json") or, if it is no object, ("shape").

    Values of more than 64 KiB inside a large body are left as Json.
    """
    if len(body) <= _WHOLE_BYTES:
        whole = parse(body)
        if not isinstance(whole, dict):
            raise BadAnswer("shape")
        return whole
    start = spans.start_of(body)
    if body[start : start + 1] != b"{":
        raise BadAnswer("shape")
    try:
        return {
            key: _data(body, at, end) if key == "data" else parse(body[at:end])
            for key, at, end in spans.fields(body, start)
        }
    except ValueError:
        raise BadAnswer("not_json") from None


def _data(body: spans.Text, start: int, end: int) -> Any:
    if body[start : start + 1] == b"[":
        return [_row(body, at, row_end) for at, row_end in spans.items(body, start)]
    return _row(body, start, end)


def _row(body: spans.Text, start: int, end: int) -> Any:
    if end - start <= LARGE_BYTES or body[start : start + 1] != b"{":
        return parse(body[start:end])
    return {key: _field(body, at, stop) for key, at, stop in spans.fields(body, start)}


def _field(body: spans.Text, start: int, end: int) -> Any:
    if end - start > LARGE_BYTES:
        return Json(memoryview(body)[start:end])  # no copy: the body stays for as long as it does
    return parse(body[start:end])
