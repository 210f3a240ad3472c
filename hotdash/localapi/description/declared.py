"""What is told by an address alone: streams of events, downloads, and bodies that are bytes."""

from typing import Any

_BYTES = {"schema": {"type": "string", "format": "binary"}}
_RUN_EVENTS = ("run:start", "run:stop", "run:fail", "run:cancel")
_OTHER_EVENTS = (
    "event:created",
    "event:handled",
    "stream:created",
    "task:started",
    "task:complete",
)
_STREAMS = ("/subscribe", "/subscribe-with-event")  # as asgi.py knows them
_GO_ON = ("/v1/env/", "/v1/streams/")  # the others begin with what is


def _header(name: str, description: str) -> dict[str, Any]:
    """Return a header; what it cannot be read as is ignored, as HTTP wants it."""
    return {
        "in": "header",
        "name": name,
        "required": False,
        "description": description,
        "x-extension": True,
        "schema": {"type": "string"},
    }


_LAST_EVENT_ID = _header("Last-Event-ID", "Go on after this frame; 0 replays all that is kept.")
_RANGE = _header("Range", "A range of bytes, such as bytes=0-1023.")


def declared(method: str, path: str) -> dict[str, Any]:
    """Return what an operation has beside what its function says: keys as in OpenAPI."""
    if path.endswith(_STREAMS):
        return _stream(path)
    if path.endswith("/download"):
        return _download("application/zip" if "/builds/" in path else "*/*")
    if method == "put" and path.startswith("/v1/files/"):
        body = {"content": {"application/octet-stream": _BYTES}, "required": False}
        return {"requestBody": body}
    return {}


def _stream(path: str) -> dict[str, Any]:
    """Return a stream's declaration; the schema is that of one frame."""
    told = "Server-sent events, until the stream ends; data is JSON whose type repeats the event"
    frame = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "x-extension": True},
            "event": {"type": "string", "enum": _events(path)},
            "data": {"type": "string", "contentMediaType": "application/json"},
        },
        "required": ["event", "data"],
    }
    content = {"text/event-stream": {"schema": frame}}
    goes_on = path.startswith(_GO_ON) and path.endswith("/subscribe")
    return {
        "parameters": [_LAST_EVENT_ID] if goes_on else [],
        "responses": {200: {"description": told, "content": content}},
    }


def _events(path: str) -> list[str]:
    """Return the events of a stream (contract 6)."""
    if path.startswith("/v1/env/"):
        return [*_RUN_EVENTS, *_OTHER_EVENTS]
    if path.startswith("/v1/streams/"):
        told = ["task:update", "stream:data", "stream:complete"]
        return [*(["event:published"] if "with-event" in path else []), *_RUN_EVENTS, *told]
    return ["run:update"] if path.startswith("/v1/runs/") else ["task:update"]


def _download(content_type: str) -> dict[str, Any]:
    content = {content_type: _BYTES}
    return {
        "parameters": [_RANGE],
        "responses": {
            200: {"description": "The bytes, as an attachment", "content": content},
            206: {"description": "The range that was asked for", "content": content},
            416: {"description": "The range lies outside of the bytes"},
        },
    }
