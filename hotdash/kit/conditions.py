"""What the address of a list asks for: read word by word, and written again."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from hotdash.kit.formats import clipped, visible
from hotdash.kit.paging import no_position, read_position


class Conditions:
    """Reads a query; what it names and does not exist is left out, and said in `unknown`."""

    def __init__(self, query: Mapping[str, Any], where: str = "") -> None:
        self._query = query
        self._where = where
        self.unknown: list[str] = []  # sentences

    def read(self, name: str, options: Collection[str]) -> str:
        """Return the option that the query names, "" for none."""
        asked = str(self._query.get(name) or "")
        if asked and asked not in options:
            self.unknown.append(f"There is no {name} “{clipped(visible(asked), 60)}”{self._where}.")
            return ""
        return asked

    def read_offset(self) -> int:
        """Return how many rows lie before the one that the page begins with."""
        position = str(self._query.get("from") or "")
        offset = read_position(position)
        if offset is None:
            self.unknown.append(no_position(position))
        return offset or 0


def read_id(text: Any) -> UUID | None:
    """Return the id that a word of an address is, None for any other."""
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None


def query_string(told: Mapping[str, object]) -> str:
    """Return what is told as the query of an address; nothing of it, and so no query, if empty."""
    pairs = {name: value for name, value in told.items() if value}
    return f"?{urlencode(pairs)}" if pairs else ""
