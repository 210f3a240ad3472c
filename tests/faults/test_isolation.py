"""`make run` keeps its processes closed to its own user, and says how runs are isolated."""

import os
import subprocess
import sys
from pathlib import Path

from hotdash.host.isolation import in_force
from hotdash.host.logs import sentences
from tests import old_kernel
from tests.household import ROOT, household
from tests.processes import is_closed
from tests.sockets import free_port

NOT_ROOTS = 65534 if os.getegid() == 0 else None  # a group by which closed processes are told


def test_every_process_is_closed_to_its_own_user(tmp_path: Path) -> None:
    with household(tmp_path / "data", group=NOT_ROOTS) as running:
        running.wait_until_up()
        programs = running.programs()
        open_ones = [command for pid, command in programs.items() if not is_closed(pid)]
        assert open_ones == []
        for name in ("api", "worker", "hotdash.serve", "template"):
            assert any(name in command for command in programs.values()), programs


def test_the_start_says_how_runs_are_isolated(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with household(data) as running:
        running.wait_until_up()
        said = " ".join(running.text.split())
        for sentence in sentences(in_force(data).sentence):
            assert said.count(sentence) == 2, "the worker's log and the last block"


def test_nothing_is_started_where_isolation_is_required_and_missing(tmp_path: Path) -> None:
    start = [sys.executable, old_kernel.__file__, sys.executable, "-m", "hotdash.up"]
    settings = {"HOTDASH_RUN_ISOLATION": "require", "HOTDASH_DATA_DIR": str(tmp_path)}
    ports = {"HOTDASH_PORT": str(free_port()), "HOTDASH_API_PORT": str(free_port())}
    refused = subprocess.run(
        start, cwd=ROOT, env=settings | ports, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert "HOTDASH_RUN_ISOLATION=require asks for more than there is." in refused.stderr
    assert "Traceback" not in refused.stderr
    assert list(tmp_path.iterdir()) == []
