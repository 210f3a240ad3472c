"""How many requests a second each credential may send: no limit unless a setting names one.

Counted in this process alone, over a sliding second (contract 3): a count that all processes share
would be a write for each request.
"""

import time
from collections import deque
from threading import Lock
from uuid import UUID

from hotdash.host import environment
from hotdash.localapi.credentials.principals import Principal
from hotdash.localapi.errors import Refused

_SECOND = 1.0
_REMEMBERED = 10_000


class Window:
    """The newest requests of one credential; what was refused does not count."""

    def __init__(self, most: int) -> None:
        self._times: deque[float] = deque(maxlen=most)

    def admits(self, now: float) -> bool:
        """Count a request at that time, in seconds, unless the second before it is full."""
        is_full = len(self._times) == self._times.maxlen
        if is_full and now - self._times[0] < _SECOND:
            return False
        self._times.append(now)
        return True

    def is_over(self, now: float) -> bool:
        """Return whether nothing of it counts any more."""
        return now - self._times[-1] >= _SECOND


_WINDOWS: dict[UUID, Window] = {}
_LOCK = Lock()


def count(principal: Principal) -> None:
    """Count one request; raise 429 where the credential has sent too many within a second."""
    most = environment.number("HOTDASH_API_RATE")
    if most <= 0 or principal.environment is None:  # the operator's is this host itself
        return
    now = time.monotonic()
    with _LOCK:
        if len(_WINDOWS) >= _REMEMBERED:
            _forget(now)
        is_admitted = _WINDOWS.setdefault(principal.credential_id, Window(most)).admits(now)
    if not is_admitted:
        raise Refused(
            429,
            f"This {principal.kind.value} may send {most:,} requests a second. Wait a second.",
            retry_after=1,
        )


def _forget(now: float) -> None:
    for credential_id in [key for key, window in _WINDOWS.items() if window.is_over(now)]:
        del _WINDOWS[credential_id]
