"""Logs: one event a line, key=value in local mode and JSON in production, on standard error."""

import logging
import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from hotdash.host import environment

_LONGEST_VALUE = 200
_LONGEST_TRACEBACK = 8_000
# C0, DEL and C1 controls, and the two separators that some viewers take for a new line
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))} | {
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}
_BEFORE: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


_LEVELS = {
    # below ERROR it repeats what the access log says
    "django.request": {"level": "ERROR"},
    # at DEBUG they write addresses, and headers with cookies
    "httpx": {"level": "WARNING"},
    "httpcore": {"level": "WARNING"},
    "gunicorn.error": {"level": "WARNING"},
}


def configuration() -> dict[str, Any]:
    """Return what Django's LOGGING takes, and point structlog at the same handler."""
    structlog.configure(
        processors=[*_BEFORE, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_paths"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"no_paths": {"()": "hotdash.host.logs.RoutesForPaths"}},
        "formatters": {"line": _formatter()},
        "handlers": {"line": handler},
        "root": {"level": "INFO", "handlers": ["line"]},
        # Django's own handlers go: its records reach the root like all others
        "loggers": {"django": {"level": "INFO", "handlers": [], "propagate": True}, **_LEVELS},
    }


def say(log: logging.Logger, text: str, level: int = logging.WARNING) -> None:
    """Write a text for people, a line for each of its sentences: one value would be cut short."""
    for sentence in sentences(text):
        log.log(level, "%s", sentence)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return re.split(r"(?<=[.?]) (?=[A-Z])", text)


def plain(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Make every text one line of bounded length: no value can pose as a line of its own."""
    for name, value in event.items():
        if isinstance(value, str):
            longest = _LONGEST_TRACEBACK if name == "exception" else _LONGEST_VALUE
            event[name] = value[:longest].replace("\n", "\\n").translate(_CONTROLS)
    return event


def route_of(request: Any) -> str:
    """Return the name of the route that a request took; `unrouted` when it took none."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name if match else "") or "unrouted"


class RoutesForPaths(logging.Filter):
    """Django's own records name the path of a request: write the name of its route instead.

    A path can hold a sign-in link, and logs are read by more people than may use it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, without its path."""
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            route = route_of(request)
            record.args = tuple(route if value == path else value for value in record.args)
        return True


def _formatter() -> dict[str, Any]:
    return {
        "()": "structlog.stdlib.ProcessorFormatter",
        "foreign_pre_chain": _BEFORE,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            plain,
            _renderer(),
        ],
    }


def _renderer() -> Processor:
    if environment.text("HOTDASH_PUBLIC_URL"):
        return structlog.processors.JSONRenderer()
    return structlog.processors.LogfmtRenderer(
        key_order=["level", "logger", "event"], drop_missing=True, bool_as_flag=False
    )
