"""Ports and patience for tests that start real processes."""

import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress

_OURS = range(11_000, 32_000)  # below those that the kernel gives out to whoever connects
_given: set[int] = set()


def free_port() -> int:
    """Return a port of this machine on which nothing listened a moment ago, another one each time.

    Not one of the kernel's own choice: until a server has taken it, a connection could be given it.
    """
    while True:
        port = secrets.choice(_OURS)
        with socket.socket() as probe, suppress(OSError):
            if port not in _given:
                probe.bind(("127.0.0.1", port))
                _given.add(port)
                return port


def can_connect(host: str, port: int) -> bool:
    """Return whether something listens there."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_for(claim: Callable[[], bool], seconds: float = 30) -> None:
    """Return as soon as the claim holds; fail the test when it does not in time."""
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline, "it did not become true in time"
        time.sleep(0.02)
