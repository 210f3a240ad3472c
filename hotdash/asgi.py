"""The dashboard as a server runs it: pages on threads, the pool opened and closed around them."""

from a2wsgi import WSGIMiddleware

from hotdash.gateway.pool import close_pool, open_pool
from hotdash.host.lifespan import Receive, Scope, Send, live
from hotdash.wsgi import application as pages

# a page waits for its upstream on a thread: eight slow calls of one environment must leave room
_THREADS = 24

# Django's own ASGI handler costs four times the processor time a page: a dozen thread hops each
_bridge = WSGIMiddleware(pages, workers=_THREADS)  # type: ignore[arg-type]  # stricter than WSGI


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request by the pages, and the lifespan by opening and closing the pool."""
    if scope["type"] == "lifespan":
        await live(receive, send, opens=open_pool, closes=close_pool)
    else:
        await _bridge(scope, receive, send)  # type: ignore[arg-type]  # a2wsgi's own names for them
