"""The processes of one supervisor: own sessions, prefixed words, none left behind."""

import asyncio
import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from hotdash.host import process

GRACE_SECONDS = 4.0
_RESTART_WINDOW_SECONDS = 10.0
_LAST_LINES = 12
_LAST_WORDS_SECONDS = 1.0
_LONGEST_LINE = 64 * 1024


class ChildFailed(Exception):
    """A process ended that must not; its text tells which, how, and what it said last."""


@dataclass
class Child:
    """One program, started again when it ends; `said` holds its last lines."""

    name: str
    command: Sequence[str]
    running: asyncio.subprocess.Process | None = None
    said: deque[str] = field(default_factory=lambda: deque(maxlen=_LAST_LINES))
    ended_at: float | None = None

    async def run(self) -> int:
        """Start it, pass its lines on, and return its exit status."""
        self.running = await asyncio.create_subprocess_exec(
            *self.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=_LONGEST_LINE,
            start_new_session=True,
            preexec_fn=process.dying_with(os.getpid()),
        )
        reading = asyncio.create_task(self._pass_on(self.running))
        status = await self.running.wait()
        # a grandchild may hold the pipe open: its words are not waited for
        await asyncio.wait({reading}, timeout=_LAST_WORDS_SECONDS)
        reading.cancel()
        return status

    async def keep(self) -> None:
        """Run it for ever; raise ChildFailed when it ends twice within ten seconds."""
        while True:
            status = await self.run()
            now = asyncio.get_running_loop().time()
            if self.ended_at is not None and now - self.ended_at < _RESTART_WINDOW_SECONDS:
                raise ChildFailed(self._account(f"ended twice in ten seconds, {_how(status)}"))
            self.ended_at = now
            self._say(f"ended, {_how(status)}; starting it again")

    async def finish(self) -> None:
        """Run it once; raise ChildFailed when it does not succeed."""
        status = await self.run()
        if status != 0:
            raise ChildFailed(self._account(f"failed, {_how(status)}"))

    async def stop(self) -> None:
        """Ask it to end; after four seconds end it and everything in its session."""
        if self.running is None or self.running.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.running.terminate()
        try:
            await asyncio.wait_for(self.running.wait(), GRACE_SECONDS)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pid, signal.SIGKILL)
            await self.running.wait()

    async def _pass_on(self, running: asyncio.subprocess.Process) -> None:
        assert running.stdout is not None  # noqa: S101  given as PIPE above
        while True:
            try:
                line = await running.stdout.readline()
            except ValueError:  # longer than the limit: asyncio dropped it
                line = b"(a line of more than 64 KiB)\n"
            if not line:
                return
            text = line.decode(errors="replace").rstrip()
            self.said.append(text)
            self._say(text)

    def _say(self, text: str) -> None:
        sys.stdout.write(f"{self.name:<10} | {text}\n")
        sys.stdout.flush()

    def _account(self, what: str) -> str:
        last = "".join(f"\n    {line}" for line in self.said) or "\n    (nothing)"
        return f"{self.name} {what}. It said last:{last}"


def _how(status: int) -> str:
    if status < 0:
        return f"killed by {signal.Signals(-status).name}"
    return f"with exit status {status}"
