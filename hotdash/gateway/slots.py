"""At most so many calls in flight per environment: one slow server must not take every thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from hotdash.gateway import deadline
from hotdash.gateway.errors import NoAnswer

PER_ENVIRONMENT = 8
WAIT_SECONDS = 2.0
CROWDED_SECONDS = 0.05  # long enough for one slot of a server that answers at all

_slots: dict[str, threading.BoundedSemaphore] = {}
_lock = threading.Lock()
_IS_CROWDED: ContextVar[bool] = ContextVar("gateway_crowd", default=False)


@contextmanager
def in_a_crowd() -> Iterator[None]:
    """Hardly wait for a slot inside: so many wait already that no thread can be spared for it."""
    token = _IS_CROWDED.set(True)
    try:
        yield
    finally:
        _IS_CROWDED.reset(token)


@contextmanager
def taken(environment_id: str) -> Iterator[None]:
    """Hold one of the environment's slots; raise NoAnswer("busy") when none gets free in time."""
    with _lock:
        slot = _slots.setdefault(environment_id, threading.BoundedSemaphore(PER_ENVIRONMENT))
    patience = CROWDED_SECONDS if _IS_CROWDED.get() else WAIT_SECONDS
    if not slot.acquire(timeout=deadline.remaining(patience)):
        raise NoAnswer("busy")
    try:
        yield
    finally:
        slot.release()
