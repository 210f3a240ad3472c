"""A database that does not answer is said in words before anything is started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hotdash.host.database import postgres
from tests.gateway.servers import serving
from tests.sockets import free_port

STARTS = pytest.mark.parametrize(
    ("variable", "command"),
    [
        ("DATABASE_URL", ("hotdash.first_start", "prepare")),
        ("HOTDASH_API_DATABASE_URL", ("hotdash.localapi", "migrate")),
    ],
)


@STARTS
def test_a_database_that_does_not_answer_is_named_by_its_variable(
    variable: str, command: tuple[str, str], tmp_path: Path
) -> None:
    url = f"postgres://nobody:hunter2@127.0.0.1:{free_port()}/none"
    said = refusal(variable, url, command, tmp_path)
    assert f"The database in {variable} cannot be used" in said
    assert "hunter2" not in said


@STARTS
def test_a_database_that_takes_the_call_and_says_nothing_is_given_up(
    variable: str, command: tuple[str, str], tmp_path: Path
) -> None:
    with serving(60.0) as silent:
        url = f"postgres://nobody:hunter2@127.0.0.1:{silent.port}/none?connect_timeout=2"
        said = refusal(variable, url, command, tmp_path)
    assert silent.connections >= 1
    assert f"The database in {variable} cannot be used" in said
    assert "hunter2" not in said


@STARTS
@pytest.mark.parametrize(
    "url",
    ["mysql://me:hunter2@host/db", "hunter2", "postgres://me:hunter2@host:many/db", "postgres://h"],
)
def test_an_address_of_no_postgres_is_refused_without_showing_it(
    variable: str, command: tuple[str, str], tmp_path: Path, url: str
) -> None:
    said = refusal(variable, url, command, tmp_path)
    assert said.startswith(f"{variable} must begin with postgres:// and name a database")
    assert "hunter2" not in said


def test_a_database_is_waited_for_no_longer_than_a_page_may_take() -> None:
    options = postgres("DATABASE_URL", "postgres://me@host/db")["OPTIONS"]
    assert options == {"connect_timeout": 5, "tcp_user_timeout": 15_000}
    asked = postgres("DATABASE_URL", "postgresql://me@host/db?connect_timeout=1&sslmode=require")
    assert (asked["OPTIONS"]["connect_timeout"], asked["OPTIONS"]["sslmode"]) == (1, "require")


def refusal(variable: str, url: str, command: tuple[str, str], data: Path) -> str:
    """What a start with this address says before it gives up."""
    surroundings = {"HOTDASH_DATA_DIR": str(data), variable: url}
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
    assert "Traceback" not in outcome.stderr
    return outcome.stderr
