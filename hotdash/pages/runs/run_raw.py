"""A run as JSON text: all that the server sent of it, bounded."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotdash.gateway.json_value import Json
from hotdash.kit.formats import visible

LONGEST = 60_000  # characters
_HEAD = 20_000  # characters of a value that is too large to be parsed


@dataclass(frozen=True)
class RawText:
    """The text, and whether something of it is missing."""

    text: str
    is_cut: bool


def raw_text(sent: Mapping[str, Any]) -> RawText:
    """Write a resource as indented JSON; large values and the whole are cut, and it says so."""
    fields = [f"  {json.dumps(key)}: {_written(value)}" for key, value in sent.items()]
    text = "{\n" + ",\n".join(fields) + "\n}"
    is_cut = any(isinstance(value, Json) for value in sent.values()) or len(text) > LONGEST
    return RawText(visible(text[:LONGEST]), is_cut)


def _written(value: Any) -> str:
    if isinstance(value, Json):
        return f"{value.head(_HEAD)} …"
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n  ")
