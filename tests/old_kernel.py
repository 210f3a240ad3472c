"""Starts a program as on a kernel without Landlock: `python old_kernel.py PROGRAM ARGUMENT…`.

A filter of system calls answers the first of Landlock's three as such a kernel does, ENOSYS.
"""

import ctypes
import os
import sys
from errno import ENOSYS

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_FILTER = 2
_CREATE_RULESET = 444


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("k", ctypes.c_uint32),
    )


_LOAD_NUMBER = _Step(0x20, 0, 0, 0)
_IF_EQUAL = _Step(0x15, 0, 1, _CREATE_RULESET)
_REFUSE = _Step(0x06, 0, 0, 0x0005_0000 | ENOSYS)
_ALLOW = _Step(0x06, 0, 0, 0x7FFF_0000)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


def forget_landlock() -> None:
    """Let this process and all it starts find no Landlock any more."""
    steps = (_Step * 4)(_LOAD_NUMBER, _IF_EQUAL, _REFUSE, _ALLOW)
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    program = ctypes.byref(_Program(len(steps), steps))
    assert libc.prctl(_PR_SET_SECCOMP, _FILTER, program, 0, 0) == 0, os.strerror(ctypes.get_errno())


if __name__ == "__main__":
    forget_landlock()
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606  in place of this process, as itself
