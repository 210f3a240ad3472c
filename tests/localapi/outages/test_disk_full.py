"""The disk is full: what would have to be kept is refused in words, whole, and all else goes on."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.localapi.holding import HOLD, is_held, let_go
from tests.localapi.outages.disks import Disk, bounded, may_mount, small
from tests.sockets import wait_for

BUILD = {
    "naps.py": f"""
import os, time
from hotbuild import on_event
{HOLD}
@on_event("nap")
def on_nap(_):
    hold()
    return "slept"
"""
}


def kinds() -> dict[str, Callable[[Path], AbstractContextManager[Disk]]]:
    """Return the disks that this machine lets a test have: any user has the first."""
    with tempfile.TemporaryDirectory() as folder:
        real = {"a small disk": small} if may_mount(Path(folder)) else {}
    return {"files that cannot grow": bounded, **real}


KINDS = kinds()


@pytest.fixture(scope="module", params=KINDS)
def disk(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Disk]:
    with KINDS[request.param](tmp_path_factory.mktemp("disk")) as disk:
        yield disk


@pytest.fixture(scope="module")
def client(disk: Disk) -> Iterator[httpx.Client]:
    with disk.place.client() as client:
        disk.place.deploy(client, BUILD)
        yield client


@pytest.fixture
def full(disk: Disk, client: httpx.Client) -> Iterator[None]:
    """The disk is full during the test."""
    disk.fill()
    yield
    disk.free()
    wait_for(lambda: publish(client).status_code == 201)


def publish(
    client: httpx.Client, event_type: str = "nobody:cares", data: Any = None
) -> httpx.Response:
    return client.post("/events", json={"event_type": event_type, "event_data": data})


def assert_full(answer: httpx.Response) -> None:
    assert answer.status_code == 507, answer.text
    error = answer.json()["error"]
    assert error["code"] == "insufficient_storage"
    assert error["message"].startswith("The disk of this server ")
    assert error["request_id"]


def files(disk: Disk) -> set[Path]:
    places = [disk.place.data / name for name in ("contents", "incoming", "uploads", "builds")]
    return {path for place in places for path in place.rglob("*") if path.is_file()}


@pytest.mark.parametrize("length", [50_000, 500_000], ids=["in its row", "beside its row"])
def test_an_event_is_kept_whole_or_refused_whole(
    disk: Disk, client: httpx.Client, full: None, length: int
) -> None:
    held = len(files(disk))

    def total() -> int:
        return int(client.get("/events").raise_for_status().json()["pagination"]["total"])

    before, accepted = total(), 0
    # what the database has reserved for itself may still hold a few
    while (answer := publish(client, data="x" * length)).status_code == 201:
        accepted += 1
        assert accepted < 5_000
    assert_full(answer)
    assert total() == before + accepted
    assert len(files(disk)) <= held + accepted


def test_a_file_is_refused_and_leaves_nothing(disk: Disk, client: httpx.Client, full: None) -> None:
    before = files(disk)
    assert_full(client.put("/files/upload/large.bin", content=bytes(3_000_000)))
    assert files(disk) == before
    assert client.get("/files", params={"prefix": "large.bin"}).json()["data"] == []


def test_a_part_is_refused_and_its_upload_goes_on_when_there_is_room(
    disk: Disk, client: httpx.Client
) -> None:
    begun = client.post("/files/uploads", json={"path": "parts.bin"}).raise_for_status()
    upload = f"/files/uploads/{begun.json()['data']['upload_id']}"
    parts = [bytes([number]) * 1_000_000 for number in (1, 2)]
    client.put(f"{upload}/1", content=parts[0]).raise_for_status()
    disk.fill()
    assert_full(client.put(f"{upload}/2", content=parts[1]))
    disk.free()
    client.put(f"{upload}/2", content=parts[1]).raise_for_status()
    file = client.post(f"{upload}/complete").raise_for_status().json()["data"]
    assert client.get(f"/files/{file['file_id']}/download").content == b"".join(parts)


def test_a_build_is_refused_and_leaves_nothing(
    disk: Disk, client: httpx.Client, full: None
) -> None:
    before = files(disk)
    builds = client.get("/projects/benchmark/builds").json()["data"]
    content = bytes(5_000_000)
    answer = client.post(
        "/projects/benchmark/builds",
        files={"file": content},
        data={"hash": hashlib.sha256(content).hexdigest()},
    )
    assert_full(answer)
    assert files(disk) == before
    assert client.get("/projects/benchmark/builds").json()["data"] == builds


@pytest.mark.parametrize("path", ["/env", "/runs", "/runs/stats", "/events", "/files", "/projects"])
def test_what_is_there_can_be_read(client: httpx.Client, full: None, path: str) -> None:
    assert client.get(path).status_code == 200


def test_the_status_says_what_waits(disk: Disk, client: httpx.Client, full: None) -> None:
    status = disk.place.origin.replace("/v1", "/status")
    troubles = client.get(status).raise_for_status().json().get("troubles", [])
    assert [f"The disk of {disk.place.data} is full" in trouble for trouble in troubles] == (
        [True] if disk.has_no_room else []
    )


def test_a_run_that_ends_meanwhile_is_written_when_there_is_room(
    disk: Disk, client: httpx.Client
) -> None:
    published = publish(client, "nap").raise_for_status().json()["data"]

    def run() -> dict[str, Any]:
        return dict(client.get(f"/events/{published['event_id']}/runs").json()["data"][0])

    place = disk.place.data / "runs"
    run_id = run()["run_id"]
    wait_for(lambda: is_held(disk.place.data, run_id))
    disk.fill()
    let_go(disk.place.data, run_id)
    wait_for(lambda: not list(place.rglob(f"{run_id}-*")))  # its worker has seen its end
    assert run()["status"] == "running"
    disk.free()
    wait_for(lambda: run()["status"] != "running")
    assert (run()["status"], run()["result"]) == ("succeeded", "slept")
