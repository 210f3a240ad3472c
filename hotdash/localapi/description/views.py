"""The description is served: as a document, and as a page that needs no script.

Both hold nothing of anyone and ask for no key (contract 5.14).
"""

from functools import cache
from pathlib import Path

import orjson
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET

from hotdash.localapi.description.document import document
from hotdash.localapi.description.reading import nouns, shapes

_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
_STYLE = Path(__file__).with_name("page.css")


@require_GET
def show(_request: HttpRequest) -> HttpResponse:
    """Return the document."""
    return HttpResponse(_document(), content_type="application/json")


@require_GET
def place(_request: HttpRequest) -> HttpResponse:
    """Lead to the page, as the platform does."""
    return HttpResponse(status=303, headers={"Location": reverse("page")})


@require_GET
def page(_request: HttpRequest) -> HttpResponse:
    """Return the list of operations for people."""
    response = HttpResponse(_page())
    response["Content-Security-Policy"] = f"{_POLICY}frame-ancestors 'none'"
    return response


@require_GET
def style(_request: HttpRequest) -> HttpResponse:
    """Return the page's stylesheet."""
    return HttpResponse(_STYLE.read_bytes(), content_type="text/css; charset=utf-8")


@cache
def _document() -> bytes:
    return orjson.dumps(document())


@cache
def _page() -> str:
    known = document()
    context = {"document": known, "nouns": nouns(known), "shapes": shapes(known)}
    return render_to_string("description/page.html", context)
