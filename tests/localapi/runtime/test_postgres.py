"""The engine keeps the same promises on Postgres: its tests are run again there."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import postgres_server

ROOT = Path(__file__).parents[3]
# where the database matters
FILES = (
    *(
        "runs",
        "retries",
        "queue",
        "leases",
        "schedules",
        "notify",
        "faults",
        "stopping",
        "carrying_on",
    ),
    *("tasks", "cancelling", "counters", "large_values", "large_traces", "retention", "files"),
    *("acceptance", "room", "quota", "retention_of_tasks"),
)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.mark.postgres
@pytest.mark.parametrize("name", FILES)
def test_the_engine_does_the_same_on_postgres(postgres: str, name: str, tmp_path: Path) -> None:
    settings = {"HOTDASH_API_DATABASE_URL": postgres, "HOTDASH_DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", f"tests/localapi/runtime/test_{name}.py"),
            *("-q", "-x", "-p", "no:cacheprovider"),
        ],
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8_000:]
