"""Follows one topic upstream: listens, comes back after every cut, and looks for itself."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from random import uniform
from typing import TYPE_CHECKING, Any

import structlog

from hotdash.gateway.errors import BadAnswer, GatewayError, Refused, RouteMissing
from hotdash.gateway.sse import Garbled
from hotdash.gateway.subscriptions import Frame, Frames, subscribe
from hotdash.gateway.upstream import Gateway
from hotdash.live.aside import asked
from hotdash.live.notes import Refetch

if TYPE_CHECKING:
    from hotdash.live.feed import Feed

_LOG = structlog.stdlib.get_logger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.2, 10.0
NO_PUSH_WAIT = 600.0  # a server without the route gets it by an upgrade, if at all
Work = Callable[[], Awaitable[None]]
OF_THE_KEY = frozenset({401, 403, 404})


class Following:
    """Two tasks of a feed: one listens, the other looks."""

    def __init__(self, feed: "Feed") -> None:
        self.speaker: Gateway | None = None
        self._feed = feed
        self._source = feed.source
        self._tasks: list[asyncio.Task[None]] = []
        self._looking = asyncio.Lock()
        self._tried = asyncio.Event()
        self._hurry = asyncio.Event()
        self._last_id = ""
        self._wait = FIRST_WAIT
        self._is_pushed = False
        self._has_stood = False
        self._has_looked = False
        self._is_answered = False
        self._owes_refetch = False

    def start(self) -> None:
        """Begin, unless it has begun."""
        if not self._tasks:
            self._tasks = [self._task(self._listen), self._task(self._look_on)]

    def stop(self) -> None:
        """End both tasks; their connections close with them."""
        for task in self._tasks:
            task.cancel()

    def change_speaker(self) -> None:
        """Close the connection that was opened with a key that must not be used any more."""
        self._is_pushed = False
        if self._tasks:
            self._feed.show("reconnecting")
            self._tasks[0].cancel()
            self._tasks[0] = self._task(self._listen)

    def _task(self, work: Work) -> asyncio.Task[None]:
        return asyncio.create_task(self._watched(work))

    async def _watched(self, work: Work) -> None:
        try:
            await work()
        except Exception:  # noqa: BLE001  a mistake of ours in one topic must not silence its pages
            _LOG.exception("a live topic failed", topic=self._feed.topic.kind)
            self._feed.fail()

    async def _listen(self) -> None:
        while not self._source.is_over and (speaker := self._feed.speaker):
            self.speaker = speaker
            try:
                async with subscribe(speaker, self._source.path, self._last_id) as frames:
                    await self._hear_all(frames)
            except Refused as refusal:
                self._refused(speaker, refusal)
            except GatewayError:
                pass
            self._is_pushed = False
            self._tried.set()
            if self._source.wants_look:
                await self._look()  # the last one, most likely: then nobody comes back
            elif self._has_stood or not self._source.can_look:
                self._feed.show("reconnecting")
            await asyncio.sleep(spread(self._wait))
            self._wait = min(LONGEST_WAIT, self._wait * 2)

    async def _hear_all(self, frames: Frames) -> None:
        # open before the look: what happens during it is heard, and told once
        await self._look()
        self._is_pushed = True
        self._wait = FIRST_WAIT
        self._feed.count(reconnects=1 if self._has_stood else 0)
        self._has_stood = True
        self._tried.set()
        self._feed.show("live")
        async for frame in frames:
            self._hear(frame)
            await asyncio.sleep(0)  # what is there already does not wait: readers get their turn

    def _hear(self, frame: Frame | Garbled) -> None:
        if isinstance(frame, Garbled):
            self._feed.count(missed=1)
            return
        try:
            self._feed.publish(self._source.hear(frame))
        except BadAnswer:
            self._feed.count(missed=1)
        self._last_id = frame.id or self._last_id
        if self._source.wants_look:
            self._hurry.set()

    def _refused(self, gateway: Gateway, refusal: Refused) -> None:
        if isinstance(refusal, RouteMissing):
            self._wait = NO_PUSH_WAIT
        elif refusal.status in OF_THE_KEY:
            self._feed.refuse(gateway)
        else:
            self._wait = max(self._wait, float(refusal.retry_after or 0))

    async def _look_on(self) -> None:
        await self._tried.wait()
        quiet = 0
        while self._source.can_look and not self._source.is_over:
            if self._is_pushed or quiet or self._has_looked:
                await self._rest(quiet)
            found = await self._look(is_alone=not self._is_pushed)
            quiet = 0 if found else quiet + 1
            if not self._is_pushed and self._has_looked:
                pause = self._source.pause(is_pushed=False, quiet=quiet)
                self._feed.show("polling" if self._is_answered else "reconnecting", round(pause))

    async def _rest(self, quiet: int) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._source.pause(is_pushed=self._is_pushed, quiet=quiet)):
                await self._hurry.wait()
        self._hurry.clear()

    async def _look(self, *, is_alone: bool = False) -> bool:
        """Return whether the look found anything new; alone, a refusal is the last word."""
        async with self._looking:
            gateway = self._feed.speaker
            if gateway is None or self._source.is_over or not self._source.can_look:
                return False
            self._is_answered = False
            try:
                looked = await asked(gateway, self._source.look, is_thorough=not self._is_pushed)
            except Refused as refusal:
                if is_alone and refusal.status in OF_THE_KEY:
                    self._feed.refuse(gateway)
                return False
            except GatewayError:
                # pages fetched while nobody knew how things stand: they must once more
                self._owes_refetch = self._owes_refetch or not self._has_looked
                return False
            self._is_answered = True
            return self._learned(looked)

    def _learned(self, looked: Any) -> bool:
        notes = list(self._source.learn(looked))
        if self._owes_refetch:
            notes.append(Refetch())
        self._has_looked, self._owes_refetch = True, False
        self._feed.publish(notes)
        if self._source.is_over:
            self._feed.finish()
        return bool(notes)


def spread(seconds: float) -> float:
    """Return a wait of at most so long, so that not everybody comes back at once."""
    return seconds * uniform(0.5, 1.0)  # noqa: S311  hides nothing
