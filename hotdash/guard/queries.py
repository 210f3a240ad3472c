"""How much an address may say: no page of ours asks for more."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from hotdash.kit.error_pages import failure_page
from hotdash.kit.failures import Failure

LONGEST = 4096  # bytes after the question mark; the server reads twice as much, to answer in words

TOO_LONG = Failure(
    "This address is too long",
    "What stands behind its question mark is more than 4 kB, so none of it was read.",
    "Shorten it, or start again from the page itself.",
    status=414,
    kind="here",
)


class ShortQueries:
    """Middleware: a longer query is a 414 in words, before anything is done with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer what is short enough."""
        if len(request.META.get("QUERY_STRING", "")) > LONGEST:
            return failure_page(request, TOO_LONG)
        return self._get_response(request)
