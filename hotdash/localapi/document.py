"""The API's own description: OpenAPI, with `x-extension` on what the Hot platform does not send."""

from functools import cache

import orjson
from django.http import HttpRequest, HttpResponse

from hotdash.localapi.api import v1


def show(_request: HttpRequest) -> HttpResponse:
    """Return the document; it holds nothing of anyone and asks for no key (contract 5.14)."""
    return HttpResponse(_document(), content_type="application/json")


@cache
def _document() -> bytes:
    return orjson.dumps(
        v1.get_openapi_schema(path_prefix="/v1/"), default=dict, option=orjson.OPT_NON_STR_KEYS
    )
