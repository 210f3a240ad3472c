"""A Redis server of the tests' own, gone when they end."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.sockets import can_connect, free_port, wait_for

_INSTALL = "Redis is missing: sudo apt install redis-server"


@contextmanager
def redis_server() -> Iterator[str]:
    """Give the URL of an empty server; skip, with the remedy, where Redis is not installed."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip(_INSTALL)
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="hotdash-redis-") as folder:
        settings = ["--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""]
        server = subprocess.Popen([program, *settings], stdout=subprocess.DEVNULL)
        try:
            wait_for(lambda: can_connect("127.0.0.1", port))
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait()
