"""Ports and patience for tests that start real processes."""

import socket
import time
from collections.abc import Callable


def free_port() -> int:
    """Return a port of this machine on which nothing listened a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
