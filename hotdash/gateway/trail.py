"""Which requests were made of a Hot API, by the ids it gave them: what an audit row points to."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

_LONGEST = 100


@dataclass
class Trail:
    """The request ids of answers, in order, and of those alone that were to change something."""

    all: list[str] = field(default_factory=list)
    changing: list[str] = field(default_factory=list)

    @property
    def request_id(self) -> str:
        """The id that tells most of an action: of its last change, else of its last question."""
        ids = self.changing or self.all
        return ids[-1] if ids else ""


_TRAIL: ContextVar[Trail | None] = ContextVar("gateway_trail", default=None)


@contextmanager
def followed() -> Iterator[Trail]:
    """Collect the request ids of all answers that arrive inside, refusals included."""
    trail = Trail()
    token = _TRAIL.set(trail)
    try:
        yield trail
    finally:
        _TRAIL.reset(token)


def note(request_id: str, *, changes: bool) -> None:
    """Add an answer's request id to the trail, if one is followed and there is one."""
    trail = _TRAIL.get()
    if trail is not None and request_id:
        trail.all.append(request_id[:_LONGEST])
        if changes:
            trail.changing.append(request_id[:_LONGEST])


def request_id_of(envelope: Mapping[str, Any]) -> str:
    """Return the request id in the `meta` of a success (contract 1.3), "" where there is none."""
    meta = envelope.get("meta")
    found = meta.get("request_id") if isinstance(meta, dict) else None
    return found if isinstance(found, str) else ""
