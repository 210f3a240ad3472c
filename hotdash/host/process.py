"""What every process sets on itself: closed files, closed memory, no life without its parent."""

import ctypes
import os
import signal
from collections.abc import Callable
from functools import partial

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_M_MMAP_THRESHOLD = -3
_LARGE_BYTES = 2**20
_LIBC = ctypes.CDLL(None, use_errno=True)


def harden() -> None:
    """Keep files to this user (umask 077) and memory to this process.

    Without the dumpable flag, `/proc/<pid>/environ` and `mem` refuse even the same user, under
    which builds run. A fork keeps it, an exec sets it back: each program calls this at its start.
    """
    os.umask(0o077)
    close_to_others()


def close_to_others() -> None:
    """Let no other process of this user read this one's memory or environment."""
    prctl(_PR_SET_DUMPABLE, 0)


def give_back_large_blocks() -> None:
    """Let blocks of a megabyte and more go back to the machine as soon as they are freed.

    glibc raises its threshold with the first large block that is freed and keeps the later ones in
    the arenas of its threads: a few 20 MB results then cost a server 170 MB for good.
    """
    mallopt = getattr(_LIBC, "mallopt", None)  # glibc's own; another libc has no such habit
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def dying_with(parent: int) -> Callable[[], None]:
    """Return what a child calls between fork and exec, to be killed with its parent."""
    return partial(die_with, parent)


def die_with(parent: int) -> None:
    """Be killed when the thread that made this process ends; end at once if it is gone already."""
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # gone before the line above
        os._exit(1)


def prctl(option: int, value: int) -> None:
    """Set something on this process by its number (`man 2 prctl`); raise OSError."""
    if _LIBC.prctl(option, value, 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
