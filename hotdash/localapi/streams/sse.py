"""Server-sent events: frames, comments in silence, and how a stream ends (contract 6.1)."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from typing import Any, Self

from django.http import StreamingHttpResponse

from hotdash.host.stopping import stopping
from hotdash.localapi.envelopes import dumped

KEEP_ALIVE_SECONDS = 15.0
_LINE_BREAKS = (
    # JSON text may have them between tokens, where a blank does as well
    (b"\r", b" "),
    (b"\n", b" "),
    # none in this format, but clients that split text as Python does break there
    ("\u2028".encode(), b"\\u2028"),
    ("\u2029".encode(), b"\\u2029"),
    ("\x85".encode(), b"\\u0085"),
)


@dataclass(frozen=True)
class Pace:
    """How a stream breathes: a comment after so many seconds of silence, a word at its limit.

    It ends without a word when `ended` is set.
    """

    comment: bytes = b":\n\n"
    silence: float = KEEP_ALIVE_SECONDS
    limit: float = inf
    at_limit: bytes = b""
    ended: asyncio.Event | None = None


def frame(event: str, body: Mapping[str, Any], note_id: int | None = None) -> bytes:
    """Return one frame; its data is one line of JSON that repeats the name as `type`, first."""
    return _framed(event, dumped({"type": event, **body}), note_id)


def frame_of_text(event: str, body: str, note_id: int) -> bytes:
    """Return one frame of a JSON object that is kept as text."""
    inside = body.strip().removeprefix("{").strip()
    comma = "" if inside.startswith("}") else ","
    return _framed(event, f'{{"type":"{event}"{comma}{inside}'.encode(), note_id)


def event_stream(frames: AsyncGenerator[bytes, None], pace: Pace) -> StreamingHttpResponse:
    """Return the response that streams the frames."""
    response = StreamingHttpResponse(paced(frames, pace), content_type="text/event-stream")
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"  # a proxy that collects frames would hold them back
    return response


async def paced(frames: AsyncGenerator[bytes, None], pace: Pace) -> AsyncGenerator[bytes, None]:
    """Yield frames as they come, comments in silence, until source, limit or server end it."""
    clock = asyncio.get_running_loop().time
    ends_at = clock() + pace.limit
    async with _Arrivals(frames, pace.ended) as arrivals:
        yield pace.comment  # the server holds the headers back until the first byte
        while (left := ends_at - clock()) > 0:
            arrived = await arrivals.next(min(pace.silence, left))
            if arrived is None:
                return
            yield arrived or pace.comment
        yield pace.at_limit


class _Arrivals:
    """The frames of a source, waited for beside what ends the stream: the server, or its right."""

    def __init__(self, frames: AsyncGenerator[bytes, None], ended: asyncio.Event | None) -> None:
        self._frames = frames
        ends = [stopping()] if ended is None else [stopping(), ended]
        self._ends = [asyncio.ensure_future(end.wait()) for end in ends]
        self._coming = self._ask()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for end in self._ends:
            end.cancel()
        self._coming.cancel()
        with suppress(asyncio.CancelledError):
            await self._coming
        await self._frames.aclose()

    async def next(self, seconds: float) -> bytes | None:
        """Return the next frame, nothing after so many seconds of silence, None at the end."""
        waited_for = {self._coming, *self._ends}
        await asyncio.wait(waited_for, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if any(end.done() for end in self._ends):
            return None
        if not self._coming.done():
            return b""
        arrived = self._coming.result()
        self._coming = self._ask()
        return arrived

    def _ask(self) -> asyncio.Task[bytes | None]:
        return asyncio.create_task(_next(self._frames))


async def _next(frames: AsyncGenerator[bytes, None]) -> bytes | None:
    return await anext(frames, None)


def _framed(event: str, data: bytes, note_id: int | None) -> bytes:
    for mark, escaped in _LINE_BREAKS:
        data = data.replace(mark, escaped)
    number = b"" if note_id is None else b"id: %d\n" % note_id
    return number + f"event: {event}\ndata: ".encode() + data + b"\n\n"
