"""One open page's stream: what waits to be sent to it, bounded."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from secrets import randbelow

from hotdash.live import frames
from hotdash.live.notes import Bye, Mark, Note, Refetch
from hotdash.live.topics import Topic

KEEP_ALIVE_SECONDS = 15.0
MOST_WAITING = 500
MOST_BYTES = 2 * 2**20
_WORST_LAST = ("live", "polling", "reconnecting", "refused")


class Channel:
    """Takes frames from any number of feeds on the loop, and gives them to one browser."""

    def __init__(self, after: tuple[str, int] | None) -> None:
        self.after = after  # where the page stands: the hub's name and the number in it
        self._waiting: deque[bytes] = deque([frames.retry(frames.RETRY_MS)])
        self._bytes = 0
        self._wakes = asyncio.Event()
        self._wakes.set()
        self._is_ending = False
        self._marks: dict[Topic, Mark] = {}
        self._shown: Mark | None = None

    def put(self, frame: bytes) -> None:
        """Let a frame wait; one who does not read is told to fetch anew instead of all of it."""
        if self._is_ending:
            return
        self._waiting.append(frame)
        self._bytes += len(frame)
        if len(self._waiting) > MOST_WAITING or self._bytes > MOST_BYTES:
            # the mark may be among what is given up, and nobody would say it again
            self._waiting = deque(frames.framed(each) for each in (Refetch(), self._shown) if each)
            self._bytes = 0
        self._wakes.set()

    def say(self, note: Note) -> None:
        """Tell this page alone."""
        self.put(frames.framed(note))

    def mark(self, topic: Topic, mark: Mark) -> None:
        """Show how well a topic is heard; of several the worst is shown, and the sums."""
        self._marks[topic] = mark
        marks = self._marks.values()
        shown = Mark(
            state=max((each.state for each in marks), key=_WORST_LAST.index),
            reconnects=sum(each.reconnects for each in marks),
            missed=sum(each.missed for each in marks),
            seconds=max(each.seconds for each in marks),
        )
        if shown != self._shown:
            self._shown = shown
            self.put(frames.framed(shown))

    def bye(self, bye: Bye) -> None:
        """Say the last word and end; the browser comes back a moment later, not all at once."""
        milliseconds = frames.RETRY_MS // 2 + randbelow(frames.RETRY_MS)
        if not self._is_ending:
            self._is_ending = True
            self._waiting.append(frames.retry(milliseconds) + frames.framed(bye))
            self._wakes.set()

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield what waits, a comment in silence, until the last word is said."""
        while True:
            try:
                async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                    await self._wakes.wait()
            except TimeoutError:
                yield frames.COMMENT
                continue
            self._wakes.clear()
            chunk = b"".join(self._waiting)
            self._waiting.clear()
            self._bytes = 0
            yield chunk
            if self._is_ending:
                return
