"""Bytes as a download: streamed, in part where a part is asked for, never shown by a browser."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from hotdash.localapi.errors import Refused, error

_CHUNK = 64 * 1024
_RANGE = re.compile(r"\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE)
# what a stored page or drawing could do if a browser were led to show it after all (threats F1)
_SANDBOX = "default-src 'none'; sandbox"


class _Unsatisfiable(Exception):
    """The range lies behind the end."""


class _Slice:
    """Some bytes of a file, in chunks; closes the file also where nobody reads them."""

    def __init__(self, file: IO[bytes], start: int, stop: int) -> None:
        self._file = file
        self._left = stop - start
        file.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        while self._left > 0 and (chunk := self._file.read(min(_CHUNK, self._left))):
            self._left -= len(chunk)
            yield chunk

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Served:
    """A file that is sent, with its size; `etag` tells a client that resumes whether it changed."""

    def __init__(self, file: IO[bytes], etag: str) -> None:
        self.file = file
        self.size = os.fstat(file.fileno()).st_size
        self.etag = f'"{etag}"'

    @classmethod
    def at(cls, path: Path, etag: str) -> Self:
        """Open a file; raise Refused where it is missing."""
        try:
            return cls(path.open("rb"), etag)
        except FileNotFoundError:
            raise Refused(
                404,
                "These bytes are missing on this server. Where several machines serve the API, "
                "their data directories must be one shared directory.",
            ) from None


def download(
    request: HttpRequest, served: Served, name: str, content_type: str
) -> HttpResponseBase:
    """Return a file as an attachment of that name, or the one range of it that is asked for."""
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "",
        "Content-Security-Policy": _SANDBOX,
        "ETag": served.etag,
    }
    try:
        wanted = _range(request, served)
    except _Unsatisfiable:
        served.file.close()
        return _not_satisfiable(served.size)
    start, stop = wanted or (0, served.size)
    if wanted:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{served.size}"
    return StreamingHttpResponse(
        _Slice(served.file, start, stop),
        status=206 if wanted else 200,
        content_type=content_type,
        headers=headers | {"Content-Length": str(stop - start)},
    )


def _range(request: HttpRequest, served: Served) -> tuple[int, int] | None:
    """Return from where to where; None for all: no wish, no such wish, or for an older content."""
    # the gate asks a route for HEAD as for GET; a range is defined for GET alone
    if request.META["REQUEST_METHOD"] != "GET":
        return None
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or request.headers.get("If-Range", served.etag) != served.etag:
        return None  # also several ranges: a server may send all instead (RFC 9110, 14.2)
    first, last = (int(text[:20]) if text else None for text in match.groups())
    if first is None:
        return _suffix(last, served.size)
    if last is not None and last < first:
        return None
    if first >= served.size:
        raise _Unsatisfiable
    return first, min(served.size, served.size if last is None else last + 1)


def _suffix(length: int | None, size: int) -> tuple[int, int] | None:
    if length is None:
        return None
    if length == 0 or size == 0:
        raise _Unsatisfiable
    return max(0, size - length), size


def _not_satisfiable(size: int) -> HttpResponseBase:
    response = error(416, f"The range lies outside of the {size:,} bytes that there are.")
    response["Content-Range"] = f"bytes */{size}"
    return response
