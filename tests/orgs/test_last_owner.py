"""Two owners who demote each other at once: one of them stays owner."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import postgres_server

ROOT = Path(__file__).parents[2]
ROUNDS = 20


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with postgres_server() as url:
        yield url


def play(url: str, data: Path) -> list[str]:
    """The outcome of every round, in a process of its own with a database of its own."""
    settings = {
        "DJANGO_SETTINGS_MODULE": "hotdash.settings",
        "HOTDASH_DATA_DIR": str(data),
        "DATABASE_URL": url,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.orgs.two_owners", str(ROUNDS)],
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.postgres
def test_exactly_one_succeeds_on_postgres(postgres: str, tmp_path: Path) -> None:
    assert play(postgres, tmp_path) == ["demoted kept owners=1"] * ROUNDS


def test_exactly_one_succeeds_on_sqlite(tmp_path: Path) -> None:
    assert play("", tmp_path) == ["demoted kept owners=1"] * ROUNDS
