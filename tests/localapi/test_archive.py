"""Archives from people whom we do not know: each trick once, at upload and again at load."""

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from hotdash.localapi.archives.archive import check, read_manifest, unpack
from tests.localapi.archives import archive, kib_to_refuse, manifest, with_entry, zipped
from tests.localapi.gates import GATES, assert_refused


def many(count: int) -> bytes:
    return archive(files={f"src/m{number}.py": b"" for number in range(count)})


def more_than_it_says() -> bytes:
    """Too many entries, and an end record that counts one."""
    content = many(10_000)
    one = struct.pack("<2H", 1, 1)
    return content[:-14] + one + content[-10:]


def long_directory() -> bytes:
    """Few entries, each with a remark as long as it may be."""
    content = io.BytesIO(archive())
    with zipfile.ZipFile(content, "a") as target:
        for number in range(70):
            entry = zipfile.ZipInfo(f"resources/{number}")
            entry.comment = b"x" * 65_535
            target.writestr(entry, b"")
    return content.getvalue()


def patched(content: bytes, old: bytes, new: bytes, times: int = -1) -> bytes:
    assert old in content
    assert len(old) == len(new)
    return content.replace(old, new, times)


def lying_about_size(claimed: int) -> bytes:
    """A bomb of 200 MiB whose headers claim a few bytes."""
    body = bytes(200 * 1024 * 1024)
    content = archive(files={"resources/bomb.bin": body})
    size = struct.pack("<L", len(body))
    return content.replace(size, struct.pack("<L", claimed))


def overlapping() -> bytes:
    """Many entries that share one body: small as a file, huge unpacked."""
    content = io.BytesIO(
        archive(files={"resources/core.bin": (b"x" * 9_000 + os.urandom(100)) * 100})
    )
    with zipfile.ZipFile(content, "a") as target:
        core = target.getinfo("resources/core.bin")
        for number in range(200):
            twin = zipfile.ZipInfo(f"resources/{number:04}.bin")
            for name in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(twin, name, getattr(core, name))
            target.filelist.append(twin)
        target.comment = b"crafted"  # so that the directory is written anew
    return content.getvalue()


def bomb(compression: int) -> bytes:
    content = io.BytesIO(archive())
    with zipfile.ZipFile(content, "a", compression) as target:
        target.writestr("resources/bomb.bin", bytes(10_000_000))
    return content.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "absolute": (lambda: with_entry("/etc/passwd"), "forbidden name"),
    "parent": (lambda: with_entry("src/../../x"), "leads elsewhere"),
    "leading parent": (lambda: with_entry("../x"), "leads elsewhere"),
    "dot": (lambda: with_entry("src/./x"), "leads elsewhere"),
    "backslash": (lambda: with_entry("src\\x.py"), "forbidden name"),
    "drive": (lambda: with_entry("C:/x"), "leads elsewhere"),
    "bare drive": (lambda: with_entry("c:x"), "leads elsewhere"),
    "nul": (lambda: with_entry("src/a\0.py"), "forbidden name"),
    "empty name": (lambda: with_entry(""), "forbidden name"),
    "symlink": (
        lambda: with_entry("src/link", b"/etc/passwd", stat.S_IFLNK | 0o777),
        "link or special",
    ),
    "fifo": (lambda: with_entry("src/pipe", b"", stat.S_IFIFO | 0o666), "link or special"),
    "device": (lambda: with_entry("src/null", b"", stat.S_IFCHR | 0o666), "link or special"),
    "socket": (lambda: with_entry("src/s", b"", stat.S_IFSOCK | 0o666), "link or special"),
    "duplicate": (lambda: with_entry("src/shop/orders.py"), "two entries"),
    "duplicate but for case": (lambda: with_entry("SRC/shop/Orders.py"), "two entries"),
    "second manifest": (lambda: with_entry("Manifest.hot"), "two entries"),
    "file in a file": (lambda: with_entry("src/shop/orders.py/inner.py"), "file inside a file"),
    "long path": (lambda: with_entry("src/" + "x" * 1021), "longer than 1,024 bytes"),
    "long path in bytes": (lambda: with_entry("src/" + "é" * 511), "longer than 1,024 bytes"),
    "deep path": (lambda: with_entry("/".join("d" * 33)), "deeper than 32 levels"),
    "too many": (lambda: many(10_000), "more than 10,000 entries"),
    "more than it says": (more_than_it_says, "more than 10,000 entries"),
    "long directory": (long_directory, "directory larger than 4 MiB"),
    "too big": (
        lambda: archive(files={"r.bin": (b"x" * 40_000 + os.urandom(1_000)) * 2_700}),
        "more than 100 MiB",
    ),
    "too dense": (lambda: archive(files={"r.bin": bytes(80 * 2**20)}), "more than 1,000 to one"),
    "lying": (lambda: lying_about_size(10), "damaged"),
    "overlapping": (lambda: overlapping(), "damaged"),
    "bzip2": (lambda: bomb(zipfile.ZIP_BZIP2), "use deflate"),
    "lzma": (lambda: bomb(zipfile.ZIP_LZMA), "use deflate"),
    "no method": (lambda: patched(archive(), b"\x08\x00", b"\x61\x00"), "number 97"),
    "encrypted": (
        lambda: patched(
            archive(), b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
        ),
        "encrypted",
    ),
    "wrong checksum": (
        lambda: patched(
            zipped({"manifest.hot": manifest(), "a": "A" * 50}),
            struct.pack("<L", zlib.crc32(b"A" * 50)),
            b"\0\0\0\1",
        ),
        "damaged",
    ),
    "no zip": (lambda: b"plain text", "no zip"),
    "empty": (lambda: b"", "no zip"),
    "cut short": (lambda: archive()[:-10], "no zip"),
    "huge manifest": (lambda: archive(" " * (8 * 2**20 + 1)), "8 MiB"),
    "deep manifest": (lambda: archive("[" * 100_000), "deeper than 64"),
    "code for a manifest": (lambda: archive("__import__('os').system('id')"), "Invalid data-only"),
}


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_archive_is_refused_with_its_reason(
    tmp_path: Path, kind: str, gate: Callable[[Path, Path], None]
) -> None:
    make, words = BAD[kind]
    assert_refused(gate, make(), words, tmp_path)


def test_a_good_archive_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "build.zip"
    file.write_bytes(archive(files={"resources/empty.txt": "", "src/a/b/c.py": "x = 1\n"}))

    assert check(file).project == "shop"
    unpack(file, tmp_path / "into")

    written = sorted(path for path in (tmp_path / "into").rglob("*") if path.is_file())
    assert [str(path.relative_to(tmp_path / "into")) for path in written] == [
        "manifest.hot",
        "resources/empty.txt",
        "src/a/b/c.py",
        "src/shop/orders.py",
    ]
    assert {path.stat().st_mode & 0o777 for path in written} == {0o600}
    assert (tmp_path / "into" / "src/a/b/c.py").read_text() == "x = 1\n"


def test_nothing_is_written_over_a_directory_that_is_there(tmp_path: Path) -> None:
    file = tmp_path / "build.zip"
    file.write_bytes(archive())
    (tmp_path / "into").mkdir()

    with pytest.raises(FileExistsError):
        unpack(file, tmp_path / "into")

    assert not list((tmp_path / "into").iterdir())


def test_an_archive_in_an_archive_stays_closed(tmp_path: Path) -> None:
    inner = zipped({"../escaped.py": "x"})
    file = tmp_path / "build.zip"
    file.write_bytes(archive(files={"resources/inner.zip": inner}))

    unpack(file, tmp_path / "into")

    assert (tmp_path / "into/resources/inner.zip").read_bytes() == inner


def test_directories_of_their_own_are_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "build.zip"
    file.write_bytes(with_entry("src/empty/", mode=stat.S_IFDIR | 0o755))

    assert read_manifest(file).bundle_hash == "b" * 64


def test_a_bomb_is_refused_in_little_memory(tmp_path: Path) -> None:
    file = tmp_path / "build.zip"
    file.write_bytes(archive(files={"resources/bomb.bin": bytes(300 * 2**20)}))

    assert kib_to_refuse(file) < 8_000
