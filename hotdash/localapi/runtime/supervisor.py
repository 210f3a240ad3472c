"""Starts runs in their templates, listens to them, ends those that overstep. No SQL."""

import time
from collections.abc import Callable
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from typing import Any

from hotdash.localapi import room
from hotdash.localapi.archives.archive import BadArchive
from hotdash.localapi.models import Run
from hotdash.localapi.runtime import outcomes, process
from hotdash.localapi.runtime.desk import Desk
from hotdash.localapi.runtime.execution import Execution
from hotdash.localapi.runtime.limits import Limits
from hotdash.localapi.runtime.outcomes import Outcome
from hotdash.localapi.runtime.scratch import Scratch
from hotdash.localapi.runtime.sockets import Line
from hotdash.localapi.runtime.sources import unpacked
from hotdash.localapi.runtime.templates import TemplateDied, TemplateProcess, Templates

Context = Callable[[Run], dict[str, Any]]


class Supervisor:
    """The executions of one worker, by name, and the templates in which they run."""

    def __init__(self, limits: Limits, scratch: Scratch, context: Context, desk: Desk) -> None:
        self.templates = Templates(limits, unpacked, scratch.of)
        self.executions: dict[str, Execution] = {}
        self.over: list[Execution] = []  # ended since last taken; without outcome: to be released
        self.settled: list[TemplateProcess] = []  # ready, failed or dead since last taken
        self._limits = limits
        self._scratch = scratch
        self._context = context
        self._desk = desk
        self._selector = DefaultSelector()
        self._selector.register(desk, EVENT_READ, desk)
        self._watched: set[TemplateProcess] = set()

    def free_for_tasks(self, slots: int) -> int:
        """Return how many tasks more may begin: half of the slots are kept for other runs."""
        tasks = sum(one.run.run_type == "task" for one in self.executions.values())
        return max(0, max(1, slots // 2) - tasks)

    def execute(self, run: Run) -> None:
        """Take a run; it begins as soon as its build is imported."""
        execution = Execution(run, self._limits)
        self.executions[execution.name] = execution
        try:
            execution.make_scratch(self._scratch)
            execution.template = self.templates.get(run.build_id)
        except (BadArchive, OSError) as error:
            self._cannot_begin(execution, error)
            return
        self.watch(execution.template)

    def begin_ready(self) -> None:
        """Begin the runs whose builds are imported by now."""
        for execution in list(self.executions.values()):
            template = execution.template
            if execution.line is None and template is not None and template.is_ready:
                context = self._context(execution.run)
                self._attempt(execution, partial(self._fork, execution, context))

    def watch(self, template: TemplateProcess) -> None:
        """Listen to a template from now on."""
        if template not in self._watched:
            self._watched.add(template)
            self._selector.register(template.line.socket, EVENT_READ, template)

    def listen(self, seconds: float) -> None:
        """Wait for what templates and runs say, and take it in."""
        for key, events in self._selector.select(seconds):
            if isinstance(key.data, TemplateProcess):
                self._guarded(key.data, self._hear_template)
            elif isinstance(key.data, Execution) and key.data.line is not None:
                self._hear_run(key.data, events)
            elif key.data is self._desk:
                self._answer()

    def enforce(self) -> None:
        """End what takes too long: imports, runs, and kills that have no effect."""
        now = time.monotonic()
        for template in self.templates:
            if template.is_late(now):
                self._bury(template, "The build took more than 10 s to import.")
        for execution in list(self.executions.values()):
            if execution.name in self.executions and execution.overdue(now):
                self._end_overdue(execution)

    def kill(self, execution: Execution, cause: Outcome) -> None:
        """End an execution from outside."""
        if execution.line is None:  # its build is still being imported
            self._end(execution, cause)
        else:
            self._attempt(execution, lambda: execution.kill(cause))

    def lose(self, execution: Execution) -> None:
        """Stop an execution that is no longer this worker's; its end is told to nobody."""
        execution.is_lost = True
        self.kill(execution, outcomes.stopped("WorkerLost", "another worker has this run"))

    def retire_idle(self) -> None:
        """End templates that nobody needs now, and bury what dead ones left behind."""
        busy = {execution.run.build_id for execution in self.executions.values()}
        for template in self.templates.idle(busy):
            if template.is_ready:
                self._drop(template)
        process.sweep({template.pid for template in self.templates})

    def end_all(self) -> None:
        """End every process of this worker; what still ran is over without an outcome."""
        for template in self.templates:
            self._drop(template)
        for execution in list(self.executions.values()):
            self._unregister(execution.line)
            execution.lost_its_template()
            self._over(execution)
        process.sweep(set())
        self._selector.close()
        self._desk.close()

    def _cannot_begin(self, execution: Execution, error: BadArchive | OSError) -> None:
        if room.is_lacking(error):
            execution.held_back = str(error)
            self._end(execution, None)
        else:
            reason = f"the build cannot be started: {error}"
            self._end(execution, outcomes.stopped("BadBuild", reason))

    def _fork(self, execution: Execution, context: dict[str, Any]) -> None:
        template = execution.template
        if template is None:
            return
        execution.begin(template, context)
        if execution.line is not None:
            self._selector.register(
                execution.line.socket, EVENT_READ | _wants_write(execution.line), execution
            )

    def _attempt(self, execution: Execution, act: Callable[[], None]) -> None:
        template = execution.template
        if template is None:
            act()
        else:
            self._guarded(template, lambda _: act())

    def _guarded(self, template: TemplateProcess, act: Callable[[TemplateProcess], None]) -> None:
        try:
            act(template)
        except TemplateDied as death:
            self._bury(template, f"The build's process is gone: {death}.")

    def _hear_template(self, template: TemplateProcess) -> None:
        was_ready = template.is_ready
        for message in template.messages():
            execution = self.executions.get(str(message.get("run")))
            if execution is None or execution.template is not template:
                continue
            if message.get("m") == "started":
                execution.started()
            elif message.get("m") == "ended":
                self._ended(execution, message)
        if template.is_ready and not was_ready:
            self.settled.append(template)
        elif template.failure is not None:
            self._bury(template, template.failure)

    def _ended(self, execution: Execution, message: dict[str, Any]) -> None:
        self._unregister(execution.line)
        execution.ended(message["status"])
        self._over(execution)

    def _hear_run(self, execution: Execution, events: int) -> None:
        line = execution.line
        if line is None:
            return
        if events & EVENT_WRITE and line.flush():
            self._selector.modify(line.socket, EVENT_READ, execution)
        if events & EVENT_READ:
            self._attempt(execution, lambda: self._receive(execution))

    def _receive(self, execution: Execution) -> None:
        if not execution.receive():
            self._unregister(execution.line)
        execution.ask(self._desk)

    def _answer(self) -> None:
        for name, reply in self._desk.replies():
            execution = self.executions.get(name)
            if execution is None or execution.line is None:
                reply.discard()
                continue
            execution.answer(reply)
            line = execution.line
            if line.socket.fileno() in self._selector.get_map():
                self._selector.modify(line.socket, EVENT_READ | _wants_write(line), execution)

    def _end_overdue(self, execution: Execution) -> None:
        template = execution.template
        if execution.is_dying and template is not None:
            self._bury(template, "A run of it could not be ended.")
        else:
            self._attempt(execution, execution.time_is_up)

    def _bury(self, template: TemplateProcess, reason: str) -> None:
        """End a template and, with it, all that runs in it."""
        imported = template.is_ready
        template.failure = template.failure or reason
        for execution in self._of(template):
            self._unregister(execution.line)
        self._drop(template)
        self.settled.append(template)
        for execution in self._of(template):
            if imported:
                execution.lost_its_template()
                self._over(execution)
            else:
                self._end(execution, outcomes.stopped("BadBuild", template.failure))

    def _drop(self, template: TemplateProcess) -> None:
        if template in self._watched:
            self._watched.discard(template)
            self._unregister(template.line)
        self.templates.drop(template)

    def _of(self, template: TemplateProcess) -> list[Execution]:
        return [one for one in self.executions.values() if one.template is template]

    def _end(self, execution: Execution, outcome: Outcome | None) -> None:
        execution.close()
        execution.outcome = outcome
        self._over(execution)

    def _over(self, execution: Execution) -> None:
        del self.executions[execution.name]
        if execution.scratch is not None:
            self._scratch.discard(execution.scratch)
        self.over.append(execution)

    def _unregister(self, line: Line | None) -> None:
        if line is not None and line.socket.fileno() in self._selector.get_map():
            self._selector.unregister(line.socket)


def _wants_write(line: Line) -> int:
    return EVENT_WRITE if line.is_waiting else 0
