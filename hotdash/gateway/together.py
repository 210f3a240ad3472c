"""Calls that do not depend on each other, made at the same time."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from threading import Lock
from typing import Any, TypeVar, overload

from hotdash.gateway.errors import GatewayError

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")

THREADS = 32

_lock = Lock()
_threads: ThreadPoolExecutor | None = None


@overload
def together(a: Callable[[], A], b: Callable[[], B], /) -> tuple[A, B]: ...
@overload
def together(a: Callable[[], A], b: Callable[[], B], c: Callable[[], C], /) -> tuple[A, B, C]: ...
@overload
def together(
    a: Callable[[], A], b: Callable[[], B], c: Callable[[], C], d: Callable[[], D], /
) -> tuple[A, B, C, D]: ...


def together(*calls: Callable[[], Any]) -> tuple[Any, ...]:
    """Return the calls' results in order, or raise the first error once all that began has ended.

    The first call runs in the caller's thread, the others on a small pool shared by all requests.
    Each sees the caller's context variables, so timings and deadlines are kept.
    """
    others = [(call, _submit(call)) for call in calls[1:]]
    try:
        results = [calls[0]()]
        for call, other in others:
            # what no thread of a full pool has begun is done here: a call may itself call together
            results.append(call() if other.cancel() else other.result())
    finally:
        # nothing of this request is left running behind it
        wait([other for _, other in others if not other.cancel()])
    return tuple(results)


def attempt(call: Callable[[], A]) -> A | GatewayError:
    """Return the call's result, or its error where a panel shows the failure in its own place."""
    try:
        return call()
    except GatewayError as error:
        return error


def close_threads() -> None:
    """Let the pool's threads go; the next use makes new ones."""
    global _threads
    with _lock:
        threads, _threads = _threads, None
    if threads is not None:
        threads.shutdown(wait=False, cancel_futures=True)


def _submit(call: Callable[[], A]) -> Future[A]:
    global _threads
    with _lock:
        if _threads is None:
            _threads = ThreadPoolExecutor(THREADS, thread_name_prefix="gateway")
        return _threads.submit(copy_context().run, call)
