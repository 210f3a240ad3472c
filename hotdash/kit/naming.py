"""Which function a run ran, and what started it, where the Hot API lets anyone know.

A run of the platform carries neither. Its event's type is read from one page of events, and a
function is named only when exactly one handler of the run's own build answers that type: two
would be a guess (house, section 5).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from hotdash.gateway.events import Event
from hotdash.gateway.handlers import EventHandler
from hotdash.gateway.runs import Run

Answered = tuple[UUID | None, str]  # a build and an event type


@dataclass(frozen=True)
class Function:
    """A function as it is written: `::shop::orders` and `on-order-placed`."""

    ns: str
    name: str

    @property
    def full(self) -> str:
        """The function in one word."""
        return f"{self.ns}/{self.name}"


@dataclass(frozen=True)
class Names:
    """What was read beside the runs: types of events, and who answers them."""

    event_types: Mapping[UUID, str] = field(default_factory=dict)
    handlers: Mapping[Answered, tuple[Function, ...]] = field(default_factory=dict)


def names_from(events: Iterable[Event], handlers: Iterable[EventHandler]) -> Names:
    """Return what events and handlers tell about runs."""
    answering: dict[Answered, list[Function]] = defaultdict(list)
    for handler in handlers:
        place = (handler.build_id, handler.event_type)
        answering[place].append(Function(handler.ns, handler.var))
    types = {event.event_id: event.event_type for event in events}
    return Names(types, {place: tuple(found) for place, found in answering.items()})


def event_type_of(run: Run, names: Names) -> str | None:
    """Return the type of the event that started the run, None where it is not known."""
    if run.event_type is not None or run.event_id is None:
        return run.event_type
    return names.event_types.get(run.event_id)


def function_of(run: Run, names: Names) -> Function | None:
    """Return the function of a run: told by the server, or the only one that it can be."""
    if run.ns and run.var:
        return Function(run.ns, run.var)
    event_type = event_type_of(run, names)
    if event_type is None or run.build_id is None:
        return None
    candidates = names.handlers.get((run.build_id, event_type), ())
    return candidates[0] if len(candidates) == 1 else None
