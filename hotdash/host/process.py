"""What every process sets on itself: closed files, closed memory, no life without its parent."""

import ctypes
import os
import signal
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_LIBC = ctypes.CDLL(None, use_errno=True)


def harden() -> None:
    """Keep files to this user (umask 077) and memory to this process.

    Without the dumpable flag, `/proc/<pid>/environ` and `mem` refuse even the same user, under
    which builds run. A fork keeps it, an exec sets it back: each program calls this at its start.
    """
    os.umask(0o077)
    _prctl(_PR_SET_DUMPABLE, 0)


def dying_with(parent: int) -> Callable[[], None]:
    """Return what a child calls between fork and exec, to be killed with its parent."""

    def tie() -> None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # gone before the line above
            os._exit(1)

    return tie


def _prctl(option: int, value: int) -> None:
    if _LIBC.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl was refused")
