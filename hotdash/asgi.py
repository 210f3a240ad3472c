"""The dashboard as a server runs it: pages on threads, streams on the loop, pools around them."""

import asyncio
from contextlib import AsyncExitStack

from hotdash.gateway import slots
from hotdash.gateway.pool import close_pool, open_pool
from hotdash.host.lifespan import Receive, Scope, Send, live
from hotdash.host.threads import Threads
from hotdash.host.turns import Turns
from hotdash.wsgi import application as pages  # sets Django up: before anything that needs it

from hotdash.live import hub  # isort: skip
from hotdash.live.handler import Streams  # isort: skip

# A page waits for its upstream on a thread, and those of one environment must leave room: eight are
# let in. Who waited too long goes in as well but waits for no slot, and there are eight of those:
# a server that does not answer holds 16 threads.
_THREADS, _OF_ONE = 24, 8
_WAIT_SECONDS = 5.0
_STREAMS = "/live/"

# Django's own ASGI handler costs four times the processor time a page: a dozen thread hops each
_bridge = Threads(pages, workers=_THREADS)
_streams = Streams()
_turns = Turns(_OF_ONE)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request by the pages or a stream, and the lifespan by pools and hub."""
    if scope["type"] == "lifespan":
        async with hub.serving():
            await live(receive, send, opens=open_pool, closes=close_pool)
    elif scope["type"] == "http" and scope["path"] == _STREAMS:
        await _streams(dict(scope), receive, send)  # type: ignore[arg-type]  # Django's own names
    else:
        await _page(scope, receive, send)


async def _page(scope: Scope, receive: Receive, send: Send) -> None:
    async with AsyncExitStack() as turn:
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                await turn.enter_async_context(_turns.of(_place(scope["path"])))
        except TimeoutError:
            turn.enter_context(slots.in_a_crowd())
        await _bridge(scope, receive, send)


def _place(path: str) -> str:
    """Return the organization and environment of a path, or whatever stands in their place."""
    return "/".join(path.split("/")[:3])
