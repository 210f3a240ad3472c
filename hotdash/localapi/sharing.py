"""Whether this machine keeps builds and files where the other machines do.

Machines that share a Postgres must share the directory of builds and files, too. A marker in it
holds an id, and the database says which id is the right one: the first machine's. With SQLite there
is one machine, and nothing to compare.
"""

import logging
import os
import secrets
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError, connection

from hotdash.host.logs import say
from hotdash.localapi.models import SharedDirectory

_LOG = logging.getLogger(__name__)
_MARKER = "shared-by"
_NAME = "files"
_LOOKS_EVERY_SECONDS = 5


@dataclass(frozen=True)
class Sharing:
    """What was found; `trouble` is a sentence for people, empty where the directory is shared."""

    trouble: str = ""

    @property
    def is_shared(self) -> bool:
        """Whether what lies here is what the other machines see."""
        return not self.trouble


class Apart(OSError):
    """This machine's directory is another one; its text says so, and what to do."""


class _Last:
    """What was found last, and when, for all threads of a process."""

    def __init__(self) -> None:
        self.found = Sharing()
        self.looked_at = float("-inf")
        self.lock = threading.Lock()


_LAST = _Last()


def look() -> Sharing:
    """Compare marker and database, and return what was found; the first machine makes both.

    Raises DatabaseError while the database is away.
    """
    _LAST.found = _compared() if connection.vendor == "postgresql" else Sharing()
    _LAST.looked_at = time.monotonic()
    return _LAST.found


def announce() -> None:
    """Say at a start whether files are shared; while the database is away, nothing."""
    with suppress(DatabaseError):  # the first request that needs it looks again
        trouble = look().trouble
        if trouble:
            say(_LOG, trouble)


def known() -> Sharing:
    """Return what was found last, without a look."""
    return _LAST.found


def require() -> None:
    """Raise Apart where what is kept here would be seen by nobody else."""
    with _LAST.lock:
        if time.monotonic() - _LAST.looked_at > _LOOKS_EVERY_SECONDS:
            look()
    if not _LAST.found.is_shared:
        raise Apart(_LAST.found.trouble)


def adopt() -> str:
    """Mark this machine's directory as the right one; return its path.

    For a directory that was restored or moved without its marker: the database's id is written.
    """
    row = SharedDirectory.objects.filter(name=_NAME).first()
    if row is not None:
        marker = _place() / _MARKER
        draft = marker.with_name(f".{_MARKER}.{secrets.token_hex(4)}")
        draft.write_text(f"{row.marker}\n")
        draft.replace(marker)
    look()
    return str(_place())


def _compared() -> Sharing:
    ours = _marker()
    row = SharedDirectory.objects.filter(name=_NAME).first()
    if row is None:
        facts = {"marker": ours or _marked(), "host": socket.gethostname(), "path": str(_place())}
        row, _ = SharedDirectory.objects.get_or_create(name=_NAME, defaults=facts)
        ours = _marker()
    if ours == row.marker:
        return Sharing()
    found = "It has no marker: is it mounted?" if ours is None else "Its marker is another's."
    return Sharing(
        f"This machine keeps builds and files in {_place()}. {found} "
        f"The other machines keep theirs in {row.path} on {row.host}. "
        "Until both are one, this machine executes nothing and keeps no file. "
        "Name the shared directory by HOTDASH_API_FILES_DIR. "
        "If this is the right one, restored or moved: python -m hotdash.localapi adopt-files."
    )


def _marker() -> UUID | None:
    with suppress(OSError, ValueError):
        return UUID((_place() / _MARKER).read_text().strip())
    return None


def _marked() -> UUID:
    """Return the marker, made by whoever is first: two machines may start at once."""
    draft = _place() / f".{_MARKER}.{secrets.token_hex(4)}"
    draft.write_text(f"{uuid4()}\n")
    with suppress(FileExistsError):
        os.link(draft, _place() / _MARKER)
    draft.unlink()
    marker = _marker()
    if marker is None:
        raise Apart(f"{_place() / _MARKER} holds no id: delete it.")
    return marker


def _place() -> Path:
    return Path(settings.FILES_DIR)
