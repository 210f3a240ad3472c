"""How many there are of what, kept in the transactions that make, change and delete the rows.

Counting a million rows takes longer than all else that a list does. A sum that each writer added
to its row would have Postgres' writers wait for each other; so each adds a row of its own there,
and a worker folds them together now and then (models/counters.py).
"""

import random
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from hotdash.localapi.models import Event, Run
from hotdash.localapi.runtime.rows import Insertion, id_from, insert_together, marks, uuid_value

_INTO = "INSERT INTO counter (environment_id, noun, facet, slot, amount)"
_ADDED = """
ON CONFLICT (environment_id, noun, facet, slot)
DO UPDATE SET amount = counter.amount + excluded.amount
"""
_FOLD = f"""
WITH folded AS (
    DELETE FROM counter WHERE id IN (
        SELECT id FROM counter WHERE slot <> 0 ORDER BY id LIMIT 10000 FOR UPDATE SKIP LOCKED
    ) RETURNING environment_id, noun, facet, amount
)
{_INTO}
SELECT environment_id, noun, facet, 0, SUM(amount) FROM folded GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
{_ADDED}
"""  # noqa: S608  only the two halves above
_OCTETS = {"sqlite": "LENGTH(CAST({} AS BLOB))", "postgresql": "OCTET_LENGTH({})"}
_CALLS = """
SELECT run.environment_id, COUNT(*), SUM({args} + COALESCE({value}, 0))
FROM call JOIN run ON run.run_id = call.run_id
WHERE call.{column} IN ({ids}) GROUP BY run.environment_id
"""


class Change(NamedTuple):
    """So many more of something, or fewer."""

    environment_id: UUID
    noun: str
    facet: str
    amount: int


def accepted(event: Event, runs: Iterable[Run]) -> list[Change]:
    """Return what an event changes, with the runs that it starts."""
    changes = [Change(event.environment_id, "event", "", 1)]
    for run in runs:
        changes.append(Change(run.environment_id, "accepted", f"{run.start_time:%Y-%m}", 1))
        changes += _run(run, "pending", 1)
    return changes


def moved(run: Run, before: str, after: str) -> list[Change]:
    """Return what a run's way from one status to another changes."""
    return [] if before == after else _run(run, before, -1) + _run(run, after, 1)


def forgotten(run: Run) -> list[Change]:
    """Return what the deletion of a run that is over changes; it stays accepted in its month."""
    return _run(run, run.status, -1)


def calls_of(ids: Sequence[UUID], column: str = "run_id", sign: int = 1) -> list[Change]:
    """Return what the calls of some runs add; they are counted once their run is over."""
    octets = _OCTETS[connection.vendor]
    statement = _CALLS.format(
        args=octets.format("args"),
        value=octets.format("value"),
        column=column,
        ids=marks(len(ids)),
    )
    changes = []
    with connection.cursor() as cursor:
        cursor.execute(statement, [uuid_value(one) for one in ids])
        for environment, calls, size in cursor.fetchall():
            environment_id = id_from(environment)
            changes.append(Change(environment_id, "call", "", sign * calls))
            changes.append(Change(environment_id, "call_bytes", "", sign * int(size)))
    return changes


def add(changes: Iterable[Change]) -> None:
    """Add to the counters, inside the caller's transaction."""
    insert_together(addition(changes))


def addition(changes: Iterable[Change]) -> Insertion:
    """Return what adds to the counters, to be run with other insertions of a transaction."""
    sums: dict[tuple[UUID, str, str], int] = {}
    for change in changes:
        place = (change.environment_id, change.noun, change.facet)
        sums[place] = sums.get(place, 0) + change.amount
    slot = random.getrandbits(62) + 1 if connection.vendor == "postgresql" else 0
    rows = [
        (uuid_value(environment_id), noun, facet, slot, amount)
        for (environment_id, noun, facet), amount in sorted(sums.items())
        if amount
    ]
    return Insertion(_INTO, rows, _ADDED)


def fold() -> None:
    """Add up what was added since, where each writer has a slot of its own."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_FOLD)


def _run(run: Run, status: str, amount: int) -> list[Change]:
    if run.run_type == "task":  # no list of runs has it
        return []
    return [Change(run.environment_id, "run", f"{status} {run.run_type}", amount)]
