"""What a worker does again and again beside its runs."""

import time
from collections.abc import Callable


class Every:
    """Something to be done again and again, with a pause in between."""

    def __init__(self, seconds: float, act: Callable[[], object]) -> None:
        self._seconds = seconds
        self._act = act
        self._next = 0.0

    def when_due(self) -> None:
        """Do it, if its time has come."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + self._seconds
            self._act()
