"""What a server offers: its generation and the extensions it has, kept ten minutes per origin."""

import time
from dataclasses import dataclass
from threading import Lock

from hotdash.gateway.status import Status, get_status
from hotdash.gateway.upstream import Gateway

EXTENSIONS = (
    "trace",  # /runs/{id}/vars holds calls
    "functions",  # runs carry ns, var, event_type, attempt, retry_max
    "stats_filters",  # /runs/stats takes type and time_range
    "stream_filter",  # /runs and /events take stream_id
    "senders",  # events carry source and origin_run_id
    "stream_data",  # /runs/{id}/stream-data
)
KEPT_SECONDS = 600.0


@dataclass(frozen=True)
class Capabilities:
    """Booleans and versions only: nothing of any tenant is in it."""

    version: str | None
    extensions: frozenset[str]

    @property
    def generation(self) -> str:
        """`older` for a server of the first documents, else `current` (contract 10)."""
        return "current" if self.version else "older"

    @property
    def has_trace(self) -> bool:
        """Whether a run's calls can be read."""
        return "trace" in self.extensions

    @property
    def has_vars(self) -> bool:
        """Whether `/runs/{id}/vars` exists at all: calls here, plain variables on the older one."""
        return self.has_trace or self.generation == "older"

    @property
    def has_functions(self) -> bool:
        """Whether a run names its function, event type and retry limit."""
        return "functions" in self.extensions

    @property
    def has_stats_filters(self) -> bool:
        """Whether counts by status can be had for a type and a time range in one call."""
        return "stats_filters" in self.extensions

    @property
    def has_stream_filter(self) -> bool:
        """Whether events and runs of one stream can be asked for."""
        return "stream_filter" in self.extensions

    @property
    def has_senders(self) -> bool:
        """Whether an event names the run that sent it."""
        return "senders" in self.extensions

    @property
    def has_stream_data(self) -> bool:
        """Whether what a run streamed can be read afterwards."""
        return "stream_data" in self.extensions


_lock = Lock()
_kept: dict[str, tuple[float, Capabilities]] = {}


def get_capabilities(gateway: Gateway) -> Capabilities:
    """Return what the server offers; raises as any call does when it has to ask."""
    with _lock:
        until, known = _kept.get(gateway.upstream.origin, (0.0, None))
    if known is not None and time.monotonic() < until:
        return known
    return remember(gateway.upstream.origin, get_status(gateway))


def remember(origin: str, status: Status) -> Capabilities:
    """Keep what a status tells, in place of what was known of another version."""
    told = Capabilities(status.version, status.extensions)
    with _lock:
        _kept[origin] = (time.monotonic() + KEPT_SECONDS, told)
    return told


def forget_all() -> None:
    """Ask anew at the next use."""
    with _lock:
        _kept.clear()
