"""Which errors an operation answers: what follows from its kind, and what is its own."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

# what only the route itself can know: conflicts, and objects that a body names
_OWN: Mapping[str, tuple[int, ...]] = {
    "projects_rename": (409,),
    "projects_delete": (409,),
    "builds_upload": (409, 411, 413),
    "context_create": (409,),
    "context_create_shared": (409,),
    "service_keys_update": (409,),
    "domains_create": (409,),
    "cancellations_run": (409,),
    "cancellations_task": (409,),
    "files_upload": (413,),
    "file_uploads_begin": (409,),
    "file_uploads_part": (409, 413),
    "file_uploads_complete": (409, 413),
    "file_uploads_abort": (409,),
    "events_publish": (404,),
    "subscriptions_with_event": (404,),
    "api_keys_create": (404,),
}
_MEANT: Mapping[int, str] = {
    400: "The path, the query or the body cannot be read",
    401: "No credential, or one that is unknown, expired or revoked",
    403: "The credential may not do this",
    404: "There is no such object in the credential's environment",
    409: "It conflicts with what is there",
    411: "The length of the body is not told",
    413: "The body is too large",
    415: "The body does not say that it is JSON",
    416: "The range lies outside of the bytes",
    422: "The body has another shape",
    429: "Too many at once; Retry-After says when to come back",
}
FAILURE = "#/components/schemas/Failure"
_SERVER = "The server could not; the request id finds the line in its log"


def refusals(name: str, operation: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Return the error responses of an operation, by status, as OpenAPI has them."""
    statuses = {400, *_OWN.get(name, ())}
    if "security" in operation:
        statuses |= {401, 403, 429}
    if "{" in path:
        statuses.add(404)
    if "application/json" in operation.get("requestBody", {}).get("content", {}):
        statuses |= {411, 413, 415, 422}
    told = {str(status): _failure(_MEANT[status]) for status in sorted(statuses)}
    return told | {"5XX": _failure(_SERVER)}


def completed(response: Mapping[str, Any], status: str) -> dict[str, Any]:
    """Return a declared error response with the one shape of errors."""
    meant = HTTPStatus(int(status)).phrase if status.isdigit() else _SERVER
    return _failure(response.get("description") or meant)


def _failure(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": FAILURE}}},
    }
