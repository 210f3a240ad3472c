"""Which requests were made of a Hot API, by the ids it gave them: what an audit row points to."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_LONGEST = 100

_TRAIL: ContextVar[list[str] | None] = ContextVar("gateway_trail", default=None)


@contextmanager
def followed() -> Iterator[list[str]]:
    """Collect the request ids of all answers that arrive inside, refusals included."""
    trail: list[str] = []
    token = _TRAIL.set(trail)
    try:
        yield trail
    finally:
        _TRAIL.reset(token)


def note(request_id: str) -> None:
    """Add an answer's request id to the trail, if one is followed and there is one."""
    trail = _TRAIL.get()
    if trail is not None and request_id:
        trail.append(request_id[:_LONGEST])


def request_id_of(envelope: Mapping[str, Any]) -> str:
    """Return the request id in the `meta` of a success (contract 1.3), "" where there is none."""
    meta = envelope.get("meta")
    found = meta.get("request_id") if isinstance(meta, dict) else None
    return found if isinstance(found, str) else ""
