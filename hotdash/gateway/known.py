"""What is known of each server: booleans, versions and its prefix, kept ten minutes per origin.

Nothing of any tenant is in it, so it may be shared by all people of a process.
"""

import time
from dataclasses import dataclass, replace
from threading import Lock

KEPT_SECONDS = 600.0


@dataclass(frozen=True)
class Known:
    """What was found out about one origin; None for what was not asked yet."""

    prefix: str | None = None
    has_status: bool = False
    version: str | None = None
    extensions: frozenset[str] = frozenset()
    is_older: bool = False


_NOTHING = Known()
_lock = Lock()
_by_origin: dict[str, tuple[float, Known]] = {}


def of(origin: str) -> Known:
    """Return what is still held of an origin."""
    with _lock:
        until, known = _by_origin.get(origin, (0.0, _NOTHING))
        return known if time.monotonic() < until else _NOTHING


def keep_prefix(origin: str, prefix: str) -> None:
    """Hold an origin's prefix."""
    _keep(origin, replace(of(origin), prefix=prefix))


def keep_status(
    origin: str, version: str | None, extensions: frozenset[str], *, is_older: bool
) -> None:
    """Hold what a status told; of another version than before, all else is dropped."""
    before = of(origin)
    if before.has_status and before.version != version:
        before = _NOTHING
    told = {"has_status": True, "version": version, "is_older": is_older}
    _keep(origin, replace(before, extensions=extensions, **told))  # type: ignore[arg-type]  # mixed


def forget_all() -> None:
    """Drop everything: it is asked anew at the next use."""
    with _lock:
        _by_origin.clear()


def _keep(origin: str, known: Known) -> None:
    with _lock:
        _by_origin[origin] = (time.monotonic() + KEPT_SECONDS, known)
