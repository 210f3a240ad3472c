"""Records the calls of a build's own functions, from a wrapper put around each after import.

A wrapper, not `sys.setprofile`: that would make every call of every library three times slower.
"""

import inspect
import itertools
import json
import threading
import time
from collections.abc import Callable, Collection
from contextvars import ContextVar
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from hotdash.localapi.runtime import wrappers
from hotdash.localapi.runtime.limits import SHOWN_CHARACTERS, TRACE_BYTES, TRACE_CALLS
from hotdash.localapi.runtime.naming import type_name
from hotdash.localapi.runtime.snapshot import Snapshot


@dataclass(frozen=True)
class Site:
    """A function of the build: its names on the wire and where it is written."""

    ns: str
    var: str
    file: str
    line: int
    parameters: tuple[str, ...]


@dataclass
class Call:
    """One call that is being made; long arguments are told once, and None then."""

    seq: int
    parent: int | None
    site: Site
    args: str | None
    start_us: int


class Recorder:
    """Sends the calls of one run as they start and end; counts only, once a cap is reached."""

    def __init__(
        self,
        emit: Callable[[dict[str, Any]], None],
        snapshot: Snapshot,
        build_modules: Collection[str],
    ) -> None:
        self._emit = emit
        self._snapshot = snapshot
        self._build_modules = build_modules
        self._parent: ContextVar[int | None] = ContextVar("call", default=None)
        self._seq = itertools.count(1)
        self._bytes = 0
        self._lock = threading.Lock()
        self._origin: tuple[BaseException, Call] | None = None

    def begin(self, site: Site, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call | None:
        """Record that a call starts; None when the trace is full."""
        seq = next(self._seq)
        if seq > TRACE_CALLS or self._bytes > TRACE_BYTES:
            return None
        shown = self._snapshot.take(_named(site, args, kwargs))
        call = Call(seq, self._parent.get(), site, shown, _now_us())
        self._send(call, {})
        return call

    def end(self, call: Call, value: Any) -> None:
        """Record what a call returned."""
        self._send(call, {"stop": _now_us(), "value": self._snapshot.take(value)})

    def fail(self, call: Call, error: BaseException) -> None:
        """Record what a call raised."""
        if self._origin is None or self._origin[0] is not error:
            self._origin = (error, call)  # the innermost call sees an exception first
        self._send(call, {"stop": _now_us(), "error": json.dumps(self.describe(error))})

    def describe(self, error: BaseException) -> dict[str, str]:
        """Return type and message of an exception, as a call and the run's failure show them."""
        kind = type_name(type(error), self._build_modules)
        return {"type": kind, "msg": self._snapshot.message(error)}

    def origin_of(self, error: BaseException) -> Call | None:
        """Return the innermost recorded call that raised this exception."""
        if self._origin is None or self._origin[0] is not error:
            return None
        return self._origin[1]

    def enter(self, call: Call) -> Any:
        """Make a call the parent of those that follow; return what `leave` needs."""
        return self._parent.set(call.seq)

    def leave(self, token: Any) -> None:
        """Undo `enter`."""
        self._parent.reset(token)

    def _send(self, call: Call, end: dict[str, Any]) -> None:
        site = call.site
        message = {
            "m": "call",
            "seq": call.seq,
            "parent": call.parent,
            "ns": site.ns,
            "var": site.var,
            "file": site.file,
            "line": site.line,
            "args": call.args,
            "start": call.start_us,
            **end,
        }
        self._bytes += sum(_size(fact) for fact in (call.args, *end.values()))
        with self._lock:
            self._emit(message)
        if call.args is not None and len(call.args) > SHOWN_CHARACTERS:
            call.args = None


class Tracer:
    """Wraps functions once, at import; records into whichever recorder a run has set."""

    def __init__(self) -> None:
        self.recorder: Recorder | None = None

    def wrap(self, function: FunctionType, site: Site) -> Callable[..., Any]:
        """Return a function that does the same and is recorded."""
        if inspect.isasyncgenfunction(function):
            return wrappers.async_generator(self, function, site)
        if inspect.iscoroutinefunction(function):
            return wrappers.coroutine(self, function, site)
        if inspect.isgeneratorfunction(function):
            return wrappers.generator(self, function, site)
        return wrappers.plain(self, function, site)

    def begin(
        self, site: Site, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[Recorder, Call] | None:
        """Return the recorder and the call it began; None outside a run or over its caps."""
        if self.recorder is None:
            return None
        call = self.recorder.begin(site, args, kwargs)
        return None if call is None else (self.recorder, call)


def _named(site: Site, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    named: dict[str, Any] = dict(zip(site.parameters, args, strict=False))
    if len(args) > len(site.parameters):
        named["*"] = args[len(site.parameters) :]
    named.update(kwargs)
    return named


def _size(fact: Any) -> int:
    return min(len(str(fact)), SHOWN_CHARACTERS)  # large values have bounds of their own


def _now_us() -> int:
    return time.time_ns() // 1000
