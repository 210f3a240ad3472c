"""What a feed told lately, for those who come back."""

from collections import deque

MOST_NOTES = 1000
MOST_BYTES = 2 * 2**20


class Ring:
    """The newest notes with their numbers; bounded in count and bytes."""

    def __init__(self) -> None:
        self._notes: deque[tuple[int, bytes]] = deque()
        self._bytes = 0
        self._floor: int | None = None

    def begin(self, number: int) -> None:
        """Hold everything after this number from now on."""
        if self._floor is None:
            self._floor = number

    def keep(self, number: int, frame: bytes) -> None:
        """Add a note, and forget the oldest where it is too many."""
        self._notes.append((number, frame))
        self._bytes += len(frame)
        while len(self._notes) > MOST_NOTES or self._bytes > MOST_BYTES:
            self._floor, forgotten = self._notes.popleft()
            self._bytes -= len(forgotten)

    def after(self, number: int | None) -> list[bytes] | None:
        """Return all that was told after a number; None where that is not held."""
        if number is None or self._floor is None or number < self._floor:
            return None
        return [frame for told, frame in self._notes if told > number]
