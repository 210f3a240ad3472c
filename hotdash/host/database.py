"""A Postgres by its address, which is given up when it stays silent."""

from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from hotdash.host.environment import MissingSetting

_SCHEMES = {"postgres", "postgresql"}
_CONNECT_SECONDS = 5
_SILENT_MILLISECONDS = 15_000  # what was sent and nobody confirmed: the way to the server is cut


def postgres(variable: str, url: str) -> dict[str, Any]:
    """Return the entry for Django's DATABASES; raise MissingSetting for an address that is none.

    The address is not in the refusal: it holds a password.
    """
    refusal = MissingSetting(
        f"{variable} must begin with postgres:// and name a database; "
        "unset, an SQLite file in the data directory is used."
    )
    try:
        if urlsplit(url).scheme not in _SCHEMES:
            raise refusal
        entry: dict[str, Any] = dict(dj_database_url.parse(url))
    except (ValueError, dj_database_url.ParseError):
        raise refusal from None
    if not entry["NAME"]:
        raise refusal
    patience: dict[str, Any] = {
        "connect_timeout": _CONNECT_SECONDS,
        "tcp_user_timeout": _SILENT_MILLISECONDS,
    }
    return entry | {"OPTIONS": patience | entry.get("OPTIONS", {})}
