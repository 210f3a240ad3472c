"""HTML of what is appended: rooms say how it looks, live knows no room."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from hotdash.gateway.stream_data import StreamData
from hotdash.gateway.traces import Trace

Kind = Literal["stream:data", "trace"]


@dataclass(frozen=True)
class Place:
    """Where it happened, for links: slugs of the organization and environment."""

    org: str
    env: str
    environment_id: UUID


@dataclass(frozen=True)
class Piece:
    """HTML to be put into the element with the id `target`.

    Each of its root elements replaces the one that has its id already, or else comes last.
    """

    target: str
    html: str


StreamRenderer = Callable[[Place, StreamData], Iterable[Piece]]
TraceRenderer = Callable[[Place, UUID, Trace], Iterable[Piece]]

_renderers: dict[Kind, Callable[..., Iterable[Piece]]] = {}


def register(kind: Kind, renderer: StreamRenderer | TraceRenderer) -> None:
    """Let this function make the HTML, once for all who watch, without asking any database."""
    _renderers[kind] = renderer


def has_renderer(kind: Kind) -> bool:
    """Return whether some room shows this at all; what nobody shows is not asked for."""
    return kind in _renderers


def rendered(kind: Kind, *what: Any) -> list[Piece]:
    """Return the pieces of one thing that grew; none where no room shows it."""
    return list(_renderers[kind](*what)) if kind in _renderers else []
