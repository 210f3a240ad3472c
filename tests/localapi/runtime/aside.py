"""Somebody else at work beside a transaction that is held open."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection

from tests.localapi.runtime.shop import pause

T = TypeVar("T")


@contextmanager
def aside(work: Callable[[], T]) -> Iterator[Future[T]]:
    """Have somebody else begin something; give what comes of it, after a moment."""

    def working() -> T:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        doing = thread.submit(working)
        pause(0.5)  # in which it comes to what the transaction holds
        yield doing
