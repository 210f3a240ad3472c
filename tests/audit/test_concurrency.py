"""However many act at once, the record is one chain without a gap."""

from pathlib import Path

import pytest

from tests.postgres import postgres_server
from tests.processes import played

WRITERS = "tests.audit.many_writers"


@pytest.mark.postgres
def test_the_chain_has_no_gap_on_postgres(tmp_path: Path) -> None:
    with postgres_server() as url:
        assert played(WRITERS, data=tmp_path, database=url) == "dense=True whole=True"


def test_the_chain_has_no_gap_on_sqlite(tmp_path: Path) -> None:
    assert played(WRITERS, data=tmp_path, database="") == "dense=True whole=True"
