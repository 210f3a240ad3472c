"""Workers as processes of their own, on the database of the test session."""

import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from django.db import connection

from tests.localapi.server import command, surroundings
from tests.processes import children_of

_ROOT = Path(__file__).parents[3]
# little memory, since some tests fill it, and more time than any run needs on a slow machine
BOUNDS = {"HOTDASH_RUN_SECONDS": "60", "HOTDASH_RUN_MEMORY_MB": "160", "HOTDASH_RUN_SLOTS": "8"}


def database_variables() -> dict[str, str]:
    """Return what tells another process of the test database, where it is not in the directory."""
    if connection.vendor != "postgresql":
        return {}
    facts = connection.settings_dict
    place = f"{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
    return {"HOTDASH_API_DATABASE_URL": f"postgres://{facts['USER']}@{place}"}


class WorkerProcess:
    """A worker that a test may stop, pause and kill."""

    def __init__(self, data: Path, *, through: Sequence[str] = (), **variables: str) -> None:
        self._words = data / "worker.log"
        self._log = self._words.open("ab")
        self._before = self._log.seek(0, os.SEEK_END)
        self.process = subprocess.Popen(
            [*through, *command("worker")],
            env=surroundings(data, **BOUNDS | database_variables() | variables),
            cwd=_ROOT,
            stdout=self._log,
            stderr=self._log,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.send(signal.SIGCONT)
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.kill()
        self._log.close()

    def send(self, number: int) -> None:
        """Send a signal to the worker alone."""
        os.kill(self.process.pid, number)

    def stop(self) -> int:
        """Ask it to end, as whoever stops the server does; return its exit status."""
        self.process.terminate()
        return self.process.wait(30)

    def kill(self) -> None:
        """End the worker without a word."""
        self.process.kill()
        self.process.wait(10)

    def said(self) -> str:
        """Return what was written into the workers' log since this one began."""
        return self._words.read_bytes()[self._before :].decode()

    def templates(self) -> list[int]:
        """Return the process ids of its templates."""
        return children_of(self.process.pid)


StartWorker = Callable[..., WorkerProcess]
