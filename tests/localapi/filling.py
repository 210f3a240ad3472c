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
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hotdash.localapi.models import Build, Event, Run, Stream

SPREAD = timedelta(days=60)
BATCH = 2_000


def fill(environment_id: UUID, count: int) -> None:
    """Add runs to an environment, with what belongs to them, oldest first."""
    from django.db import connection, transaction

    from hotdash.localapi.models import Build, Environment
    from hotdash.localapi.runtime import counters
    from hotdash.localapi.runtime.rows import insert

    project = Environment.objects.get(pk=environment_id).projects.create(name="filled")
    build = Build.objects.create(
        project=project, hash="0" * 64, size=1, manifest="{}", storage_path="builds/none.zip"
    )
    made = _accepted_and_over(build, environment_id, count)
    while rows := list(islice(made, BATCH)):
        with transaction.atomic():
            for kind in zip(*rows, strict=True):
                insert(kind)
            changes = []
            for _, event, run in rows:
                changes += counters.accepted(event, [run])
                changes += counters.moved(run, "pending", run.status)
            counters.add(changes)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _accepted_and_over(
    build: "Build", environment_id: UUID, count: int
) -> "Iterator[tuple[Stream, Event, Run]]":
    from hotdash.localapi.models import Event, Run, Stream

    first = datetime.now(UTC) - SPREAD
    for number in range(count):
        at = first + SPREAD * (number / count)
        stream = Stream(stream_id=_id_at(at), environment_id=environment_id, created_at=at)
        event = Event(
            event_id=_id_at(at),
            environment_id=environment_id,
            stream_id=stream.stream_id,
            event_type="order:placed",
            event_data='{"order": "A-20417", "lines": [{"sku": "MUG-1", "quantity": 2}]}',
            event_time=at,
            created_at=at,
            source="api",
        )
        run = Run(
            run_id=_id_at(at),
            environment_id=environment_id,
            stream_id=stream.stream_id,
            build=build,
            project_id=build.project_id,
            event_id=event.event_id,
            run_type="call" if number % 100 == 0 else "event",
            status="failed" if number % 5 == 0 else "succeeded",
            start_time=at,
            stop_time=at + timedelta(milliseconds=250),
            result='{"pieces": 2, "total": 2590}',
            ns="::shop::orders",
            var="on-order-placed",
            event_type="order:placed",
            execution=1,
        )
        yield stream, event, run


def _id_at(moment: datetime) -> UUID:
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (7 << 76) | random.getrandbits(76))


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "hotdash.localapi.settings"
    import django

    django.setup()
    fill(UUID(sys.argv[1]), int(sys.argv[2]))
