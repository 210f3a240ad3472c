"""The two ways in which a request of hotdash is answered: with a page, or with "done"."""

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseLocation
from django_htmx.middleware import HtmxDetails

from hotdash.kit.links import local_path

NO_PARTS: frozenset[str] = frozenset()


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    parts: Collection[str] = NO_PARTS,
    status: int = 200,
) -> HttpResponse:
    """Answer with the whole page, or with the one part of it that htmx asked for.

    The name of a part is the id of its element and htmx's target, and stands in `parts`.
    """
    target = asked_part(request)
    name = f"{template}#{target}" if target in parts else template
    response = render(request, name, dict(context), status=status)
    patch_vary_headers(response, ("HX-Request", "HX-Target"))
    return response


def done(request: HttpRequest, message: str, to: str) -> HttpResponse:
    """Answer a finished action: go to `to`, a path of ours, and say `message` there."""
    messages.success(request, message)
    path = local_path(request, to)
    if wants_part(request):
        return HttpResponseLocation(path)
    return HttpResponse(status=303, headers={"Location": path})


def back(request: HttpRequest, to: str | None) -> HttpResponse:
    """Answer a small change made on any page: go back to `to` if it is ours, else to the first."""
    return HttpResponse(status=303, headers={"Location": local_path(request, to)})


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece of a page; boosted links and restored history want it whole."""
    htmx = HtmxDetails(request)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def asked_part(request: HttpRequest) -> str | None:
    """Return the id of the element that htmx wants to replace, None for a whole page."""
    return HtmxDetails(request).target if wants_part(request) else None
