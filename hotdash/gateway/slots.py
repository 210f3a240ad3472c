"""At most so many calls in flight per environment: one slow server must not take every thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from hotdash.gateway import deadline
from hotdash.gateway.errors import NoAnswer

PER_ENVIRONMENT = 8
WAIT_SECONDS = 2.0

_slots: dict[str, threading.BoundedSemaphore] = {}
_lock = threading.Lock()


@contextmanager
def taken(environment_id: str) -> Iterator[None]:
    """Hold one of the environment's slots; raise NoAnswer("busy") when none gets free in time."""
    with _lock:
        slot = _slots.setdefault(environment_id, threading.BoundedSemaphore(PER_ENVIRONMENT))
    if not slot.acquire(timeout=deadline.remaining(WAIT_SECONDS)):
        raise NoAnswer("busy")
    try:
        yield
    finally:
        slot.release()
