"""Reads what an event's page shows: the event and its runs, then what hangs on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from hotdash.gateway.capabilities import Capabilities, get_capabilities
from hotdash.gateway.errors import GatewayError
from hotdash.gateway.events import Event, get_event, list_event_runs
from hotdash.gateway.handlers import EventHandler, list_event_handlers
from hotdash.gateway.pages import Page
from hotdash.gateway.runs import Run, RunQuery, list_runs
from hotdash.gateway.together import attempt, together
from hotdash.gateway.upstream import Gateway
from hotdash.kit import attempts
from hotdash.kit.formats import number
from hotdash.kit.run_row import FAILED

MOST_LINES = 1_200  # of an event's data, drawn as a tree
MOST_RUNS = 50  # of one event
NEWEST = 200  # runs that are searched for retries
SOON = timedelta(minutes=1)  # after it was published an event may still set off its first run


@dataclass(frozen=True)
class Reading:
    """What was read of an event; a GatewayError stands where a part of it could not be.

    `newest` are the runs among which retries are searched, None where there can be no retry.
    """

    event: Event
    runs: Page[Run] | GatewayError
    newest: Page[Run] | GatewayError | None
    is_by_stream: bool
    handlers: tuple[EventHandler, ...]

    @property
    def first_tries(self) -> Sequence[Run]:
        """The runs that the event itself started."""
        return () if isinstance(self.runs, GatewayError) else self.runs.rows

    @property
    def retries(self) -> Sequence[Run]:
        """The later attempts of these runs that were found."""
        newest = () if not isinstance(self.newest, Page) else self.newest.rows
        chains = (chain_of(run, newest)[1:] for run in self.first_tries)
        return [retry for chain in chains for retry in chain]

    def is_under_way(self, now: datetime) -> bool:
        """Whether a run of it goes on, or may be about to begin."""
        if isinstance(self.runs, GatewayError):
            return False
        tries = [*self.first_tries, *self.retries]
        at = self.event.event_time
        return any(not run.is_final for run in tries) or bool(not tries and at and now - at < SOON)

    @property
    def searched(self) -> str:
        """Where later attempts were looked for, in words; nothing where there can be none."""
        if not isinstance(self.newest, Page):
            return ""
        where = "of its stream" if self.is_by_stream else "of the environment"
        read = len(self.newest)
        which = "all" if read >= self.newest.total else f"the newest {number(read)}"
        return f"Later attempts were looked for among {which} runs {where}."


def chain_of(run: Run, known: Sequence[Run]) -> list[Run]:
    """Return a run and its later attempts that are known, each a retry of the one before."""
    retry_of = {other.origin_run_id: other for other in known if other.origin_run_id}
    chain, seen = [run], {run.run_id}
    while (after := retry_of.get(chain[-1].run_id)) is not None and after.run_id not in seen:
        chain.append(after)
        seen.add(after.run_id)
    return chain


def read_event(gateway: Gateway, event_id: UUID) -> Reading:
    """Return the event with what its page shows; raise only what the event itself answers with."""
    event, runs, offers = together(
        partial(get_event, gateway, event_id),
        partial(attempt, partial(list_event_runs, gateway, event_id, MOST_RUNS)),
        partial(attempt, partial(get_capabilities, gateway)),
    )
    is_by_stream = isinstance(offers, Capabilities) and offers.has_stream_filter
    stream = event.stream_id if is_by_stream else None
    newest, handlers = together(
        partial(_read_newest, gateway, runs, stream),
        partial(_read_handlers, gateway, runs),
    )
    return Reading(event, runs, newest, stream is not None, handlers)


def _read_newest(
    gateway: Gateway, runs: Page[Run] | GatewayError, stream: UUID | None
) -> Page[Run] | GatewayError | None:
    """Return the newest runs, where one of the event's may have been tried again."""
    if isinstance(runs, GatewayError) or not any(_may_go_on(run) for run in runs):
        return None
    return attempt(partial(list_runs, gateway, RunQuery(stream_id=stream, limit=NEWEST)))


def _may_go_on(run: Run) -> bool:
    return run.status in FAILED and not attempts.is_last(run)


def _read_handlers(gateway: Gateway, runs: Page[Run] | GatewayError) -> tuple[EventHandler, ...]:
    """Return who may have answered the event, where the server does not name the functions."""
    rows = () if isinstance(runs, GatewayError) else runs.rows
    project = next((run.project_id for run in rows if not run.function and run.project_id), None)
    if project is None:
        return ()
    found = attempt(partial(list_event_handlers, gateway, project))
    return found.rows if isinstance(found, Page) else ()
