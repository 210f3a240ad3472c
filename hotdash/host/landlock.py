"""Landlock: what a process may do with files and to other processes, narrowed by itself, for ever.

Three system calls (`man 7 landlock`), no root, no library beyond ctypes: the Python bindings there
are stand at development releases. A layer is inherited by everything the process starts, cannot be
taken off, and each further layer only narrows. It never governs the sockets and files that are
open already, nor `chmod`, `stat`, network connections and pathname sockets.
"""

import ctypes
import os
from pathlib import Path
from types import TracebackType
from typing import Self

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
_FIRST = (1 << 13) - 1  # what the first version knows
_SINCE = {2: _REFER, 3: _TRUNCATE, 5: _IOCTL_DEVICE}

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


class Layer:
    """What will be allowed; all else that this kernel can refuse is refused once it is entered."""

    def __init__(self) -> None:
        known = version()
        self._handled = _FIRST
        for since, right in _SINCE.items():
            self._handled |= right if known >= since else 0
        wanted = _Ruleset(self._handled, 0, _SCOPES if known >= SCOPES_SINCE else 0)
        self._descriptor = _call(_CREATE_RULESET, ctypes.byref(wanted), ctypes.sizeof(wanted), 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    def allow(self, path: Path | str, rights: int) -> None:
        """Allow rights to a file, or to all below a directory; raise OSError if it is not there."""
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            self.allow_opened(place, rights)
        finally:
            os.close(place)

    def allow_opened(self, place: int, rights: int) -> None:
        """Allow rights to what a descriptor stands for."""
        rights &= self._handled
        beneath = _Beneath(rights, place)
        try:
            _call(_ADD_RULE, self._descriptor, _PATH_BENEATH, ctypes.byref(beneath), 0)
        except OSError:
            # refused, where it is no directory, are the rights that only directories have
            beneath.rights = rights & _OF_FILES
            _call(_ADD_RULE, self._descriptor, _PATH_BENEATH, ctypes.byref(beneath), 0)

    def enter(self) -> None:
        """Narrow this thread and all that it starts from now on; it must gain no privileges."""
        _call(_RESTRICT_SELF, self._descriptor, 0)


def _call(number: int, *arguments: object) -> int:
    # a variadic function is told each argument's width by the argument alone
    wide = (ctypes.c_long(one) if isinstance(one, int) else one for one in arguments)
    result = int(_LIBC.syscall(ctypes.c_long(number), *wide))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
