"""What a worker still has to write; kept until the database has it."""

import logging
from collections.abc import Iterable, Iterator

from django.db import DatabaseError, InterfaceError, OperationalError

from hotdash.localapi.models import Run
from hotdash.localapi.runtime import journal, outcomes
from hotdash.localapi.runtime.hearing import Said
from hotdash.localapi.runtime.journal import Entry
from hotdash.localapi.runtime.outcomes import Outcome

_LOG = logging.getLogger(__name__)

_LINES_PER_TRANSACTION = 1_000
_AWAY = (OperationalError, InterfaceError)


class Ledger:
    """Unwritten entries by execution, in the order in which they came."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def __len__(self) -> int:
        return sum(len(entry.said) for entry in self._entries.values())

    @property
    def has_ends(self) -> bool:
        """Whether a run's end waits to be written."""
        return any(entry.outcome is not None for entry in self._entries.values())

    def add(self, name: str, run: Run, said: Said, outcome: Outcome | None = None) -> None:
        """Add what a run said, and its end if that is known."""
        if not len(said) and outcome is None:
            return
        entry = self._entries.setdefault(name, Entry(run, Said(), None))
        for call in said.calls.values():
            entry.said.note(call)
        entry.said.streamed += said.streamed
        entry.said.sent += said.sent
        entry.outcome = outcome or entry.outcome

    def forget(self, name: str) -> None:
        """Drop what waits about an execution that is no longer ours."""
        self._entries.pop(name, None)

    def write(self) -> list[str]:
        """Write all of it; return the executions that were no longer ours.

        Raises OperationalError or InterfaceError while the database is away; nothing is dropped.
        """
        lost: list[str] = []
        for group in list(self._groups()):
            lost += self._write(group)
        return lost

    def _groups(self) -> Iterator[list[str]]:
        group: list[str] = []
        lines = 0
        for name, entry in self._entries.items():
            group.append(name)
            lines += len(entry.said)
            if lines >= _LINES_PER_TRANSACTION:
                yield group
                group, lines = [], 0
        if group:
            yield group

    def _write(self, names: list[str]) -> list[str]:
        try:
            lost_runs = journal.write([self._entries[name] for name in names])
        except _AWAY:
            raise
        except DatabaseError:
            # one run's words that no table takes must not hold up the others'
            _LOG.exception("cannot write what runs said")
            return self._write_singly(names)
        return self._written(names, lost_runs)

    def _write_singly(self, names: Iterable[str]) -> list[str]:
        lost: list[str] = []
        for name in names:
            entry = self._entries[name]
            try:
                lost_runs = journal.write([entry])
            except _AWAY:
                raise
            except DatabaseError:
                outcome = outcomes.stopped("BadOutput", "what the run said cannot be stored")
                lost_runs = journal.write([Entry(entry.run, Said(), outcome)])
                lost.append(name)
            lost += self._written([name], lost_runs)
        return lost

    def _written(self, names: list[str], lost_runs: list[Run]) -> list[str]:
        lost = [name for name in names if self._entries[name].run in lost_runs]
        for name in names:
            del self._entries[name]
        return lost
