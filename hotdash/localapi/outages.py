"""What is answered while the disk is full or the database is away: 507 and 503, in words."""

import logging
import sqlite3

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from hotdash.localapi import room, sharing
from hotdash.localapi.errors import error, from_anything

_LOG = logging.getLogger(__name__)
# SQLite says the second where a write is refused for another reason than a full disk, a quota's
_FULL_DATABASE = ("disk is full", "disk I/O error", "No space left on device")
_RETRY_SECONDS = 2
_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}


def from_storage(request: HttpRequest, trouble: Exception) -> HttpResponse:
    """Return 507 where the disk is full, 503 where the database is away, else 500."""
    apart = _apart(trouble)
    if apart:
        return error(503, apart)
    if _is_full(trouble):
        _LOG.error("the disk is full", exc_info=trouble)
        sentence = "The disk of this server is full. Nothing was kept; make room and send it again."
        return error(507, sentence)
    if _is_away(trouble):
        _LOG.error("the database is away: %s", trouble)
        return error(
            503,
            "The database of this server does not answer. Try again in a moment.",
            retry_after=_RETRY_SECONDS,
        )
    return from_anything(request, trouble)


def _apart(trouble: Exception) -> str:
    """Return why this machine has not got, or does not keep, what the others share."""
    if isinstance(trouble, sharing.Apart):
        return str(trouble)
    return sharing.known().trouble if isinstance(trouble, FileNotFoundError) else ""


def _is_full(trouble: Exception) -> bool:
    return room.is_lacking(trouble) or any(words in str(trouble) for words in _FULL_DATABASE)


def _is_away(trouble: Exception) -> bool:
    """Return whether it is the database's state; on SQLite wrong SQL has the same type."""
    if not isinstance(trouble, OperationalError | InterfaceError):
        return False
    code = getattr(trouble.__cause__, "sqlite_errorcode", None)
    return code is None or code & 0xFF in _AWAY
