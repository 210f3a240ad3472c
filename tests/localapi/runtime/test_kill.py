"""Killed under load, the API and its worker lose nothing; `benchmarks/kill.py` does it longer."""

import pytest

from benchmarks.kill import kill_series
from tests.postgres import postgres_server


@pytest.mark.parametrize("what", ["worker", "api", "both"])
def test_nothing_acknowledged_is_lost_on_sqlite(what: str) -> None:
    tally = kill_series(what, rounds=2)
    assert tally.acknowledged > 20
    assert tally.is_clean, tally


@pytest.mark.postgres
def test_nothing_acknowledged_is_lost_on_postgres() -> None:
    with postgres_server() as url:
        tally = kill_series("both", rounds=2, database_url=url)
    assert tally.acknowledged > 20
    assert tally.is_clean, tally
