"""Pages are sent compressed: Brotli where the browser takes it, gzip where not."""

import gzip
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]  # the package ships no types
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

SMALLEST = 600  # bytes; below it the headers outweigh what is won
QUALITY = 5  # of 11; a page of 60 kB takes half a millisecond, and more wins 3 %
WINDOW = 16  # bits: a page fits, and the tables of a larger one cost a fifth more time


class CompressedPages:
    """Middleware: compresses HTML that is held in memory; streams and files pass untouched.

    The one secret in a page is its CSRF token, and Django masks it anew in each: the length of a
    compressed page tells nothing about it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, compressed as the browser accepts it."""
        response = self.get_response(request)
        if not (isinstance(response, HttpResponse) and _is_worth_it(response)):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        accepted = _accepted(request.headers.get("Accept-Encoding", ""))
        if "br" in accepted:
            response.content = brotli.compress(response.content, quality=QUALITY, lgwin=WINDOW)
            response.headers["Content-Encoding"] = "br"
        elif "gzip" in accepted:
            response.content = gzip.compress(response.content, compresslevel=6, mtime=0)
            response.headers["Content-Encoding"] = "gzip"
        else:
            return response
        response.headers["Content-Length"] = str(len(response.content))
        return response


def _accepted(header: str) -> set[str]:
    """Return the encodings that a header names and does not weigh with zero."""
    named = (part.replace(" ", "").lower().partition(";") for part in header.split(","))
    return {name for name, _, weight in named if weight.rstrip("0") not in {"q=", "q=0."}}


def _is_worth_it(response: HttpResponse) -> bool:
    return (
        response.headers.get("Content-Type", "").startswith("text/html")
        and "Content-Encoding" not in response.headers
        and len(response.content) >= SMALLEST
    )
