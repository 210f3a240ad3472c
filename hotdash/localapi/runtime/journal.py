"""Writes down what runs said and how they ended: many runs in one transaction, each fenced.

The first statement for a run checks that this worker still holds it; where it does not, nothing
of that run is written.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from hotdash.localapi import blobs
from hotdash.localapi.blobs import Spill
from hotdash.localapi.models import Note, Run, StreamData
from hotdash.localapi.models.ids import new_id
from hotdash.localapi.runtime import announcements, counters, queue
from hotdash.localapi.runtime.acceptance import NewEvent, build_event, pending_run, store, targets
from hotdash.localapi.runtime.clock import database_now
from hotdash.localapi.runtime.hearing import Said
from hotdash.localapi.runtime.limits import SHOWN_CHARACTERS
from hotdash.localapi.runtime.messages import CUT, CallRow
from hotdash.localapi.runtime.outcomes import Outcome
from hotdash.localapi.runtime.rows import (
    Insertion,
    insert_together,
    insertion,
    time_value,
    uuid_value,
)

_MOST_CHARACTERS = 40_000  # of a call's arguments or value that hold no large value any more
_COLUMNS = (
    "var_id, run_id, execution, seq, rev, parent_seq, ns, var, file, line, args, value, error, "
    "start_time, stop_time"
)
_INTO = f"INSERT INTO call ({_COLUMNS})"
_TOLD_AGAIN = """
ON CONFLICT (run_id, execution, seq) DO UPDATE SET
    rev = excluded.rev, value = excluded.value, error = excluded.error,
    stop_time = excluded.stop_time
"""


@dataclass
class Entry:
    """What is to be written about one run."""

    run: Run
    said: Said
    outcome: Outcome | None


@dataclass
class _Aside:
    """What is large of an entry, written aside before the transaction."""

    result: Spill | None
    calls: dict[tuple[int, str], Spill]

    def text(self, call: CallRow, name: str) -> str | None:
        """Return a call's arguments or value as they are stored."""
        spill = self.calls.get((call.seq, name))
        text: str | None = getattr(call, name) if spill is None else spill.text
        return text if text is None or len(text) <= _MOST_CHARACTERS else CUT


def write(entries: Sequence[Entry]) -> list[Run]:
    """Write entries in one transaction; return the runs that were no longer this worker's."""
    with blobs.waited_for(), ExitStack() as aside:
        spills = [_put_aside(entry, aside) for entry in entries]
        with transaction.atomic():
            now = database_now()
            pairs = zip(entries, spills, strict=True)
            lost = [entry.run for entry, large in pairs if not _is_written(entry, large, now)]
    for entry in entries:
        entry.run.trace_rev += len(entry.said.calls)
    return lost


def _put_aside(entry: Entry, stack: ExitStack) -> _Aside:
    run = entry.run

    def spilled(text: str) -> Spill:
        return stack.enter_context(Spill(text, run.environment_id, run.run_id))

    result = None if entry.outcome is None else spilled(entry.outcome.result)
    texts = {
        (call.seq, name): getattr(call, name)
        for call in entry.said.calls.values()
        for name in ("args", "value")
    }
    calls = {
        place: spilled(text)
        for place, text in texts.items()
        if text is not None and len(text) > SHOWN_CHARACTERS
    }
    return _Aside(result, calls)


def _is_written(entry: Entry, aside: _Aside, now: datetime) -> bool:
    run, said = entry.run, entry.said
    try:
        ended = _hold(entry, aside.result, run.trace_rev + len(said.calls))
    except queue.LeaseLost:
        return False
    for spill in aside.calls.values():
        spill.store()
    insert_together(_calls(run, list(said.calls.values()), aside), *_streamed(run, said, now))
    for event_type, data in said.sent:
        _publish(run, event_type, data, now)
    if entry.outcome is not None:
        calls = counters.calls_of([run.run_id])
        insert_together(counters.addition(calls), insertion(ended))
    return True


def _hold(entry: Entry, spill: Spill | None, trace_rev: int) -> list[Note]:
    if entry.outcome is None or spill is None:
        queue.touch(entry.run, trace_rev)
        return []
    outcome = replace(entry.outcome, result=spill.text)
    ended = queue.finish(entry.run, outcome, trace_rev, spill.size)
    spill.store()
    return ended


def _calls(run: Run, calls: list[CallRow], aside: _Aside) -> Insertion:
    rows = [
        (
            uuid_value(new_id()),
            uuid_value(run.run_id),
            run.execution,
            call.seq,
            run.trace_rev + number,
            *(call.parent, call.ns, call.var, call.file, call.line),
            *(aside.text(call, "args") or CUT, aside.text(call, "value"), call.error),
            time_value(call.start),
            time_value(call.stop),
        )
        for number, call in enumerate(calls, start=1)
    ]
    return Insertion(_INTO, rows, _TOLD_AGAIN)


def _streamed(run: Run, said: Said, now: datetime) -> tuple[Insertion, Insertion]:
    rows = [
        StreamData(
            stream_id=run.stream_id,
            run_id=run.run_id,
            data_type=data_type,
            payload=payload,
            at=now,
        )
        for data_type, payload in said.streamed
    ]
    return insertion(rows), insertion([announcements.streamed(row) for row in rows])


def _publish(run: Run, event_type: str, data: str, now: datetime) -> None:
    new = NewEvent(
        environment_id=run.environment_id,
        event_type=event_type,
        event_data=data,
        stream_id=run.stream_id,
        source="run",
        origin_run_id=run.run_id,
        depth=run.depth + 1,
    )
    event = build_event(new, now)
    store(event, [pending_run(event, target, now) for target in targets(new)])
