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
from hotdash.live.known import Told, rank_of
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
        """Return nudges for what is new; everything is, if not one of the rows was known."""
        runs, events = looked
        is_first, self._has_looked = not self._has_looked, True
        is_torn = bool(runs.rows) and all(str(run.run_id) not in self._told for run in runs.rows)
        notes: list[Note] = []
        for run in reversed(runs.rows):
            notes += self._about_run(str(run.run_id), run.status)
        for event in () if isinstance(events, GatewayError) else reversed(events.rows):
            notes += self._about("event", str(event.event_id), "created")
        if is_first:
            return ()
        # more happened unseen than one page shows
        return [*notes, Refetch()] if is_torn and runs.has_more else notes

    def _runs(self, gateway: Gateway, depth: int) -> Page[Run]:
        page = list_runs(gateway, RunQuery(limit=depth))
        is_known = all(str(run.run_id) in self._told for run in page.rows)
        return page if is_known or depth > 1 else list_runs(gateway, RunQuery(limit=NEWEST))

    def _events(self, gateway: Gateway) -> Page[Event]:
        page = list_events(gateway, limit=1 if self._has_looked else NEWEST)
        is_known = all(f"event:{event.event_id}:created" in self._told for event in page.rows)
        return page if is_known or not self._has_looked else list_events(gateway, limit=NEWEST)

    def _about_run(self, run_id: str, status: str) -> list[Note]:
        if not self._told.is_news(run_id, rank_of(status)):
            return []
        if status in FINAL:
            self._unfinished.discard(run_id)
        elif len(self._unfinished) < NEWEST:
            self._unfinished.add(run_id)
        return [Nudge("run", run_id, status)]

    def _about(self, kind: str, subject: str, status: str) -> list[Note]:
        is_news = self._told.is_news(f"{kind}:{subject}:{status}")
        return [Nudge(kind, subject, status)] if is_news else []
