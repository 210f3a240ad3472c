"""Counts what a database holds already, and marks the payloads that are large."""

from collections.abc import Iterator
from typing import Any

from django.db import migrations
from django.db.models import Count, Func, IntegerField, Sum
from django.db.models.functions import Coalesce, TruncMonth

_MUCH = 65_536  # bytes; the rows of one list may be read together up to that
_BATCH = 500

_Counted = tuple[Any, str, str, int]  # environment, noun, facet, amount


class _Octets(Func):
    function = "OCTET_LENGTH"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "LENGTH(CAST(%(expressions)s AS BLOB))"
        return self.as_sql(compiler, connection, template=template, **context)


def _fill(apps: Any, _editor: Any) -> None:
    run, event, call, counter = (
        apps.get_model("localapi", name) for name in ("Run", "Event", "Call", "Counter")
    )
    counted = [*_runs(run), *_events(event), *_calls(call)]
    counter.objects.bulk_create(
        [
            counter(environment_id=environment, noun=noun, facet=facet, slot=0, amount=amount)
            for environment, noun, facet, amount in counted
        ],
        batch_size=_BATCH,
    )
    _mark(run, "result", "result_bytes")
    _mark(event, "event_data", "data_bytes")


def _runs(run: Any) -> Iterator[_Counted]:
    runs = run.objects.exclude(run_type="task").order_by()
    kinds = runs.values_list("environment_id", "status", "run_type").annotate(Count("run_id"))
    for environment, status, run_type, amount in kinds:
        yield environment, "run", f"{status} {run_type}", amount
    months = runs.annotate(month=TruncMonth("start_time")).values_list("environment_id", "month")
    for environment, month, amount in months.annotate(Count("run_id")):
        yield environment, "accepted", f"{month:%Y-%m}", amount


def _events(event: Any) -> Iterator[_Counted]:
    events = event.objects.order_by().values_list("environment_id")
    for environment, amount in events.annotate(Count("event_id")):
        yield environment, "event", "", amount


def _calls(call: Any) -> Iterator[_Counted]:
    over = call.objects.exclude(run__status__in=["pending", "running"]).order_by()
    size = Sum(_Octets("args") + Coalesce(_Octets("value"), 0))
    sums = over.values_list("run__environment_id").annotate(amount=Count("var_id"), octets=size)
    for environment, amount, octets in sums:
        yield environment, "call", "", amount
        yield environment, "call_bytes", "", octets


def _mark(model: Any, payload: str, size: str) -> None:
    large = model.objects.annotate(octets=_Octets(payload)).filter(octets__gt=_MUCH)
    large.update(**{size: _Octets(payload)})


class Migration(migrations.Migration):
    """Nothing of it is undone: the tables that it fills go with the migration before."""

    dependencies = [("localapi", "0005_counters_and_blobs")]
    operations = [migrations.RunPython(_fill, migrations.RunPython.noop)]
