"""The dashboard as a server runs it: pages on threads, streams on the loop, pools around them."""

from hotdash.gateway.pool import close_pool, open_pool
from hotdash.host.lifespan import Receive, Scope, Send, live
from hotdash.host.threads import Threads
from hotdash.wsgi import application as pages  # sets Django up: before anything that needs it

from hotdash.live import hub  # isort: skip
from hotdash.live.handler import Streams  # isort: skip

# a page waits for its upstream on a thread: eight slow calls of one environment must leave room
_THREADS = 24
_STREAMS = "/live/"

# Django's own ASGI handler costs four times the processor time a page: a dozen thread hops each
_bridge = Threads(pages, workers=_THREADS)
_streams = Streams()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request by the pages or a stream, and the lifespan by pools and hub."""
    if scope["type"] == "lifespan":
        async with hub.serving():
            await live(receive, send, opens=open_pool, closes=close_pool)
    elif scope["type"] == "http" and scope["path"] == _STREAMS:
        await _streams(dict(scope), receive, send)  # type: ignore[arg-type]  # Django's own names
    else:
        await _bridge(scope, receive, send)
