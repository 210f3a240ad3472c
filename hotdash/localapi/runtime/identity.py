"""Who a worker is: a name that a lock file makes its own, and a boot id that is never reused."""

import fcntl
import os
import secrets
import socket
from pathlib import Path

_MOST_WORKERS = 64


class TooManyWorkers(Exception):
    """All names of this data directory are taken."""


class Identity:
    """The name of this worker while it lives; `worker` is the name and the boot id."""

    def __init__(self, data: Path) -> None:
        self.name, self._lock = _take_name(data)
        self.worker = f"{self.name}:{secrets.token_hex(8)}"

    def give_back(self) -> None:
        """Let another worker take the name."""
        os.close(self._lock)


def _take_name(data: Path) -> tuple[str, int]:
    # the host and the directory in the name: only who holds this file may release these runs
    place = f"{socket.gethostname()}-{place_of(data)}"
    for number in range(_MOST_WORKERS):
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        descriptor = os.open(data / f"worker-{number}.lock", flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            continue
        return f"{place}-{number}", descriptor
    raise TooManyWorkers(f"{data} has {_MOST_WORKERS} workers already.")


def place_of(data: Path) -> str:
    """Return what tells this data directory from any other, made on first use."""
    path = data / "worker-place"
    draft = path.with_name(f".worker-place.{secrets.token_hex(4)}")
    if not path.exists():
        draft.write_text(secrets.token_hex(4))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another worker was first; its id holds for both
        finally:
            draft.unlink()
    return path.read_text()
