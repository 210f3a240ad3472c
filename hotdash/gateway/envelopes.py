"""The envelopes around everything the Hot API sends (contract 1.3, 1.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from hotdash.gateway import spans
from hotdash.gateway.errors import BadAnswer
from hotdash.gateway.json_value import LARGE_BYTES, Json, parse

Row = Mapping[str, Any]  # a resource's fields; those too large to parse are Json already

_OBJECT, _ARRAY = b"{["
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
    try:
        start = spans.start_of(body)
        if body[start] != _OBJECT:
            raise BadAnswer("shape")
        return spans.read_object(body, start, partial(_part, body))[0]
    except ValueError:
        raise BadAnswer("not_json") from None


def _part(body: spans.Text, key: str, at: int) -> tuple[Any, int]:
    if key == "data" and body[at] == _ARRAY:
        return spans.read_array(body, at, partial(_row, body))
    return _row(body, at) if key == "data" else _field(body, key, at)


def _row(body: spans.Text, at: int) -> tuple[Any, int]:
    if body[at] == _OBJECT:
        return spans.read_object(body, at, partial(_field, body))
    return _field(body, "", at)


def _field(body: spans.Text, _key: str, at: int) -> tuple[Any, int]:
    end = spans.end_of(body, at)
    value = memoryview(body)[at:end]  # no copy: the body stays for as long as it does
    return (Json(value) if len(value) > LARGE_BYTES else parse(value)), end
