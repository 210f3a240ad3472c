"""Connections of subscriptions: the same address guard as the pages', on aiohttp."""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from typing import Any

import aiohttp
import httpx
from aiohttp.abc import ResolveResult
from httpx_aiohttp import AiohttpTransport

from hotdash.gateway import backend
from hotdash.gateway.addresses import Policy, current_policy, embedded_policy
from hotdash.gateway.lanes import Lanes

LOOK_UP_SECONDS = 2.0
CONNECTIONS = 2000  # a subscription holds one for as long as somebody watches


class GuardedConnector(aiohttp.TCPConnector):
    """Connects only where the policy lets this scheme; raises NotAllowed before a packet leaves."""

    def __init__(
        self, scheme: str, policy: Policy, resolver: backend.Resolver, tls: ssl.SSLContext
    ) -> None:
        super().__init__(limit=CONNECTIONS, ssl=tls, use_dns_cache=False)
        self._scheme = scheme
        self._policy = policy
        self._look_up = resolver

    async def _resolve_host(
        self,
        host: str,
        port: int,
        traces: Sequence[Any] | None = None,  # noqa: ARG002  aiohttp's name
    ) -> list[ResolveResult]:
        # not a resolver, which aiohttp never asks about an address that is written out
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                addresses = await asyncio.wrap_future(backend.looking_up(self._look_up, host, port))
        except (OSError, UnicodeError) as error:  # TimeoutError is an OSError
            raise OSError(f"{host} could not be looked up") from error
        self._policy.judge_name((self._scheme, host, port), addresses)
        return [_result(host, address, port) for address in addresses]


class SubscriptionTransport(httpx.AsyncBaseTransport):
    """Sends subscriptions over connections that the address guard let through."""

    def __init__(
        self, policy: Policy, embedded: Policy, resolver: backend.Resolver = backend.look_up
    ) -> None:
        tls = httpx.create_ssl_context(trust_env=False)

        def open_transport(scheme: str, allowed: Policy) -> AiohttpTransport:
            return AiohttpTransport(
                client=aiohttp.ClientSession(
                    connector=GuardedConnector(scheme, allowed, resolver, tls),
                    # the default jar would carry one person's cookies into another's subscription
                    cookie_jar=aiohttp.DummyCookieJar(),
                    trust_env=False,
                )
            )

        self._transports = Lanes(open_transport, policy, embedded)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; raises httpx's errors, and NotAllowed before anything is sent."""
        return await self._transports.of(request).handle_async_request(request)

    async def aclose(self) -> None:
        """Close all connections."""
        for transport in self._transports.all():
            await transport.aclose()


def open_transport() -> SubscriptionTransport:
    """Return a transport of the running loop, guarded by the current settings."""
    return SubscriptionTransport(current_policy(), embedded_policy())


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return {
        "hostname": host,
        "host": address,
        "port": port,
        "family": family,
        "proto": 0,
        "flags": socket.AI_NUMERICHOST,
    }
