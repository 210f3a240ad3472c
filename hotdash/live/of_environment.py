"""All that happens in an environment: pushed as far as the server pushes it, and looked after."""

from collections.abc import Sequence
from functools import partial

from hotdash.gateway import fields
from hotdash.gateway.errors import GatewayError
from hotdash.gateway.events import Event, list_events
from hotdash.gateway.pages import Page
from hotdash.gateway.paths import path
from hotdash.gateway.runs import FINAL, Run, RunQuery, list_runs
from hotdash.gateway.subscriptions import Frame
from hotdash.gateway.together import attempt, together
from hotdash.gateway.upstream import Gateway
from hotdash.live.known import Told
from hotdash.live.notes import Note, Nudge, Refetch
from hotdash.live.source import Source

NEWEST = 50
# what a frame's name says of a run; a failure may be one that is tried again (contract 6.6)
_RUNS = {"run:start": "running", "run:stop": "succeeded", "run:fail": "", "run:cancel": "cancelled"}
_OTHERS = {
    "event:created": ("event", "event_id", "created"),
    "event:handled": ("event", "event_id", "handled"),
    "stream:created": ("stream", "stream_id", "created"),
    "task:started": ("task", "task_id", "running"),
    "task:complete": ("task", "task_id", ""),
}

Looked = tuple[Page[Run], Page[Event] | GatewayError]


class OfEnvironment(Source):
    """Nudges about runs, events, streams and tasks."""

    path = path("env", "subscribe")

    def __init__(self) -> None:
        self._told = Told()
        self._unfinished: set[str] = set()
        self._has_looked = False

    def hear(self, frame: Frame) -> Sequence[Note]:
        """Return the nudge of a frame; of names that are unknown, none (contract 6.1)."""
        if frame.event in _RUNS:
            run_id = str(fields.own_id(frame.body, "run_id"))
            return self._about_run(run_id, _RUNS[frame.event])
        if frame.event in _OTHERS:
            kind, key, status = _OTHERS[frame.event]
            return self._about(kind, str(fields.own_id(frame.body, key)), status)
        return ()

    def look(self, gateway: Gateway, *, is_thorough: bool) -> Looked:
        """Return the newest runs and events: one of each where nothing else can have changed."""
        depth = NEWEST if is_thorough or self._unfinished or not self._has_looked else 1
        return together(
            partial(self._runs, gateway, depth), partial(attempt, partial(self._events, gateway))
        )

    def learn(self, looked: Looked) -> Sequence[Note]:
        """Return nudges for what is new; where more may be than the rows show, all is old."""
        runs, events = looked
        is_first, self._has_looked = not self._has_looked, True
        # nobody told of the last row: what lies behind it may be new as well
        is_torn = runs.has_more and not self._is_told(runs.rows[-1:])
        notes: list[Note] = []
        for run in reversed(runs.rows):
            notes += self._about_run(str(run.run_id), run.status)
        if not isinstance(events, GatewayError):
            is_torn = is_torn or (events.has_more and not self._is_told(events.rows[-1:]))
            for event in reversed(events.rows):
                notes += self._about("event", str(event.event_id), "created")
        if is_first:
            return ()
        return [*notes, Refetch()] if is_torn else notes

    def _runs(self, gateway: Gateway, depth: int) -> Page[Run]:
        page = list_runs(gateway, RunQuery(limit=depth))
        is_enough = self._is_told(page.rows) or depth > 1
        return page if is_enough else list_runs(gateway, RunQuery(limit=NEWEST))

    def _events(self, gateway: Gateway) -> Page[Event]:
        page = list_events(gateway, limit=1 if self._has_looked else NEWEST)
        is_enough = self._is_told(page.rows) or not self._has_looked
        return page if is_enough else list_events(gateway, limit=NEWEST)

    def _is_told(self, rows: Sequence[Run] | Sequence[Event]) -> bool:
        return all(_name_of(row) in self._told for row in rows)

    def _about_run(self, run_id: str, status: str) -> list[Nudge]:
        nudges = self._told.about_run(run_id, status)
        if nudges and status in FINAL:
            self._unfinished.discard(run_id)
        elif nudges and len(self._unfinished) < NEWEST:
            self._unfinished.add(run_id)
        return nudges

    def _about(self, kind: str, subject: str, status: str) -> list[Note]:
        is_news = self._told.is_news(f"{kind}:{subject}:{status}")
        return [Nudge(kind, subject, status)] if is_news else []


def _name_of(row: Run | Event) -> str:
    return str(row.run_id) if isinstance(row, Run) else f"event:{row.event_id}:created"
