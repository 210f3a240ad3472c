"""Several machines with one Postgres: data directories of their own, files on a shared path."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from benchmarks.installation import Installation
from tests.localapi.holding import HOLD, let_go
from tests.postgres import postgres_server
from tests.sockets import wait_for

BUILD = {
    "naps.py": f"""
import os, time
from hotbuild import files, on_event, schedule, stream

{HOLD}
@on_event("nap")
def on_nap(seconds):
    stream(os.getcwd())  # in the data directory of the machine that executes it
    time.sleep(seconds)

@on_event("held")
def on_held(_):
    stream(os.getcwd())
    hold()

@on_event("read")
def on_read(path):
    stream(os.getcwd())
    return files.read(path).decode()

@schedule("0 0 1 1 *")
def yearly_one():
    return 1

@schedule("30 0 1 1 *")
def yearly_two():
    return 2
"""
}

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("machines")


@contextmanager
def machine(
    folder: Path, name: str, url: str, files: Path, slots: int = 4
) -> Iterator[Installation]:
    """Give one machine with its API and its worker."""
    data = folder / name
    data.mkdir(mode=0o700, exist_ok=True)
    if (folder / "one" / "api-keys").exists() and name != "one":
        shutil.copy(folder / "one" / "api-keys", data / "api-keys")  # one ring for all
    made = Installation(data, url)
    made.variables |= {"HOTDASH_API_FILES_DIR": str(files), "HOTDASH_RUN_SLOTS": str(slots)}
    made.migrate()
    try:
        made.start("api")
        made.start("worker")
        made.wait_until_answering()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def one(folder: Path, url: str) -> Iterator[Installation]:
    with machine(folder, "one", url, folder / "shared") as made:
        yield made


@pytest.fixture(scope="module")
def two(one: Installation, folder: Path, url: str) -> Iterator[Installation]:
    with machine(folder, "two", url, folder / "shared") as made:
        yield made


@pytest.fixture(scope="module")
def client(one: Installation, two: Installation) -> Iterator[httpx.Client]:
    with one.client() as client:
        one.deploy(client, BUILD)
        yield client


def publish(client: httpx.Client, event_type: str, data: Any) -> UUID:
    event = {"event_type": event_type, "event_data": data}
    return UUID(client.post("/events", json=event).raise_for_status().json()["data"]["event_id"])


def run_of(client: httpx.Client, event_id: UUID) -> dict[str, Any]:
    (run,) = client.get(f"/events/{event_id}/runs").raise_for_status().json()["data"]
    return dict(run)


def is_over(client: httpx.Client, event_id: UUID) -> bool:
    return run_of(client, event_id)["status"] not in {"pending", "running"}


def places(client: httpx.Client, event_id: UUID) -> list[str]:
    """Return the machines that have executed the run of an event, in their order."""
    run_id = run_of(client, event_id)["run_id"]
    data = client.get(f"/runs/{run_id}/stream-data").raise_for_status().json()["data"]
    paths = [Path(one["payload"]).parts for one in data]
    return [parts[parts.index("runs") - 1] for parts in paths]


def on(machine: Installation, client: httpx.Client) -> httpx.Client:
    """Return a client with the same key, of another machine."""
    return httpx.Client(base_url=machine.origin, headers=client.headers, timeout=30)


def test_work_is_shared(client: httpx.Client) -> None:
    events = [publish(client, "nap", 0.5) for _ in range(16)]
    wait_for(lambda: all(is_over(client, event) for event in events), seconds=60)
    assert {place for event in events for place in places(client, event)} == {"one", "two"}
    assert all(len(places(client, event)) == 1 for event in events)


def test_what_one_machine_keeps_another_reads(
    client: httpx.Client, one: Installation, two: Installation
) -> None:
    with on(two, client) as second:
        uploaded = second.put("/files/upload/greeting.txt", content=b"hello").raise_for_status()
    file_id = uploaded.json()["data"]["file_id"]
    assert client.get(f"/files/{file_id}/download").content == b"hello"
    events = [publish(client, "read", "greeting.txt") for _ in range(8)]
    wait_for(lambda: all(is_over(client, event) for event in events), seconds=60)
    assert {run_of(client, event)["result"] for event in events} == {"hello"}


def test_the_runs_of_a_machine_that_died_are_taken_over(
    client: httpx.Client, one: Installation, two: Installation
) -> None:
    events = [publish(client, "held", None) for _ in range(8)]  # as many as both have slots
    wait_for(lambda: all(places(client, event) for event in events))
    two.kill("api", "worker")  # as when its plug is pulled
    run_ids = [run_of(client, event)["run_id"] for event in events]

    def are_over() -> bool:
        let_go(one.data, *run_ids)
        return all(is_over(client, event) for event in events)

    wait_for(are_over, seconds=60)
    assert {run_of(client, event)["status"] for event in events} == {"succeeded"}
    assert any(places(client, event) == ["two", "one"] for event in events)
    two.start("api")
    two.start("worker")
    two.wait_until_answering()


def test_a_schedule_fires_once_for_all_machines(client: httpx.Client, url: str) -> None:
    fired = "SELECT count(*) FROM run WHERE run_type = 'schedule'"
    with psycopg.connect(url, autocommit=True) as database:

        def count(condition: str = "") -> int:
            return int(database.execute(fired + condition).fetchall()[0][0])

        for wanted in range(2, 12, 2):
            database.execute("UPDATE schedule SET next_at = now() - interval '1 second'")
            wait_for(partial(is_at_least, count, wanted))
        wait_for(lambda: count(" AND status <> 'succeeded'") == 0)
        assert count() == 10


def is_at_least(count: Callable[[], int], wanted: int) -> bool:
    return count() >= wanted


def test_each_machine_has_an_operator_key_of_its_own(one: Installation, two: Installation) -> None:
    tokens = {(machine.data / "operator-key").read_text().strip() for machine in (one, two)}
    assert len(tokens) == 2
    for machine in (one, two):
        for token in tokens:
            headers = {"Authorization": f"Bearer {token}"}
            assert httpx.get(f"{machine.origin}/envs", headers=headers).status_code == 200


def test_a_machine_with_another_directory_says_so_and_takes_nothing(
    client: httpx.Client, folder: Path, url: str, one: Installation, two: Installation
) -> None:
    words = "Until both are one, this machine executes nothing and keeps no file."
    with (
        machine(folder, "three", url, folder / "elsewhere", slots=32) as three,
        on(three, client) as third,
    ):
        wait_for(lambda: words in (three.data / "worker.log").read_text())
        assert words in (three.data / "api.log").read_text()
        assert words in httpx.get(three.origin.replace("/v1", "/status")).json()["troubles"][0]
        for answer in (
            third.put("/files/upload/a.txt", content=b"x"),
            third.post("/projects/benchmark/builds", files={"file": b"x"}, data={"hash": "x"}),
        ):
            assert answer.status_code == 503, answer.text
            assert words in answer.json()["error"]["message"]
        events = [publish(third, "nap", 0.1) for _ in range(40)]
        wait_for(lambda: all(is_over(client, event) for event in events), seconds=60)
        assert "three" not in {place for event in events for place in places(client, event)}
        assert {run_of(client, event)["status"] for event in events} == {"succeeded"}


def test_a_directory_that_was_restored_is_adopted(
    client: httpx.Client, folder: Path, url: str, one: Installation, two: Installation
) -> None:
    restored = folder / "restored"
    shutil.copytree(folder / "shared", restored, ignore=shutil.ignore_patterns("shared-by"))
    with machine(folder, "four", url, restored) as four:
        wait_for(
            lambda: "It has no marker: is it mounted?" in (four.data / "worker.log").read_text()
        )
        four.run("adopt-files")
        wait_for(lambda: "work is taken" in (four.data / "worker.log").read_text(), seconds=20)
