"""Landlock: what a process may do with files and to other processes, narrowed by itself, for ever.

Three system calls (`man 7 landlock`), no root, no library beyond ctypes: the Python bindings there
are stand at development releases. A layer is inherited by everything the process starts, cannot be
taken off, and each further layer only narrows. It never governs the sockets and files that are
open already, nor `chmod`, `stat`, network connections and pathname sockets.
"""

import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path

# one number on every architecture that Linux shares its table with
_CREATE_RULESET = 444
_ADD_RULE = 445
_RESTRICT_SELF = 446
_VERSION = 1
_PATH_BENEATH = 1

EXECUTE = 1 << 0
WRITE_FILE = 1 << 1
READ_FILE = 1 << 2
READ_DIR = 1 << 3
_REFER = 1 << 13  # rename or link from one directory into another
_TRUNCATE = 1 << 14
_IOCTL_DEVICE = 1 << 15
_OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | _TRUNCATE | _IOCTL_DEVICE
_FIRST = (1 << 13) - 1
_SINCE = {1: _FIRST, 2: _REFER, 3: _TRUNCATE, 5: _IOCTL_DEVICE}  # the versions that brought them

_SCOPES = 0b11  # abstract sockets, signals
SCOPES_SINCE = 6

READ = READ_FILE | READ_DIR
RUN = READ | EXECUTE
ALL = _FIRST | _REFER | _TRUNCATE | _IOCTL_DEVICE

_LIBC = ctypes.CDLL(None, use_errno=True)


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("place", ctypes.c_int32))


def version() -> int:
    """Return the version that this kernel speaks; 0 where it has none, or it is switched off."""
    try:
        return _call(_CREATE_RULESET, None, 0, _VERSION)
    except OSError:
        return 0


class Place:
    """A file, or a directory with all below it, and what will be allowed there."""

    def __init__(self, path: Path, rights: int) -> None:
        """Hold on to what lies there now; raise OSError if nothing does."""
        self._descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        if not stat.S_ISDIR(os.fstat(self._descriptor).st_mode):
            rights &= _OF_FILES  # the kernel refuses others on a file
        self._rights = rights

    def allow(self, layer: int, handled: int) -> None:
        """Make it a rule of a layer that is being made."""
        beneath = _Beneath(self._rights & handled, self._descriptor)
        _call(_ADD_RULE, layer, _PATH_BENEATH, ctypes.byref(beneath), 0)

    def close(self) -> None:
        """Let go of it; the layers that were made with it stay as they are."""
        os.close(self._descriptor)


def enter(places: Iterable[Place], known: int) -> None:
    """Allow these places alone, for this thread and all that it starts from now on.

    `known` is the kernel's version: what that can refuse is refused everywhere else. The process
    must have given up gaining privileges. Raise OSError where the layer cannot be made.
    """
    handled = sum(right for since, right in _SINCE.items() if known >= since)
    wanted = _Ruleset(handled, 0, _SCOPES if known >= SCOPES_SINCE else 0)
    layer = _call(_CREATE_RULESET, ctypes.byref(wanted), ctypes.sizeof(wanted), 0)
    try:
        for place in places:
            place.allow(layer, handled)
        _call(_RESTRICT_SELF, layer, 0)
    finally:
        os.close(layer)


def _call(number: int, *arguments: object) -> int:
    # a variadic function is told each argument's width by the argument alone
    wide = (ctypes.c_long(one) if isinstance(one, int) else one for one in arguments)
    result = int(_LIBC.syscall(ctypes.c_long(number), *wide))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
