"""What stands around every tab of a run: its name, verdict, facts, failure, and the tabs."""

from dataclasses import dataclass

from hotdash.gateway.errors import GatewayError
from hotdash.gateway.events import Event
from hotdash.gateway.runs import Run
from hotdash.gateway.traces import Trace
from hotdash.kit.failures import Failure, explain
from hotdash.kit.faults import Fault, fault_of
from hotdash.kit.formats import clipped
from hotdash.kit.naming import Function, event_type_of, function_of, names_from
from hotdash.kit.statuses import STATUSES
from hotdash.kit.values import Value, shown
from hotdash.pages.runs.run_call import MOST_LINES, Chosen, choose
from hotdash.pages.runs.run_facts import Fact, facts_of
from hotdash.pages.runs.run_failure import Place, place_of
from hotdash.pages.runs.run_reading import Asked, Reading
from hotdash.pages.runs.run_trace import Group, Waterfall, waterfall
from hotdash.pages.runs.run_tree import open_path
from hotdash.pages.runs.run_verdict import FACT_LENGTH, Verdict, verdict


@dataclass(frozen=True)
class Blame:
    """The failure panel: where it happened, what the call was given, and what else is told.

    `message` is empty where the verdict says all of it already. `is_recorded` is false where the
    function that raised was not traced: then `place` is the innermost call on the way that was.
    `told` is the error in one line, to be copied.
    """

    kind: str
    message: str
    function: str
    line: str
    place: Place | None
    is_recorded: bool
    told: str
    args: Value | None
    details: Value | None


@dataclass(frozen=True)
class Frame:
    """Everything but the open tab's own content."""

    run: Run
    function: Function | None
    title: str
    label: str
    verdict: Verdict
    facts: tuple[Fact, ...]
    blame: Blame | None
    is_traced: bool
    is_live: bool
    calls: int
    variables: int


@dataclass(frozen=True)
class TracePanel:
    """The Trace tab: a waterfall with a chosen call, or the trouble in its place."""

    waterfall: Waterfall | None
    chosen: Chosen | None
    is_unknown_call: bool
    has_started_over: bool
    trouble: Failure | None

    @property
    def is_gone(self) -> bool:
        """Whether rows were asked for that continue a trace which has been started over."""
        return self.has_started_over and self.waterfall is not None and self.waterfall.first > 1

    @property
    def groups(self) -> tuple[Group, ...]:
        """The rows to draw: none that would continue another trace."""
        return () if self.is_gone or self.waterfall is None else self.waterfall.groups

    @property
    def is_empty(self) -> bool:
        """Whether no call was recorded, or none from the one on that was asked for."""
        return self.waterfall is not None and not self.waterfall.rows


def frame_of(reading: Reading) -> Frame:
    """Shape what every tab of a run shows."""
    run = reading.run
    event = reading.event if isinstance(reading.event, Event) else None
    fault = fault_of(run)
    now_in = open_path(reading.calls) if run.status == "running" else ()
    calls = reading.trace.total if isinstance(reading.trace, Trace) and reading.is_traced else 0
    names = names_from([event] if event else [], reading.handlers)
    return Frame(
        run=run,
        function=function_of(run, names),
        title=event_type_of(run, names) or run.run_type,
        label=STATUSES.get(run.status, run.status),
        verdict=verdict(run, fault, now_in),
        facts=facts_of(run, event),
        blame=_blame(reading, fault) if fault and run.status != "cancelled" else None,
        is_traced=reading.is_traced,
        is_live=not run.is_final,
        calls=calls,
        variables=reading.variables,
    )


def trace_panel(reading: Reading, asked: Asked) -> TracePanel | None:
    """Shape the Trace tab; None on a server that records no calls."""
    if not reading.is_traced:
        return None
    if isinstance(reading.trace, GatewayError):
        return TracePanel(None, None, False, False, explain(reading.trace))
    drawn = waterfall(reading.run, reading.trace, reading.tail, asked.inside)
    known = reading.calls if reading.chosen is None else (*reading.calls, reading.chosen)
    chosen = choose(drawn, known, asked.call)
    return TracePanel(
        drawn,
        chosen,
        is_unknown_call=asked.call is not None and chosen is None,
        has_started_over=asked.execution not in {None, reading.trace.execution},
        trouble=None,
    )


def _blame(reading: Reading, fault: Fault) -> Blame | None:
    """Return what the failure panel shows; None where the verdict says all that there is."""
    place = _place(reading)
    is_said = " ".join(fault.message.split()) == clipped(fault.message, FACT_LENGTH)
    function = fault.function or (place.call.function if place else "")
    if is_said and fault.message and not (fault.kind or function or fault.details):
        return None
    return Blame(
        fault.kind,
        "" if function and is_said else fault.message,
        function,
        fault.line,
        place,
        is_recorded=place is not None and (place.was_cut or place.call.function == function),
        told=": ".join(filter(None, (fault.kind, fault.message))),
        args=shown(place.call.args, MOST_LINES) if place else None,
        details=shown(fault.details, MOST_LINES),
    )


def _place(reading: Reading) -> Place | None:
    """Return where it failed, unless so much of the trace is unread that it cannot be told."""
    trace = reading.trace
    if not isinstance(trace, Trace) or (len(trace.calls) < trace.total and not reading.tail):
        return None
    return place_of(reading.run, reading.calls)
