"""In which call of its trace a run failed or was cut off."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotdash.gateway.runs import Run
from hotdash.gateway.traces import Call
from hotdash.kit.faults import ENDED_BADLY
from hotdash.pages.runs.run_tree import failing_path, open_path


@dataclass(frozen=True)
class Place:
    """The call in which it happened; `was_cut` where it did not fail but never ended."""

    call: Call
    was_cut: bool


def place_of(run: Run, calls: Sequence[Call]) -> Place | None:
    """Return where in the trace the run failed or was cut off; None where that cannot be told."""
    if run.status not in ENDED_BADLY:
        return None
    if path := failing_path(calls):
        return Place(path[-1], was_cut=False)
    if path := open_path(calls):
        return Place(path[-1], was_cut=True)
    return None
