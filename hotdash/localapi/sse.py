"""Server-sent events: frames, comments in silence, and how a stream ends (contract 6.1)."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.http import StreamingHttpResponse

from hotdash.host.stopping import stopping
from hotdash.localapi.envelopes import dumped

KEEP_ALIVE_SECONDS = 15.0
LIMIT_SECONDS = 300.0
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
    """How a stream breathes: a comment after so many seconds of silence, a word at its limit."""

    comment: bytes = b":\n\n"
    silence: float = KEEP_ALIVE_SECONDS
    limit: float | None = LIMIT_SECONDS
    at_limit: bytes = b""


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


async def paced(frames: AsyncGenerator[bytes, None], pace: Pace) -> AsyncIterator[bytes]:
    """Yield frames as they come, comments in silence, until source, limit or server end it."""
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + pace.limit if pace.limit else float("inf")
    stops = asyncio.ensure_future(stopping().wait())
    coming: asyncio.Task[bytes | None] = asyncio.create_task(_next(frames))
    try:
        yield pace.comment  # the server holds the headers back until the first byte
        while loop.time() < ends_at:
            patience = min(pace.silence, ends_at - loop.time())
            await asyncio.wait({coming, stops}, timeout=patience, return_when="FIRST_COMPLETED")
            if stops.done():
                return
            if not coming.done():
                if loop.time() < ends_at:
                    yield pace.comment
                continue
            arrived = coming.result()
            if arrived is None:
                return
            coming = asyncio.create_task(_next(frames))
            yield arrived
        if pace.at_limit:
            yield pace.at_limit
    finally:
        stops.cancel()
        coming.cancel()
        with suppress(asyncio.CancelledError, StopAsyncIteration):
            await coming
        await frames.aclose()


async def _next(frames: AsyncGenerator[bytes, None]) -> bytes | None:
    return await anext(frames, None)


def _framed(event: str, data: bytes, note_id: int | None) -> bytes:
    for mark, escaped in _LINE_BREAKS:
        data = data.replace(mark, escaped)
    number = b"" if note_id is None else b"id: %d\n" % note_id
    return number + f"event: {event}\ndata: ".encode() + data + b"\n\n"
