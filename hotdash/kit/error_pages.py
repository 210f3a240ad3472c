"""Every refusal and failure as a designed page, or as the fragment that htmx puts into #alerts."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers

from hotdash.gateway.errors import GatewayError
from hotdash.kit.failures import Failure, explain
from hotdash.kit.outages import outage
from hotdash.kit.render import wants_part

PAGE = "errors/failure.html"
FRAGMENT = "errors/_alert.html"
STAY = "false"  # where htmx shows a fragment the page stays as it was, and so must its address

BAD_REQUEST = Failure(
    "This request cannot be read",
    "It is not one that a page of hotdash sends, so nothing was done.",
    "Go back and try again from the page itself.",
    status=400,
    kind="here",
)
TOO_LARGE = Failure(
    "This is too large",
    "A form of hotdash sends at most 5 MB, so nothing of this was read.",
    "Send less.",
    status=413,
    kind="here",
)
FORBIDDEN = Failure(
    "This is not yours to see or do",
    "Your role does not include it.",
    "An owner or admin of the organization can change that.",
    status=403,
    kind="here",
)
FORM_OUT_OF_DATE = Failure(
    "This form is out of date",
    "It was not sent from a page that hotdash gave you in this session; nothing was done.",
    "Load the page again and repeat what you did.",
    status=403,
    kind="here",
)
NOT_FOUND = Failure(
    "There is no such page",
    "The address leads nowhere, or to an organization that you are not a member of.",
    "Check the address, or start again from the first page.",
    status=404,
    kind="here",
)
WRONG_METHOD = Failure(
    "This address does not do that",
    "It does not answer this kind of request, so nothing was done.",
    "Go back and use the page itself.",
    status=405,
    kind="here",
)
SERVER_ERROR = Failure(
    "hotdash failed at this page",
    "An error inside hotdash stopped it before it could answer. Other pages still work.",
    "Try again; the people who run hotdash find the error in its log.",
    status=500,
    kind="here",
)


@dataclass(frozen=True)
class Room:
    """A list, by its name and its address."""

    name: str
    address: str


class DesignedFailures:
    """Middleware: errors of the gateway and bare 405s become pages in words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; a 405 that Django left empty gets its page, `Allow` kept."""
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            designed = failure_page(request, WRONG_METHOD)
            designed.headers["Allow"] = response.headers["Allow"]
            return designed
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Explain an error of the gateway that a view let through; leave others to Django."""
        if isinstance(exception, GatewayError):
            return failure_page(request, explain(exception))
        return None


def failure_page(request: HttpRequest, failure: Failure) -> HttpResponse:
    """Answer with a failure and its status: in the shell for who is signed in, else at the door."""
    user = getattr(request, "user", None)  # nobody where it was refused before that was known
    is_inside = user is not None and user.is_authenticated
    response = render(
        request,
        FRAGMENT if wants_part(request) else PAGE,
        {
            "failure": failure,
            "again": _again(request, failure),
            "room": _room(request),
            "layout": "layouts/shell.html" if is_inside else "layouts/door.html",
        },
        status=failure.status,
    )
    _mark(response, failure)
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400: the request is not one that a page of ours sends; 413 if it is too large."""
    is_too_large = isinstance(exception, RequestDataTooBig)
    return failure_page(request, TOO_LARGE if is_too_large else BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 with the reason that the refusal carries: it says itself who can help."""
    said = str(exception)
    return failure_page(
        request, replace(FORBIDDEN, sentence=said, advice="") if said else FORBIDDEN
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django's name
    """Answer 403: the form does not come from a page that we gave this person."""
    return failure_page(request, FORM_OUT_OF_DATE)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 with the sentence that a page of ours raised; an unknown address has none."""
    told = exception.args[0] if exception.args else ""  # what Django itself raises is no sentence
    sentence = told if isinstance(told, str) and told else NOT_FOUND.sentence
    return failure_page(request, replace(NOT_FOUND, sentence=sentence))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without asking what may just have failed: no database, no session.

    503 where it was the database or the cache: Django calls this while it handles the error.
    """
    failure = outage(sys.exc_info()[1]) or SERVER_ERROR
    template = FRAGMENT if wants_part(request) else PAGE
    again = _again(request, failure)
    context = {"failure": failure, "again": again, "layout": "layouts/door.html"}
    response = HttpResponse(render_to_string(template, context), status=failure.status)
    _mark(response, failure)
    return response


def _mark(response: HttpResponse, failure: Failure) -> None:
    response.headers["HX-Push-Url"] = STAY
    if failure.retry_after:
        response.headers["Retry-After"] = str(failure.retry_after)


def _room(request: HttpRequest) -> Room | None:
    """Return the list above the page that failed, None where there is none or it is the list."""
    match = request.resolver_match
    if match is None or not match.app_name or match.url_name == "index":
        return None
    place = {name: told for name, told in match.kwargs.items() if name in {"org", "env"}}
    try:
        address = reverse(f"{match.app_name}:index", kwargs=place)
    except NoReverseMatch:
        return None
    return Room(match.app_name.replace("_", " ").capitalize(), address)


def _again(request: HttpRequest, failure: Failure) -> str:
    """Return the page's own address where asking again can help and changes nothing."""
    return request.get_full_path() if request.method == "GET" and failure.status >= 500 else ""
