"""The ways in which a Hot API fails a page, and what the page then answers."""

from typing import Any

import httpx

from tests.upstream import REQUEST_ID, FakeUpstream

TROUBLES: dict[str, tuple[int, str]] = {
    "down": (504, "Nobody listens at the platform's address"),
    "unreachable": (504, "The platform cannot be reached"),
    "slow": (504, "The platform is not answering"),
    "server error": (502, "The platform's answer cannot be used"),
    "proxy error": (502, "The platform's answer cannot be used"),
    "html": (502, "The platform's answer cannot be used"),
    "half a JSON": (502, "The platform's answer cannot be used"),
    "another shape": (502, "The platform's answer cannot be used"),
    "empty 401": (403, "The platform does not accept your key"),
    "403": (403, "Your key may not do this"),
    "text 422": (502, "The platform did not accept the question"),
    "429": (503, "The platform asks to wait"),
}

_JSON = {"content_type": "application/json"}
_BODIES: dict[str, tuple[bytes, int, dict[str, Any]]] = {
    "proxy error": (b"<h1>Bad Gateway</h1>", 502, {"content_type": "text/html"}),
    "html": (b"<!doctype html><p>Welcome", 200, {"content_type": "text/html"}),
    "half a JSON": (b'{"data": {"run_id"', 200, _JSON),
    "another shape": (b'{"data": 7}', 200, _JSON),
    "empty 401": (b"", 401, {}),
    "text 422": (b"Failed to deserialize", 422, {"content_type": "text/plain"}),
    "429": (b"", 429, {"retry_after": "7"}),
}


def bring(upstream: FakeUpstream, path: str, trouble: str, method: str = "GET") -> str:
    """Let one path meet the trouble; return the request id that the answer carries, if any."""
    refused = httpx.ConnectError("")
    refused.__cause__ = ConnectionRefusedError()
    silences = {
        "down": refused,
        "unreachable": httpx.ConnectError("no route"),
        "slow": httpx.ReadTimeout(""),
    }
    if trouble in silences:
        upstream.fail(path, silences[trouble], method)
    elif trouble in _BODIES:
        body, status, headers = _BODIES[trouble]
        upstream.raw(path, body, status, method, **headers)
    elif trouble == "server error":
        upstream.refuse(path, 500, "internal_server_error", "An internal error occurred", method)
        return REQUEST_ID
    else:
        upstream.refuse(path, 403, "forbidden", "run:* read is missing", method)
        return REQUEST_ID
    return ""
