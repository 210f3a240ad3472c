"""The chosen call beside the waterfall: its arguments, and what it returned or raised."""

from collections.abc import Iterable
from dataclasses import dataclass

from hotdash.gateway.traces import Call
from hotdash.kit.formats import duration
from hotdash.kit.values import Value, shown
from hotdash.pages.runs.run_rows import State
from hotdash.pages.runs.run_trace import Waterfall

MOST_LINES = 300  # of each of the trees, so that all of a page stay well under 2,000


@dataclass(frozen=True)
class Chosen:
    """A call in detail; `own` is empty where what ran below it is not known.

    `previous` and `following` are the queries of its neighbours, empty at either end.
    """

    call: Call
    state: State
    took: str
    share: str
    own: str
    args: Value | None
    value: Value | None
    previous: str
    following: str
    total: int


def choose(waterfall: Waterfall, read: Iterable[Call], seq: int | None) -> Chosen | None:
    """Return the call asked for; without one the failed one, the one it is in, or the first."""
    known = {call.seq: call for call in read}
    call = known.get(seq) if seq is not None else _telling(waterfall, known)
    if call is None:
        return None
    clock, drawing = waterfall.clock, waterfall.drawing
    start, stop = clock.span(call)
    below = [clock.span(inner) for inner in known.values() if inner.parent_id == call.call_id]
    own = drawing.own_time(call, below) if below else None
    return Chosen(
        call=call,
        state=drawing.state(call),
        took=duration(stop - start),
        share=_share(clock.percent(stop - start)),
        own=duration(sum(last - first for first, last in own)) if own is not None else "",
        args=shown(call.args, MOST_LINES),
        value=shown(call.value, MOST_LINES) if call.stop_time and not call.error else None,
        previous=drawing.query(call.seq - 1) if call.seq > 1 else "",
        following=drawing.query(call.seq + 1) if call.seq < waterfall.total else "",
        total=waterfall.total,
    )


def _share(percent: float) -> str:
    return "under 1 %" if 0 < percent < 0.5 else f"{percent:.0f} %"


def _telling(waterfall: Waterfall, known: dict[int, Call]) -> Call | None:
    if waterfall.drawing.culprit is not None:
        return waterfall.drawing.culprit
    opened = [row.call for row in waterfall.rows if row.state in {"open", "cut"}]
    return opened[-1] if opened else known.get(min(known, default=0))
