"""Sends the bodies of streams on the loop; everything before the body is an ordinary request."""

from collections.abc import Awaitable, Callable, Mapping
from io import BytesIO
from typing import Any

from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from hotdash.live.aside import knocking

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

LARGEST_BODY = 64 * 1024


class Streams(ASGIHandler):
    """Django's own handler, but with the pages' sync middleware, on threads that are given back.

    Django's would keep a thread, and with it a database connection, for as long as a stream lasts.
    """

    def __init__(self) -> None:
        super(ASGIHandler, self).__init__()
        self.load_middleware(is_async=False)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self.handle(scope, receive, send)

    async def run_get_response(self, request: HttpRequest) -> HttpResponseBase:
        """Return the answer of middleware and view, its body still to come."""
        return await knocking(self.get_response, request)

    async def read_body(self, receive: Receive) -> Any:
        """Read past a small body, and break off a large one: no stream is asked for with one."""
        left = LARGEST_BODY
        while left > 0:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise RequestAborted
            left -= len(message.get("body", b""))
            if not message.get("more_body", False):
                return BytesIO()
        raise RequestAborted
