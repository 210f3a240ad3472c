"""Bytes that are passed on as they come: archives, and what is too large to read."""

from collections.abc import Generator, Iterator
from contextvars import copy_context

import httpx

from hotdash.gateway import answers, deadline, exchange, prefixes, reading
from hotdash.gateway.exchange import Call
from hotdash.gateway.upstream import Gateway

TOTAL_SECONDS = 600.0


def download(gateway: Gateway, path: str) -> Iterator[bytes]:
    """Return the bytes at a path in chunks, nothing kept; a refusal is raised at once.

    Nothing else that the server says about them is passed on. Close the iterator to give up.
    """
    # each step runs in a context of its own: a deadline set between two chunks is nobody else's
    context = copy_context()
    steps = _steps(gateway, path)
    first = context.run(next, steps, b"")

    def rest() -> Iterator[bytes]:
        try:
            yield first
            while chunk := context.run(next, steps, b""):
                yield chunk
        finally:
            context.run(steps.close)

    return rest()


def _steps(gateway: Gateway, path: str) -> Generator[bytes, None, None]:
    with (
        deadline.within(TOTAL_SECONDS),
        exchange.answered(gateway, Call("GET", path), prefixes.prefix_of(gateway)) as response,
    ):
        if response.status_code != httpx.codes.OK:
            with reading.whole_body(response) as body:
                raise answers.failure(response, body)
        yield from reading.chunks(response)
