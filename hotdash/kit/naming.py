"""Which function a run ran, and what started it, where the Hot API lets anyone know.

A run of the platform carries neither. Its event's type is read from one page of events, and a
function is named only when exactly one handler of the run's own build answers that type: two
would be a guess.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar
from uuid import UUID

from hotdash.gateway.errors import GatewayError
from hotdash.gateway.events import Event, list_events
from hotdash.gateway.handlers import EventHandler, list_event_handlers
from hotdash.gateway.runs import Run
from hotdash.gateway.together import attempt, together
from hotdash.gateway.upstream import Gateway

T = TypeVar("T")

EVENTS_READ = 200  # beside a page of runs; older events leave their runs unnamed

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


def read_names(gateway: Gateway, runs: Sequence[Run]) -> tuple[Names, GatewayError | None]:
    """Read events and handlers, only where runs do not name their functions themselves.

    Handlers belong to a project; of several, the one with most of these runs is asked, since a
    call for each would grow with the page.
    """
    unnamed = [run for run in runs if not run.var and run.event_id]
    if not unnamed:
        return Names(), None
    projects = Counter(run.project_id for run in unnamed if run.project_id)
    project = projects.most_common(1)[0][0] if projects else None
    events, handlers = together(
        partial(attempt, partial(_newest_events, gateway)),
        partial(attempt, partial(_handlers_of, gateway, project)),
    )
    failed = next((found for found in (events, handlers) if isinstance(found, GatewayError)), None)
    return names_from(_found(events), _found(handlers)), failed


def _newest_events(gateway: Gateway) -> Sequence[Event]:
    return list_events(gateway, EVENTS_READ).rows


def _handlers_of(gateway: Gateway, project: UUID | None) -> Sequence[EventHandler]:
    return list_event_handlers(gateway, project).rows if project else ()


def _found(answer: Sequence[T] | GatewayError) -> Sequence[T]:
    return () if isinstance(answer, GatewayError) else answer
