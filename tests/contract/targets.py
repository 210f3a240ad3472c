"""The servers that the contract suite asks the same things of."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

import httpx

from hotdash.gateway import pool
from hotdash.gateway.secret import Secret
from hotdash.gateway.upstream import Gateway, Upstream


@dataclass(frozen=True)
class World:
    """What exists on a server, by the names that cases use; all ids are of real objects."""

    project: str  # has a deployed build
    project_id: str
    idle: str  # has none
    run_id: str
    event_id: str
    stream_id: str
    build_id: str


@dataclass(frozen=True)
class Target:
    """One server and what exists on it; `kind` is platform, older or embedded."""

    kind: str
    origin: str
    prefix: str
    key: str
    world: World
    transport: httpx.BaseTransport

    @property
    def gateway(self) -> Gateway:
        """A person's door to it."""
        return self.door(self.key)

    def door(self, key: str) -> Gateway:
        """A door with another key."""
        return Gateway(Upstream("contract", self.origin, self.prefix), Secret(key), "mia")

    def reached(self) -> AbstractContextManager[None]:
        """The gateway calls this server while inside."""
        return pool.use_transport(Kept(self.transport))


class Kept(httpx.BaseTransport):
    """A transport that outlives the client of one test."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._transport.handle_request(request)
