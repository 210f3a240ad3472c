"""A clock around every request of the dashboard, told in the Server-Timing header."""

import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.template.backends.django import Template

from hotdash.gateway import timing

_RENDERED: ContextVar[list[float] | None] = ContextVar("rendered", default=None)
_render = Template.render


def _timed_render(template: Template, *arguments: Any, **named: Any) -> Any:
    began = time.perf_counter()
    try:
        return _render(template, *arguments, **named)
    finally:
        spent = _RENDERED.get()
        if spent is not None:
            spent.append(time.perf_counter() - began)


class ServerTiming:
    """Outermost middleware: `total`, its slowest `call`, `calls`, `render`, `queries` in ms."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        Template.render = _timed_render  # type: ignore[assignment,method-assign]  # a process of its own

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and say what the time went into."""
        rendered: list[float] = []
        queried: list[float] = []
        token = _RENDERED.set(rendered)

        def measure(execute: Callable[..., Any], *arguments: Any) -> Any:
            began = time.perf_counter()
            try:
                return execute(*arguments)
            finally:
                queried.append(time.perf_counter() - began)

        began = time.perf_counter()
        with timing.record() as calls, connection.execute_wrapper(measure):
            response = self._get_response(request)
        total = (time.perf_counter() - began) * 1000
        _RENDERED.reset(token)
        slowest = max((call.duration_ms for call in calls), default=0.0)
        response["Server-Timing"] = ", ".join(
            (
                f"total;dur={total:.3f}",
                f"call;dur={slowest:.3f}",
                f'calls;desc="{len(calls)}"',
                f"render;dur={sum(rendered) * 1000:.3f}",
                f"queries;dur={sum(queried) * 1000:.3f}",
                f'statements;desc="{len(queried)}"',
            )
        )
        return response
