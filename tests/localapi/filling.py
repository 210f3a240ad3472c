"""Fills an embedded API's database with runs that are over, through its models.

    HOTDASH_DATA_DIR=… python -m tests.localapi.filling ENV_ID RUNS

One run in five failed; one in a hundred was called; each has an event and a stream of its own. Ids
and times are spread over the sixty days before now, as if the runs had been accepted then.
"""

import os
import random
import sys
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

    from hotdash.localapi.models import Build, Event, Run, Stream

SPREAD = timedelta(days=60)
BATCH = 500


class Pattern:
    """A row, made by its model once and then again with other values in some columns."""

    def __init__(self, row: "Model") -> None:
        from hotdash.localapi.runtime.rows import insertion

        made = insertion([row])
        self.into = made.into
        self._values = list(made.rows[0])
        fields = type(row)._meta.concrete_fields
        self._places = {field.attname: place for place, field in enumerate(fields)}

    def row(self, **changes: Any) -> list[Any]:
        """Return the row's values with those changed; ids and times as the database takes them."""
        values = self._values.copy()
        for name, value in changes.items():
            values[self._places[name]] = value
        return values


def fill(environment_id: UUID, count: int) -> None:
    """Add runs to an environment, with what belongs to them, oldest first."""
    from django.db import connection, transaction

    from hotdash.localapi.models import Build, Environment
    from hotdash.localapi.runtime.rows import Insertion, insert_together

    project = Environment.objects.get(pk=environment_id).projects.create(name="filled")
    build = Build.objects.create(
        project=project, hash="0" * 64, size=1, manifest="{}", storage_path="builds/none.zip"
    )
    made = _models(build, environment_id)
    patterns = [Pattern(row) for row in made]
    rows = _rows(patterns, count)
    numbers = iter(range(count))
    while batch := list(islice(rows, BATCH)):
        tables = zip(patterns, zip(*batch, strict=True), strict=True)
        with transaction.atomic():
            insert_together(*(Insertion(pattern.into, values) for pattern, values in tables))
            _count(*made[1:], islice(numbers, BATCH))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _models(build: "Build", environment_id: UUID) -> "tuple[Stream, Event, Run]":
    from hotdash.localapi.models import Event, Run, Stream

    now = datetime.now(UTC)
    stream = Stream(environment_id=environment_id)
    event = Event(
        environment_id=environment_id,
        stream_id=stream.stream_id,
        event_type="order:placed",
        event_data='{"order": "A-20417", "lines": [{"sku": "MUG-1", "quantity": 2}]}',
        source="api",
    )
    run = Run(
        environment_id=environment_id,
        stream_id=stream.stream_id,
        build=build,
        project_id=build.project_id,
        event_id=event.event_id,
        start_time=now,
        stop_time=now,
        result='{"pieces": 2, "total": 2590}',
        ns="::shop::orders",
        var="on-order-placed",
        event_type="order:placed",
        execution=1,
    )
    return stream, event, run


def _kind(number: int) -> tuple[str, str]:
    return (
        "failed" if number % 5 == 0 else "succeeded",
        "call" if number % 100 == 0 else "event",
    )


def _rows(patterns: list[Pattern], count: int) -> "Iterator[tuple[list[Any], ...]]":
    from hotdash.localapi.runtime.rows import time_value, uuid_value

    stream, event, run = patterns
    first = datetime.now(UTC) - SPREAD
    for number in range(count):
        moment = first + SPREAD * (number / count)
        at, stopped = time_value(moment), time_value(moment + timedelta(milliseconds=250))
        stream_id, event_id, run_id = (uuid_value(_id_at(moment)) for _ in range(3))
        status, run_type = _kind(number)
        yield (
            stream.row(stream_id=stream_id, created_at=at),
            event.row(event_id=event_id, stream_id=stream_id, event_time=at, created_at=at),
            run.row(
                run_id=run_id,
                stream_id=stream_id,
                event_id=event_id,
                run_type=run_type,
                status=status,
                start_time=at,
                stop_time=stopped,
            ),
        )


def _count(event: "Event", run: "Run", numbers: "Iterator[int]") -> None:
    """Add to the counters what the engine would have added; all in this month."""
    from hotdash.localapi.runtime import counters

    changes = []
    for number in numbers:
        run.status, run.run_type = _kind(number)
        changes += counters.accepted(event, [run])
        changes += counters.moved(run, "pending", run.status)
    counters.add(changes)


def _id_at(moment: datetime) -> UUID:
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (7 << 76) | random.getrandbits(76))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "hotdash.localapi.settings"
    import django

    django.setup()
    fill(UUID(sys.argv[1]), int(sys.argv[2]))
