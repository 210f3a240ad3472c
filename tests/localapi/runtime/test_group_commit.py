"""Threads that store at once share a transaction, and nobody's trouble is another's."""

import threading
from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest
from django.db import DatabaseError, OperationalError, connection

from hotdash.localapi import engine
from hotdash.localapi.models import Environment, Event, Stream
from hotdash.localapi.runtime.group_commit import GroupCommit
from tests.localapi.runtime.shop import Shop
from tests.sockets import wait_for

THREADS = 12
EACH = 10


class Publishers:
    """Threads that publish into one environment at once."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.stored: list[Event] = []
        self.refused: list[Exception] = []

    def publish(self, stream: Stream | None) -> None:
        for number in range(EACH):
            stream_id = stream.stream_id if stream and number % 2 else None
            try:
                self.stored.append(self._shop.publish("group:tried", number, stream_id))
            except engine.ForeignStream as error:
                self.refused.append(error)

    def all(self, *streams: Stream | None) -> None:
        together([lambda stream=stream: self.publish(stream) for stream in streams])  # type: ignore[misc]


def together(works: list[Callable[[], object]]) -> list[threading.Thread]:
    """Do each work in a thread of its own, and wait for all."""

    def doing(work: Callable[[], object]) -> None:
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=doing, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return threads


def _have_come(group: GroupCommit, count: int) -> bool:
    return len(group._waiting) == count


def test_all_that_was_acknowledged_is_there(shop: Shop) -> None:
    publishers = Publishers(shop)
    publishers.all(*[None] * THREADS)
    ids = {event.event_id for event in publishers.stored}
    assert len(ids) == THREADS * EACH
    assert set(Event.objects.filter(pk__in=ids).values_list("pk", flat=True)) == ids


def test_who_names_a_foreign_stream_is_refused_alone(shop: Shop) -> None:
    environment = Environment.objects.create(org_id=uuid4(), name="other")
    other = Stream.objects.create(environment=environment)
    publishers = Publishers(shop)
    publishers.all(*[None] * 6, *[other] * 6)
    assert len(publishers.refused) == 6 * EACH // 2
    assert shop.environment.events.count() == len(publishers.stored) == 9 * EACH
    assert not other.events.exists()


def test_rows_that_no_table_takes_are_told_to_who_brought_them(shop: Shop) -> None:
    event = shop.publish("group:tried", 1)
    again = engine.NewEvent(
        shop.environment.env_id, "group:tried", "2", None, event_id=event.event_id
    )
    with pytest.raises(DatabaseError):
        engine.accept(again)
    assert shop.publish("group:tried", 3) in shop.environment.events.all()


def test_those_who_wait_are_stored_by_the_first_who_may(stored: None) -> None:
    group = GroupCommit()
    writers: list[int] = []
    works = [lambda: group.run(lambda: writers.append(threading.get_ident()))] * 5
    with group.alone():
        waiting = threading.Thread(target=together, args=(works,))
        waiting.start()
        wait_for(lambda: len(group._waiting) == 5)
    waiting.join()
    assert len(writers) == 5
    assert len(set(writers)) == 1


def test_a_transaction_that_is_taken_back_is_nobodys(stored: None) -> None:
    group = GroupCommit()
    told: list[str] = []

    def taken_back() -> None:
        connection.cursor().execute("ROLLBACK")  # as SQLite does by itself where the disk is full
        raise OperationalError("database or disk is full")

    def bring(store: Callable[[], object]) -> None:
        try:
            group.run(store)
        except OperationalError as error:
            told.append(str(error))

    environment = Environment.objects.create(org_id=uuid4())

    def kept() -> None:
        Stream.objects.create(environment=environment)

    stores: list[Callable[[], object]] = [kept, taken_back, kept]
    waiting = [threading.Thread(target=together, args=([partial(bring, one)],)) for one in stores]
    with group.alone():
        for place, thread in enumerate(waiting, start=1):
            thread.start()
            wait_for(partial(_have_come, group, place))
    for thread in waiting:
        thread.join()
    assert told == ["database or disk is full"] * 3
    assert not environment.streams.exists()
    group.run(kept)
    assert environment.streams.count() == 1


def test_a_writer_that_is_stopped_leaves_nobody_waiting(stored: None) -> None:
    group = GroupCommit()

    def stopped() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        group.run(stopped)
    group.run(lambda: None)
