"""Values as the connected database stores them, for the statements that the ORM cannot say."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection


def uuid_value(value: UUID) -> Any:
    """Return an id as a parameter: Postgres has a type for it, SQLite holds 32 hex digits."""
    return value if connection.features.has_native_uuid_field else value.hex


def time_value(value: datetime | None) -> Any:
    """Return a time as a parameter, or None."""
    return None if value is None else connection.ops.adapt_datetimefield_value(value)


def id_from(value: Any) -> UUID:
    """Return the id in a column that was read without the ORM."""
    return value if isinstance(value, UUID) else UUID(hex=value)


def marks(count: int) -> str:
    """Return as many placeholders, joined for an IN list."""
    return ", ".join(["%s"] * count)
