"""Which large values a run's trace holds whole, within bounds for each run. No Django in it."""

import json
import threading

from hotdash.localapi.runtime.limits import (
    LARGE_VALUE_BYTES,
    LARGE_VALUES,
    LARGE_VALUES_BYTES,
    SHOWN_CHARACTERS,
)

_FEWEST = 4 * SHOWN_CHARACTERS  # bytes: shorter ones would not make the text of a call a long one


class Room:
    """What is left for large values of one run; `least` bytes make one, 0: there are none."""

    def __init__(self, least: int) -> None:
        self._least = max(least, _FEWEST)
        self._values = LARGE_VALUES if 0 < least <= LARGE_VALUE_BYTES else 0
        self._looks = 10 * LARGE_VALUES
        self._bytes = LARGE_VALUES_BYTES
        self._lock = threading.Lock()

    def may_hold(self, value: str | bytes | bytearray) -> bool:
        """Return whether a value is worth a closer look, which takes its time."""
        length = len(value)
        most = length * 4 if isinstance(value, str) and not value.isascii() else length
        if self._values <= 0 or most < self._least or length > min(LARGE_VALUE_BYTES, self._bytes):
            return False
        self._looks -= 1
        return self._looks >= 0

    def take(self, value: str | bytes) -> bool:
        """Return whether there was room for a value, masked already; it is taken then."""
        size = len(value if isinstance(value, bytes) else value.encode())
        if not self._least <= size <= LARGE_VALUE_BYTES:
            return False
        # in a message a byte has up to five characters, and a control character six
        cost = size * 2 if isinstance(value, bytes) else max(size, len(json.dumps(value)) // 3)
        with self._lock:
            if self._values == 0 or cost > self._bytes:
                return False
            self._values -= 1
            self._bytes -= cost
        return True
