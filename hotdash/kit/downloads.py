"""A JSON value of any size as a file."""

from collections.abc import Iterator

from django.http import StreamingHttpResponse

from hotdash.gateway.json_value import Json

CHUNK = 64 * 1024


def json_file(value: Json, name: str) -> StreamingHttpResponse:
    """Send the whole value as a file of that name, a piece at a time."""
    response = StreamingHttpResponse(_chunks(value.raw), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Length"] = str(value.size)
    return response


def _chunks(raw: bytes | bytearray | memoryview) -> Iterator[bytes]:
    """Yield the text in pieces: one copy of a large value in memory is enough."""
    for start in range(0, len(raw), CHUNK):
        yield bytes(raw[start : start + CHUNK])
