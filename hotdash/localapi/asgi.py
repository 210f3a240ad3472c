"""The embedded API as one ASGI application: streams async, everything else on threads."""

import os
import re

import django
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

from hotdash.host.lifespan import Message, Receive, Scope, Send, live
from hotdash.host.threads import Threads
from hotdash.localapi import access_log, request_id
from hotdash.localapi.errors import error
from hotdash.localapi.gate import HEADERS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotdash.localapi.settings")
django.setup()

_TRANSFERS = re.compile(r"/download$|/builds$|/files/uploads?/")
_STREAMS = ("/subscribe", "/subscribe-with-event")
# Django reads the whole body of an async request before anything else looks at it
_MAX_STREAM_BODY = 33 * 1024 * 1024
_threads = Threads(get_wsgi_application(), workers=8)
# whoever sends or takes a large body slowly keeps a thread for as long; the others have theirs
_transfers = Threads(get_wsgi_application(), workers=16)
_async = get_asgi_application()


class _TooLarge(Exception):
    """A body that nobody wants to read to its end."""


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request, or the server's own start and stop."""
    if scope["type"] == "lifespan":
        await live(receive, send, opens=lambda: None, closes=lambda: None)
    elif scope["type"] == "http" and scope["path"].endswith(_STREAMS):
        await _stream(scope, receive, send)
    elif scope["type"] == "http":
        threads = _transfers if _TRANSFERS.search(scope["path"]) else _threads
        await threads(scope, receive, send)


async def _stream(scope: Scope, receive: Receive, send: Send) -> None:
    left = _MAX_STREAM_BODY

    async def limited() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise _TooLarge
        return message

    try:
        await _async(dict(scope), limited, send)  # type: ignore[arg-type]  # own names for the same
    except _TooLarge:
        request_id.begin()
        answer = error(413, "The body is larger than 32 MiB.")
        access_log.write_unread(scope["method"], answer)
        fields = {**HEADERS, **dict(answer.items())}
        headers = [(name.lower().encode(), value.encode()) for name, value in fields.items()]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": answer.content})
