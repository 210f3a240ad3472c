"""Ends streams whose right is gone, and all of them when the server stops."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import structlog

from hotdash.gateway.environments import get_environment
from hotdash.gateway.errors import GatewayError, Refused
from hotdash.gateway.upstream import Gateway
from hotdash.host.stopping import stopping
from hotdash.live.admission import Visit, still_stands
from hotdash.live.aside import aside, asked
from hotdash.live.channel import Channel
from hotdash.live.horizon import read_since
from hotdash.live.notes import Bye

if TYPE_CHECKING:
    from hotdash.live.hub import Hub

_LOG = structlog.stdlib.get_logger(__name__)

POLL_SECONDS = 1.0
LOOK_AGAIN_SECONDS = 60.0
REVOKED = Bye("revoked")


class Watch:
    """Four tasks beside the streams, while there are any."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._tasks: list[asyncio.Task[None]] = []
        self._trials: dict[Gateway, asyncio.Task[None]] = {}

    def begin(self) -> None:
        """Watch, unless it does."""
        if not self._tasks:
            work = (
                self._stop(),
                _again_and_again(POLL_SECONDS, self._end_what_is_revoked),
                _again_and_again(LOOK_AGAIN_SECONDS, self._look_again),
                _again_and_again(LOOK_AGAIN_SECONDS, self._try_keys),
            )
            self._tasks = [asyncio.create_task(each) for each in work]

    def end(self) -> None:
        """Ask nothing any more."""
        for task in (*self._tasks, *self._trials.values()):
            task.cancel()
        self._tasks, self._trials = [], {}

    async def _stop(self) -> None:
        await stopping().wait()
        self._hub.say_bye(Bye("stopping"))

    async def _end_what_is_revoked(self) -> None:
        """End what a written revocation ends, whichever process wrote it."""
        guests = dict(self._hub.guests)
        rows = await aside(read_since, [guest.horizon for guest in guests.values()])
        for channel, guest in guests.items():
            ended = {each.subject for each in rows if guest.horizon.is_beyond(each)}
            if not ended.isdisjoint(guest.visit.subjects):
                self._end(channel, guest.visit)
            guest.horizon = guest.horizon.moved_on(rows)

    async def _look_again(self) -> None:
        """Check all that was checked at the door."""
        for channel, guest in tuple(self._hub.guests.items()):
            if not await self._still_stands(guest.visit):
                self._end(channel, guest.visit)

    async def _still_stands(self, visit: Visit) -> bool:
        try:
            return await aside(still_stands, visit)
        except Exception:  # noqa: BLE001  what keeps one from being looked at keeps no other
            _LOG.exception("rights cannot be looked at again")
            return True  # the database is away, and pages do not answer either

    async def _try_keys(self) -> None:
        """Begin to try each key with its server; none waits until another's has answered."""
        visits = [guest.visit for guest in self._hub.guests.values()]
        for door in {seat.gateway for visit in visits for seat in visit.seats}:
            if door not in self._trials:
                self._trials[door] = asyncio.create_task(self._try(door))

    async def _try(self, door: Gateway) -> None:
        try:
            await asked(door, get_environment)
        except Refused as refusal:
            if refusal.status in {401, 403}:
                self._hub.refuse(door)
        except GatewayError:
            pass  # nobody answers, so nobody refuses
        finally:
            self._trials.pop(door, None)

    def _end(self, channel: Channel, visit: Visit) -> None:
        self._hub.forget(visit)
        self._hub.say_bye(REVOKED, [channel])


async def _again_and_again(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception:  # noqa: BLE001  whatever it was: a right that nobody watches is worse
            _LOG.exception("open streams could not be looked over")
