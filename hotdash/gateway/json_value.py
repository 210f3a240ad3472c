"""A JSON value of outside origin: small ones parsed, large ones kept as the bytes that came."""

import json
import re
from functools import cached_property
from typing import Any

from hotdash.gateway import spans
from hotdash.gateway.errors import BadAnswer

LARGE_BYTES = 64 * 1024

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Json:
    """A payload: a result, an event's data, a call's argument.

    `value` is the parsed value; of a large one only `size`, `head` and `child` are meant to be
    used, since parsing can take twenty times its size.
    """

    def __init__(self, raw: spans.Text | None = None, *, value: Any = None) -> None:
        self._raw = raw
        if raw is None:
            self.__dict__["value"] = value

    @cached_property
    def value(self) -> Any:
        """The parsed value; raises BadAnswer("not_json") if it is none."""
        return parse(self.raw)

    @cached_property
    def raw(self) -> spans.Text:
        """The value as JSON text in UTF-8: as it came, or compact where it came with others."""
        if self._raw is not None:
            return self._raw
        return json.dumps(self.value, ensure_ascii=False, separators=(",", ":")).encode()

    @property
    def size(self) -> int:
        """Length of `raw` in bytes."""
        return len(self.raw)

    @property
    def is_large(self) -> bool:
        """Whether the value is one to be downloaded rather than shown."""
        return self._raw is not None and len(self._raw) > LARGE_BYTES

    def head(self, length: int = 2_000) -> str:
        """Return the first characters of the JSON text."""
        return bytes(self.raw[: length * 4]).decode(errors="replace")[:length]

    def child(self, key: str) -> "Json | None":
        """Return the field of an object, or None; of a large value nothing else is parsed."""
        if not self.is_large:
            value = self.value
            return Json(value=value[key]) if isinstance(value, dict) and key in value else None
        if self.raw[0] != ord("{"):
            return None
        try:
            found = spans.find(self.raw, 0, key)
        except ValueError:
            raise BadAnswer("not_json") from None
        return Json(memoryview(self.raw)[slice(*found)]) if found else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Json) and bool(self.raw == other.raw)

    def __hash__(self) -> int:
        return hash(bytes(self.raw))

    def __repr__(self) -> str:
        return f"Json({self.size} bytes)"  # payloads belong in no log


def parse(raw: spans.Text) -> Any:
    """Return the parsed text; raise BadAnswer("not_json") for half, deep or absurd JSON.

    `NaN` and `Infinity` become text; halves of surrogate pairs become U+FFFD, since no page could
    encode them.
    """
    text = bytes(raw)
    try:
        require_shallow(text)
        value = json.loads(text, parse_constant=str)
        return _encodable(value) if _SURROGATE.search(text) else value
    except (ValueError, RecursionError):
        # a ValueError is also what Python raises for integers of more than 4,300 digits
        raise BadAnswer("not_json") from None


def require_shallow(text: bytes) -> None:
    """Raise ValueError where JSON text nests more than 512 levels deep.

    Python reads some more, but fails to write a few of these again wherever it stands deeper.
    """
    if text.count(b"[") + text.count(b"{") > spans.MAX_DEPTH:
        spans.end_of(text, spans.start_of(text))


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_encodable(item) for item in value]
    if isinstance(value, dict):
        return {_encodable(key): _encodable(item) for key, item in value.items()}
    return value
