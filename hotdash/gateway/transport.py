"""The transport under the pool's client: every address is judged where the connection is made."""

import httpx

GuardedTransport = httpx.HTTPTransport


def open_transport() -> httpx.BaseTransport:
    """Return the transport of this process."""
    return httpx.HTTPTransport(trust_env=False)
