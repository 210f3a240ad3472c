"""The embedded API as one ASGI application: streams async, everything else on threads."""

import os

import django
from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

from hotdash.host.lifespan import Message, Receive, Scope, Send, live

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotdash.localapi.settings")
django.setup()

_STREAMS = ("/subscribe", "/subscribe-with-event")
# Django reads the whole body of an async request before anything else looks at it
_MAX_STREAM_BODY = 33 * 1024 * 1024
_threads = WSGIMiddleware(get_wsgi_application(), workers=8)  # type: ignore[arg-type]  # a2wsgi's own names
_async = get_asgi_application()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request, or the server's own start and stop."""
    if scope["type"] == "lifespan":
        await live(receive, send, opens=lambda: None, closes=lambda: None)
    elif scope["type"] == "http" and scope["path"].endswith(_STREAMS):
        await _async(dict(scope), _bounded(receive), send)  # type: ignore[arg-type]  # as below
    elif scope["type"] == "http":
        await _threads(scope, receive, send)  # type: ignore[arg-type]  # own names for the same


def _bounded(receive: Receive) -> Receive:
    left = _MAX_STREAM_BODY

    async def limited() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        return message if left >= 0 else {"type": "http.disconnect"}

    return limited
