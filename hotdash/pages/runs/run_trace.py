"""The trace panel: the rows that were read, the path of the failure, and where to read on."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from hotdash.gateway.runs import Run
from hotdash.gateway.traces import Call, Trace
from hotdash.pages.runs.run_rows import Drawing, Row
from hotdash.pages.runs.run_tree import arrange, chain, failing_path
from hotdash.pages.runs.run_waterfall import Clock, clock_of

MOST_AROUND = 64  # calls around a page of rows that its address names


@dataclass(frozen=True)
class More:
    """The rows after the last one drawn: how many, and the query that asks for them."""

    first: int
    count: int
    query: str


Group = tuple[More | None, tuple[Row, ...]]  # rows, and what stands above them


@dataclass(frozen=True)
class Waterfall:
    """What is drawn of a trace; `beyond` are rows of the failing path that lie past the others."""

    clock: Clock
    drawing: Drawing
    rows: tuple[Row, ...]
    beyond: tuple[Row, ...]
    more: More | None
    first: int
    total: int
    execution: int | None

    @property
    def groups(self) -> tuple[Group, ...]:
        """The rows that were asked for, then, under the way to read on, those beyond them."""
        asked: Group = (None, self.rows)
        return (asked, (self.more, self.beyond)) if self.more else (asked,)


def waterfall(
    run: Run, trace: Trace, tail: Sequence[Call] = (), inside: Sequence[str] = ()
) -> Waterfall:
    """Shape the calls that were read.

    `tail` are the calls that changed last: they hold the failing path where it lies beyond this
    page. `inside` names the calls around the page's first one, which an earlier page drew.
    """
    read = tuple({call.call_id: call for call in (*trace.calls, *tail)}.values())
    is_whole = len(trace.calls) >= trace.total
    path = failing_path(read) if run.status != "running" and (is_whole or tail) else ()
    clock = clock_of(run.start_time, run.stop_time, read)
    drawing = Drawing(
        clock,
        keep=_keep(trace, inside),
        path=frozenset(call.call_id for call in path),
        culprit=path[-1] if path else None,
        is_live=run.status == "running",
        known_until=trace.calls[-1].start_time if trace.has_more and trace.calls else None,
    )
    drawn = {call.call_id for call in trace.calls}
    last = trace.calls[-1].seq if trace.calls else 0
    nodes = arrange(read, inside)
    return Waterfall(
        clock=clock,
        drawing=drawing,
        rows=tuple(drawing.row(node) for node in nodes if node.call.call_id in drawn),
        beyond=tuple(
            drawing.row(node)
            for node in nodes
            if node.call.seq > last and node.call.call_id in drawing.path
        ),
        more=_more(trace, inside),
        first=trace.offset + 1,
        total=trace.total,
        execution=trace.execution,
    )


def _keep(trace: Trace, inside: Sequence[str]) -> str:
    if trace.offset == 0:
        return ""
    return urlencode({"from": trace.offset + 1, "inside": inside}, doseq=True) + "&"


def _more(trace: Trace, inside: Sequence[str]) -> More | None:
    rest = trace.total - trace.offset - len(trace.calls)
    if rest <= 0 or not trace.calls:
        return None
    around = chain(trace.calls, trace.calls[-1])
    above = around[0].parent_id
    outer = inside[: inside.index(above) + 1] if above in inside else ()
    first = trace.offset + len(trace.calls) + 1
    names = (*outer, *(call.call_id for call in around))[-MOST_AROUND:]
    query = {"from": first, "inside": names, "execution": trace.execution or ""}
    return More(first, rest, urlencode(query, doseq=True))
