"""The id under which a request is told to its client and written into the logs."""

from contextvars import ContextVar
from uuid import UUID, uuid4

_CURRENT: ContextVar[UUID | None] = ContextVar("request_id", default=None)


def begin() -> UUID:
    """Return a fresh id, which is the current one from here on."""
    request_id = uuid4()
    _CURRENT.set(request_id)
    return request_id


def current() -> UUID:
    """Return the id of the request that is being answered; outside of any, a fresh one."""
    return _CURRENT.get() or uuid4()
