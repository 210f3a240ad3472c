"""Rows without the ORM, for statements that it cannot say or that it takes too long to say."""

from collections.abc import Sequence
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


class Insertion:
    """Unsaved rows of one model as a statement and its values, to be inserted later.

    The statement is made once for each model: `bulk_create` makes it anew each time, which is
    most of what it costs to accept an event. Ids that the database gives are not read back.
    """

    def __init__(self, rows: Sequence[Model]) -> None:
        self._statement = ""
        self._values: list[list[Any]] = []
        if rows:
            self._statement, fields = _insertion(type(rows[0]))
            self._values = [
                [
                    field.get_db_prep_save(getattr(row, field.attname), connection)
                    for field in fields
                ]
                for row in rows
            ]

    def run(self) -> None:
        """Insert the rows."""
        if self._values:
            with connection.cursor() as cursor:
                cursor.executemany(self._statement, self._values)


def insert(rows: Sequence[Model]) -> None:
    """Insert unsaved rows of one model."""
    Insertion(rows).run()


@cache
def _insertion(model: type[Model]) -> "tuple[str, tuple[Field[Any, Any], ...]]":
    meta = model._meta  # noqa: SLF001  Django's documented name for it
    fields = tuple(field for field in meta.concrete_fields if not isinstance(field, AutoField))
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({marks(len(fields))})', fields  # noqa: S608  only names of the models
