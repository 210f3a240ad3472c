"""Recorded generators: one call each, open from the first `next` until exhausted or closed.

They are objects around the build's own generator, entered for each step alone: between two items
the consumer's calls are not the generator's children.
"""

from collections.abc import AsyncGenerator, Callable, Generator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hotdash.localapi.runtime.tracer import Call, Recorder

_Begin = Callable[[], "tuple[Recorder, Call] | None"]


class _Steps:
    """The call of one generator, begun with its first step."""

    def __init__(self, begin: _Begin) -> None:
        self._begin = begin
        self._begun: tuple[Recorder, Call] | None = None
        self._token: Any = None
        self._is_new = True

    def __enter__(self) -> None:
        if self._is_new:
            self._is_new = False
            self._begun = self._begin()
        if self._begun is not None:
            recorder, call = self._begun
            self._token = recorder.enter(call)

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if self._begun is None:
            return
        recorder, call = self._begun
        recorder.leave(self._token)
        if error is None:
            return
        self._begun = None
        if isinstance(error, StopIteration):
            recorder.end(call, error.value)
        elif isinstance(error, StopAsyncIteration | GeneratorExit):
            recorder.end(call, None)
        else:
            recorder.fail(call, error)


class TracedGenerator(Generator[Any, Any, Any]):
    """A generator of the build that is recorded."""

    def __init__(self, inner: Generator[Any, Any, Any], begin: _Begin) -> None:
        self._inner = inner
        self._steps = _Steps(begin)
        self._is_started = False

    def send(self, value: Any) -> Any:
        """Go on to the next item."""
        self._is_started = True
        with self._steps:
            return self._inner.send(value)

    def throw(self, *error: Any) -> Any:
        """Raise inside the generator."""
        with self._steps:
            return self._inner.throw(*error)

    def __del__(self) -> None:
        # a loop that breaks drops its generator: that closes it, as it would the bare one
        if self._is_started:
            self.close()


class TracedAsyncGenerator(AsyncGenerator[Any, Any]):
    """An asynchronous generator of the build that is recorded."""

    def __init__(self, inner: AsyncGenerator[Any, Any], begin: _Begin) -> None:
        self._inner = inner
        self._steps = _Steps(begin)

    async def asend(self, value: Any) -> Any:
        """Go on to the next item."""
        with self._steps:
            return await self._inner.asend(value)

    async def athrow(self, *error: Any) -> Any:
        """Raise inside the generator."""
        with self._steps:
            return await self._inner.athrow(*error)
