"""The transport under the pool's client: httpcore with guarded connections."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from hotdash.gateway import backend
from hotdash.gateway.addresses import Policy, current_policy, embedded_policy

MAX_CONNECTIONS = 128
KEPT_CONNECTIONS = 32
KEPT_SECONDS = 30.0  # less than servers keep theirs


class GuardedTransport(httpx.BaseTransport):
    """Sends requests over connections that the address guard let through.

    Embedded environments have connections of their own, so that what they may reach is not lent
    to others by sharing.
    """

    def __init__(
        self,
        policy: Policy,
        embedded: Policy,
        resolver: backend.Resolver = backend.look_up,
        dialler: httpcore.NetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        dialler = dialler or httpcore.SyncBackend()
        tls = tls or httpx.create_ssl_context(trust_env=False)
        self._pools = {
            name: httpcore.ConnectionPool(
                ssl_context=tls,
                max_connections=MAX_CONNECTIONS,
                max_keepalive_connections=KEPT_CONNECTIONS,
                keepalive_expiry=KEPT_SECONDS,
                network_backend=backend.GuardedBackend(scheme, allowed, resolver, dialler),
            )
            for name, scheme, allowed in (
                ("http", "http", policy),
                ("https", "https", policy),
                ("embedded", "http", embedded),
            )
        }

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raises httpx's errors, and NotAllowed before anything is sent."""
        is_embedded = request.extensions.get("is_embedded", False)
        pool = self._pools["embedded" if is_embedded else request.url.scheme]
        with _httpx_errors():
            response = pool.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response.stream),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.close()


class _Body(httpx.SyncByteStream):
    """A response's body with httpcore's errors turned into httpx's."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        with _httpx_errors():
            yield from self._stream

    def close(self) -> None:
        self._stream.close()


def open_transport() -> GuardedTransport:
    """Return a transport guarded by the current settings; raises MissingSetting."""
    return GuardedTransport(current_policy(), embedded_policy())


@contextmanager
def _httpx_errors() -> Iterator[None]:
    """Raise httpcore's error as httpx's of the same name: its own table is private."""
    try:
        yield
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
    ) as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error
