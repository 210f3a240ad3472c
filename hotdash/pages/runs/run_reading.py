"""Reads what a run's page shows: the run and its trace together, then what hangs on them."""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.http import QueryDict

from hotdash.gateway.errors import GatewayError, RouteMissing
from hotdash.gateway.events import Event, get_event
from hotdash.gateway.handlers import EventHandler, list_event_handlers
from hotdash.gateway.pages import Page
from hotdash.gateway.runs import Run, get_run
from hotdash.gateway.together import attempt, together
from hotdash.gateway.traces import Call, Trace, list_calls
from hotdash.gateway.upstream import Gateway
from hotdash.pages.runs.run_output import Read, read_output

ROWS = 500  # calls drawn at once, and the most that the server sends
FARTHEST = 100_000


@dataclass(frozen=True)
class Asked:
    """What an address asks of a trace: from which call on, around which, and which one is chosen.

    Numbers that cannot be are read as not given; `call` is -1 for a call that cannot be.
    """

    call: int | None = None
    first: int = 1
    inside: tuple[str, ...] = ()
    execution: int | None = None

    @classmethod
    def read(cls, query: QueryDict) -> "Asked":
        """Return what the query says: call, from, inside and execution."""
        return cls(
            call=_number(query, "call", otherwise=-1) if "call" in query else None,
            first=_number(query, "from", otherwise=1) or 1,
            inside=tuple(name[:64] for name in query.getlist("inside")[:64]),
            execution=_number(query, "execution", otherwise=None),
        )


@dataclass(frozen=True)
class Reading:
    """What was read of a run; a GatewayError stands where a part of it could not be."""

    run: Run
    trace: Trace | GatewayError
    tail: tuple[Call, ...]
    chosen: Call | None
    event: Event | GatewayError | None
    handlers: tuple[EventHandler, ...]
    output: Read = None

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every call that was read of the trace, once."""
        drawn = self.trace.calls if isinstance(self.trace, Trace) else ()
        return tuple({call.call_id: call for call in (*drawn, *self.tail)}.values())

    @property
    def is_traced(self) -> bool:
        """Whether the server records calls; plain variables alone are no trace."""
        if isinstance(self.trace, Trace):
            return self.trace.rev is not None or bool(self.trace.calls)
        return not isinstance(self.trace, RouteMissing)

    @property
    def variables(self) -> int:
        """How many plain variables the server has of this run."""
        if isinstance(self.trace, Trace) and self.trace.variables:
            return self.trace.total
        return 0


def read_run(gateway: Gateway, run_id: UUID, asked: Asked, *, with_output: bool = False) -> Reading:
    """Return the run with what its page shows; raise only what the run itself answers with."""
    told: Future[Run | None] = Future()
    (run, event, handlers), (trace, tail, chosen), output = together(
        partial(_read_origins, gateway, run_id, told),
        partial(_read_calls, gateway, run_id, asked, told),
        partial(attempt, partial(read_output, gateway, run_id)) if with_output else lambda: None,
    )
    return Reading(run, trace, tail, chosen, event, handlers, output)


def _read_origins(
    gateway: Gateway, run_id: UUID, told: "Future[Run | None]"
) -> tuple[Run, Event | GatewayError | None, tuple[EventHandler, ...]]:
    """Return the run, which is told on as soon as it is there, its event, and who may answer it."""
    run = None
    try:
        run = get_run(gateway, run_id)
    finally:
        told.set_result(run)  # None too: somebody waits for it
    read_event = partial(_read_event, gateway, run)
    if run.function:
        return run, read_event(), ()
    return run, *together(read_event, partial(_read_handlers, gateway, run))


def _read_calls(
    gateway: Gateway, run_id: UUID, asked: Asked, told: "Future[Run | None]"
) -> tuple[Trace | GatewayError, tuple[Call, ...], Call | None]:
    """Return the rows, the calls that changed last, and a chosen call outside of the rows."""
    read_rows = partial(attempt, partial(list_calls, gateway, run_id, ROWS, asked.first - 1))
    if asked.call is None or asked.call < 1 or 0 <= asked.call - asked.first < ROWS:
        trace, chosen = read_rows(), None
    else:
        trace, chosen = together(read_rows, partial(_read_chosen, gateway, run_id, asked.call))
    return trace, _read_tail(gateway, trace, told), chosen


def _read_chosen(gateway: Gateway, run_id: UUID, seq: int) -> Call | None:
    """Return one call by its number, which counts from one, gapless."""
    page = attempt(partial(list_calls, gateway, run_id, 1, seq - 1))
    found = page.calls if isinstance(page, Trace) else ()
    return next((call for call in found if call.seq == seq), None)


def _read_event(gateway: Gateway, run: Run) -> Event | GatewayError | None:
    if run.event_id is None:
        return None
    return attempt(partial(get_event, gateway, run.event_id))


def _read_tail(
    gateway: Gateway, trace: Trace | GatewayError, told: "Future[Run | None]"
) -> tuple[Call, ...]:
    """Return the calls that changed last, where a run that is over has more than were read.

    A failure comes up through its calls at the very end, so the last changes hold its whole path.
    """
    if isinstance(trace, GatewayError) or trace.rev is None or len(trace.calls) >= trace.total:
        return ()
    run = told.result()
    if run is None or run.status == "succeeded":
        return ()
    last = attempt(
        partial(list_calls, gateway, run.run_id, ROWS, after_rev=max(0, trace.rev - ROWS))
    )
    return last.calls if isinstance(last, Trace) else ()


def _read_handlers(gateway: Gateway, run: Run) -> tuple[EventHandler, ...]:
    """Return the handlers of the run's project: the server does not name its function."""
    if run.project_id is None:
        return ()
    found = attempt(partial(list_event_handlers, gateway, str(run.project_id)))
    return found.rows if isinstance(found, Page) else ()


def _number(query: Mapping[str, str], key: str, otherwise: int | None) -> int | None:
    text = query.get(key, "")
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        return otherwise
    return min(int(text), FARTHEST)
