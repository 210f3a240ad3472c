"""What the environment asks of a worker."""

from dataclasses import dataclass

from hotdash.host import environment
from hotdash.localapi.pruning import keeping
from hotdash.localapi.retention import Keeping
from hotdash.localapi.runtime.limits import Limits


@dataclass(frozen=True)
class WorkerSettings:
    """How much one worker does at once, what a run may use, what is kept for how long."""

    limits: Limits
    slots: int
    notes_kept_seconds: int
    keeping: Keeping


def read_settings(*, is_confined: bool) -> WorkerSettings:
    """Return what the environment asks of a worker; raise MissingSetting."""
    return WorkerSettings(
        limits=Limits(
            seconds=environment.number("HOTDASH_RUN_SECONDS"),
            memory_mb=environment.number("HOTDASH_RUN_MEMORY_MB"),
            is_confined=is_confined,
        ),
        slots=environment.number("HOTDASH_RUN_SLOTS"),
        notes_kept_seconds=environment.number("HOTDASH_NOTES_KEPT_SECONDS"),
        keeping=keeping(),
    )
