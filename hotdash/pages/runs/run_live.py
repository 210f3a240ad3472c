"""What a run's page hears while the run is under way, and how it looks when it arrives."""

from dataclasses import replace
from uuid import UUID

from django.template.loader import render_to_string

from hotdash.gateway.runs import Run
from hotdash.gateway.stream_data import StreamData
from hotdash.gateway.traces import Trace
from hotdash.live.renderers import Piece, Place, register
from hotdash.live.topics import run_topic, stream_topic
from hotdash.pages.runs.run_output import lines_of
from hotdash.pages.runs.run_rows import Drawing
from hotdash.pages.runs.run_tree import Node
from hotdash.pages.runs.run_waterfall import clock_of

CALL, SAID = "runs/_run_live_row.html", "runs/_run_said.html"


def topics_of(run: Run, environment_id: UUID) -> list[str]:
    """Return what the page of this run listens to: nothing once the run is over."""
    if run.is_final:
        return []
    stream = [stream_topic(environment_id, run.stream_id)] if run.stream_id else []
    return [run_topic(environment_id, run.run_id), *stream]


def grown(_place: Place, _run_id: UUID, trace: Trace) -> list[Piece]:
    """Return the rows of calls that began or ended; the page puts them on its own clock."""
    drawing = Drawing(
        clock_of(None, None, trace.calls),
        keep="",
        path=frozenset(),
        culprit=None,
        is_live=True,
        known_until=None,
    )
    rows = (drawing.row(Node(call, 0, ())) for call in trace.calls)
    return [
        # its level is that of the row above it, which only the page knows
        Piece("calls", render_to_string(CALL, {"row": replace(row, indent="")}))
        for row in sorted(rows, key=lambda row: row.call.seq)
    ]


def said(_place: Place, item: StreamData) -> list[Piece]:
    """Return a piece of output as a line; the page joins it to the text before, if it goes on."""
    return [
        Piece(f"said-{item.run_id}", render_to_string(SAID, {"line": line, "is_fresh": True}))
        for line in lines_of([item])
    ]


register("trace", grown)
register("stream:data", said)
