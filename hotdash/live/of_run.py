"""One run: its status, and its trace while it grows."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from hotdash.gateway import fields
from hotdash.gateway.capabilities import get_capabilities
from hotdash.gateway.paths import path
from hotdash.gateway.runs import FINAL, Run, get_run, shape_run
from hotdash.gateway.subscriptions import Frame
from hotdash.gateway.traces import Trace, list_calls
from hotdash.gateway.upstream import Gateway
from hotdash.live.known import Told
from hotdash.live.notes import Append, Note, Refetch
from hotdash.live.renderers import Place, has_renderer, rendered
from hotdash.live.source import BESIDE_PUSH_SECONDS, Source, slower

FASTEST_SECONDS = 0.25
MOST_PAGES = 20  # of a trace in one look: the next look reads on


@dataclass(frozen=True)
class Grown:
    """What a trace gained, up to a revision of an execution."""

    notes: Sequence[Note] = ()
    rev: int | None = None
    execution: int | None = None
    is_whole: bool = True


@dataclass(frozen=True)
class Looked:
    """The run, unless it was asked a moment ago, and what its trace gained."""

    run: Run | None
    trace: Grown


class OfRun(Source):
    """Nudges about one run, and lines of its trace to append; over when the run is final."""

    def __init__(self, place: Place, run_id: UUID) -> None:
        self.path = path("runs", run_id, "subscribe")
        self._place = place
        self._run_id = run_id
        self._told = Told()
        self._seems_final = self._has_looked = False
        self._asked_at = float("-inf")
        self._has_trace = False
        self._known = Grown()  # moved on by `learn` alone: a look may fail, or not be waited for

    @property
    def wants_look(self) -> bool:
        """Whether the push says that the run is final: a last look tells all of it."""
        return self._seems_final and not self.is_over

    def hear(self, frame: Frame) -> Sequence[Note]:
        """Return the nudge of an update, unless it ends the run: that is told by the last look."""
        if frame.event != "run:update":
            return ()
        run = shape_run(fields.mapping(frame.body, "run"))
        if run.status in FINAL:
            self._seems_final = True
            return ()
        return self._told.about_run(str(run.run_id), run.status)

    def look(self, gateway: Gateway, *, is_thorough: bool) -> Looked:
        """Return the run, if the push may have missed it, and its trace since the last look."""
        run = None
        is_due = time.monotonic() - self._asked_at >= BESIDE_PUSH_SECONDS
        if is_thorough or is_due or self.wants_look:
            run = get_run(gateway, self._run_id)
        # asked after the run: of a final run the trace is then whole
        return Looked(run, self._grown(gateway))

    def learn(self, looked: Looked) -> Sequence[Note]:
        """Return what grew, then the change of the run."""
        notes = list(looked.trace.notes)
        self._known = looked.trace
        is_first, self._has_looked = not self._has_looked, True
        if looked.run is not None:
            self._asked_at = time.monotonic()
            notes += self._told.about_run(str(looked.run.run_id), looked.run.status)
            self.is_over = looked.run.is_final and looked.trace.is_whole
        return notes if self.is_over or not is_first else ()

    def pause(self, *, is_pushed: bool, quiet: int) -> float:
        """Return a short pause where there is a trace to watch."""
        if self._has_trace:
            return slower(FASTEST_SECONDS, quiet, 2.0)
        return BESIDE_PUSH_SECONDS if is_pushed else slower(1.0, quiet, 15.0)

    def _grown(self, gateway: Gateway) -> Grown:
        if not has_renderer("trace") or not get_capabilities(gateway).has_trace:
            return replace(self._known, notes=())
        self._has_trace = True
        rev, execution = self._known.rev, self._known.execution
        if rev is None:  # what the page was rendered from, or will fetch again
            return _begun(list_calls(gateway, self._run_id, limit=1))
        notes: list[Note] = []
        for _ in range(MOST_PAGES):
            trace = list_calls(gateway, self._run_id, after_rev=rev)
            if trace.execution != execution:
                return _begun(trace, Refetch())  # the run began anew: no line of before stands
            if not trace.calls:
                return Grown(notes, rev, execution)
            pieces = rendered("trace", self._place, self._run_id, trace)
            notes += [Append(piece.target, piece.html) for piece in pieces]
            rev = max(call.rev for call in trace.calls)
            if not trace.has_more:
                return Grown(notes, rev, execution)
        return Grown(notes, rev, execution, is_whole=False)


def _begun(trace: Trace, *notes: Note) -> Grown:
    return Grown(notes, trace.rev or 0, trace.execution)
