"""Killed under load, the API and its workers lose nothing; `benchmarks/kill.py` does it longer."""

import pytest

from benchmarks.kill import Tally, kill_series
from tests.postgres import postgres_server


def assert_nothing_lost(tally: Tally) -> None:
    """Hold that what was answered for is there, and done once."""
    assert tally.acknowledged > 20
    assert tally.uploads > 0
    assert tally.is_clean, tally


@pytest.mark.parametrize("what", ["worker", "api", "all"])
def test_nothing_acknowledged_is_lost_on_sqlite(what: str) -> None:
    assert_nothing_lost(kill_series(what, rounds=2))


@pytest.mark.postgres
@pytest.mark.parametrize("what", ["any", "all"])
def test_nothing_acknowledged_is_lost_on_postgres_with_two_workers(what: str) -> None:
    with postgres_server() as url:
        assert_nothing_lost(kill_series(what, rounds=2, database_url=url, workers=2))
