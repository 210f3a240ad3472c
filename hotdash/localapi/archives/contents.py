"""The bytes of an archive's entries, inflated piece by piece, whatever their headers claim."""

import copy
import sys
import zipfile
import zlib
from collections.abc import Iterator

from hotdash.localapi.archives.entries import ZSTD, BadArchive

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    zstd.ZstdError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
)
_CHUNK = 64 * 1024
# a decoder keeps a window in memory: 8 MiB is what RFC 8878 asks of every one, 19 levels need less
_DECODER = {int(zstd.DecompressionParameter.window_log_max): 23}


def chunks_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Give an entry's content in pieces of at most 64 KiB; raise BadArchive where it is damaged."""
    read = _from_zstd if entry.compress_type == ZSTD else _as_zipfile_reads
    try:
        yield from read(archive, entry)
    except DAMAGED:
        raise BadArchive(f"{entry.filename[:80]!r} in the archive is damaged.") from None


def _as_zipfile_reads(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _from_zstd(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    # zipfile reads zstd from Python 3.14 on, but gives out at once what one read inflates to
    checksum = size = 0
    with (
        archive.open(_as_packed(entry)) as packed,
        zstd.ZstdFile(packed, options=_DECODER) as file,
    ):
        while chunk := file.read(_CHUNK):
            checksum = zlib.crc32(chunk, checksum)
            size += len(chunk)
            yield chunk
    if (checksum, size) != (entry.CRC, entry.file_size):
        raise zipfile.BadZipFile


def _as_packed(entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return the entry as if its packed bytes were its content."""
    packed = copy.copy(entry)
    packed.compress_type = zipfile.ZIP_STORED
    packed.file_size = entry.compress_size
    del packed.CRC  # it is the content's, and zipfile compares it where it is there
    return packed
