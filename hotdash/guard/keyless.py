"""The page of an environment to which a person has no key."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from hotdash.guard.door import NoKey
from hotdash.kit.error_pages import failure_page
from hotdash.kit.failures import Failure


class KeylessPages:
    """Middleware: NoKey becomes one sentence where the page would be, and who can help."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 403 with words for NoKey, and leave every other error alone."""
        if not isinstance(error, NoKey):
            return None
        failure = Failure(
            "This page needs a key of your own",
            error.sentence,
            "Whoever runs its Hot API makes one for you; an owner or admin here knows who.",
            status=403,
            kind="here",
            asks_for_key=True,
        )
        return failure_page(request, failure)
