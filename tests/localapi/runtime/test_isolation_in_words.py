"""What keeps runs apart is said in words, and where it is required nothing starts without it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hotdash.host import grounds
from hotdash.host.isolation import Isolation, in_force
from hotdash.host.logs import sentences
from tests import old_kernel
from tests.localapi.runtime.conftest import forget_what_is_due
from tests.localapi.runtime.shop import Shop, result
from tests.localapi.runtime.workers import WorkerProcess
from tests.localapi.server import command, surroundings
from tests.sockets import wait_for

ON_AN_OLD_KERNEL = (sys.executable, old_kernel.__file__)
CURIOUS = {
    "curious.py": """
def reads(path):
    with open(path, "rb") as file:
        return len(file.read(1))
"""
}


def isolation(mode: str = "auto", version: int = 7, exposed_in: Path | None = None) -> Isolation:
    return Isolation(mode, version, "6.1.0-18-amd64", Path("/srv/data"), exposed_in)


@pytest.mark.parametrize(
    ("there", "words"),
    [
        (isolation("off"), "Runs are not isolated: HOTDASH_RUN_ISOLATION is off."),
        (isolation(version=0), "this kernel, Linux 6.1.0-18-amd64, has no Landlock"),
        (isolation(version=2), "But they can empty any file of this user by its name"),
        (isolation(version=5), "But they can send signals to any process of this user"),
        (isolation(version=7), "Runs are isolated by Landlock, version 7: each reads"),
        (isolation(exposed_in=Path("/srv")), "read the data directory /srv/data"),
    ],
)
def test_what_is_in_force_is_said(there: Isolation, words: str) -> None:
    assert words in there.sentence
    assert there.is_whole is (there == isolation(version=7))
    assert ("But they can" in there.sentence) is (there.is_in_force and not there.is_whole)


def test_what_lies_where_every_program_reads_is_known() -> None:
    assert grounds.exposing(Path(os.__file__)) in grounds.programs()
    assert grounds.exposing(Path(__file__)) is None


def test_the_worker_says_at_its_start_what_is_in_force(data: Path, stored: None) -> None:
    with WorkerProcess(data):
        words = sentences(in_force(data).sentence)
        wait_for(lambda: all(one in (data / "worker.log").read_text() for one in words))


def test_on_a_kernel_without_it_runs_are_executed_and_the_worker_says_what_they_can(
    shop: Shop, data: Path
) -> None:
    forget_what_is_due()
    with WorkerProcess(data, through=ON_AN_OLD_KERNEL):
        shop.deploy(CURIOUS)
        assert result(shop.call("::curious/reads", "/etc/passwd")) == 1
    said = (data / "worker.log").read_text()
    assert "has no Landlock, or has it switched off." in said
    assert "Their code can read and write whatever this user can" in said


def worker_that_ends(data: Path, *through: str, **variables: str) -> tuple[int, str]:
    """Start a worker that refuses to; return its status and what it said."""
    done = subprocess.run(
        [*through, *command("worker")],
        env=surroundings(data, **variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr


def test_where_it_is_required_and_missing_no_worker_starts(data: Path, tables: None) -> None:
    status, said = worker_that_ends(data, *ON_AN_OLD_KERNEL, HOTDASH_RUN_ISOLATION="require")
    assert status == 2
    assert "HOTDASH_RUN_ISOLATION=require asks for more than there is." in said
    assert "set HOTDASH_RUN_ISOLATION=auto and deploy trusted builds only" in said
    assert "Traceback" not in said


def test_where_it_is_required_and_there_a_worker_starts(data: Path, stored: None) -> None:
    if not in_force(data).is_whole:  # this kernel: then it has to refuse, and say what is missing
        status, said = worker_that_ends(data, HOTDASH_RUN_ISOLATION="require")
        assert status == 2
        assert in_force(data).sentence in said
        return
    with WorkerProcess(data, HOTDASH_RUN_ISOLATION="require") as worker:
        wait_for(lambda: "ready, " in (data / "worker.log").read_text())
        assert worker.process.poll() is None


def test_another_word_is_refused(data: Path, tables: None) -> None:
    status, said = worker_that_ends(data, HOTDASH_RUN_ISOLATION="yes")
    assert (status, said) == (
        2,
        "HOTDASH_RUN_ISOLATION is one of auto, require, off, not 'yes'.\n",
    )
