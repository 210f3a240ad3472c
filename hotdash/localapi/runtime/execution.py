"""One run as its worker sees it: the process behind it, its time, and how it ended."""

import json
import os
import signal
import time
from dataclasses import replace
from math import ceil
from socket import socket, socketpair
from typing import TYPE_CHECKING, Any

from hotdash.host import environment
from hotdash.localapi import blobs
from hotdash.localapi.models import Event, Run
from hotdash.localapi.runtime import outcomes
from hotdash.localapi.runtime.calls import arguments_in
from hotdash.localapi.runtime.desk import Desk, Reply
from hotdash.localapi.runtime.hearing import Hearing, Overstepped, Said
from hotdash.localapi.runtime.limits import CHUNK_CHARACTERS, MIB, Limits
from hotdash.localapi.runtime.lines import encode
from hotdash.localapi.runtime.outcomes import Outcome
from hotdash.localapi.runtime.scratch import Scratch
from hotdash.localapi.runtime.sockets import Line
from hotdash.localapi.runtime.templates import TemplateProcess

if TYPE_CHECKING:
    from pathlib import Path

_REQUEST_BYTES = 256 * MIB
_START_SECONDS = 10
_KILL_SECONDS = 2
_LAST_READS = 1_000
_UNREAD = "the run sent its worker a question before it had read the last answer"


class Execution:
    """One execution of a run, from its start to its outcome."""

    def __init__(self, run: Run, limits: Limits) -> None:
        self.run = run
        self.name = f"{run.run_id}-{run.execution}"
        self.outcome: Outcome | None = None
        self.template: TemplateProcess | None = None
        self.line: Line | None = None
        self.scratch: Path | None = None  # whoever takes the run out of work deletes it
        self.held_back = ""  # why it could not begin here now
        self.is_lost = False  # another worker has it: nothing may be written about it any more
        self._limits = _limits_of(run, limits)
        self._hearing = Hearing(run)
        self._cause: Outcome | None = None  # why it was killed
        self._deadline = float("inf")
        self._childs_end: socket | None = None

    def make_scratch(self, scratch: Scratch) -> None:
        """Make the directory that the run may write to; raise OSError."""
        self.scratch = scratch.make(self.run.build_id, self.name)

    def begin(self, template: TemplateProcess, context: dict[str, Any]) -> None:
        """Fork a child for the run and hand it its request; raise TemplateDied."""
        ours, self._childs_end = socketpair()
        self.line = Line(ours, _REQUEST_BYTES)
        self.template = template
        self._deadline = time.monotonic() + _START_SECONDS
        template.start(self.name, self._childs_end.fileno())
        request = json.dumps(self._request(context), ensure_ascii=False)
        for start in range(0, len(request), CHUNK_CHARACTERS):
            part = request[start : start + CHUNK_CHARACTERS]
            self.line.put(encode({"m": "part", "part": part}))
        self.line.put(encode({"m": "go"}))

    def started(self) -> None:
        """Note that the child exists: from now on its time runs."""
        self._close_childs_end()
        if self._cause is None:
            self._deadline = time.monotonic() + self._limits.seconds

    def overdue(self, now: float) -> bool:
        """Return whether the run has had its time, or its kill has had no effect."""
        return now > self._deadline

    @property
    def is_dying(self) -> bool:
        """Whether it was killed already."""
        return self._cause is not None

    def kill(self, cause: Outcome) -> None:
        """End the run from outside; the first cause is the one that is told."""
        self._cause = self._cause or self._hearing.end or cause
        self._deadline = time.monotonic() + _KILL_SECONDS
        if self.template is not None:
            self.template.kill(self.name)

    def time_is_up(self) -> None:
        """End the run because it took too long."""
        seconds = self._limits.seconds
        self.kill(outcomes.timed_out(f"time limit: the run took more than {seconds} s"))

    def receive(self) -> bool:
        """Read what the run says; False at the end of its stream. What it may not say ends it."""
        received = None if self.line is None else self.line.receive()
        if received and self._cause is None:
            try:
                self._hearing.hear(received)
            except Overstepped as error:
                self.kill(error.outcome)
        return received != b""

    def ask(self, desk: Desk) -> None:
        """Hand what the run asks to the desk; one that leaves its answers unread is ended."""
        question = self._hearing.take_question()
        if question is None or self.scratch is None or self.line is None:
            return
        if self.line.is_unread:
            self.kill(outcomes.stopped("ProtocolError", _UNREAD))
        else:
            desk.ask(self.name, self.run, self.scratch, question)

    def answer(self, reply: Reply) -> None:
        """Send the run the answer to its question."""
        self._hearing.answered()
        if self.line is None:
            reply.discard()
        elif reply.descriptor is None:
            self.line.put(encode(reply.message))
        else:
            self.line.give(encode(reply.message), reply.descriptor)

    def take(self) -> Said:
        """Return what the run said since the last call."""
        return self._hearing.take()

    def ended(self, status: int) -> None:
        """Decide the outcome after the process's end, from its last words and its wait status."""
        self._drain()
        self.outcome = self._cause or self._hearing.end or _of_status(status)
        self.close()

    def lost_its_template(self) -> None:
        """Keep what the run said last when its process died with its template."""
        self._drain()
        self.outcome = self._cause or self._hearing.end
        self.close()

    def close(self) -> None:
        """Close the socket."""
        self._close_childs_end()
        if self.line is not None:
            self.line.close()
            self.line = None
        self.template = None

    def _drain(self) -> None:
        # the exit may be seen before the end of the stream, and a grandchild may hold it open
        for _ in range(_LAST_READS):
            received = None if self.line is None else self.line.receive()
            if not received:
                return
            if self._cause is None:
                try:
                    self._hearing.hear(received)
                except Overstepped as error:
                    self._cause = self._hearing.end or error.outcome

    def _close_childs_end(self) -> None:
        if self._childs_end is not None:
            self._childs_end.close()
            self._childs_end = None

    def _request(self, context: dict[str, Any]) -> dict[str, Any]:
        run = self.run
        return {
            "fn": f"{run.ns}/{run.var}",
            "input": _input_of(run),
            "spread": run.run_type != "event",
            "ctx": context,
            "scratch": str(self.scratch),
            "seconds": self._limits.seconds,
            "large": environment.number("HOTDASH_BLOB_BYTES"),
            "run": {
                "run_id": str(run.run_id),
                "stream_id": str(run.stream_id),
                "event_id": None if run.event_id is None else str(run.event_id),
                "event_type": run.event_type,
                "attempt": run.attempt,
                "retry_max": run.retry_max,
                "task_id": str(run.task.task_id) if run.run_type == "task" else None,
            },
        }


def _limits_of(run: Run, limits: Limits) -> Limits:
    if run.run_type != "task":
        return limits
    return replace(limits, seconds=ceil(run.task.timeout_ms / 1000))


def _input_of(run: Run) -> str:
    if run.run_type == "task":
        return blobs.whole(run.task.arguments, run.task.task_id)
    if run.event is None or run.run_type == "schedule":
        return "[]"
    if run.run_type == "call":
        return json.dumps(arguments_in(_data_of(run.event)), ensure_ascii=False)
    return _data_of(run.event)


def _data_of(event: Event) -> str:
    return blobs.whole(event.event_data, event.event_id)


def _of_status(status: int) -> Outcome:
    if not os.WIFSIGNALED(status):
        code = os.waitstatus_to_exitcode(status)
        return outcomes.stopped("Crashed", f"the run ended its own process with status {code}")
    number = os.WTERMSIG(status)
    if number == signal.SIGXCPU:
        return outcomes.timed_out("time limit: the run used too much processor time")
    name = signal.Signals(number).name if number in set(signal.Signals) else str(number)
    return outcomes.stopped("Crashed", f"the run's process was ended by {name}")
