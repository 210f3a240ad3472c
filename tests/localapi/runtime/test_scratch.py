"""Whatever a run leaves in its directory is deleted, and nobody waits for it (threats R4)."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hotdash.localapi.runtime.scratch import delete
from tests.localapi.runtime.shop import Shop, result
from tests.localapi.runtime.workers import WorkerProcess
from tests.sockets import wait_for

ROOT = Path(__file__).parents[3]
LEVELS = 3_000  # more than calls fit into each other, by a longer path than the kernel takes
NESTING = {
    "nesting.py": """
import os

def nest(levels):
    here = os.getcwd()
    for _ in range(levels):
        os.mkdir("d")
        os.chdir("d")
    return here

def innocent():
    return "fine"
"""
}
# as an ordinary user, whom the modes of files concern
DELETE = """
import sys
from pathlib import Path
from hotdash.localapi.runtime import process, scratch
process.give_up_capabilities()
scratch.delete(Path(sys.argv[1]))
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    made = tmp_path / "runs" / "one"
    made.mkdir(parents=True)
    return made


def nest(place: Path) -> None:
    """Make directories in each other, as deep as no path is long."""
    above = os.open(place, os.O_RDONLY)
    for _ in range(LEVELS):
        os.mkdir("d", dir_fd=above)
        below = os.open("d", os.O_RDONLY, dir_fd=above)
        os.close(above)
        above = below
    os.close(above)


def test_directories_in_each_other_are_deleted_however_deep(place: Path) -> None:
    nest(place)

    delete(place)

    assert list(place.parent.iterdir()) == []


def test_more_entries_than_are_looked_at_together_are_deleted(place: Path) -> None:
    for number in range(1_500):
        (place / f"file-{number}").touch()
        (place / f"directory-{number}").mkdir()

    delete(place)

    assert list(place.parent.iterdir()) == []


def test_what_was_closed_is_deleted(place: Path) -> None:
    inner = place / "closed" / "within"
    inner.mkdir(parents=True)
    (inner / "file").touch()
    for path in (inner, inner.parent, place):
        path.chmod(0)

    subprocess.run([sys.executable, "-c", DELETE, str(place)], cwd=ROOT, check=True)

    assert list(place.parent.iterdir()) == []


def test_what_a_link_leads_to_stays(place: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir(mode=0o755)
    (kept / "file").touch()
    (place / "link").symlink_to(kept)

    delete(place)

    assert [path.name for path in kept.iterdir()] == ["file"]


def test_what_a_run_nested_does_not_stop_its_worker(
    shop: Shop, start_worker: Callable[..., WorkerProcess]
) -> None:
    worker = start_worker(HOTDASH_RUN_SECONDS="60")
    shop.deploy(NESTING)
    here = Path(result(shop.call("::nesting/nest", 1_200)))

    wait_for(lambda: not here.exists())
    assert result(shop.call("::nesting/innocent")) == "fine"
    assert worker.process.poll() is None


def test_what_a_dead_worker_left_is_deleted_by_its_successor(
    shop: Shop, start_worker: Callable[..., WorkerProcess]
) -> None:
    first = start_worker()
    shop.deploy(NESTING)
    here = Path(result(shop.call("::nesting/nest", 1)))
    first.kill()
    nest(here.parent)

    start_worker()

    assert result(shop.call("::nesting/innocent")) == "fine"
    wait_for(lambda: not here.parent.parent.exists())
