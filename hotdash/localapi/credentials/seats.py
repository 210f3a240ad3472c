"""The seats of open streams: so many for each credential, organization and process (contract 3).

A seat is given back when nothing holds it any more: a stream that ends, breaks or never begins
needs no other word. Credentials that were revoked or have expired lose theirs within seconds.
"""

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from uuid import UUID
from weakref import WeakKeyDictionary, WeakSet

from django.db import Error

from hotdash.host import environment
from hotdash.host.stopping import stopping
from hotdash.localapi.aside import aside
from hotdash.localapi.credentials.auth import live
from hotdash.localapi.credentials.principals import Kind, Principal
from hotdash.localapi.errors import Refused

_LOG = logging.getLogger(__name__)
_MOST_OF_AN_ORGANIZATION = 1024
_MOST = 10_000
_LOOKS_EVERY_SECONDS = 2.0


class Seat(asyncio.Event):
    """One open stream's place; set when its credential has ended and the stream has to."""

    def __init__(self, principal: Principal) -> None:
        super().__init__()
        self.principal = principal


_TAKEN: WeakSet[Seat] = WeakSet()
_WATCHES: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[None]] = WeakKeyDictionary()


def take(principal: Principal) -> Seat:
    """Return a seat, from the loop of its stream; raise 429 where none is left."""
    _refuse_more(principal)
    seat = Seat(principal)
    _TAKEN.add(seat)
    loop = asyncio.get_running_loop()
    watch = _WATCHES.get(loop)
    if watch is None or watch.done():
        _WATCHES[loop] = loop.create_task(_watch())
    return seat


def _refuse_more(principal: Principal) -> None:
    taken = Counter(_owner(seat.principal) for seat in _TAKEN)
    own = sum(seat.principal.credential_id == principal.credential_id for seat in _TAKEN)
    most = environment.number("HOTDASH_API_STREAMS")
    if 0 < most <= own:
        sentence = f"This {principal.kind.value} has {most:,} open streams, which is the limit."
    elif taken[_owner(principal)] >= _MOST_OF_AN_ORGANIZATION:
        sentence = f"The organization has {_MOST_OF_AN_ORGANIZATION:,} open streams, the limit."
    elif taken.total() >= _MOST:
        sentence = f"This server has {_MOST:,} open streams, which is the limit."
    else:
        return
    raise Refused(429, f"{sentence} Close one first.", retry_after=1)


def _owner(principal: Principal) -> UUID | None:
    return principal.environment.org_id if principal.environment else None


async def _watch() -> None:
    """Set the seats of credentials that have ended, as long as any seat is taken."""
    while _TAKEN:
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOKS_EVERY_SECONDS):
                await stopping().wait()
            return
        try:
            living = await aside(_living, {seat.principal for seat in _TAKEN})
        except Error:
            # whoever could read goes on until the database can be asked again
            _LOG.warning("whose streams may go on cannot be asked: the database is away")
            continue
        for seat in list(_TAKEN):
            if seat.principal.credential_id not in living:
                seat.set()


def _living(principals: set[Principal]) -> set[UUID]:
    living: set[UUID] = set()
    for kind in Kind:
        ids = {one.credential_id for one in principals if one.kind is kind}
        if ids:
            living |= set(live(kind).filter(pk__in=ids).values_list("pk", flat=True))
    return living
