"""Whether the disks of this machine have room: for rows, contents, and the directories of runs."""

import errno
import os
from pathlib import Path

from django.conf import settings

_LEAST_BYTES = 1024 * 1024
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def is_lacking(error: Exception) -> bool:
    """Return whether that is why something could not be made or written."""
    return isinstance(error, OSError) and error.errno in _FULL


def trouble() -> str:
    """Return which disk is full, in a sentence; empty where there is room."""
    places = dict.fromkeys(Path(place) for place in (settings.DATA_DIR, settings.FILES_DIR))
    full = [str(place) for place in places if _is_full(place)]
    if not full:
        return ""
    return (
        f"The disk of {' and of '.join(full)} is full: what would have to be kept is refused, and "
        "runs wait. Make room; they begin by themselves."
    )


def _is_full(place: Path) -> bool:
    found = os.statvfs(place)
    has_names = found.f_favail > 0 or found.f_files == 0  # some file systems do not count them
    return found.f_bavail * found.f_frsize < _LEAST_BYTES or not has_names
