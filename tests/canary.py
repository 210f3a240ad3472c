"""A secret that is typed, and all in which it must not be found afterwards."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection

CANARY = "hot_" + "0" * 32 + "_" + "c" * 58 + "canary"  # as a key looks


def require_no_trace(
    secret: str,
    answers: Iterable[Any],
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Fail where the secret is in an answer, a log, what was printed, or the database."""
    for answer in answers:
        assert secret not in answer.content.decode()
    assert secret not in caplog.text
    assert secret not in "".join(capsys.readouterr())
    assert secret not in _everything_stored()


def _everything_stored() -> str:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  names from the database itself
            rows.append(repr(cursor.fetchall()))
    return "".join(rows)
