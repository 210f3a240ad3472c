"""A database that does not answer is said in words before anything is started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sockets import free_port


@pytest.mark.parametrize(
    ("variable", "command"),
    [
        ("DATABASE_URL", ("hotdash.first_start", "prepare")),
        ("HOTDASH_API_DATABASE_URL", ("hotdash.localapi", "migrate")),
    ],
)
def test_a_database_that_does_not_answer_is_named_by_its_variable(
    variable: str, command: tuple[str, str], tmp_path: Path
) -> None:
    url = f"postgres://nobody:hunter2@127.0.0.1:{free_port()}/none"
    surroundings = {"HOTDASH_DATA_DIR": str(tmp_path), variable: url}
    left_out = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "HOTDASH_API_DATABASE_URL"}
    inherited = {name: value for name, value in os.environ.items() if name not in left_out}
    outcome = subprocess.run(
        [sys.executable, "-m", *command],
        env=inherited | surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert outcome.returncode != 0
    assert f"The database in {variable} cannot be used" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert "hunter2" not in outcome.stderr
