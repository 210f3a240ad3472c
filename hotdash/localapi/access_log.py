"""The access log of the API: one line a request, with ids and sizes and nothing of what was said.

A line names the route, never the path or the query; the credential by its id, never its token.
"""

import time
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import aclosing
from typing import Any, Self

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from hotdash.host.logs import route_of
from hotdash.localapi import request_id

_LOG = structlog.stdlib.get_logger("hotdash.access")


def write_unread(method: str, response: HttpResponse) -> None:
    """Write the line of a request that was refused before it was a request of Django's."""
    _LOG.info(
        "request",
        method=method,
        route="unrouted",
        status=response.status_code,
        bytes=len(response.content),
        request_id=str(request_id.current()),
    )


class AccessLog:
    """Middleware: gives a request its id, and writes its line when the answer has been sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request; the line of an answer that streams is written at its end."""
        line = _Line(request)
        response = self._get_response(request)
        line.status = response.status_code
        if isinstance(response, HttpResponse):
            line.bytes = len(response.content)
            line.write()
        elif isinstance(response, StreamingHttpResponse):
            parts: Any = response.streaming_content
            response.streaming_content = (
                _told(parts, line) if response.is_async else _Counted(parts, line)
            )
        return response


class _Line:
    """What is written of one request, once."""

    def __init__(self, request: HttpRequest) -> None:
        self.status = 0
        self.bytes = 0
        self._request = request
        self._request_id = request_id.begin()
        self._began = time.perf_counter()
        self._method = request.method  # the gate answers HEAD as GET
        self._is_written = False

    def write(self) -> None:
        """Write the line, unless it is written."""
        if self._is_written:
            return
        self._is_written = True
        _LOG.info(
            "request",
            method=self._method,
            route=route_of(self._request),
            status=self.status,
            ms=round((time.perf_counter() - self._began) * 1000, 1),
            bytes=self.bytes,
            request_id=str(self._request_id),
            **_who(self._request),
        )


def _who(request: HttpRequest) -> dict[str, str]:
    principal = getattr(request, "principal", None)  # nobody was found
    if principal is None:
        return {}
    who = {"credential_id": str(principal.credential_id)}
    if principal.environment_id is not None:
        who["environment_id"] = str(principal.environment_id)
    return who


class _Counted:
    """The parts of an answer that a thread sends; the server closes it, sent or not."""

    def __init__(self, parts: Iterable[bytes], line: _Line) -> None:
        self._parts: Iterator[bytes] = iter(parts)
        self._line = line

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        part = next(self._parts)
        self._line.bytes += len(part)
        return part

    def close(self) -> None:
        """Write the line."""
        self._line.write()


async def _told(parts: AsyncGenerator[bytes, None], line: _Line) -> AsyncGenerator[bytes, None]:
    """Yield the parts of a stream, and write the line when it is over or its reader is gone."""
    try:
        async with aclosing(parts):
            async for part in parts:
                line.bytes += len(part)
                yield part
    finally:
        line.write()
