"""However many act at once, the record is one chain without a gap."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import postgres_server

ROOT = Path(__file__).parents[2]


def write(url: str, data: Path) -> str:
    settings = {
        "DJANGO_SETTINGS_MODULE": "hotdash.settings",
        "HOTDASH_DATA_DIR": str(data),
        "DATABASE_URL": url,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.audit.many_writers"],
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.postgres
def test_the_chain_has_no_gap_on_postgres(tmp_path: Path) -> None:
    with postgres_server() as url:
        assert write(url, tmp_path) == "dense=True whole=True"


def test_the_chain_has_no_gap_on_sqlite(tmp_path: Path) -> None:
    assert write("", tmp_path) == "dense=True whole=True"
