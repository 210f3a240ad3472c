"""Recorded functions in the four shapes that Python has."""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hotdash.localapi.runtime.generators import TracedAsyncGenerator, TracedGenerator

if TYPE_CHECKING:
    from hotdash.localapi.runtime.tracer import Site, Tracer

_Function = Callable[..., Any]


def plain(tracer: "Tracer", function: _Function, site: "Site") -> _Function:
    """Record an ordinary function or method."""

    @functools.wraps(function)
    def traced(*args: Any, **kwargs: Any) -> Any:
        begun = tracer.begin(site, args, kwargs)
        if begun is None:
            return function(*args, **kwargs)
        recorder, call = begun
        token = recorder.enter(call)
        try:
            value = function(*args, **kwargs)
        except BaseException as error:
            recorder.fail(call, error)
            raise
        finally:
            recorder.leave(token)
        recorder.end(call, value)
        return value

    return traced


def coroutine(tracer: "Tracer", function: _Function, site: "Site") -> _Function:
    """Record an `async def` function, from its first step to its end."""

    @functools.wraps(function)
    async def traced(*args: Any, **kwargs: Any) -> Any:
        begun = tracer.begin(site, args, kwargs)
        if begun is None:
            return await function(*args, **kwargs)
        recorder, call = begun
        token = recorder.enter(call)
        try:
            value = await function(*args, **kwargs)
        except BaseException as error:
            recorder.fail(call, error)
            raise
        finally:
            recorder.leave(token)
        recorder.end(call, value)
        return value

    return traced


def generator(tracer: "Tracer", function: _Function, site: "Site") -> _Function:
    """Record a generator function."""

    @functools.wraps(function)
    def traced(*args: Any, **kwargs: Any) -> TracedGenerator:
        return TracedGenerator(function(*args, **kwargs), lambda: tracer.begin(site, args, kwargs))

    return traced


def async_generator(tracer: "Tracer", function: _Function, site: "Site") -> _Function:
    """Record an asynchronous generator function."""

    @functools.wraps(function)
    def traced(*args: Any, **kwargs: Any) -> TracedAsyncGenerator:
        return TracedAsyncGenerator(
            function(*args, **kwargs), lambda: tracer.begin(site, args, kwargs)
        )

    return traced
