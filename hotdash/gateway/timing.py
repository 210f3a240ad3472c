"""How long each call took, for whoever asks: benchmarks and the log of slow pages."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """One call as its caller saw it, its reading and parsing included."""

    method: str
    path: str
    duration_ms: float


_LOG: ContextVar[list[Timing] | None] = ContextVar("gateway_timings", default=None)


@contextmanager
def record() -> Iterator[list[Timing]]:
    """Collect the timings of all calls made inside, also of those that `together` makes."""
    log: list[Timing] = []
    token = _LOG.set(log)
    try:
        yield log
    finally:
        _LOG.reset(token)


@contextmanager
def measured(method: str, path: str) -> Iterator[None]:
    """Add the time of what runs inside to the log of this request, if one is kept."""
    log = _LOG.get()
    started = time.perf_counter()
    try:
        yield
    finally:
        if log is not None:
            log.append(Timing(method, path, (time.perf_counter() - started) * 1000))
