"""What is told to pages: append what only grows, nudge about everything else."""

from dataclasses import dataclass
from typing import Literal

State = Literal["live", "polling", "reconnecting", "refused"]


@dataclass(frozen=True)
class Nudge:
    """Something changed: its id and, where it was told, its status; the page asks for the rest."""

    kind: str  # run, event, stream, task
    id: str
    status: str = ""


@dataclass(frozen=True)
class Append:
    """HTML for the element of this id."""

    target: str
    html: str


@dataclass(frozen=True)
class Refetch:
    """What the page shows may be old: what happened in between is not known one by one."""


@dataclass(frozen=True)
class Mark:
    """How well the page hears: state, and what was mended or missed so far."""

    state: State
    reconnects: int = 0
    missed: int = 0
    seconds: int = 0  # between two looks, while polling


@dataclass(frozen=True)
class Bye:
    """The last word; `final` where nothing more will ever happen."""

    reason: Literal["stopping", "revoked", "final", "full"]


Note = Nudge | Append | Refetch
_NAMES = {Nudge: "nudge", Append: "append", Refetch: "refetch", Mark: "mark", Bye: "bye"}


def name_of(note: Note | Mark | Bye) -> str:
    """Return the name under which a note is sent."""
    return _NAMES[type(note)]
