"""What a manifest declares: the handlers and schedules of a build (contract 7)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hotdash.localapi.archives.manifest import BadManifest
from hotdash.localapi.runtime.cron import BadCron, check_cron
from hotdash.localapi.runtime.limits import RETRIES, RETRY_DELAY_MS

_ROOT = "hot.bundle."
_MAX_SCHEDULES = 1000
_LONGEST_TYPE = 512  # characters of any kind, which Postgres keeps in an index


@dataclass(frozen=True)
class Function:
    """A function of a build, named `ns/var`."""

    ns: str
    var: str


@dataclass(frozen=True)
class Handler:
    """A function that runs for each event of its type."""

    event_type: str
    function: Function
    retry_max: int
    retry_delay_ms: int


@dataclass(frozen=True)
class Scheduled:
    """A function that runs when its cron text is due."""

    cron: str
    function: Function


@dataclass(frozen=True)
class Manifest:
    """What is known of a build without running it."""

    project: str
    bundle_hash: str
    language: str
    handlers: tuple[Handler, ...]
    schedules: tuple[Scheduled, ...]
    facts: Mapping[str, Any]

    @property
    def is_python(self) -> bool:
        """Whether this server can run it; other builds need the Hot platform."""
        return self.language == "python"


def read_declarations(value: Any) -> Manifest:
    """Return what a manifest's value declares; raise BadManifest in words."""
    if not isinstance(value, dict) or len(value) != 1:
        raise BadManifest("The manifest must be one map with one key, hot.bundle.<project>.")
    name, facts = next(iter(value.items()))
    if not name.startswith(_ROOT) or not isinstance(facts, dict):
        raise BadManifest("The manifest must be one map with one key, hot.bundle.<project>.")
    language = _text(facts, "language", default="hot")
    is_python = language == "python"
    return Manifest(
        project=name.removeprefix(_ROOT),
        bundle_hash=_text(facts, "bundle_hash"),
        language=language,
        handlers=tuple(_handlers(facts, is_python=is_python)),
        schedules=tuple(_schedules(facts, is_python=is_python)),
        facts=facts,
    )


def _handlers(facts: Mapping[str, Any], *, is_python: bool) -> Iterator[Handler]:
    for event_type, entry in _entries(facts, "event_handlers"):
        if len(event_type) > _LONGEST_TYPE:
            raise BadManifest(
                f"An event type of a handler is longer than {_LONGEST_TYPE} characters."
            )
        meta = entry.get("meta", {})
        if is_python and not isinstance(meta, dict):
            raise BadManifest(f"The meta of a handler of {event_type[:80]!r} is no map.")
        retry_max, retry_delay_ms = _retries(meta) if is_python else (0, 0)
        yield Handler(event_type, _function(entry), retry_max, retry_delay_ms)


def _retries(meta: Mapping[str, Any]) -> tuple[int, int]:
    return (
        _bounded(meta, "retry", RETRIES),
        _bounded(meta, "retry_delay_ms", RETRY_DELAY_MS),
    )


def _schedules(facts: Mapping[str, Any], *, is_python: bool) -> Iterator[Scheduled]:
    entries = list(_entries(facts, "scheduled_functions"))
    if len(entries) > _MAX_SCHEDULES:
        raise BadManifest(f"The manifest declares more than {_MAX_SCHEDULES:,} schedules.")
    for cron, entry in entries:
        if is_python:  # the platform knows other forms, such as "every 1 hour"
            _check_cron(cron)
        yield Scheduled(cron=cron, function=_function(entry))


def _entries(facts: Mapping[str, Any], section: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    declared = facts.get(section, {})
    if not isinstance(declared, dict):
        raise BadManifest(f"{section} in the manifest is no map.")
    for trigger, entries in declared.items():
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise BadManifest(f"{section} of {trigger[:80]!r} in the manifest is no list of maps.")
        for entry in entries:
            yield trigger, entry


def _function(entry: Mapping[str, Any]) -> Function:
    ns, slash, var = _text(entry, "fn").rpartition("/")
    if not slash or not ns or not var:
        raise BadManifest(f"{str(entry['fn'])[:80]!r} in the manifest names no function.")
    return Function(ns, var)


def _text(facts: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = facts.get(name, default)
    if not isinstance(value, str):
        raise BadManifest(f"The manifest lacks the text {name}.")
    return value


def _bounded(meta: Mapping[str, Any], name: str, most: int) -> int:
    value = meta.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise BadManifest(f"{name} of a handler must be a whole number from 0 to {most:,}.")
    return value


def _check_cron(cron: str) -> None:
    try:
        check_cron(cron)
    except BadCron as error:
        raise BadManifest(str(error)) from None
