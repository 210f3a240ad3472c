"""Where runs' questions are answered: on a few threads, so that the worker's loop never waits.

A question is asked and answered in lines of JSON; a content goes to the run as an open, read-only
descriptor beside the line, and comes from it as a file in its scratch directory.
"""

import logging
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Protocol

from django.db import close_old_connections

from hotdash.localapi.models import Run
from hotdash.localapi.runtime.messages import Question

_LOG = logging.getLogger(__name__)

_THREADS = 8


@dataclass(frozen=True)
class Reply:
    """What a run is told; whoever takes it sends the descriptor on, or closes it."""

    facts: dict[str, Any]
    descriptor: int | None = None
    is_refusal: bool = False

    @property
    def message(self) -> dict[str, Any]:
        """The reply as the run reads it."""
        return {"m": "answer", "refused" if self.is_refusal else "ok": self.facts}

    def discard(self) -> None:
        """Close what nobody will read."""
        if self.descriptor is not None:
            os.close(self.descriptor)


def refusal(exception: str, message: str) -> Reply:
    """Return what the run raises, by the name of a built-in exception, with the worker's words."""
    return Reply({"type": exception, "msg": message}, is_refusal=True)


class Services(Protocol):
    """Whoever knows the answers; never raises."""

    def __call__(self, run: Run, scratch: Path, question: Question) -> Reply:
        """Return the answer to a run's question."""


class Desk:
    """The threads of one worker that answer; the loop waits for its `fileno` to be readable."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="desk")
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._chore: Future[None] | None = None
        self._replies: SimpleQueue[tuple[str, Reply]] = SimpleQueue()

    def fileno(self) -> int:
        """Return what becomes readable when replies wait."""
        return self._bell

    def ask(self, name: str, run: Run, scratch: Path, question: Question) -> None:
        """Have a question of the execution of that name answered soon."""
        self._threads.submit(self._answer, name, run, scratch, question)

    def beside(self, work: Callable[[], object]) -> None:
        """Have work done that nobody waits for, unless the last such work still goes on."""
        if self._chore is None or self._chore.done():
            self._chore = self._threads.submit(_done_alone, work)

    def replies(self) -> list[tuple[str, Reply]]:
        """Return the replies that wait, by execution."""
        with suppress(BlockingIOError):
            os.eventfd_read(self._bell)
        replies = []
        with suppress(Empty):
            while True:
                replies.append(self._replies.get_nowait())
        return replies

    def close(self) -> None:
        """Answer no more; what is being answered ends with the process, which nobody waits for."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for _, reply in self.replies():
            reply.discard()

    def _answer(self, name: str, run: Run, scratch: Path, question: Question) -> None:
        self._replies.put((name, self._services(run, scratch, question)))
        os.eventfd_write(self._bell, 1)


def _done_alone(work: Callable[[], object]) -> None:
    close_old_connections()
    try:
        work()
    except Exception:  # noqa: BLE001  logged whole; the loop goes on
        _LOG.exception("what was to be done beside the loop failed; it is tried again")
    finally:
        close_old_connections()
