"""What Linux offers to keep a run within bounds; each call is one system call by name."""

import ctypes
import os
import resource
import signal
from pathlib import Path

from hotdash.host.process import prctl
from hotdash.localapi.runtime.limits import FILE_BYTES, MIB, OPEN_FILES, Limits

_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38

_CAPABILITIES_VERSION = 0x20080522

_LIBC = ctypes.CDLL(None, use_errno=True)


def adopt_orphans() -> None:
    """Become the parent of what this process's descendants leave behind."""
    prctl(_PR_SET_CHILD_SUBREAPER, 1)


def gain_no_privileges() -> None:
    """Give up set-user-id programs, for this process and all it starts."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def give_up_capabilities() -> None:
    """Be no more than an ordinary user, where the worker runs as root; nothing else changes.

    Together with `gain_no_privileges` it holds for all that this process starts.
    """
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    none = (ctypes.c_uint32 * 6)()
    if _LIBC.capset(ctypes.byref(header), ctypes.byref(none)) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def limit_memory(limits: Limits) -> None:
    """Bound what this process may allocate.

    RLIMIT_DATA, not RLIMIT_AS: that one counts the address space of stacks, and threads fail.
    """
    _limit(resource.RLIMIT_DATA, limits.memory_mb * MIB)


def limit_run(limits: Limits) -> None:
    """Bound processor time, files and core dumps of a run."""
    _limit(resource.RLIMIT_CPU, limits.seconds + 1)
    _limit(resource.RLIMIT_FSIZE, FILE_BYTES)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_CORE, 0)


def children() -> set[int]:
    """Return the ids of this thread's child processes, dead ones that wait for it included."""
    pid = os.getpid()
    return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def kill_group(pid: int) -> None:
    """Kill a process and its group; nothing happens if both are gone."""
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def sweep(known: set[int]) -> None:
    """Kill and bury the children that are none of the known ones: what dead runs left behind."""
    for pid in children() - known:
        kill_group(pid)
        try:
            os.waitpid(pid, 0)
        except ChildProcessError:
            continue


def _limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))
