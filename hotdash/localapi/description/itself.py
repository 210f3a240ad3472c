"""The routes that describe the API: no router of ninja knows them."""

from typing import Any


def _shown(name: str, summary: str, content_type: str) -> dict[str, Any]:
    answer = {"description": summary, "content": {content_type: {"schema": {}}}}
    return _operation(name, summary, {"200": answer})


def _operation(name: str, summary: str, responses: dict[str, Any]) -> dict[str, Any]:
    told = {"operationId": name, "tags": ["description"], "summary": summary, "parameters": []}
    return {"get": told | {"responses": responses}}


ITSELF = {
    "/openapi.json": _shown("description_document", "Return this document", "application/json"),
    "/docs/api/": _shown("description_page", "Return this document as a page", "text/html"),
    "/docs/api": _operation(
        "description_place", "Lead to the page", {"303": {"description": "It is at /docs/api/"}}
    ),
}
