"""Who may be asked for: in local mode this machine by its own names, and nobody in between."""

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from hotdash.kit.error_pages import BAD_REQUEST, failure_page

_LOCAL_ONLY = (
    "hotdash runs in local mode and answers only at localhost, asked directly. "
    "To reach it under another name or through a proxy, set HOTDASH_PUBLIC_URL."
)
_OTHER_NAME = "hotdash answers only at the address in HOTDASH_PUBLIC_URL."


class KnownHosts:
    """Middleware: a foreign Host, or a proxy's headers in local mode, is a 400 that names the cure.

    It stops rebinding of names and exposure by accident.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer only under a known name."""
        if not settings.IS_PUBLIC and any(_is_forwarded(name) for name in request.META):
            return _refused(request, _LOCAL_ONLY)
        try:
            request.get_host()
        except DisallowedHost:
            # the message of Django's own error names a setting that operators do not have
            return _refused(request, _OTHER_NAME if settings.IS_PUBLIC else _LOCAL_ONLY)
        return self._get_response(request)


def _is_forwarded(name: str) -> bool:
    return name == "HTTP_FORWARDED" or name.startswith("HTTP_X_FORWARDED_")


def _refused(request: HttpRequest, sentence: str) -> HttpResponse:
    title = "hotdash does not answer under this name"
    return failure_page(request, replace(BAD_REQUEST, title=title, sentence=sentence, advice=""))
