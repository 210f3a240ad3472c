"""The process's one pool of connections for pages, made after the fork."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import httpx

from hotdash.gateway import together
from hotdash.gateway.transport import open_transport

_lock = Lock()
_transport: httpx.BaseTransport | None = None


def open_pool() -> None:
    """Make the connections' pool of this worker, its addresses guarded by the current settings."""
    transport()


def close_pool() -> None:
    """Close all connections and threads; calls in flight fail."""
    global _transport
    with _lock:
        closing, _transport = _transport, None
    if closing is not None:
        closing.close()
    together.close_threads()


def transport() -> httpx.BaseTransport:
    """Return what this process sends its requests over, made on first use."""
    global _transport
    with _lock:
        if _transport is None:
            _transport = open_transport()
        return _transport


@contextmanager
def use_transport(other: httpx.BaseTransport) -> Iterator[None]:
    """Let all calls go to this transport while inside: how tests stand in for a server."""
    global _transport
    with _lock:
        former, _transport = _transport, other
    try:
        yield
    finally:
        with _lock:
            mine, _transport = _transport, former
        if mine is not None:
            mine.close()
