"""Programs that tests start, and what the kernel says of them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def played(module: str, *arguments: str, data: Path, database: str) -> str:
    """Run a program of the tests on a database of its own, SQLite's if ""; return what it says."""
    settings = {
        "DJANGO_SETTINGS_MODULE": "hotdash.settings",
        "HOTDASH_DATA_DIR": str(data),
        "DATABASE_URL": database,
    }
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def is_alive(pid: int) -> bool:
    """Return whether a process runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def is_closed(pid: int) -> bool:
    """Return whether its memory and environment refuse its own user, too.

    The kernel then shows them as root's. A process of user and group 0 cannot be told apart.
    """
    facts = Path(f"/proc/{pid}/environ").stat()
    return (facts.st_uid, facts.st_gid) == (0, 0)


def children_of(pid: int) -> list[int]:
    """Return the child processes of a process; none if it is gone."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(child) for child in text.split()]


def below(pid: int) -> Iterator[tuple[int, str]]:
    """Yield the id and command line of every process below one."""
    for child in children_of(pid):
        try:
            command = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        yield child, command.strip()
        yield from below(child)
