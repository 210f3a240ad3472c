"""The process's one hub: who listens to what, and what ends their streams."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import structlog

from hotdash.gateway import subscriptions
from hotdash.gateway.errors import GatewayError, Refused
from hotdash.gateway.upstream import Gateway
from hotdash.live.admission import Seat, Visit
from hotdash.live.channel import Channel
from hotdash.live.feed import REFUSED, Feed, Numbering
from hotdash.live.following import OF_THE_KEY
from hotdash.live.horizon import Horizon
from hotdash.live.joins import Joins
from hotdash.live.notes import Bye, Mark
from hotdash.live.sources import source_of
from hotdash.live.topics import Topic
from hotdash.live.watch import Watch

_LOG = structlog.stdlib.get_logger(__name__)

MOST_OF_A_PERSON = 20
MOST = 2000
TRY_AGAIN_SECONDS = 2.0
FINAL_SECONDS = 1.0  # what a run streamed last comes on another connection than its end

_running: "Hub | None" = None


def running() -> "Hub | None":
    """Return this process's hub; None where streams are not served."""
    return _running


@asynccontextmanager
async def serving() -> AsyncIterator["Hub"]:
    """Have a hub on the running loop while inside; all that listens ends with it."""
    global _running
    hub = Hub()
    _running = hub
    try:
        yield hub
    finally:
        _running = None
        hub.say_bye(Bye("stopping"))
        await hub.emptied_all()
        await subscriptions.close()


@dataclass
class Guest:
    """One open stream: the visit on which it stands, and its way to its feeds."""

    visit: Visit
    horizon: Horizon  # the revocations that were looked at for it
    joining: list[asyncio.Task[None]] = field(default_factory=list)
    over: set[Topic] = field(default_factory=set)


class Hub:
    """Lives on one loop; only `cursor`, `watches` and `has_room` may be asked from threads."""

    def __init__(self) -> None:
        self._numbering = Numbering(uuid4().hex[:12])
        self._feeds: dict[Topic, Feed] = {}
        self._watched: frozenset[UUID] = frozenset()
        self._counts: Counter[str] = Counter()
        self._joins = Joins()
        self._watch = Watch(self)
        self.guests: dict[Channel, Guest] = {}

    @property
    def cursor(self) -> str:
        """The place after all that was told so far."""
        return self._numbering.cursor

    def watches(self, environment_id: UUID) -> bool:
        """Return whether anything of the environment is heard at the moment."""
        return environment_id in self._watched

    def has_room(self, person_id: str) -> bool:
        """Return whether this person may open one more stream."""
        return self._counts[person_id] < MOST_OF_A_PERSON and len(self.guests) < MOST

    async def stream(
        self, visit: Visit, after: tuple[str, int] | None
    ) -> AsyncGenerator[bytes, None]:
        """Yield what one page is sent; however it ends, nothing of it stays."""
        channel = Channel(after)
        self._enter(channel, visit)
        try:
            async for chunk in channel.chunks():
                yield chunk
        finally:
            self._leave(channel)

    def say_bye(self, bye: Bye, channels: Iterable[Channel] | None = None) -> None:
        """End these streams, or all: at once, whenever their browsers read the last word."""
        for channel in tuple(self.guests if channels is None else channels):
            channel.bye(bye)
            self._let_go(channel)

    def forget(self, visit: Visit) -> None:
        """Take no acceptance of before for granted: something of this visit changed."""
        self._joins.forget(visit.person_id)

    def refuse(self, door: Gateway) -> None:
        """Stop hearing through a key that opens nothing any more."""
        self._joins.forget(door.person_id)
        for feed in tuple(self._feeds.values()):
            feed.refuse(door)

    def emptied(self, feed: Feed) -> None:
        """Forget a feed that nobody listens to."""
        if self._feeds.get(feed.topic) is feed:
            del self._feeds[feed.topic]
            self._watched = frozenset(topic.environment_id for topic in self._feeds)

    def finished(self, feed: Feed) -> None:
        """End the streams of pages about a run, a moment after it is final."""
        for channel in tuple(feed.listeners):
            guest = self.guests[channel]
            guest.over.add(feed.topic)
            runs = {seat.topic for seat in guest.visit.seats if seat.topic.kind == "run"}
            if runs <= guest.over and all(s.topic.kind != "env" for s in guest.visit.seats):
                asyncio.get_running_loop().call_later(
                    FINAL_SECONDS, self.say_bye, Bye("final"), (channel,)
                )

    def failed(self, feed: Feed) -> None:
        """Let the pages of a feed come back to a new one."""
        self.say_bye(Bye("stopping"), feed.listeners)

    async def emptied_all(self) -> None:
        """Return when every stream has said its last word, or half a second has passed."""
        for _ in range(50):
            if not self.guests:
                return
            await asyncio.sleep(0.01)

    def _enter(self, channel: Channel, visit: Visit) -> None:
        has_room = self.has_room(visit.person_id)
        guest = self.guests[channel] = Guest(visit, visit.horizon)
        self._counts[visit.person_id] += 1
        self._watch.begin()
        if has_room:
            guest.joining = [asyncio.create_task(self._join(channel, seat)) for seat in visit.seats]
        else:
            channel.bye(Bye("full"))  # two came through the door at once

    def _leave(self, channel: Channel) -> None:
        self._let_go(channel)
        guest = self.guests.pop(channel)
        self._counts -= Counter({guest.visit.person_id: 1})
        if not self.guests:
            self._watch.end()

    def _let_go(self, channel: Channel) -> None:
        guest = self.guests.get(channel)
        if guest is None:
            return  # gone before its time was over
        for task in guest.joining:
            task.cancel()
        for seat in guest.visit.seats:
            if feed := self._feeds.get(seat.topic):
                feed.leave(channel)

    async def _join(self, channel: Channel, seat: Seat) -> None:
        try:
            if await self._is_accepted(channel, seat):
                self._feed_of(seat).join(channel, seat.gateway)
            else:
                channel.mark(seat.topic, REFUSED)
        except Exception:  # noqa: BLE001  a mistake of ours must not leave a page in silence
            _LOG.exception("a page could not join", topic=seat.topic.kind)
            self.say_bye(Bye("stopping"), (channel,))

    async def _is_accepted(self, channel: Channel, seat: Seat) -> bool:
        source = source_of(seat.topic, seat.place)
        while True:
            try:
                await self._joins.try_door(seat.gateway, seat.topic, source)
            except Refused as refusal:
                if refusal.status in OF_THE_KEY:
                    return False
            except GatewayError:
                pass  # nobody answered: neither accepted nor refused
            else:
                return True
            channel.mark(seat.topic, Mark("reconnecting"))
            await asyncio.sleep(TRY_AGAIN_SECONDS)

    def _feed_of(self, seat: Seat) -> Feed:
        feed = self._feeds.get(seat.topic)
        if feed is None:
            feed = Feed(seat.topic, source_of(seat.topic, seat.place), self._numbering, self)
            self._feeds[seat.topic] = feed
            self._watched |= {seat.topic.environment_id}
        return feed
