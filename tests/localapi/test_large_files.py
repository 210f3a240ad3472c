"""Large files go through the server, not into its memory (threats F3)."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from benchmarks.installation import Installation, installation
from tests.processes import children_of

MIB = 1024 * 1024
SIZE = 400 * MIB
ROOM = 48 * MIB


@pytest.fixture(scope="module")
def place() -> Iterator[Installation]:
    with installation(programs=("api",)) as place:
        yield place


@pytest.fixture(scope="module")
def client(place: Installation) -> Iterator[httpx.Client]:
    with place.client() as client:
        yield client


@pytest.fixture
def sparse(tmp_path: Path) -> Path:
    """A file of zeros that takes no room, but for a few bytes in the middle."""
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.truncate(SIZE)
        file.seek(SIZE // 2)
        file.write(b"in the middle")
    return path


def growth(place: Installation, act: Callable[[], None]) -> int:
    """Return by how many bytes the server's memory exceeded, at its peak, what it had before."""
    (server,) = children_of(place.pid("api"))
    Path(f"/proc/{server}/clear_refs").write_text("5")  # the peak begins anew
    before = memory(server, "VmRSS")
    act()
    return memory(server, "VmHWM") - before


def memory(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


def hash_of(chunks: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def pieces(path: Path, start: int = 0, length: int = SIZE) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while length > 0 and (chunk := file.read(min(MIB, length))):
            length -= len(chunk)
            yield chunk


def test_an_upload_and_its_download_leave_memory_flat(
    place: Installation, client: httpx.Client, sparse: Path
) -> None:
    def upload() -> None:
        answer = client.put(
            "/files/upload/large.bin", content=pieces(sparse), headers={"Content-Length": str(SIZE)}
        )
        assert answer.json()["data"]["size"] == SIZE

    def download() -> None:
        (file,) = client.get("/files", params={"prefix": "large.bin"}).json()["data"]
        with client.stream("GET", f"/files/{file['file_id']}/download") as answer:
            assert hash_of(answer.iter_bytes()) == hash_of(pieces(sparse))

    client.put("/files/upload/small.bin", content=b"x").raise_for_status()
    assert growth(place, upload) < ROOM
    assert growth(place, download) < ROOM


def test_parts_are_put_together_with_flat_memory(
    place: Installation, client: httpx.Client, sparse: Path
) -> None:
    body = {"path": "parts.bin", "expected_size": SIZE}
    begun = client.post("/files/uploads", json=body).raise_for_status().json()["data"]
    upload, size = f"/files/uploads/{begun['upload_id']}", begun["part_size"]

    def send() -> None:
        for number in reversed(range(begun["parts_expected"])):
            length = min(size, SIZE - number * size)
            client.put(
                f"{upload}/{number + 1}",
                content=pieces(sparse, number * size, length),
                headers={"Content-Length": str(length)},
            ).raise_for_status()
        file = client.post(f"{upload}/complete").raise_for_status().json()["data"]
        assert file["size"] == SIZE

    assert growth(place, send) < ROOM
    name = hash_of(pieces(sparse))
    assert (place.data / "contents" / name[:2] / name).stat().st_size == SIZE
