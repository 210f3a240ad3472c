"""One stream: what its runs send while they run, and how the runs go."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from hotdash.gateway import fields
from hotdash.gateway.paths import path
from hotdash.gateway.runs import shape_run
from hotdash.gateway.stream_data import shape_stream_data
from hotdash.gateway.subscriptions import Frame
from hotdash.gateway.upstream import Gateway
from hotdash.live.known import Told
from hotdash.live.notes import Append, Note, Nudge
from hotdash.live.renderers import Place, rendered
from hotdash.live.source import Source

_RUNS = frozenset({"run:start", "run:stop", "run:fail", "run:cancel"})


class OfStream(Source):
    """Stream data to append, and nudges about the stream's runs and tasks.

    `stream:complete` is a limit of time, no end (contract 6.4): it is passed over, and the
    connection is opened again as after any cut.
    """

    can_look = False

    def __init__(self, place: Place, stream_id: UUID) -> None:
        self.path = path("streams", stream_id, "subscribe")
        self._place = place
        self._told = Told()

    def hear(self, frame: Frame) -> Sequence[Note]:
        """Return what a frame appends or nudges about, once however often it is replayed."""
        if frame.event == "stream:data":
            item = shape_stream_data(frame.body)
            if not self._told.is_news(str(item.stream_data_id)):
                return ()
            pieces = rendered("stream:data", self._place, item)
            return [Append(piece.target, piece.html) for piece in pieces]
        if frame.event in _RUNS:
            run = shape_run(fields.mapping(frame.body, "run"))
            # by its status: a parked run is announced as stopped or as failed
            return self._told.about_run(str(run.run_id), run.status)
        if frame.event == "task:update":
            task = fields.mapping(frame.body, "task")
            return [Nudge("task", str(fields.own_id(task, "task_id")), fields.text(task, "status"))]
        return ()

    def look(self, gateway: Gateway, *, is_thorough: bool) -> Any:
        """Ask nothing: the contract has no list of what a stream sends."""

    def learn(self, looked: Any) -> Sequence[Note]:  # noqa: ARG002  as every source
        """Return nothing."""
        return ()
