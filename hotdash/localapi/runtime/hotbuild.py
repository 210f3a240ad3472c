"""What a build imports: declare handlers and schedules, send events, stream, read context.

    from hotbuild import ctx, files, on_event, run, schedule, send, stream, tasks

A handler is a plain function; it takes the event's data and returns what is its result. Any other
function of a build can be called by name. See docs/embedded-api.md.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

from hotdash.localapi.runtime.build_files import Files
from hotdash.localapi.runtime.limits import RETRIES, RETRY_DELAY_MS, TASK_MS

__all__ = ["ctx", "files", "on_event", "run", "schedule", "send", "stream", "tasks"]

_F = TypeVar("_F", bound=Callable[..., Any])
_TASK_SECONDS = 30 * 60


@dataclass
class Declared:
    """What the modules of a build declared while they were imported."""

    handlers: list[tuple[str, Callable[..., Any], int, int]] = field(default_factory=list)
    schedules: list[tuple[str, Callable[..., Any]]] = field(default_factory=list)


DECLARED = Declared()


def on_event(event_type: str, *, retry: int = 0, retry_delay: float = 2.0) -> Callable[[_F], _F]:
    """Run the function for each event of this type; try again up to `retry` times after a failure.

    `retry_delay` is in seconds.
    """
    if not _is_text(event_type):
        raise ValueError('on_event needs the type of an event, like "order:placed"')
    _check_retries(retry, retry_delay)

    def declare(function: _F) -> _F:
        DECLARED.handlers.append((event_type, function, retry, round(retry_delay * 1000)))
        return function

    return declare


def schedule(when: str) -> Callable[[_F], _F]:
    """Run the function, without arguments, whenever it is due: cron or English, in UTC."""
    if not _is_text(when):
        raise ValueError('schedule needs a text, like "*/5 * * * *" or "every monday at 9am"')

    def declare(function: _F) -> _F:
        DECLARED.schedules.append((when, function))
        return function

    return declare


class _NotInARun:
    """Stands where the run's worker will be, until there is one."""

    def send(self, _event_type: str, _data: Any) -> None:
        raise RuntimeError("send() works inside a run, not while the build is imported")

    def stream(self, _payload: Any, _data_type: str) -> None:
        raise RuntimeError("stream() works inside a run, not while the build is imported")

    def start_task(self, *_arguments: Any, **_options: str) -> str:
        raise RuntimeError("tasks.start() works inside a run, not while the build is imported")

    def cancel_task(self, _task_id: str, _reason: str) -> bool:
        raise RuntimeError("tasks.cancel() works inside a run, not while the build is imported")


class Cancelled(BaseException):
    """Ends the run as cancelled; no `except Exception` of a handler holds it up."""

    def __init__(self, reason: str, data: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.data = data


class Run:
    """The run that is being executed; empty while the build is imported."""

    def __init__(self) -> None:
        self.run_id = ""
        self.stream_id = ""
        self.event_id: str | None = None
        self.event_type: str | None = None
        self.attempt = 1  # grows by one with each retry
        self.retry_max = 0
        self.task_id: str | None = None  # of a run that is a task

    def cancel(self, reason: str = "", data: Any = None) -> NoReturn:
        """End this run here as cancelled, with a reason and, if it helps, data; it is not retried.

        It raises `Cancelled`, so `finally` and `with` blocks are left in order.
        """
        raise Cancelled(str(reason), data)


class Tasks:
    """Work that goes on by itself, after and beside the run that starts it."""

    def start(
        self,
        function: Callable[..., Any] | str,
        *arguments: Any,
        timeout: float = _TASK_SECONDS,
        retry: int = 0,
        retry_delay: float = 2.0,
    ) -> str:
        """Have a function of this build called with these arguments, soon; return the task's id.

        `timeout` and `retry_delay` are in seconds; a timeout is a failure, so it is retried too.
        """
        _check_retries(retry, retry_delay)
        if not 0.001 <= timeout <= TASK_MS / 1000:
            raise ValueError(f"timeout is in seconds, at most a day, not {timeout!r}")
        return str(
            _outlet.start_task(
                function,
                list(arguments),
                timeout_ms=str(round(timeout * 1000)),
                retry=str(retry),
                retry_delay_ms=str(round(retry_delay * 1000)),
            )
        )

    def cancel(self, task_id: str, reason: str = "") -> bool:
        """Cancel a task of this run's stream; False if it was over already.

        Raises LookupError where the stream has no such task.
        """
        return bool(_outlet.cancel_task(str(task_id), str(reason)))


class Context:
    """The context variables of the project, readable by handlers only."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a context variable, or the default if it is not set."""
        return self._values.get(key, default)

    def __getitem__(self, key: str) -> Any:
        if key not in self._values:
            raise KeyError(f"context variable {key} is not set")
        return self._values[key]

    def __contains__(self, key: str) -> bool:
        return key in self._values


run = Run()
ctx = Context()
files = Files()
tasks = Tasks()
_outlet: Any = _NotInARun()


def send(event_type: str, data: Any = None) -> None:
    """Publish an event into this run's stream; its handlers run once it is stored."""
    if not _is_text(event_type):
        raise ValueError('send needs the type of an event, like "order:shipped"')
    if event_type.startswith("hot:"):
        raise ValueError(f"event types that begin with hot: are reserved, {event_type!r} is one")
    _outlet.send(event_type, data)


def stream(payload: Any, data_type: str = "data") -> None:
    """Send something to whoever watches this run's stream; it is kept for an hour."""
    _outlet.stream(payload, data_type)


def open_run(facts: dict[str, Any], values: dict[str, Any], outlet: Any) -> None:
    """Fill `run` and `ctx` for the one run of this process; not for builds."""
    global _outlet
    vars(run).update({name: facts[name] for name in vars(run)})
    ctx._values = values  # noqa: SLF001  its own module
    _outlet = outlet


def _check_retries(retry: int, retry_delay: float) -> None:
    if not 0 <= retry <= RETRIES:
        raise ValueError(f"retry is a number from 0 to {RETRIES}, not {retry!r}")
    if not 0 <= retry_delay <= RETRY_DELAY_MS / 1000:
        raise ValueError(f"retry_delay is in seconds, at most a day, not {retry_delay!r}")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""
