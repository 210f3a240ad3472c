"""The embedded API as a process of its own, on the data directory of the test session."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.sockets import free_port, wait_for

_ROOT = Path(__file__).parents[2]


def surroundings(data: Path, **more: str) -> dict[str, str]:
    """Return the environment variables of a process of the embedded API."""
    kept = ("PATH", "LANG", "HOTDASH_API_DATABASE_URL")
    inherited = {name: os.environ[name] for name in kept if name in os.environ}
    return inherited | {"HOTDASH_DATA_DIR": str(data)} | more


def command(*arguments: str) -> list[str]:
    """Return the command line of one of the embedded API's programs."""
    return [sys.executable, "-m", "hotdash.localapi", *arguments]


@contextmanager
def serving(data: Path, **more: str) -> Iterator[str]:
    """Migrate and serve a data directory; give the origin, end with SIGTERM."""
    port = free_port()
    variables = surroundings(data, HOTDASH_API_PORT=str(port), **more)
    subprocess.run(command("migrate"), env=variables, cwd=_ROOT, check=True)
    log = (data / "api.log").open("ab")
    process = subprocess.Popen(command("api"), env=variables, cwd=_ROOT, stderr=log, stdout=log)
    origin = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: process.poll() is not None or _answers(origin))
        assert process.poll() is None, (data / "api.log").read_text()
        yield origin
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def _answers(origin: str) -> bool:
    try:
        return httpx.get(f"{origin}/status", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
