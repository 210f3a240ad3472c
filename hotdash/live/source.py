"""What a feed knows of its topic: where to listen, how to look, and what to make of it."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from hotdash.gateway.subscriptions import Frame
from hotdash.gateway.upstream import Gateway
from hotdash.live.notes import Note

BESIDE_PUSH_SECONDS = 5.0  # a connection that is silent proves nothing


class Source(ABC):
    """One topic's upstream: `look` runs on a thread, all else on the loop, never two at once."""

    path: str
    can_look = True
    is_over = False  # nothing will ever change again

    @abstractmethod
    def hear(self, frame: Frame) -> Sequence[Note]:
        """Return what a pushed frame says that was not told yet; raise BadAnswer without an id."""

    @abstractmethod
    def look(self, gateway: Gateway, *, is_thorough: bool) -> Any:
        """Ask how things stand; thoroughly where no push told of it. Raises as any call does."""

    @abstractmethod
    def learn(self, looked: Any) -> Sequence[Note]:
        """Return what a look says that was not told yet; the first look tells nothing."""

    def pause(self, *, is_pushed: bool, quiet: int) -> float:
        """Return the seconds until the next look, longer the more looks found nothing."""
        return BESIDE_PUSH_SECONDS if is_pushed else slower(2.0, quiet, 30.0)

    @property
    def wants_look(self) -> bool:
        """Whether something was heard that is better looked at now."""
        return False


def slower(first: float, quiet: int, last: float) -> float:
    """Return a pause that grows by half with each look that found nothing."""
    return min(last, first * 1.5 ** min(quiet, 20))
