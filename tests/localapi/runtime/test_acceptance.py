"""An event, its stream and its runs are one thing to the database, and few words to it."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.db import connection, transaction

from hotdash.localapi.models import Event, EventHandler, Run, Stream
from hotdash.localapi.retention import prune
from tests.localapi import rows
from tests.localapi.runtime.aside import aside
from tests.localapi.runtime.shop import Shop
from tests.localapi.runtime.test_retention import MONTH, Past


def messages(work: Callable[[], object]) -> list[str]:
    """Return what is said to the database meanwhile."""
    said: list[str] = []

    def hear(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        said.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(hear):
        work()
    return said


def test_all_that_an_event_begins_is_one_message_on_postgres(shop: Shop) -> None:
    build = rows.build(shop.project.project_id)
    for var in ("pack", "ship"):
        EventHandler.objects.create(build=build, event_type="paid", ns="::shop", var=var)
    said = messages(lambda: shop.publish("paid"))
    runs = Run.objects.filter(environment=shop.environment, status="pending")
    assert runs.count() == 2
    runs.update(claim_at=None)
    tables = [sql for sql in said if "INSERT" in sql]
    assert len(tables) == (1 if connection.vendor == "postgresql" else 6)


def test_an_event_for_a_stream_that_is_just_pruned_opens_it_again(shop: Shop) -> None:
    former = Past(shop).event(40)

    def publish() -> Event:
        return shop.publish("paid", stream_id=former.stream_id)

    with ExitStack() as others:
        with transaction.atomic():
            list(Stream.objects.select_for_update().filter(pk=former.stream_id))
            publishing = others.enter_context(aside(publish))
            prune(MONTH)
        event = publishing.result()
    assert list(Event.objects.filter(stream=former.stream_id)) == [event]
    assert Stream.objects.get(pk=former.stream_id).environment_id == shop.environment.env_id


def test_a_stream_into_which_an_event_is_just_published_is_not_pruned(shop: Shop) -> None:
    former = Past(shop).event(40)
    with ExitStack() as others:
        with transaction.atomic():
            shop.publish("paid", stream_id=former.stream_id)
            pruning = others.enter_context(aside(lambda: prune(MONTH)))
        assert pruning.result().is_complete
    assert not Event.objects.filter(pk=former.pk).exists()
    assert Event.objects.filter(stream=former.stream_id).count() == 1
