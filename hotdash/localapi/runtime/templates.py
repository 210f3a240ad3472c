"""The worker's side of template processes: one for each build that runs, made on first use."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from socket import socketpair
from typing import Any
from uuid import UUID

from hotdash.host import grounds
from hotdash.localapi.runtime import process
from hotdash.localapi.runtime.limits import IMPORT_SECONDS, MIB, Limits
from hotdash.localapi.runtime.lines import BadLine, Reader, encode
from hotdash.localapi.runtime.sockets import Hung, Line

_ROOT = Path(__file__).resolve().parents[3]
# the project's own directory is on the path only while the template's code is imported
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from hotdash.localapi.runtime.template import main; sys.path.pop(0); main()"
)
_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "HOME": "/nonexistent",
    "TMPDIR": "/nonexistent",
}
_IDLE_SECONDS = 600
_MOST_IDLE = 8
_KILL_SECONDS = 2
_LARGEST_STATUS = 0xFFFF


_FACTS: dict[str, dict[str, type]] = {
    "handlers": {"type": str, "fn": str, "retry": int, "retry_delay_ms": int},
    "schedules": {"cron": str, "fn": str},
    "functions": {"fn": str},
}


class TemplateDied(Exception):
    """A template is gone, or says what a template does not say."""


class TemplateProcess:
    """One template process: starting, then ready or failed, then gone."""

    def __init__(self, build_id: UUID, source: Path, scratch: Path, limits: Limits) -> None:
        self.build_id = build_id
        self.grounds = grounds.fingerprint()
        self.declared: dict[str, Any] | None = None
        self.failure: str | None = None
        self.used_at = time.monotonic()
        self._deadline: float | None = time.monotonic() + IMPORT_SECONDS
        self._reader = Reader()
        self._awaited = 0  # messages: of each run that it started, and that it ended
        ours, theirs = socketpair()
        self.line = Line(ours, MIB)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter and code
                [
                    *(sys.executable, "-I", "-B", "-c", _BOOT, str(_ROOT), str(theirs.fileno())),
                    *(str(os.getpid()), str(source), str(scratch), *limits.words()),
                ],
                env=_ENVIRONMENT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                close_fds=True,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_ready(self) -> bool:
        """Whether runs can be started."""
        return self.declared is not None

    def start(self, name: str, descriptor: int) -> None:
        """Fork a child for a run; the descriptor is its end of the run's socket."""
        self.used_at = time.monotonic()
        self._awaited += 2
        self._put({"m": "start", "run": name}, (descriptor,))

    def kill(self, name: str) -> None:
        """Kill a run's process group, if it is still there."""
        self._put({"m": "kill", "run": name})

    def messages(self) -> Iterator[dict[str, Any]]:
        """Yield what the template said since last asked; raise TemplateDied."""
        while (received := self.line.receive()) is not None:
            if not received:
                if self.failure is not None:
                    return  # it said why it cannot be, and went
                raise TemplateDied(self._how_it_ended())
            try:
                messages = self._reader.feed(received)
            except BadLine as error:
                raise TemplateDied(str(error)) from None
            for message in messages:
                if not self._is_about_itself(message):
                    self._check(message)
                    yield message

    def is_late(self, now: float) -> bool:
        """Return whether the import has taken longer than it may."""
        return self._deadline is not None and now > self._deadline

    def end(self) -> None:
        """Kill the process and what it leaves behind."""
        self.line.close()
        process.kill_group(self.pid)
        self._process.wait()

    def _is_about_itself(self, message: dict[str, Any]) -> bool:
        if message.get("m") == "ready" and self._deadline is not None:
            self.declared = _readable(message.get("declared"))
        elif message.get("m") == "failed" and self._deadline is not None:
            self.failure = str(message.get("reason"))
        else:
            return False
        self._deadline = None
        return True

    def _check(self, message: dict[str, Any]) -> None:
        """Raise TemplateDied for what only a build says that found its template's socket."""
        self._awaited -= 1
        if self._awaited < 0:
            raise TemplateDied("it says more than it was asked")
        if message.get("m") == "ended" and not _is_end(message.get("status")):
            raise TemplateDied("it tells of an end without a status")

    def _put(self, message: dict[str, Any], descriptors: tuple[int, ...] = ()) -> None:
        try:
            self.line.put(encode(message), descriptors)
        except Hung:
            raise TemplateDied("it takes no orders any more") from None

    def _how_it_ended(self) -> str:
        try:
            code = self._process.wait(_KILL_SECONDS)
        except subprocess.TimeoutExpired:
            return "it closed its socket"
        if code < 0:
            return f"killed by signal {-code}"
        return f"it ended with status {code}"


class Templates:
    """The templates of one worker."""

    def __init__(
        self,
        limits: Limits,
        unpacked: Callable[[UUID], Path],
        scratch_of: Callable[[UUID], Path],
    ) -> None:
        self._limits = limits
        self._unpacked = unpacked
        self._scratch_of = scratch_of
        self._by_build: dict[UUID, TemplateProcess] = {}

    def __iter__(self) -> Iterator[TemplateProcess]:
        return iter(list(self._by_build.values()))

    def get(self, build_id: UUID) -> TemplateProcess:
        """Return a build's template, made if there is none; raise BadArchive."""
        if build_id not in self._by_build:
            source, scratch = self._unpacked(build_id), self._scratch_of(build_id)
            self._by_build[build_id] = TemplateProcess(build_id, source, scratch, self._limits)
        return self._by_build[build_id]

    def drop(self, template: TemplateProcess) -> None:
        """End a template; the next run of its build gets a new one."""
        if self._by_build.get(template.build_id) is template:
            del self._by_build[template.build_id]
        template.end()

    def idle(self, busy: set[UUID]) -> list[TemplateProcess]:
        """Return the templates that nobody will miss: long unused, too many, or out of date."""
        unused = [template for template in self if template.build_id not in busy]
        unused.sort(key=lambda template: template.used_at)
        now = time.monotonic()
        current = grounds.fingerprint() if unused and self._limits.is_confined else None
        old = [
            template
            for template in unused
            if now - template.used_at > _IDLE_SECONDS
            or (current is not None and template.grounds != current)
        ]
        return old or unused[: max(0, len(unused) - _MOST_IDLE)]


def _is_end(status: Any) -> bool:
    """Return whether it is how a process ended, as the kernel says it."""
    is_one = isinstance(status, int) and 0 <= status <= _LARGEST_STATUS
    return is_one and (os.WIFEXITED(status) or os.WIFSIGNALED(status))


def _readable(declared: Any) -> dict[str, Any]:
    """Return what a build declares; raise TemplateDied if its import wrote something else."""
    try:
        entries = [(one, facts) for kind, facts in _FACTS.items() for one in declared[kind]]
        is_readable = all(
            isinstance(one[name], of) for one, facts in entries for name, of in facts.items()
        )
    except (KeyError, TypeError, IndexError):
        is_readable = False
    if not is_readable:
        raise TemplateDied("it declares nothing readable")
    result: dict[str, Any] = declared
    return result
