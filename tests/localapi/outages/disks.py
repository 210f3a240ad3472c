"""Disks that can be filled, and emptied again, under a running installation."""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from benchmarks.installation import Installation, installation
from tests.processes import children_of

_SIZE = "48m"


class Disk(Protocol):
    """What holds an installation's data."""

    place: Installation
    has_no_room: bool  # for nobody, when it is filled

    def fill(self) -> None:
        """Leave no room on it."""

    def free(self) -> None:
        """Give the room back."""


class Small:
    """A file system of its own, filled by a file; only root may mount it."""

    has_no_room = True

    def __init__(self, root: Path, place: Installation) -> None:
        self.place = place
        self._ballast = root / "ballast"

    def fill(self) -> None:
        """Write until nothing more is taken."""
        with self._ballast.open("ab", buffering=0) as file:
            for size in (2**20, 2**12, 1):
                with_room = True
                while with_room:
                    try:
                        with_room = file.write(bytes(size)) == size
                    except OSError:
                        with_room = False

    def free(self) -> None:
        """Delete what was written."""
        self._ballast.unlink(missing_ok=True)


class Bounded:
    """Any disk; the kernel lets no file of the server grow. It needs no root."""

    has_no_room = False

    def __init__(self, place: Installation) -> None:
        self.place = place
        self._former: dict[int, tuple[int, int]] = {}

    def fill(self) -> None:
        """Refuse every write of every process of the server."""
        servers = [self.place.pid(program) for program in ("api", "worker")]
        for pid in (*servers, *children_of(servers[0])):
            soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            self._former[pid] = (soft, hard)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))

    def free(self) -> None:
        """Let them write again."""
        for pid, limits in self._former.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)
        self._former.clear()


@contextmanager
def small(root: Path) -> Iterator[Disk]:
    """Give an installation on a file system that is small."""
    mount(root)
    try:
        with installation(within=root) as place:
            yield Small(root, place)
    finally:
        subprocess.run(["umount", "--lazy", str(root)], check=True)


@contextmanager
def bounded(_root: Path) -> Iterator[Disk]:
    """Give an installation whose files can be kept from growing."""
    with installation() as place:
        disk = Bounded(place)
        try:
            yield disk
        finally:
            disk.free()


def mount(root: Path) -> None:
    """Mount a small file system; raise CalledProcessError where this user may not."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE},mode=700", "tmpfs", str(root)]
    subprocess.run(command, check=True, capture_output=True)


def may_mount(root: Path) -> bool:
    """Return whether a real small file system can be had here."""
    if os.geteuid() != 0:
        return False
    try:
        mount(root)
    except subprocess.CalledProcessError:
        return False
    subprocess.run(["umount", str(root)], check=True)
    return True
