"""Dangerous acts on an open laptop: the password comes first, and lasts five minutes."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from hotdash.guard.request import Request
from hotdash.kit.render import back

View = Callable[..., HttpResponseBase]


class NotConfirmed(PermissionDenied):
    """The person has not typed their password within the last minutes."""


def confirmed(view: View) -> View:
    """Raise NotConfirmed unless the person typed their password just now; inside needs or action.

    Not by allauth's decorator: that one keeps what was posted in the session, keys included.
    """

    @wraps(view)
    def asked(request: Request, **ids: Any) -> HttpResponseBase:
        if is_reauthentication_required(request, app="hotdash"):
            raise NotConfirmed
        return view(request, **ids)

    return asked


class PasswordFirst:
    """Middleware: NotConfirmed leads to the password and back to the page that asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Lead to the password for NotConfirmed, and leave every other error alone."""
        if not isinstance(error, NotConfirmed):
            return None
        return back(request, reverse("account_reauthenticate", query={"next": request.path}))
