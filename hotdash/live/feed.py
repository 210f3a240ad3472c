"""One topic, heard once however many pages listen; it lives while one does."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from hotdash.gateway.upstream import Gateway
from hotdash.live import frames
from hotdash.live.channel import Channel
from hotdash.live.following import Following
from hotdash.live.notes import Mark, Note, Refetch, State
from hotdash.live.ring import Ring
from hotdash.live.source import Source
from hotdash.live.topics import Topic

REFUSED = Mark("refused")


@dataclass
class Numbering:
    """The order of everything that one hub tells; another hub's numbers mean nothing here."""

    hub: str
    last: int = 0

    @property
    def cursor(self) -> str:
        """The place after all that was told."""
        return f"{self.hub}.{self.last}"

    def read(self, after: tuple[str, int] | None) -> int | None:
        """Return the number of a place in this order, None for any other."""
        return after[1] if after and after[0] == self.hub else None


class Keeper(Protocol):
    """Whoever holds the feeds."""

    def emptied(self, feed: "Feed") -> None:
        """Hear that nobody listens to a feed any more."""

    def finished(self, feed: "Feed") -> None:
        """Hear that nothing more will come of a feed."""

    def failed(self, feed: "Feed") -> None:
        """Hear that a feed cannot go on."""


class Feed:
    """Fans out what one subscription says, spoken with one listener's key at a time."""

    def __init__(
        self,
        topic: Topic,
        source: Source,
        numbering: Numbering,
        keeper: Keeper,
    ) -> None:
        self.topic = topic
        self.source = source
        self.mark = Mark("reconnecting")
        self.listeners: dict[Channel, Gateway] = {}
        self._numbering = numbering
        self._keeper = keeper
        self._ring = Ring()
        self._stale: set[Channel] = set()
        self._following = Following(self)

    @property
    def speaker(self) -> Gateway | None:
        """The door of the listener who came first: only while they listen is their key used."""
        return next(iter(self.listeners.values()), None)

    def join(self, channel: Channel, gateway: Gateway) -> None:
        """Tell a page what it missed, or that it must fetch anew, and everything from now on."""
        self.listeners[channel] = gateway
        channel.mark(self.topic, self.mark)
        held = self._ring.after(self._numbering.read(channel.after))
        if held is None:
            self._stale.add(channel)
            self._freshen()
        for frame in held or ():
            channel.put(frame)
        self._following.start()
        if self.source.is_over:
            self.finish()  # the others were told before this page came

    def leave(self, channel: Channel) -> None:
        """Let a page go; its key is used no more, and without any page nothing is asked."""
        gateway = self.listeners.pop(channel, None)
        self._stale.discard(channel)
        if not self.listeners:
            self._following.stop()
            self._keeper.emptied(self)
        elif gateway is not None and gateway == self._following.speaker != self.speaker:
            self._following.change_speaker()

    def refuse(self, gateway: Gateway) -> None:
        """Let everybody go whose key the server refused, and tell them."""
        for channel in [each for each, door in self.listeners.items() if door == gateway]:
            channel.mark(self.topic, REFUSED)
            self.leave(channel)

    def publish(self, notes: Iterable[Note]) -> None:
        """Tell everybody, in one order with all that the hub tells, and keep it for a while."""
        for note in notes:
            self._numbering.last += 1
            frame = frames.framed(note, self._numbering.cursor)
            self._ring.keep(self._numbering.last, frame)
            for channel in self.listeners:
                channel.put(frame)

    def show(self, state: State, seconds: int = 0) -> None:
        """Say how well the topic is heard; once it is, those who missed something fetch anew."""
        self._remark(replace(self.mark, state=state, seconds=seconds))
        self._freshen()

    def count(self, *, reconnects: int = 0, missed: int = 0) -> None:
        """Count what was mended, and what could not be read."""
        mark = self.mark
        self._remark(
            replace(mark, reconnects=mark.reconnects + reconnects, missed=mark.missed + missed)
        )

    def finish(self) -> None:
        """Say that nothing more will come."""
        self._keeper.finished(self)

    def fail(self) -> None:
        """Give up on a mistake of ours: the pages come back, and with them a new feed."""
        self._keeper.failed(self)

    def _remark(self, mark: Mark) -> None:
        if mark != self.mark:
            self.mark = mark
            for channel in self.listeners:
                channel.mark(self.topic, mark)

    def _freshen(self) -> None:
        if self.mark.state not in {"live", "polling"}:
            return
        self._ring.begin(self._numbering.last)
        for channel in self._stale:
            channel.say(Refetch())
        self._stale.clear()
