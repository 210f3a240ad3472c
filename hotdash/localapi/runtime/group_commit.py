"""What several threads store on SQLite at once becomes one transaction.

SQLite lets one write at a time, each with its `fsync`, and who finds it busy sleeps up to 100 ms
between two looks. So the threads of a process queue here, in the order in which they came, and
whoever comes to write takes with it what all who wait have brought.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

from django.db import OperationalError, transaction

_MOST_TOGETHER = 32


class _Ticket:
    """One thread's share of a transaction, and how that went."""

    def __init__(self, store: Callable[[], object]) -> None:
        self.store = store
        self.is_done = False
        self.error: Exception | None = None


class GroupCommit:
    """The queue of one process's writers."""

    def __init__(self) -> None:
        self._writing = threading.Lock()
        self._waiting: deque[_Ticket] = deque()

    def alone(self) -> AbstractContextManager[object]:
        """Return a thread's turn to write a transaction of its own, as long as the context."""
        return self._writing

    def run(self, store: Callable[[], object]) -> None:
        """Return when what a function stores is on disk; raise what it raised, storing nothing.

        It may be called in another thread than this, on that one's connection.
        """
        ticket = _Ticket(store)
        self._waiting.append(ticket)
        with self._writing:
            while not ticket.is_done:  # more than a transaction's worth may wait before it
                self._write(self._next_group())
        if ticket.error is not None:
            raise ticket.error

    def _next_group(self) -> list[_Ticket]:
        count = min(len(self._waiting), _MOST_TOGETHER)
        return [self._waiting.popleft() for _ in range(count)]

    def _write(self, tickets: list[_Ticket]) -> None:
        error: Exception | None = OperationalError("the thread that was writing was stopped")
        try:
            with transaction.atomic():
                _store_all(tickets)
            error = None
        except Exception as trouble:  # noqa: BLE001  told to the threads whose rows they are
            error = trouble
        finally:
            for ticket in tickets:
                ticket.error = ticket.error or error
                ticket.is_done = True


def _store_all(tickets: Iterable[_Ticket]) -> None:
    for ticket in tickets:
        _store(ticket)
        # a full disk has SQLite take back the whole transaction, and Django would end it without a
        # word: what was stored before is then nobody's to acknowledge
        if ticket.error is not None and transaction.get_rollback():
            raise ticket.error


def _store(ticket: _Ticket) -> None:
    """Store a ticket's rows; its trouble is not the others'."""
    try:
        with transaction.atomic():
            ticket.store()
    except Exception as error:  # noqa: BLE001  as above
        ticket.error = error
