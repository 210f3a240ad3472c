"""Two owners who demote each other at once: one of them stays owner."""

from pathlib import Path

import pytest

from tests.postgres import postgres_server
from tests.processes import played

ROUNDS = 20


def play(url: str, data: Path) -> list[str]:
    """The outcome of every round."""
    return played("tests.orgs.two_owners", str(ROUNDS), data=data, database=url).splitlines()


@pytest.mark.postgres
def test_exactly_one_succeeds_on_postgres(tmp_path: Path) -> None:
    with postgres_server() as url:
        assert play(url, tmp_path) == ["demoted kept owners=1"] * ROUNDS


def test_exactly_one_succeeds_on_sqlite(tmp_path: Path) -> None:
    assert play("", tmp_path) == ["demoted kept owners=1"] * ROUNDS
