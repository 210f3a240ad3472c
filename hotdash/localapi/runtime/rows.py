"""Rows without the ORM, for statements that it cannot say or that it takes too long to say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import AutoField, Field, Model


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


@dataclass(frozen=True)
class Insertion:
    """Rows that are ready to be inserted, and what becomes of one that is there already."""

    into: str  # INSERT INTO table (columns)
    rows: Sequence[Sequence[Any]]
    otherwise: str = ""  # ON CONFLICT …


def insertion(rows: Sequence[Model]) -> Insertion:
    """Return unsaved rows of one model as an insertion; ids that the database gives stay unknown.

    The statement is made once for each model: `bulk_create` makes it anew each time, which is
    most of what it costs to accept an event.
    """
    if not rows:
        return Insertion("", [])
    into, fields = _statement_of(type(rows[0]))
    return Insertion(
        into,
        [
            [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
            for row in rows
        ],
    )


def insert_together(*insertions: Insertion) -> None:
    """Insert rows of several tables, in that order.

    On Postgres they go as one message: there each message costs more than the rows in it.
    """
    wanted = [one for one in insertions if one.rows]
    if not wanted:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            values = [value for one in wanted for row in one.rows for value in row]
            cursor.execute("; ".join(_text_of(one, len(one.rows)) for one in wanted), values)
            return
        for one in wanted:
            cursor.executemany(_text_of(one, 1), one.rows)


def insert(*groups: Sequence[Model]) -> None:
    """Insert unsaved rows, each group of one model."""
    insert_together(*map(insertion, groups))


def _text_of(one: Insertion, count: int) -> str:
    row = f"({marks(len(one.rows[0]))})"
    return f"{one.into} VALUES {', '.join([row] * count)} {one.otherwise}"


@cache
def _statement_of(model: type[Model]) -> "tuple[str, tuple[Field[Any, Any], ...]]":
    meta = model._meta  # noqa: SLF001  Django's documented name for it
    fields = tuple(field for field in meta.concrete_fields if not isinstance(field, AutoField))
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return f'INSERT INTO "{meta.db_table}" ({columns})', fields
