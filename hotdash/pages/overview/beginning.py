"""The first steps in an environment that nobody has taken yet."""

from dataclasses import dataclass
from functools import partial

from hotdash.gateway.errors import GatewayError
from hotdash.gateway.events import Event, list_events
from hotdash.gateway.pages import Page
from hotdash.gateway.runs import RunStats, get_run_stats
from hotdash.gateway.together import attempt, together
from hotdash.gateway.upstream import Gateway
from hotdash.kit.listeners import Listeners, read_listeners

EVENTS_READ = 50
MANY_RUNS = 200  # from here on nobody is a beginner


@dataclass(frozen=True)
class Progress:
    """What is done; None where it could not be read, so that nothing is claimed."""

    is_deployed: bool | None
    has_published: bool | None
    has_run: bool | None
    trouble: GatewayError | None

    @property
    def is_complete(self) -> bool:
        """Whether no step is known to be left."""
        return False not in (self.is_deployed, self.has_published, self.has_run)


def may_be_beginning(stats: RunStats | GatewayError | None) -> bool:
    """Whether it is worth asking which steps are left."""
    return isinstance(stats, RunStats) and stats.total_runs < MANY_RUNS


def read_progress(gateway: Gateway) -> Progress:
    """Read how far the environment is; raise only if nothing of it can be read."""
    stats, events, listeners = together(
        partial(attempt, partial(get_run_stats, gateway)),
        partial(attempt, partial(list_events, gateway, EVENTS_READ)),
        partial(attempt, partial(read_listeners, gateway)),
    )
    errors = [found for found in (stats, events, listeners) if isinstance(found, GatewayError)]
    if len(errors) == 3:
        raise errors[0]
    has_run = stats.total_runs > 0 if isinstance(stats, RunStats) else None
    return Progress(
        is_deployed=_is_deployed(listeners, has_run=has_run),
        has_published=_has_published(events),
        has_run=has_run,
        trouble=errors[0] if errors else None,
    )


def _is_deployed(listeners: Listeners | GatewayError, *, has_run: bool | None) -> bool | None:
    if has_run:
        return True
    if isinstance(listeners, GatewayError):
        return None
    return True if listeners.handlers else (False if listeners.is_whole else None)


def _has_published(events: Page[Event] | GatewayError) -> bool | None:
    """Whether an event came from outside; where more were not read, some may have."""
    if isinstance(events, GatewayError):
        return None
    return len(events) < events.total or any(event.source in {"api", None} for event in events)
