"""The archive of a build: a zip that is opened with distrust (contract 7)."""

import os
import shutil
import zipfile
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO

from hotdash.localapi.archives.contents import DAMAGED, chunks_of
from hotdash.localapi.archives.declarations import Manifest, read_declarations
from hotdash.localapi.archives.entries import BadArchive, check_directory, check_entries
from hotdash.localapi.archives.manifest import BadManifest, parse

__all__ = ["MANIFEST", "BadArchive", "check", "read_manifest", "unpack"]

MANIFEST = "manifest.hot"
_MAX_UNPACKED = 100 * 1024 * 1024
_MAX_RATIO = 1000
_MAX_MANIFEST = 8 * 1024 * 1024


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
    check_directory(path)
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGED:
        raise BadArchive("The file is no zip archive.") from None
    try:
        check_entries(archive)
    except BadArchive:
        archive.close()
        raise
    return archive


def _manifest_of(archive: zipfile.ZipFile) -> Manifest:
    try:
        entry = archive.getinfo(MANIFEST)
    except KeyError:
        raise BadArchive(f"The archive has no {MANIFEST} at its root.") from None
    raw = bytearray()
    for chunk in chunks_of(archive, entry):
        raw += chunk
        if len(raw) > _MAX_MANIFEST:
            break  # the parser says that it is too large
    try:
        return read_declarations(parse(bytes(raw)))
    except BadManifest as error:
        raise BadArchive(str(error)) from None


def _inflated(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Give the archive's files chunk by chunk, each beginning with an empty one."""
    left = _MAX_UNPACKED
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        allowed = max(entry.compress_size, 1) * _MAX_RATIO
        yield entry.filename, b""
        for chunk in chunks_of(archive, entry):
            left -= len(chunk)
            allowed -= len(chunk)
            _check_room(left, allowed)
            yield entry.filename, chunk


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
