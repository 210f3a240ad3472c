"""What an open page hears, kept for a test to look at."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from hotdash.gateway.sse import FrameReader, RawFrame
from tests.samples import Wire


@dataclass
class Page:
    """An open page: every frame that it was sent, and whether its stream has ended."""

    frames: list[tuple[str, Wire]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    head: dict[str, str] = field(default_factory=dict)  # over a socket: the answer's headers
    has_ended: bool = False
    retry: int = 0  # milliseconds until a browser comes back

    def of(self, name: str) -> list[Wire]:
        """What came under a name."""
        return [body for event, body in self.frames if event == name]

    @property
    def nudges(self) -> list[tuple[str, str]]:
        """Id and status of each nudge, in order."""
        return [(nudge["id"], nudge["status"]) for nudge in self.of("nudge")]

    @property
    def mark(self) -> Wire:
        """How well it hears, as last told."""
        return self.of("mark")[-1] if self.of("mark") else {}

    def heard(self, nudge: tuple[str, str]) -> bool:
        """Whether this id was nudged about with this status."""
        return nudge in self.nudges

    def has_reconnected(self, times: int) -> bool:
        """Whether the mark counts so many reconnects, and says that it hears."""
        return bool(self.mark["reconnects"] == times and self.mark["state"] == "live")

    @property
    def cursor(self) -> str:
        """The last id, as a browser sends it back."""
        return next((number for number in reversed(self.ids) if number), "")

    async def read(self, chunks: AsyncIterator[bytes]) -> None:
        """Read a stream to its end."""
        reader = FrameReader()
        async for chunk in chunks:
            for line in chunk.splitlines():
                if line.startswith(b"retry: "):
                    self.retry = int(line.removeprefix(b"retry: "))
            for frame in reader.feed(chunk):
                assert isinstance(frame, RawFrame)
                self.frames.append((frame.event, json.loads(frame.text)))
                self.ids.append(frame.id)
        self.has_ended = True


async def until(claim: Callable[[], Any], seconds: float = 30) -> None:
    """Return as soon as the claim holds; fail the test when it never does."""
    async with asyncio.timeout(seconds):
        while not claim():  # noqa: ASYNC110  what is claimed tells nobody when it becomes true
            await asyncio.sleep(0.005)
