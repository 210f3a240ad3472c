"""What every answer says about caches, so that nothing of a tenant stays behind."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers


class PrivateAnswers:
    """Middleware: no answer is stored or shared, but for the files that are everybody's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and say that the answer is this person's alone."""
        response = self._get_response(request)
        # by path and status: a missing static file is an ordinary answer
        if request.path.startswith(settings.STATIC_URL) and response.status_code in {200, 304}:
            return response
        response["Cache-Control"] = "no-store, private"
        patch_vary_headers(response, ("Cookie", "HX-Request", "HX-Target"))
        return response
