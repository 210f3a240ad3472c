"""The process's one httpx.Client for pages: made after the fork, without cookies or redirects."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import DefaultCookiePolicy
from threading import Lock

import httpx

from hotdash import __version__
from hotdash.gateway import together
from hotdash.gateway.transport import open_transport

CONNECT_SECONDS = 2.0
READ_SECONDS = 10.0

_lock = Lock()
_client: httpx.Client | None = None


def open_pool() -> None:
    """Make the client of this worker, its addresses guarded by the current settings."""
    client()


def close_pool() -> None:
    """Close all connections and threads; calls in flight fail."""
    global _client
    with _lock:
        closing, _client = _client, None
    if closing is not None:
        closing.close()
    together.close_threads()


def client() -> httpx.Client:
    """Return this process's client, made on first use."""
    global _client
    with _lock:
        if _client is None:
            _client = _open(open_transport())
        return _client


@contextmanager
def use_transport(transport: httpx.BaseTransport) -> Iterator[None]:
    """Let all calls go to this transport while inside: how tests stand in for a server."""
    global _client
    with _lock:
        former, _client = _client, _open(transport)
    try:
        yield
    finally:
        with _lock:
            mine, _client = _client, former
        if mine is not None:
            mine.close()


def _open(transport: httpx.BaseTransport) -> httpx.Client:
    made = httpx.Client(
        transport=transport,
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
        headers={
            "User-Agent": f"hotdash/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        },
    )
    # the default jar would carry one person's cookies into another's call
    made.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return made
