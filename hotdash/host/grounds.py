"""The part of the machine that every run may read: the system's programs and libraries, Python.

Not `/etc` as a whole, `/run`, `/home`, the project tree or the data directory.
"""

import sys
from pathlib import Path

# read, and executed: a run may start the programs of the system and of the virtual environment
_PROGRAMS = (
    sys.prefix,
    sys.base_prefix,
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store"),
)
_FILES = (
    # name look-up and TLS
    *("/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/localtime"),
    *("/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/pki/tls", "/etc/ld.so.cache"),
    # what a program asks about itself and the processors; of other processes the kernel shows
    # their names and states alone, since Landlock lets no run look outside of its own layer
    *("/proc", "/sys/devices/system/cpu"),
    *("/dev/random", "/dev/urandom", "/dev/zero"),
)
NULL = Path("/dev/null")


def programs() -> tuple[Path, ...]:
    """Return the directories whose files a run may read and execute."""
    return _distinct(_PROGRAMS, ())


def files() -> tuple[Path, ...]:
    """Return what else a run may read."""
    return _distinct(_FILES, programs())


def fingerprint() -> frozenset[tuple[int, int]]:
    """Return which files are meant now: a layer holds on to those that were there at its making."""
    facts = [path.stat() for path in files() if path.exists()]
    return frozenset((fact.st_dev, fact.st_ino) for fact in facts)


def exposing(path: Path) -> Path | None:
    """Return the readable directory in which a path lies, None if it lies in none."""
    resolved = path.resolve()
    return next((one for one in programs() if resolved.is_relative_to(one)), None)


def _distinct(names: tuple[str, ...], covered: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return what is there, by its true path, without what lies in something else of it."""
    there = sorted({Path(name).resolve() for name in names if Path(name).exists()})
    return tuple(
        path
        for path in there
        if not any(path != other and path.is_relative_to(other) for other in (*there, *covered))
    )
