"""The seconds left for one call, seen by whatever waits on its behalf."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ENDS_AT: ContextVar[float | None] = ContextVar("gateway_deadline", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give what runs inside at most so many seconds; an outer, nearer deadline stays."""
    outer = _ENDS_AT.get()
    mine = time.monotonic() + seconds
    token = _ENDS_AT.set(mine if outer is None else min(outer, mine))
    try:
        yield
    finally:
        _ENDS_AT.reset(token)


def remaining(at_most: float | None) -> float:
    """Return how long one wait may last: `at_most`, or what is left; 0.0 when nothing is."""
    ends_at = _ENDS_AT.get()
    left = float("inf") if ends_at is None else max(0.0, ends_at - time.monotonic())
    return left if at_most is None else min(at_most, left)
