"""What the kernel says of processes that a test started."""

from collections.abc import Iterator
from pathlib import Path


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
