"""The archive of a build: a zip that is distrusted entry by entry (contract section 7)."""

import os
import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path, PurePosixPath
from typing import IO

from hotdash.localapi.declarations import Manifest, read_declarations
from hotdash.localapi.manifest import BadManifest, parse

MANIFEST = "manifest.hot"
_MAX_ENTRIES = 10_000
_MAX_UNPACKED = 100 * 1024 * 1024
_MAX_RATIO = 1000
_MAX_MANIFEST = 8 * 1024 * 1024
_MAX_PATH_BYTES = 1024
_MAX_LEVELS = 32
_CHUNK = 64 * 1024
_DRIVE = re.compile(r"[A-Za-z]:")
# zipfile inflates bzip2 and lzma without a bound: one small read could fill the memory
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_MAX_COMMENT = 65_535
_MAX_DIRECTORY = 4 * 1024 * 1024
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


class BadArchive(Exception):
    """The archive is refused; its text says why in words for whoever uploaded it."""


def read_manifest(path: Path) -> Manifest:
    """Return what the archive's manifest declares; raise BadArchive."""
    with _opened(path) as archive:
        return _manifest_of(archive)


def check(path: Path) -> Manifest:
    """Inflate the whole archive within its limits, write nothing, return its manifest.

    What the headers say about sizes is not believed: bytes are counted as they come out.
    """
    with _opened(path) as archive:
        manifest = _manifest_of(archive)
        for _ in _inflated(archive):
            pass
    return manifest


def unpack(path: Path, into: Path) -> None:
    """Write the archive into a directory that must not exist yet, files 0600; raise BadArchive.

    Checked again: between upload and now the file was on a disk. What is refused leaves nothing.
    """
    into.mkdir(mode=0o700, parents=True)
    try:
        with _opened(path) as archive:
            _manifest_of(archive)
            _write(archive, into)
    except BaseException:
        shutil.rmtree(into)
        raise


def _write(archive: zipfile.ZipFile, into: Path) -> None:
    for name, chunks in groupby(_inflated(archive), key=itemgetter(0)):
        with _fresh_file(into, name) as target:
            target.writelines(chunk for _, chunk in chunks)


def _opened(path: Path) -> zipfile.ZipFile:
    _check_directory(path)
    try:
        archive = zipfile.ZipFile(path)
    except _DAMAGED:
        raise BadArchive("The file is no zip archive.") from None
    try:
        _check_entries(archive)
    except BadArchive:
        archive.close()
        raise
    return archive


def _check_directory(path: Path) -> None:
    """Refuse by the end record what zipfile would read whole into memory before we can look."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _END.size - _MAX_COMMENT))
        tail = file.read()
    at = len(tail) - _END.size
    if at < 0 or not (tail.startswith(_END_MARK, at) and tail.endswith(b"\0\0")):
        at = tail.rfind(_END_MARK)
    if at < 0 or len(tail) - at < _END.size:
        raise BadArchive("The file is no zip archive.")
    _, _, _, _, entries, directory, _, _ = _END.unpack_from(tail, at)
    if entries > _MAX_ENTRIES or directory > _MAX_DIRECTORY:
        raise BadArchive(f"The archive has more than {_MAX_ENTRIES:,} entries.")


def _check_entries(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > _MAX_ENTRIES:
        raise BadArchive(f"The archive has more than {_MAX_ENTRIES:,} entries.")
    seen: set[str] = set()
    files: set[str] = set()
    for entry in entries:
        name = entry.filename.removesuffix("/")
        _check_name(entry.orig_filename, name)
        _check_kind(entry)
        # two names that differ in case are one file on some disks
        if name.casefold() in seen:
            raise BadArchive(f"The archive has two entries named {name[:80]!r}.")
        seen.add(name.casefold())
        if not entry.is_dir():
            files.add(name.casefold())
    for name in seen:
        if any(str(parent) in files for parent in PurePosixPath(name).parents):
            raise BadArchive(f"The archive has a file inside a file: {name[:80]!r}.")


def _check_name(written: str, name: str) -> None:
    parts = PurePosixPath(name).parts
    if not parts or "\\" in written or "\0" in written or written.startswith("/"):
        raise BadArchive(f"The archive has an entry with a forbidden name: {written[:80]!r}.")
    if any(part in {"..", "."} for part in written.split("/")) or _DRIVE.match(written):
        raise BadArchive(f"The archive has an entry that leads elsewhere: {written[:80]!r}.")
    if len(written.encode("utf-8", "replace")) > _MAX_PATH_BYTES or len(parts) > _MAX_LEVELS:
        raise BadArchive(
            f"The archive has a path longer than {_MAX_PATH_BYTES:,} bytes or deeper than "
            f"{_MAX_LEVELS} levels."
        )


def _check_kind(entry: zipfile.ZipInfo) -> None:
    mode = stat.S_IFMT(entry.external_attr >> 16)
    if mode not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise BadArchive(f"The archive has a link or special file: {entry.filename[:80]!r}.")
    if entry.flag_bits & 0x1:
        raise BadArchive("The archive is encrypted.")
    if entry.compress_type not in _METHODS:
        raise BadArchive(
            f"{entry.filename[:80]!r} is compressed by a method (number {entry.compress_type}) "
            "that this server does not read: use deflate."
        )


def _manifest_of(archive: zipfile.ZipFile) -> Manifest:
    try:
        entry = archive.getinfo(MANIFEST)
    except KeyError:
        raise BadArchive(f"The archive has no {MANIFEST} at its root.") from None
    try:
        with archive.open(entry) as file:
            raw = file.read(_MAX_MANIFEST + 1)
    except _DAMAGED:
        raise BadArchive(f"{MANIFEST} in the archive is damaged.") from None
    try:
        return read_declarations(parse(raw))
    except BadManifest as error:
        raise BadArchive(str(error)) from None


def _inflated(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Give the archive's files chunk by chunk, an empty file as one empty chunk."""
    left = _MAX_UNPACKED
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        allowed = max(entry.compress_size, 1) * _MAX_RATIO
        try:
            with archive.open(entry) as file:
                chunk = file.read(_CHUNK)
                yield entry.filename, chunk
                while chunk:
                    left -= len(chunk)
                    allowed -= len(chunk)
                    _check_room(left, allowed)
                    chunk = file.read(_CHUNK)
                    yield entry.filename, chunk
        except _DAMAGED as error:
            raise BadArchive(f"{entry.filename[:80]!r} in the archive is damaged.") from error


def _check_room(left: int, allowed: int) -> None:
    if left < 0:
        raise BadArchive("The archive unpacks to more than 100 MiB.")
    if allowed < 0:
        raise BadArchive(f"The archive is compressed more than {_MAX_RATIO:,} to one.")


def _fresh_file(into: Path, name: str) -> IO[bytes]:
    path = into / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    return os.fdopen(os.open(path, flags, 0o600), "wb")
