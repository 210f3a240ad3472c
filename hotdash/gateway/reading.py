"""Reads a body into memory, bounded per answer and per process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from hotdash.gateway.errors import BadAnswer

BODY_BYTES = 32 * 2**20
PROCESS_BYTES = 256 * 2**20


class _Budget:
    """Counts the bytes being read by all threads of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._used = 0

    def take(self, count: int) -> None:
        with self._lock:
            if self._used + count > PROCESS_BYTES:
                raise BadAnswer("too_large")
            self._used += count

    def give_back(self, count: int) -> None:
        with self._lock:
            self._used -= count


_budget = _Budget()


@contextmanager
def whole_body(response: httpx.Response) -> Iterator[bytearray]:
    """Give the body; raise BadAnswer("too_large") past 32 MiB or when too much is being read.

    The bytes count against the process until the block ends, parsing included.
    """
    _refuse_encodings(response)
    taken = 0
    body = bytearray()
    try:
        for chunk in response.iter_raw():
            _budget.take(len(chunk))
            taken += len(chunk)
            if taken > BODY_BYTES:
                raise BadAnswer("too_large", response.status_code)
            body += chunk
        yield body
    finally:
        _budget.give_back(taken)


def chunks(response: httpx.Response) -> Iterator[bytes]:
    """Yield the body as it comes, nothing kept."""
    _refuse_encodings(response)
    yield from response.iter_raw()


def _refuse_encodings(response: httpx.Response) -> None:
    # identity was asked for; a compressed answer could be a bomb
    if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise BadAnswer("encoding", response.status_code)
