"""The form of a new environment, as its tests fill it in."""

from typing import Any

import httpx

from tests import samples
from tests.canary import CANARY
from tests.reading import select
from tests.upstream import REQUEST_ID, Seen

NEW = "/acme/settings/environments/new/"
FORM = {
    "base_url": "http://upstream.test:4681/v1",
    "key": CANARY,
    "name": "Sandbox",
    "slug": "sandbox",
    "kind": "other",
}


def error_under(response: Any, field: str) -> str:
    return " ".join(node.text().strip() for node in select(response, f"#id_{field}_error"))


def without_a_key(seen: Seen, code: str) -> httpx.Response:
    """What `/env` answers: without a key an envelope with this code, or nothing at all."""
    if seen.key:
        return httpx.Response(200, json={"data": samples.environment(name="old")})
    told = {"error": {"code": code, "message": code, "request_id": REQUEST_ID}}
    return httpx.Response(401, json=told) if code else httpx.Response(401)
