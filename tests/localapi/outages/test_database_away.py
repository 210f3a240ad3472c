"""Postgres stops and starts again: what is asked is refused in words, and all comes back."""

import signal
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx
import psycopg
import pytest

from benchmarks.installation import Installation, installation
from benchmarks.kill_clients import Publisher
from tests.localapi.holding import HOLD, is_held, let_go
from tests.postgres import Server, stoppable_postgres
from tests.processes import is_alive
from tests.sockets import wait_for

BUILD = {
    "naps.py": f"""
import os, time
from hotbuild import on_event, stream

{HOLD}
@on_event("tick")
def on_tick(tick):
    time.sleep(tick["ms"] / 1000)

@on_event("nap")
def on_nap(_):
    stream(os.getpid())
    hold()
    return "slept"
"""
}

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with stoppable_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def place(server: Server) -> Iterator[Installation]:
    with installation(server.url) as place:
        yield place


@pytest.fixture(scope="module")
def client(place: Installation) -> Iterator[httpx.Client]:
    with place.client() as client:
        place.deploy(client, BUILD)
        yield client


def publish(client: httpx.Client, event_type: str, data: Any) -> str:
    event = {"event_type": event_type, "event_data": data}
    return str(client.post("/events", json=event).raise_for_status().json()["data"]["event_id"])


def run_of(client: httpx.Client, event_id: str) -> dict[str, Any]:
    (run,) = client.get(f"/events/{event_id}/runs").raise_for_status().json()["data"]
    return dict(run)


def answers_again(client: httpx.Client) -> bool:
    return client.get("/env").status_code == 200


@pytest.fixture
def without(server: Server, client: httpx.Client) -> Iterator[None]:
    """The database is away during the test, and back after it."""
    server.stop()
    yield
    server.start()
    wait_for(lambda: answers_again(client))


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/events", {"event_type": "tick", "event_data": {"ms": 0}}),
        ("GET", "/runs", None),
        ("GET", "/env", None),
        ("POST", "/projects", {"name": "another"}),
        ("POST", "/files/uploads", {"path": "a.txt"}),
        ("GET", "/env/subscribe", None),
    ],
)
def test_what_is_asked_meanwhile_is_refused_in_words(
    without: None, client: httpx.Client, method: str, path: str, body: Any
) -> None:
    answer = client.request(method, path, json=body)
    assert answer.status_code == 503, answer.text
    error = answer.json()["error"]
    assert error["code"] == "service_unavailable"
    assert error["message"] == (
        "The database of this server does not answer. Try again in a moment."
    )
    assert answer.headers["Retry-After"] == str(error["retry_after"])
    assert error["request_id"]


def test_a_file_that_cannot_be_recorded_leaves_nothing(
    place: Installation, without: None, client: httpx.Client
) -> None:
    before = {path for path in place.data.rglob("*") if path.is_file()}
    assert client.put("/files/upload/large.bin", content=b"x" * 1_000_000).status_code == 503
    after = {path for path in place.data.rglob("*") if path.is_file()}
    assert {path for path in after - before if path.suffix != ".log"} == set()


def test_the_first_request_after_its_return_is_answered(
    server: Server, client: httpx.Client
) -> None:
    server.stop()
    server.start()
    assert client.get("/env").status_code == 200


def test_what_is_running_goes_on_and_is_written_when_it_is_back(
    server: Server, client: httpx.Client, place: Installation
) -> None:
    event_id = publish(client, "nap", None)
    pid, run_id = pid_of(client, event_id), run_of(client, event_id)["run_id"]
    server.stop(signal.SIGQUIT)
    let_go(place.data, run_id)
    wait_for(lambda: not is_alive(pid))  # nobody can be told
    server.start()
    over = ended(client, event_id)
    assert (over["status"], over["result"]) == ("succeeded", "slept")
    assert executions(server, over) == 1


def test_what_is_running_when_the_lease_ends_is_killed_and_executed_again(
    server: Server, client: httpx.Client, place: Installation
) -> None:
    event_id = publish(client, "nap", None)
    pid, run_id = pid_of(client, event_id), run_of(client, event_id)["run_id"]
    server.stop()
    wait_for(lambda: not is_alive(pid))  # by itself it would never have ended
    wait_for(lambda: not is_held(place.data, run_id))
    server.start()
    wait_for(lambda: is_held(place.data, run_id))
    let_go(place.data, run_id)
    over = ended(client, event_id)
    assert (over["status"], executions(server, over)) == ("succeeded", 2)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT], ids=["stopped", "crashed"])
def test_under_load_nothing_acknowledged_is_lost(
    server: Server, client: httpx.Client, place: Installation, number: signal.Signals
) -> None:
    with Publisher(place, client) as publisher:
        time.sleep(1)
        for _ in range(2):
            server.stop(number)
            time.sleep(1.5)
            server.start()
            wanted = len(publisher.ids) + 10
            wait_for(partial(has_published, publisher, wanted), seconds=30)
    assert publisher.refused > 0, "it was away while they were published"
    wait_for(lambda: is_quiet(client), seconds=60)
    for event_id in publisher.ids:
        assert run_of(client, event_id)["status"] == "succeeded"


def has_published(publisher: Publisher, number: int) -> bool:
    return len(publisher.ids) >= number


def pid_of(client: httpx.Client, event_id: str) -> int:
    """Return the process in which the run of an event is executed, as it says itself."""
    said: list[int] = []

    def has_said() -> bool:
        data = client.get(f"/runs/{run_of(client, event_id)['run_id']}/stream-data").json()["data"]
        said.extend(one["payload"] for one in data)
        return bool(said)

    wait_for(has_said)
    return said[0]


def ended(client: httpx.Client, event_id: str) -> dict[str, Any]:
    """Return the run of an event once it is over."""
    final = {"succeeded", "failed", "cancelled"}
    wait_for(lambda: run_of(client, event_id)["status"] in final, seconds=60)
    return run_of(client, event_id)


def is_quiet(client: httpx.Client) -> bool:
    stats = client.get("/runs/stats").raise_for_status().json()["data"]
    return not (stats["running"] or stats["pending"] or stats["pending_retry"])


def executions(server: Server, run: dict[str, Any]) -> int:
    """Return how often a run was begun, which only the database says."""
    with psycopg.connect(server.url) as connection:
        query = "SELECT execution FROM run WHERE run_id = %s"
        return int(connection.execute(query, [run["run_id"]]).fetchall()[0][0])
