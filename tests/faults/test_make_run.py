"""`make run`: busy ports, interruptions, programs that die, and what is left afterwards."""

import base64
import json
import os
import signal
import socket
import sqlite3
import subprocess
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from hotdash.first_start.sample import sample_events
from tests.household import ROOT, Household, household
from tests.processes import is_alive
from tests.sockets import can_connect, wait_for

SAMPLES = sample_events()


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that a first start has completed."""
    data = tmp_path_factory.mktemp("household") / "data"
    with household(data) as running:
        running.wait_until_up()
        running.send(signal.SIGINT)
        running.wait()
    return data


@pytest.mark.parametrize("variable", ["HOTDASH_PORT", "HOTDASH_API_PORT"])
def test_a_busy_port_is_named_with_the_remedy_before_anything_is_made(
    variable: str, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ports = {"HOTDASH_PORT": "port", "HOTDASH_API_PORT": "api_port"}
        with household(tmp_path / "data", **{ports[variable]: port}) as running:
            assert running.wait() != 0
            assert f"port {port}: Address already in use" in running.text
            assert f"{variable}={port + 10} make run" in running.text
            assert "Traceback" not in running.text
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_second_start_finds_everything_and_a_signal_leaves_nothing_running(
    number: signal.Signals, furnished: Path
) -> None:
    before = contents(furnished)
    with household(furnished) as running:
        running.wait_until_up()
        programs = running.programs()
        assert len(programs) >= 6, "supervisor, web, api, their workers, the worker"
        running.send(number)
        running.wait()
        assert [pid for pid in programs if is_alive(pid)] == []
        assert not can_connect("127.0.0.1", running.port)
        assert not can_connect("127.0.0.1", running.api_port)
    assert before <= contents(furnished), "what was there is still there"


def test_a_second_start_makes_nothing_twice(furnished: Path) -> None:
    with household(furnished) as running:
        running.wait_until_up()
        assert_complete(furnished)


def test_the_link_is_in_the_terminal_and_in_a_closed_file_and_on_no_page(furnished: Path) -> None:
    with household(furnished) as running:
        running.wait_until_up()
        assert running.link
        assert running.link.startswith(running.url)
        kept = furnished / "first-sign-in"
        assert kept.read_text().split()[0] == running.link
        assert kept.stat().st_mode & 0o777 == 0o600
        assert sum(running.link in line for line in running.lines) == 1


def test_no_secret_is_in_a_command_line_or_in_the_output(furnished: Path) -> None:
    names = ("secret-key", "keys", "api-keys", "operator-key")
    secrets = [(furnished / name).read_text().strip() for name in names]
    with household(furnished) as running:
        running.wait_until_up()
        said = "\n".join([running.text, *running.programs().values()])
        assert not [secret for secret in secrets if secret in said]
        for name in names:
            assert (furnished / name).stat().st_mode & 0o777 == 0o600, name


@pytest.mark.parametrize("moment", ["organization", "project", "build", "first events"])
def test_a_first_start_killed_halfway_is_completed_by_the_next(moment: str, tmp_path: Path) -> None:
    # whoever looks can be too late: then it is begun once more, elsewhere
    starts = (killed_at(moment, tmp_path / f"start{number}") for number in range(5))
    data = next(data for data in starts if not (data / "furnished").exists())
    with household(data) as running:
        running.wait_until_up()
        assert_complete(data)


def test_a_program_that_ends_once_is_started_again(furnished: Path) -> None:
    with household(furnished) as running:
        running.wait_until_up()
        assert kill(running, "hotdash.localapi api")
        wait_for(lambda: "killed by SIGKILL; starting it again" in running.text)
        wait_for(lambda: can_connect("127.0.0.1", running.api_port))
        assert running.is_running


def test_a_program_that_ends_twice_in_ten_seconds_stops_all(furnished: Path) -> None:
    with household(furnished) as running:
        running.wait_until_up()
        programs = running.programs()
        wait_for(lambda: kill(running, "hotdash.localapi worker") or not running.is_running)
        # each that comes after it, since a slow machine may take ten seconds to bring the next
        wait_for(lambda: not kill(running, "hotdash.localapi worker") and not running.is_running)
        assert running.wait() != 0
        assert "worker ended twice in ten seconds, killed by SIGKILL" in running.text
        assert "Traceback" not in running.text
        wait_for(lambda: not any(is_alive(pid) for pid in programs))


PRODUCTION = {
    "HOTDASH_PUBLIC_URL": "https://hot.example",
    "HOTDASH_SECRET_KEY": "one secret " * 6,
    "HOTDASH_KEYS": f"k1:{base64.b64encode(b'k' * 32).decode()}",
    "HOTDASH_API_KEYS": f"a1:{base64.b64encode(b'a' * 32).decode()}",
}


def test_a_production_start_announces_the_address_that_people_use(tmp_path: Path) -> None:
    with household(tmp_path / "data", extra=PRODUCTION) as running:
        running.wait_until_up()
        assert "    https://hot.example/   the dashboard" in running.lines
        assert not (tmp_path / "data" / "keys").exists(), "nothing was generated"


@pytest.mark.parametrize("missing", ["HOTDASH_SECRET_KEY", "HOTDASH_KEYS", "HOTDASH_API_KEYS"])
def test_a_production_start_without_a_secret_names_it(missing: str, tmp_path: Path) -> None:
    rest = {name: value for name, value in PRODUCTION.items() if name != missing}
    with household(tmp_path / "data", extra=rest) as running:
        assert running.wait() != 0
        assert f"{missing} is not set." in running.text
        assert "Traceback" not in running.text


@pytest.mark.parametrize(
    ("lacking", "remedy"),
    [
        ("ensurepip", "python3-venv is missing. Install it with: sudo apt install python3-venv"),
        ("version_info", "hotdash needs Python 3.11 or newer"),
    ],
)
def test_what_python_lacks_is_named_with_the_remedy(
    lacking: str, remedy: str, tmp_path: Path
) -> None:
    python = tmp_path / "python3"
    python.write_text(f'#!/bin/sh\ncase "$2" in *{lacking}*) exit 1;; esac\nexec python3 "$@"\n')
    python.chmod(0o755)
    command = ["make", "run", f"PYTHON={python}", f"VENV={tmp_path}/venv"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode != 0
    assert remedy in told.stdout
    assert not (tmp_path / "venv").exists()


def assert_complete(data: Path) -> None:
    """One owner, one organization, three environments, one build, each sample event once."""
    local = database(data / "hotdash.sqlite3")
    assert [row[0] for row in local("SELECT slug FROM organization")] == ["acme"]
    assert len(local("SELECT 1 FROM person")) == 1
    slugs = [row[0] for row in local("SELECT slug FROM environment ORDER BY created_at")]
    assert slugs == ["development", "staging", "production"]
    embedded = database(data / "api.sqlite3")
    assert len(embedded("SELECT 1 FROM environment")) == 3
    assert [row[0] for row in embedded("SELECT name FROM project")] == ["storefront"]
    assert len(embedded("SELECT 1 FROM build WHERE deployed")) == 1
    assert len(embedded("SELECT 1 FROM build")) == 1
    published = embedded("SELECT event_type, event_data FROM event WHERE source = 'api'")
    assert Counter((kind, canonical(text)) for kind, text in published) == Counter(
        (event["event_type"], canonical(json.dumps(event["event_data"]))) for event in SAMPLES
    )


def contents(data: Path) -> set[str]:
    """The id of every event and every run."""
    ids = database(data / "api.sqlite3")("SELECT event_id FROM event UNION SELECT run_id FROM run")
    return {row[0] for row in ids}


def has_come(moment: str, data: Path) -> bool:
    """Whether a first start has got as far as that."""
    file, question = {
        "organization": ("hotdash.sqlite3", "SELECT 1 FROM organization"),
        "project": ("api.sqlite3", "SELECT 1 FROM project"),
        "build": ("api.sqlite3", "SELECT 1 FROM build"),
        "first events": ("api.sqlite3", "SELECT 1 FROM event LIMIT 1 OFFSET 4"),
    }[moment]
    try:
        return bool(database(data / file)(question))
    except sqlite3.OperationalError:
        return False  # not there yet


class database:  # noqa: N801  called as a function
    """Asks one SQLite file, without writing to it."""

    def __init__(self, file: Path) -> None:
        self._address = f"file:{file}?mode=ro"

    def __call__(self, question: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(self._address, uri=True, timeout=10)) as connection:
            return connection.execute(question).fetchall()


def canonical(text: str) -> str:
    return json.dumps(json.loads(text), sort_keys=True)


def killed_at(moment: str, data: Path) -> Path:
    """Kill a first start as soon as it has got as far as that; return its data directory."""
    with household(data) as running:
        wait_for(lambda: has_come(moment, data) or not running.is_running, seconds=120)
        programs = running.programs()
        running.send(signal.SIGKILL)
        running.wait()
        wait_for(lambda: not any(is_alive(pid) for pid in programs))
    return data


def kill(running: Household, command: str) -> bool:
    """Kill the program of this command; return whether there was one."""
    found = [pid for pid, words in running.programs().items() if words.endswith(command)]
    for pid in found[:1]:
        os.kill(pid, signal.SIGKILL)
    return bool(found)
