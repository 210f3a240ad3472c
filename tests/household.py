"""`make run` as a person starts it, with ports and data of its own."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.processes import below
from tests.sockets import free_port, wait_for

ROOT = Path(__file__).resolve().parents[1]
LINK = re.compile(r"http://\S+/accounts/password/reset/key/\S+")


@dataclass
class Household:
    """One `make run`; `lines` grows while it speaks."""

    data: Path
    port: int = field(default_factory=free_port)
    api_port: int = field(default_factory=free_port)
    extra: Mapping[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    group: int | None = None  # to run as, where that is another than this process's

    def __post_init__(self) -> None:
        clean = {name: value for name, value in os.environ.items() if "HOTDASH" not in name}
        self._process = subprocess.Popen(
            ["make", "run", f"VENV={sys.prefix}"],
            cwd=ROOT,
            env=clean | self.settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            group=self.group,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    @property
    def settings(self) -> dict[str, str]:
        """The environment in which it and its `manage.py` live."""
        return {
            "HOTDASH_DATA_DIR": str(self.data),
            "HOTDASH_PORT": str(self.port),
            "HOTDASH_API_PORT": str(self.api_port),
            **self.extra,
        }

    @property
    def url(self) -> str:
        """Where its dashboard is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def text(self) -> str:
        """All that it has said so far."""
        return "\n".join(self.lines)

    @property
    def link(self) -> str | None:
        """The sign-in link that it printed, if it did."""
        found = LINK.search(self.text)
        return found[0] if found else None

    def wait_until_up(self, seconds: float = 120) -> float:
        """Return the seconds until it said that it is up; fail when it ends instead."""
        began = time.monotonic()
        wait_for(lambda: "hotdash is up." in self.text or not self.is_running, seconds)
        assert self.is_running, self.text
        return time.monotonic() - began

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def programs(self) -> dict[int, str]:
        """Return every process below it, by id, with its command line."""
        return dict(below(self._process.pid))

    def send(self, number: signal.Signals) -> None:
        """Send a signal as a terminal does: to its own group, not to the sessions below."""
        os.killpg(self._process.pid, number)

    def wait(self, seconds: float = 60) -> int:
        """Return the exit status."""
        status = self._process.wait(seconds)
        self._reader.join(seconds)
        return status

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as words:
            self.lines.extend(line.rstrip("\n") for line in words)


@contextmanager
def household(data: Path, **settings: Any) -> Iterator[Household]:
    """Start `make run`; whatever happens inside, nothing of it is left afterwards."""
    running = Household(data, **settings)
    try:
        yield running
    finally:
        if running.is_running:
            running.send(signal.SIGKILL)
        running.wait()
