"""The routes keep the same promises on Postgres: those that ask the database most, run again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import postgres_server

ROOT = Path(__file__).parents[3]
FILES = (
    *("api_keys", "context", "domains", "environment_context", "events", "projects", "runs"),
    *("requests", "service_keys", "sessions", "giving", "tasks", "cancellations"),
    *("run_subscriptions", "stream_subscriptions", "environment_subscriptions"),
    "subscribe_with_event",
    *("files", "file_lists", "file_uploads", "at_once"),
)
# what is refused before a database is asked is the same for every one
TABLED = ("routes", "lists", "isolation", "transcript")


@pytest.mark.postgres
def test_the_routes_do_the_same_on_postgres(tmp_path: Path) -> None:
    with postgres_server() as url:
        settings = {"HOTDASH_API_DATABASE_URL": url, "HOTDASH_DATA_DIR": str(tmp_path)}
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
                *(f"tests/localapi/routes/test_{name}.py" for name in FILES),
                *(f"tests/localapi/contract/test_{name}.py" for name in TABLED),
                "tests/localapi/test_rotation.py",
                "tests/localapi/test_contents.py",
            ],
            cwd=ROOT,
            env=os.environ | settings,
            capture_output=True,
            text=True,
            timeout=1_800,
            check=False,
        )

    assert done.returncode == 0, done.stdout[-8_000:]
