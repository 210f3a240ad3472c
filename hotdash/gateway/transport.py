"""The transport under the pool's client: httpcore with guarded connections."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

from hotdash.gateway import backend
from hotdash.gateway.addresses import Policy, current_policy, embedded_policy
from hotdash.gateway.lanes import Lanes

MAX_CONNECTIONS = 128
KEPT_CONNECTIONS = 32
KEPT_SECONDS = 30.0  # less than servers keep theirs


class GuardedTransport(httpx.BaseTransport):
    """Sends requests over connections that the address guard let through."""

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

        def open_pool(scheme: str, allowed: Policy) -> httpcore.ConnectionPool:
            return httpcore.ConnectionPool(
                ssl_context=tls,
                max_connections=MAX_CONNECTIONS,
                max_keepalive_connections=KEPT_CONNECTIONS,
                keepalive_expiry=KEPT_SECONDS,
                network_backend=backend.GuardedBackend(scheme, allowed, resolver, dialler),
            )

        self._pools = Lanes(open_pool, policy, embedded)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raises httpx's errors, and NotAllowed before anything is sent."""
        with _httpx_errors():
            response = self._pools.of(request).handle_request(
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
        for pool in self._pools.all():
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
