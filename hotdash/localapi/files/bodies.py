"""A request's body as a content: streamed to disk and counted, never held in memory."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest, UnreadablePostError

from hotdash.localapi import contents
from hotdash.localapi.contents import Draft
from hotdash.localapi.errors import Refused
from hotdash.localapi.files.limits import check_disk

_CHUNK = 64 * 1024


def announced(request: HttpRequest) -> int | None:
    """Return how long the body says that it is; None where it comes in chunks."""
    length = request.headers.get("Content-Length")
    return int(length) if length else None


@contextmanager
def received(request: HttpRequest, too_large: Refused, most: int) -> Iterator[Draft]:
    """Give the body as a draft; raise `too_large` as soon as it is seen to be more than `most`.

    Raises 400 for a body that breaks off, 507 for one that the disk cannot hold.
    """
    length = announced(request)
    if length is not None and length > most:
        raise too_large
    check_disk(length or 0)
    with contents.draft() as draft:
        for chunk in _chunks(request):
            if draft.size + len(chunk) > most:
                raise too_large
            draft.write(chunk)
        if length is not None and draft.size != length:
            raise Refused(400, "The body broke off before its announced end.")
        draft.seal()
        yield draft


def _chunks(request: HttpRequest) -> Iterator[bytes]:
    # Django's own stream ends at Content-Length, so that a chunked body would be empty
    body = request.META["wsgi.input"]
    try:
        while chunk := body.read(_CHUNK):
            yield chunk
    except OSError as error:
        raise UnreadablePostError(str(error)) from error
