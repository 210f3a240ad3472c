"""What may be in the archive of a build: its entries' names, kinds and number (contract 7)."""

import os
import re
import stat
import struct
import zipfile
from pathlib import Path, PurePosixPath

_MAX_ENTRIES = 10_000
_MAX_PATH_BYTES = 1024
_MAX_LEVELS = 32
_DRIVE = re.compile(r"[A-Za-z]:")
ZSTD = 93  # what the platform's command line writes
# zipfile inflates bzip2 and lzma without a bound: one small read could fill the memory
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, ZSTD}
_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_MAX_COMMENT = 65_535
_MAX_DIRECTORY = 4 * 1024 * 1024


class BadArchive(Exception):
    """The archive is refused; its text says why in words for whoever uploaded it."""


def check_directory(path: Path) -> None:
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
    *_, directory, _, _ = _END.unpack_from(tail, at)
    if directory > _MAX_DIRECTORY:
        raise BadArchive("The archive has a directory larger than 4 MiB.")


def check_entries(archive: zipfile.ZipFile) -> None:
    """Raise BadArchive for a name, kind or number of entries that no build needs."""
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
            "that this server does not read: use deflate or zstd."
        )
