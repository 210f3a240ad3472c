"""An event's data in one line, bounded however large the data is."""

from itertools import islice
from typing import Any

from hotdash.gateway.json_value import Json
from hotdash.kit.formats import clipped, visible

LONGEST = 160  # characters of the line
LONGEST_VALUE = 40
MOST_KEYS = 8


def one_line(data: Json | None) -> str:
    """Write `{ order_id: 7, lines: [3] }`; nothing where the server sends no data."""
    if data is None:
        return ""
    if data.is_large:
        return visible(clipped(data.head(LONGEST * 2), LONGEST))
    value = data.value
    line = _object(value) if isinstance(value, dict) and value else _plain(value)
    return visible(clipped(line, LONGEST))


def _object(value: dict[str, Any]) -> str:
    fields = [
        f"{clipped(key, LONGEST_VALUE)}: {_plain(inner)}"
        for key, inner in islice(value.items(), MOST_KEYS)
    ]
    rest = ", …" if len(value) > MOST_KEYS else ""
    return f"{{ {', '.join(fields)}{rest} }}"


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return f'"{clipped(value, LONGEST_VALUE)}"'
    if isinstance(value, dict):
        return "{…}" if value else "{}"
    if isinstance(value, list):
        return f"[{len(value)}]" if value else "[]"
    return clipped(Json(value=value).head(LONGEST_VALUE * 2), LONGEST_VALUE)
