"""The access log of the dashboard: a line for each request, by the name of its route."""

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponseBase

from hotdash.host.logs import route_of

_LOG = structlog.stdlib.get_logger("hotdash.access")


class AccessLog:
    """Middleware: method, route, status and time; never a path or a query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request and write its line."""
        began = time.perf_counter()
        response = self._get_response(request)
        _LOG.info(
            "request",
            method=request.method,
            route=route_of(request),
            status=response.status_code,
            ms=round((time.perf_counter() - began) * 1000, 1),
        )
        return response
