"""Ends streams whose right is gone, and all of them when the server stops."""

import asyncio
from typing import TYPE_CHECKING

import structlog
from django.db import DatabaseError

from hotdash.gateway.environments import get_environment
from hotdash.gateway.errors import GatewayError, Refused
from hotdash.gateway.upstream import Gateway
from hotdash.host.stopping import stopping
from hotdash.live.admission import Visit, still_stands
from hotdash.live.aside import aside
from hotdash.live.horizon import read_since
from hotdash.live.notes import Bye

if TYPE_CHECKING:
    from hotdash.live.hub import Hub

_LOG = structlog.stdlib.get_logger(__name__)

POLL_SECONDS = 1.0
LOOK_AGAIN_SECONDS = 60.0
REVOKED = Bye("revoked")


class Watch:
    """Three tasks beside the streams, while there are any."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """Watch, unless it does."""
        if not self._tasks:
            work = (self._stop(), self._read_revocations(), self._look_again())
            self._tasks = [asyncio.create_task(each) for each in work]

    def end(self) -> None:
        """Ask nothing any more."""
        for task in self._tasks:
            task.cancel()
        self._tasks = []

    async def _stop(self) -> None:
        await stopping().wait()
        self._hub.say_bye(Bye("stopping"))

    async def _read_revocations(self) -> None:
        """End what a written revocation ends, whichever process wrote it."""
        while True:
            try:
                await self._end_what_is_revoked()
            except DatabaseError:
                _LOG.exception("revocations cannot be read")
            await asyncio.sleep(POLL_SECONDS)

    async def _end_what_is_revoked(self) -> None:
        guests = dict(self._hub.guests)
        rows = await aside(read_since, [guest.horizon for guest in guests.values()])
        for channel, guest in guests.items():
            ended = {each.subject for each in rows if guest.horizon.is_beyond(each)}
            if ended and not ended.isdisjoint(guest.visit.subjects):
                self._hub.forget(guest.visit)
                self._hub.say_bye(REVOKED, [channel])
            guest.horizon = guest.horizon.moved_on(rows)

    async def _look_again(self) -> None:
        """Check once a minute all that was checked at the door, and each key with its server."""
        while True:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            doors: set[Gateway] = set()
            for channel, guest in tuple(self._hub.guests.items()):
                if not await self._still_stands(guest.visit):
                    self._hub.forget(guest.visit)
                    self._hub.say_bye(REVOKED, [channel])
                doors.update(seat.gateway for seat in guest.visit.seats)
            for door in doors:
                await self._probe(door)

    async def _still_stands(self, visit: Visit) -> bool:
        try:
            return await aside(still_stands, visit)
        except DatabaseError:
            _LOG.exception("rights cannot be looked at again")
            return True  # pages do not answer either; in a minute it is asked again

    async def _probe(self, door: Gateway) -> None:
        try:
            await aside(get_environment, door)
        except Refused as refusal:
            if refusal.status in {401, 403}:
                self._hub.refuse(door)
        except GatewayError:
            pass  # nobody answers, so nobody refuses
