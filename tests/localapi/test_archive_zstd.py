"""Archives whose entries are zstd frames: read like any other, within the same limits."""

import io
import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from hotdash.localapi.archives.archive import check, read_manifest, unpack
from tests.localapi.archives import hot_build, kib_to_refuse, manifest, zstd, zstd_zipped
from tests.localapi.gates import GATES, assert_refused

ZSTD = 93
NOISE = os.urandom(400)


def build_with(frame: bytes, body: bytes, claimed: int | None = None) -> bytes:
    """A build with one entry of exactly this frame, whose headers speak of that body."""
    content = io.BytesIO(zstd_zipped({"manifest.hot": manifest()}))
    with zipfile.ZipFile(content, "a") as target:
        target.writestr("resources/r.bin", frame)
        entry = target.getinfo("resources/r.bin")
        entry.compress_type = ZSTD
        entry.CRC = zlib.crc32(body)
        entry.file_size = len(body) if claimed is None else claimed
    return content.getvalue()


def honest(body: bytes) -> bytes:
    return build_with(zstd.compress(body), body)


def wide(body: bytes) -> bytes:
    """A frame that asks for a window of 128 MiB."""
    options = {
        int(zstd.CompressionParameter.window_log): 27,
        int(zstd.CompressionParameter.content_size_flag): 0,
    }
    compressor = zstd.ZstdCompressor(options=options)
    return build_with(compressor.compress(body) + compressor.flush(), body)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "too big": (
        lambda: honest(b"".join(bytes(40_000) + os.urandom(1_000) for _ in range(2_700))),
        "more than 100 MiB",
    ),
    "too dense": (lambda: honest(bytes(80 * 2**20)), "more than 1,000 to one"),
    "lying bomb": (
        lambda: build_with(zstd.compress(bytes(200 * 2**20)), b"", claimed=10),
        "more than 1,000 to one",
    ),
    "claims less": (lambda: build_with(zstd.compress(NOISE), NOISE, claimed=10), "damaged"),
    "claims more": (lambda: build_with(zstd.compress(NOISE), NOISE, claimed=500), "damaged"),
    "wrong checksum": (lambda: build_with(zstd.compress(NOISE), bytes(400)), "damaged"),
    "cut short": (lambda: build_with(zstd.compress(NOISE)[:-3], NOISE), "damaged"),
    "more behind it": (lambda: build_with(zstd.compress(NOISE) + b"more", NOISE), "damaged"),
    "no frame": (lambda: build_with(NOISE, NOISE), "damaged"),
    "nothing": (lambda: build_with(b"", b"x"), "damaged"),
    "wide window": (lambda: wide(NOISE * 40_000), "damaged"),
    "huge manifest": (lambda: zstd_zipped({"manifest.hot": b" " * 200 * 2**20}), "8 MiB"),
}


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_frame_is_refused_with_its_reason(
    tmp_path: Path, kind: str, gate: Callable[[Path, Path], None]
) -> None:
    make, words = BAD[kind]
    assert_refused(gate, make(), words, tmp_path)


@pytest.mark.parametrize("body", [b"", b"x", NOISE * 1_000], ids=["nothing", "small", "large"])
def test_what_was_packed_is_what_is_unpacked(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "build.zip"
    file.write_bytes(zstd_zipped({"manifest.hot": manifest(), "src/r.bin": body}))

    assert check(file).project == "shop"
    unpack(file, tmp_path / "into")

    assert (tmp_path / "into/src/r.bin").read_bytes() == body


def test_two_frames_are_one_content(tmp_path: Path) -> None:
    file = tmp_path / "build.zip"
    file.write_bytes(build_with(zstd.compress(NOISE) + zstd.compress(b"end"), NOISE + b"end"))

    unpack(file, tmp_path / "into")

    assert (tmp_path / "into/resources/r.bin").read_bytes() == NOISE + b"end"


def test_the_manifest_of_the_platforms_command_line_is_read(tmp_path: Path) -> None:
    file = tmp_path / "build.zip"
    file.write_bytes(hot_build())

    found = read_manifest(file)

    assert not found.is_python
    assert [handler.event_type for handler in found.handlers] == ["order:placed"]
    assert [entry.cron for entry in found.schedules] == ["7pm every Thursday"]


def test_a_bomb_is_refused_in_little_memory(tmp_path: Path) -> None:
    file = tmp_path / "build.zip"
    file.write_bytes(honest(bytes(300 * 2**20)))

    assert kib_to_refuse(file) < 16_000  # the decoder's window is 8,192 of them
