"""Runs that wait for the test: each lays a file down and goes on when that is taken away.

Taken away, not laid down: that works on a full disk, too.
"""

from pathlib import Path
from typing import Any

# for a build that imports os and time
HOLD = """
def hold():
    open("held", "x").close()
    while os.path.exists("held"):
        time.sleep(0.02)
"""


def let_go(data: Path, *run_ids: Any) -> None:
    """End the holding of runs."""
    for run_id in run_ids:
        for file in _holding(data, run_id):
            file.unlink(missing_ok=True)


def is_held(data: Path, run_id: Any, execution: int | str = "*") -> bool:
    """Return whether a run is held by a worker over this data directory.

    What a dead worker left lies there until its successor has deleted it: name the execution
    where there was one before.
    """
    return any(_holding(data, run_id, execution))


def _holding(data: Path, run_id: Any, execution: int | str = "*") -> list[Path]:
    return list((data / "runs").rglob(f"{run_id}-{execution}/held"))
