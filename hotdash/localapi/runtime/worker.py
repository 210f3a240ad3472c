"""The worker: claims runs, has them executed, writes down what they say and how they end."""

import logging
import signal
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections

from hotdash.host.isolation import agreed
from hotdash.host.logs import say
from hotdash.host.process import harden
from hotdash.localapi import retention
from hotdash.localapi.files import tidying
from hotdash.localapi.models import Run
from hotdash.localapi.runtime import (
    counters,
    housekeeping,
    outcomes,
    process,
    queue,
    scheduler,
    services,
)
from hotdash.localapi.runtime.conditions import Conditions
from hotdash.localapi.runtime.context import context_of
from hotdash.localapi.runtime.deployment import Deployments
from hotdash.localapi.runtime.desk import Desk
from hotdash.localapi.runtime.duties import Every
from hotdash.localapi.runtime.execution import Execution
from hotdash.localapi.runtime.identity import Identity
from hotdash.localapi.runtime.ledger import Ledger
from hotdash.localapi.runtime.outcomes import Outcome
from hotdash.localapi.runtime.scratch import Scratch
from hotdash.localapi.runtime.supervisor import Supervisor
from hotdash.localapi.runtime.worker_settings import WorkerSettings, read_settings

_LOG = logging.getLogger(__name__)

_POLL_SECONDS = 0.05
_FLUSH_SECONDS = 0.05
_FLUSH_LINES = 200
_HEARTBEAT_SECONDS = 5
_LOOK_SECONDS = 5
_AWAY_SECONDS = 0.3
_LEASE_MARGIN_SECONDS = 1
_DRAIN_SECONDS = 2.5  # whoever stops the server waits four seconds


class Worker:
    """One worker process; everything happens in its one loop, in its main thread."""

    def __init__(self, identity: Identity, chosen: WorkerSettings) -> None:
        self._identity = identity
        self._chosen = chosen
        self._scratch = Scratch(identity.name)
        desk = Desk(services.answer)
        self._supervisor = Supervisor(chosen.limits, self._scratch, context_of, desk)
        self._deployments = Deployments(self._supervisor.templates)
        self._ledger = Ledger()
        self._written_at = 0.0
        self._leases_until = time.monotonic() + queue.LEASE_SECONDS
        self._is_stopping = False
        self._is_away = False  # the database does not answer
        self._conditions = Conditions()
        self._look = Every(_LOOK_SECONDS, self._conditions.look)
        self._duties: tuple[Every, ...] = (
            Every(_HEARTBEAT_SECONDS, self._beat),
            Every(0.25, self._cancel),
            Every(0.5, scheduler.fire_due),
            Every(0.25, scheduler.retry_due),
            Every(0.1, self._deploy),
            Every(1, self._supervisor.retire_idle),
            Every(2, counters.fold),
            Every(60, lambda: housekeeping.tidy(chosen.notes_kept_seconds)),
            Every(60, lambda: desk.beside(tidying.tidy)),
            Every(5, lambda: desk.beside(lambda: retention.prune_daily(chosen.keeping))),
        )

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        """Take nothing new; what runs has a moment to end."""
        self._is_stopping = True

    def work(self) -> None:
        """Work until told to stop, then for as long as what runs needs, within bounds."""
        freed = queue.release_predecessors(self._identity.name, self._identity.worker)
        _LOG.info("worker %s ready, %d runs of a predecessor freed", self._identity.worker, freed)
        while not self._is_stopping:
            self._turn(self._take_work)
        deadline = time.monotonic() + _DRAIN_SECONDS
        while self._supervisor.executions and time.monotonic() < deadline:
            self._turn(self._beat_on)
        self._hand_back()

    def _turn(self, duty: Callable[[], None]) -> None:
        try:
            duty()
            self._supervisor.begin_ready()
            self._write()
            if self._is_away:
                _LOG.info("the database answers again")
            self._is_away = False
        except (DatabaseError, InterfaceError) as error:
            self._go_without_database(error)
        self._supervisor.listen(_POLL_SECONDS)
        self._supervisor.enforce()

    def _go_without_database(self, error: Exception) -> None:
        # nothing is dropped: what runs goes on while the leases hold, and is written later
        if not self._is_away:
            _LOG.error("the database is away, or the disk is full", exc_info=error)
        self._is_away = True
        close_old_connections()
        time.sleep(_AWAY_SECONDS)
        self._give_up_leases_that_ended()

    def _take_work(self) -> None:
        self._look.when_due()
        if not self._conditions.may_work:
            self._beat_on()
            return
        for duty in self._duties:
            duty.when_due()
        free = self._chosen.slots - len(self._supervisor.executions)
        if free > 0 and self._conditions.may_begin:
            tasks = self._supervisor.free_for_tasks(self._chosen.slots)
            for run in queue.claim(self._identity.worker, free, tasks):
                self._take(run)

    def _beat_on(self) -> None:
        self._duties[0].when_due()

    def _take(self, run: Run) -> None:
        if queue.is_given_up(run):
            times = queue.MAX_LOSSES
            reason = f"worker lost: {times} times the process that executed this run was lost"
            self._settle_unstarted(run, outcomes.stopped("WorkerLost", reason))
        elif run.cancel_requested:
            self._settle_unstarted(run, outcomes.cancelled(run.cancel_reason))
        else:
            self._supervisor.execute(run)

    def _settle_unstarted(self, run: Run, outcome: Outcome) -> None:
        execution = Execution(run, self._chosen.limits)
        execution.outcome = outcome
        self._supervisor.over.append(execution)

    def _beat(self) -> None:
        executions = list(self._supervisor.executions.values())
        housekeeping.sign_in(self._identity.worker)
        began = time.monotonic()  # from here the database counts, however long its answer takes
        held = queue.heartbeat(self._identity.worker, [one.run.run_id for one in executions])
        self._leases_until = began + queue.LEASE_SECONDS - _LEASE_MARGIN_SECONDS
        for execution in executions:
            facts = held.get(execution.run.run_id)
            if facts is None or facts.execution != execution.run.execution:
                _LOG.warning("run %s is another worker's now", execution.run.run_id)
                self._lose(execution)

    def _cancel(self) -> None:
        if not self._supervisor.executions:
            return
        wanted = queue.cancellations(self._identity.worker)
        for execution in list(self._supervisor.executions.values()):
            facts = wanted.get(execution.run.run_id)
            if facts is not None and not execution.is_dying:
                self._supervisor.kill(execution, outcomes.cancelled(facts.cancel_reason))

    def _deploy(self) -> None:
        template = self._deployments.take_next()
        if template is not None:
            self._supervisor.watch(template)
            if template.is_ready:
                self._supervisor.settled.append(template)

    def _write(self) -> None:
        self._settle_templates()
        self._collect_ends()
        now = time.monotonic()
        is_due = now - self._written_at >= _FLUSH_SECONDS or self._ledger.has_ends
        for execution in self._supervisor.executions.values():
            if not execution.is_lost:
                self._ledger.add(execution.name, execution.run, execution.take())
        if is_due or len(self._ledger) >= _FLUSH_LINES:
            self._written_at = now
            for name in self._ledger.write():
                if name in self._supervisor.executions:
                    self._lose(self._supervisor.executions[name])

    def _settle_templates(self) -> None:
        while self._supervisor.settled:
            self._deployments.settle(self._supervisor.settled[0])
            del self._supervisor.settled[0]

    def _collect_ends(self) -> None:
        while self._supervisor.over:
            execution = self._supervisor.over[0]
            if execution.is_lost:
                self._ledger.forget(execution.name)
            else:
                self._ledger.add(execution.name, execution.run, execution.take(), execution.outcome)
                if execution.outcome is None:
                    self._ledger.write()
                    self._give_back(execution)
            del self._supervisor.over[0]

    def _give_back(self, execution: Execution) -> None:
        if execution.held_back:
            queue.hold_back(execution.run)
            self._conditions.lack_room(execution.held_back)
        else:
            queue.release(execution.run, as_lost=not self._is_stopping)

    def _lose(self, execution: Execution) -> None:
        self._ledger.forget(execution.name)
        self._supervisor.lose(execution)

    def _give_up_leases_that_ended(self) -> None:
        if time.monotonic() > self._leases_until:
            for execution in list(self._supervisor.executions.values()):
                self._lose(execution)

    def _hand_back(self) -> None:
        self._deployments.hand_back()
        self._supervisor.end_all()
        self._write()
        self._scratch.close()
        housekeeping.sign_out(self._identity.worker)
        self._identity.give_back()


def main(argv: Sequence[str]) -> int:
    """Run a worker until SIGTERM or SIGINT; return 0, or 2 if there are arguments."""
    if argv:
        sys.stderr.write("usage: python -m hotdash.localapi worker\n")
        return 2
    harden()
    process.adopt_orphans()
    isolation = agreed(settings.DATA_DIR)
    say(_LOG, isolation.sentence, logging.INFO if isolation.is_whole else logging.WARNING)
    chosen = read_settings(is_confined=isolation.is_in_force)
    worker = Worker(Identity(settings.DATA_DIR), chosen)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.stop)
    worker.work()
    return 0
