"""What hotdash itself stands on and now and then misses: its database and its cache."""

from django.db import InterfaceError, OperationalError
from redis.exceptions import RedisError

from hotdash.kit.failures import Failure

_DATABASE = Failure(
    "hotdash's database cannot be used",
    "It does not answer, is too busy or has no room left. What runs on the platform goes on.",
    "Try again in a moment; if it stays so, tell the people who run hotdash.",
    status=503,
    kind="here",
    retry_after=5,
)
_CACHE = Failure(
    "hotdash cannot count tries at the moment",
    "Its cache does not answer, and without it nobody could be slowed down who guesses passwords, "
    "so nobody can sign in now. Who is signed in works on.",
    "Try again in a moment; if it stays so, tell the people who run hotdash.",
    status=503,
    kind="here",
    retry_after=5,
)


def outage(error: BaseException | None) -> Failure | None:
    """Return what to say where an error is one of these; None for any other."""
    if isinstance(error, RedisError):
        return _CACHE
    if isinstance(error, OperationalError | InterfaceError) and not _is_a_mistake(error):
        return _DATABASE
    return None


def _is_a_mistake(error: Exception) -> bool:
    # SQLite has one name for what no query may ask and for what only is not so at the moment
    return getattr(error.__cause__, "sqlite_errorname", "") == "SQLITE_ERROR"
