"""The embedded API as one ASGI application: streams async, everything else on threads."""

import os
import re
from contextlib import suppress
from urllib.parse import unquote_to_bytes

import django
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse

from hotdash.host.lifespan import Message, Receive, Scope, Send, live
from hotdash.host.threads import Threads
from hotdash.localapi import access_log, request_id, short_bodies
from hotdash.localapi.errors import error
from hotdash.localapi.gate import HEADERS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotdash.localapi.settings")
django.setup()

_TRANSFERS = re.compile(r"/download$|/builds$|/files/uploads?/")
# an encoded slash ends no name, and an encoded line break no address: the gate decodes both later
_LATER = re.compile(rb"%(?=25|2[fF]|0[aA])")
# no more than these: a file or a variable may be named subscribe, too
_STREAM = re.compile(
    "(?:/api)?/v1/(?:env|(?:runs|tasks|streams)/[^/]+)/subscribe"
    "|(?:/api)?/v1/streams/subscribe-with-event"
)
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
    elif scope["type"] == "http":
        await _http(scope, receive, send)


async def _http(scope: Scope, receive: Receive, send: Send) -> None:
    try:
        path = unquote_to_bytes(_LATER.sub(b"%25", scope["raw_path"])).decode()
    except UnicodeDecodeError:  # two of them would become one name, if they were mended
        await _refuse(scope, send, 400, "The address is not UTF-8.")
        return
    scope = {**scope, "path": path}
    if _STREAM.fullmatch(path):
        await _stream(scope, receive, send)
    elif _TRANSFERS.search(path) or short_bodies.is_long(scope):
        await _transfers(scope, receive, send)
    else:
        with suppress(ConnectionResetError):  # nobody waits for the answer
            scope, receive = await short_bodies.read_ahead(scope, receive)
            await _threads(scope, receive, send)


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
        await _refuse(scope, send, 413, "The body is larger than 32 MiB.")


async def _refuse(scope: Scope, send: Send, status: int, sentence: str) -> None:
    """Answer what never becomes a request of Django's."""
    request_id.begin()
    answer = error(status, sentence)
    access_log.write_unread(scope["method"], answer)
    await send({"type": "http.response.start", "status": status, "headers": _headers(answer)})
    body = b"" if scope["method"] == "HEAD" else answer.content
    await send({"type": "http.response.body", "body": body})


def _headers(answer: HttpResponse) -> list[tuple[bytes, bytes]]:
    length = {"Content-Length": str(len(answer.content))}
    fields = {**HEADERS, **length, **dict(answer.items())}
    return [(name.lower().encode(), value.encode()) for name, value in fields.items()]
