"""The directories that runs may write to, and how they go when a run is over."""

import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count, islice
from pathlib import Path
from queue import SimpleQueue
from uuid import UUID

from django.conf import settings

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_TOGETHER = 1_000
_LAST_SECONDS = 1.0


class Scratch:
    """The directories of one worker's runs; a thread deletes what they leave there.

    A million files take longer than a lease lasts, so the worker's loop does not wait for them.
    """

    def __init__(self, worker_name: str) -> None:
        root = Path(settings.DATA_DIR) / "runs" / worker_name
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._left: SimpleQueue[Path | None] = SimpleQueue()
        for former in root.iterdir():  # a dead worker's of this name: two never live at once
            self.discard(former)
        self._own = root / secrets.token_hex(4)
        self._own.mkdir(mode=0o700)
        self._thread = threading.Thread(target=self._delete_all, name="scratch", daemon=True)
        self._thread.start()

    def of(self, build_id: UUID) -> Path:
        """Return where the runs of one build have their directories: its template's reach."""
        place = self._own / str(build_id)
        place.mkdir(mode=0o700, exist_ok=True)
        return place

    def make(self, build_id: UUID, name: str) -> Path:
        """Return a fresh directory for one execution; raise OSError."""
        place = self.of(build_id) / name
        place.mkdir(mode=0o700)
        return place

    def discard(self, place: Path) -> None:
        """Have a directory deleted soon."""
        self._left.put(place)

    def close(self) -> None:
        """Delete all of them; what takes longer than a moment is left to the next worker."""
        self.discard(self._own)
        self._left.put(None)
        self._thread.join(_LAST_SECONDS)

    def _delete_all(self) -> None:
        while place := self._left.get():
            with suppress(OSError):  # the next worker of this name tries again
                delete(place)


def delete(place: Path) -> None:
    """Delete a directory, whatever a run has made of what is in it; raise OSError.

    Each directory moves up before it is looked into. shutil.rmtree goes down instead: a thousand
    levels are too deep for it, and it cannot enter what its owner has closed.
    """
    top = place.with_name(secrets.token_hex(8))
    top.mkdir(mode=0o700)
    names = map(str, count())
    with _opened(str(top)) as above:
        place.chmod(0o700)
        place.rename(top / (first := next(names)))
        waiting = [first]
        while waiting:
            name = waiting.pop()
            with _opened(name, above) as directory:
                waiting += _cleared(directory, above, names)
            os.rmdir(name, dir_fd=above)
    top.rmdir()


def _cleared(directory: int, above: int, names: Iterator[str]) -> list[str]:
    """Delete the files of a directory; return the names that its directories got above it."""
    moved = []
    while entries := _some_of(directory):
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.name, dir_fd=directory)
                continue
            os.chmod(entry.name, 0o700, dir_fd=directory)
            moved.append(next(names))
            os.rename(entry.name, moved[-1], src_dir_fd=directory, dst_dir_fd=above)
    return moved


def _some_of(directory: int) -> list[os.DirEntry[str]]:
    with os.scandir(directory) as entries:
        return list(islice(entries, _TOGETHER))


@contextmanager
def _opened(path: str, above: int | None = None) -> Iterator[int]:
    directory = os.open(path, _DIRECTORY, dir_fd=above)
    try:
        yield directory
    finally:
        os.close(directory)
