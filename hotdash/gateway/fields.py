"""Tolerant reading of fields: what is missing or odd reads as nothing (contract 12.1)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hotdash.gateway.envelopes import Row
from hotdash.gateway.errors import BadAnswer
from hotdash.gateway.json_value import Json


def own_id(row: Row, key: str) -> UUID:
    """Return the id that the resource cannot do without; raise BadAnswer("shape") otherwise."""
    value = uuid(row, key)
    if value is None:
        raise BadAnswer("shape", message=f"{key} is missing")
    return value


def uuid(row: Row, key: str) -> UUID | None:
    """Return an id, or None."""
    value = row.get(key)
    if not isinstance(value, str):
        return None
    try:
        return UUID(value)
    except ValueError:
        return None


def text(row: Row, key: str) -> str:
    """Return a text, unknown enumeration values as they are; "" if there is none."""
    value = row.get(key)
    return value if isinstance(value, str) else ""


def maybe_text(row: Row, key: str) -> str | None:
    """Return a text, or None where the key is absent or null."""
    value = row.get(key)
    return value if isinstance(value, str) else None


def whole(row: Row, key: str) -> int:
    """Return a whole number; 0 if there is none."""
    return maybe_whole(row, key) or 0


def maybe_whole(row: Row, key: str) -> int | None:
    """Return a whole number, or None."""
    value = row.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def truth(row: Row, key: str) -> bool:
    """Return whether the field is true."""
    return row.get(key) is True


def moment(row: Row, key: str) -> datetime | None:
    """Return a time in UTC from RFC 3339 with 0, 3, 6 or 9 digits, `Z` or an offset; else None.

    Digits beyond microseconds are cut.
    """
    try:
        value = datetime.fromisoformat(row[key])
    except (KeyError, ValueError, TypeError):
        return None
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def mapping(row: Row, key: str) -> Row:
    """Return an object's fields; {} if there is none."""
    value = row.get(key)
    if isinstance(value, Json):
        value = value.value
    return value if isinstance(value, dict) else {}


def payload(row: Row, key: str) -> Json | None:
    """Return any JSON value; None only where the key is absent, `Json(null)` where it is null."""
    if key not in row:
        return None
    value: Any = row[key]
    return value if isinstance(value, Json) else Json(value=value)
