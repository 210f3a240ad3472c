"""Every error of the embedded API, in the one envelope (contract 1.4)."""

import logging
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja.errors import HttpError

from hotdash.localapi import request_id

_LOG = logging.getLogger(__name__)
_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    411: "length_required",
    413: "payload_too_large",
    415: "unsupported_media_type",
    416: "range_not_satisfiable",
    422: "unprocessable_entity",
    429: "rate_limit_exceeded",
    500: "internal_server_error",
    503: "service_unavailable",
    507: "insufficient_storage",
}


class Refused(Exception):
    """The request is not carried out; status, code and sentence go to the client as they are."""

    def __init__(
        self, status: int, message: str, code: str = "", retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.retry_after = retry_after  # seconds
        self.code = code or _CODES[status]


def not_found(noun: str) -> Refused:
    """Return the refusal of an object that is missing, or another environment's."""
    return Refused(404, f"{noun} not found")


def error(
    status: int,
    message: str,
    code: str = "",
    *,
    retry_after: int | None = None,
) -> HttpResponse:
    """Return an error in its envelope, with the id that the logs have too."""
    body: dict[str, Any] = {
        "code": code or _CODES[status],
        "message": message,
        "request_id": request_id.current(),
    }
    if retry_after is not None:
        body["retry_after"] = retry_after
    response = HttpResponse(
        orjson.dumps({"error": body}), status=status, content_type="application/json"
    )
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def from_refusal(_request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Return the envelope of a refusal."""
    return error(refusal.status, refusal.message, refusal.code, retry_after=refusal.retry_after)


def from_ninja(request: HttpRequest, trouble: HttpError) -> HttpResponse:
    """Return the envelope of ninja's own errors, or of the refusal that one of them wraps."""
    if isinstance(trouble.__cause__, Refused):
        return from_refusal(request, trouble.__cause__)
    return error(trouble.status_code, trouble.message)


def from_too_large(_request: HttpRequest, _trouble: Exception) -> HttpResponse:
    """Return 413 for a body that is read into memory, and has no room there."""
    return error(413, "The body is larger than 32 MiB.")


def from_too_many(_request: HttpRequest, _trouble: Exception) -> HttpResponse:
    """Return 400 for a query or a form with more in it than any route could use."""
    return error(400, "The request holds more than 1,000 parameters or fields, or 100 files.")


def from_unreadable(_request: HttpRequest, _trouble: Exception) -> HttpResponse:
    """Return 400 for a form that is no form, or that breaks off."""
    return error(400, "The form could not be read: send multipart/form-data with a boundary.")


def from_anything(_request: HttpRequest, trouble: Exception) -> HttpResponse:
    """Log what nobody foresaw, and say no more than that it happened and under which id."""
    _LOG.error("unforeseen, request_id %s", request_id.current(), exc_info=trouble)
    return error(500, "An internal server error occurred")


def unknown_route(
    _request: HttpRequest,
    exception: Exception,  # noqa: ARG001  Django passes it by that name
) -> HttpResponse:
    """Return an empty 404: how a client tells a missing feature from a missing object."""
    response = HttpResponse(status=404)
    del response["Content-Type"]
    return response


def malformed_request(
    _request: HttpRequest,
    exception: Exception,  # noqa: ARG001  Django passes it by that name
) -> HttpResponse:
    """Return 400 for what Django itself refuses to read."""
    return error(400, "The request could not be read.")


def server_error(_request: HttpRequest) -> HttpResponse:
    """Return 500 for what broke outside any route."""
    return error(500, "An internal server error occurred")
