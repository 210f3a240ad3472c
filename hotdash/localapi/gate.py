"""What is looked at before any route: who is addressed, from where, and how much is sent."""

import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from hotdash.host import environment
from hotdash.localapi.credentials.auth import authenticate
from hotdash.localapi.errors import Refused, error, from_refusal

# a build of 100 MiB and the multipart around it; smaller limits stand where bodies are read
_MAX_BODY_BYTES = 101 * 1024 * 1024
_VERSIONED = re.compile(r"/(?:api/)?v1/")
_FILE = re.compile(r"(?:/api)?/v1/files/upload(?:/|s/[^/]+/\d+$)")
_KEPT = re.compile("%(25|2F|0A)", re.IGNORECASE)  # by asgi.py
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


class Gate:
    """Middleware: refuses foreign hosts, browsers of other sites and oversized bodies.

    A page that reached this port by a name of its own (DNS rebinding) carries that name as Host.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._own_name = environment.text("HOTDASH_API_HOST").lower()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, or say why it is not answered; every answer gets the same headers."""
        response = self._answer(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        if isinstance(response, HttpResponse):
            response.setdefault("Content-Length", str(len(response.content)))
        return response

    def process_view(
        self, _request: HttpRequest, _view: object, _args: object, values: dict[str, Any]
    ) -> None:
        """Decode the values of the path: split at its slashes, it may give them to a name again."""
        values.update({name: _KEPT.sub(_decoded, value) for name, value in values.items()})

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        refusal = self._refusal(request)
        if refusal is not None:
            return from_refusal(request, refusal)
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        response = self._get_response(request)
        if response.status_code == 405:
            response = _wrong_method(request, response)
        return _without_body(response) if is_head else response

    def _refusal(self, request: HttpRequest) -> Refused | None:
        host = request.headers.get("Host")
        if host is not None and not self._is_ours(host):
            return Refused(
                400,
                "This Hot API is not known under the Host of the request. It answers to "
                "localhost, to IP addresses, and to the name in HOTDASH_API_HOST.",
            )
        if "Origin" in request.headers:
            return Refused(403, "This Hot API answers no pages of other sites.")
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return Refused(400, "The address holds a NUL character.")  # Postgres keeps none in text
        return _body_refusal(request)

    def _is_ours(self, host: str) -> bool:
        name, colon, port = host.lower().rpartition(":")
        if not colon or not port.isdigit():
            name = host.lower()
        if name in {"localhost", self._own_name}:
            return True
        try:
            ip_address(name.removeprefix("[").removesuffix("]"))
        except ValueError:
            return False
        return True


def _body_refusal(request: HttpRequest) -> Refused | None:
    length = request.headers.get("Content-Length")
    is_file = bool(_FILE.match(request.path))  # counted while it is read, against its own limits
    if length is None:
        if "Transfer-Encoding" in request.headers and not is_file:
            return Refused(411, "Send the length of the body: Content-Length.")
        return None
    if not length.isdigit():
        return Refused(400, "Content-Length must be a whole number.")
    if int(length[:20]) > _MAX_BODY_BYTES and not is_file:
        # the code that the platform gives a build that is too large
        return Refused(413, "The body is larger than 100 MiB.", "bad_request")
    return None


def _decoded(encoded: re.Match[str]) -> str:
    return chr(int(encoded[1], 16))


def _wrong_method(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    if _VERSIONED.match(request.path):
        try:
            authenticate(request)  # 401 goes before 405 (contract 1.2)
        except Refused as refusal:
            return from_refusal(request, refusal)
    answer = error(405, f"{request.method} is not offered here.")
    allowed = {method.strip() for method in response["Allow"].split(",")}
    answer["Allow"] = ", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
    return answer


def _without_body(response: HttpResponseBase) -> HttpResponse:
    bare = HttpResponse(status=response.status_code)
    del bare["Content-Type"]
    for name, value in response.items():
        bare[name] = value
    if isinstance(response, HttpResponse):
        bare["Content-Length"] = str(len(response.content))
    response.close()
    return bare
