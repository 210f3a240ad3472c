"""Fakes that replay the transcript: the platform as it is, and its older generation."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.contract.targets import Target, World
from tests.contract.transcript import BY_NAME, Exchange, recorded

ORIGIN = "http://replay.test:4681"
KEY = "hot_" + "0" * 32 + "_" + "f" * 64
PAGING = frozenset({"limit", "offset"})
REJECTED = frozenset({"no key", "bad key", "bad scheme"})
# what the older generation does not send (contract 10.2)
LATER_FIELDS = {
    "run_id": ("retry_attempt", "next_retry_at"),
    "build_id": ("runtime_status", "runtime_error", "deployment_sequence", "runtime_warning"),
    "service": ("version",),
}
LATER_ROUTES = ("/org/usage",)
VARIABLE = {
    "var_id": "0198bf2e-6a70-7b25-8c35-0000000000f0",
    "ns": "::billing::handlers",
    "var": "invoice",
    "value": {"id": "inv_42"},
    "meta": None,
    "start_time": "2026-08-18T22:30:01.125000Z",
    "stop_time": "2026-08-18T22:30:02.125000Z",
}
QUOTA = {
    "compute_used_percent": 15,
    "storage_used_percent": 8,
    "requests_per_hour": 1000,
    "max_concurrent_runs": 50,
}

Question = tuple[str, str, frozenset[tuple[str, str]]]


def platform() -> Target:
    """The platform: the transcript under `/v1`, empty 401 and 404."""
    return _target("platform", "/v1", _answers(), b"")


def older() -> Target:
    """The older generation: seed routes and fields only, `/api/v1`, 401 in an envelope."""
    answers = {
        _moved(question): _aged(exchange)
        for question, exchange in _answers().items()
        if not question[1].endswith(LATER_ROUTES)
    }
    run_id = _world().run_id
    page = {"total": 1, "limit": 20, "offset": 0, "has_more": False}
    additions = {
        f"/api/v1/runs/{run_id}/vars": {"data": [VARIABLE], "pagination": page},
        "/api/v1/env/quota": {"data": QUOTA},
    }
    for path, body in additions.items():
        answers["GET", path, frozenset()] = replace(BY_NAME["env"], name=path, path=path, json=body)
    refusal = {"error": {"code": "unauthorized", "message": "Invalid", "request_id": "r"}}
    return _target("older", "/api/v1", answers, json.dumps(refusal).encode())


def _target(
    name: str, prefix: str, answers: dict[Question, Exchange], unauthorized: bytes
) -> Target:
    def handle(request: httpx.Request) -> httpx.Response:
        question = _question(request.method, str(request.url))
        found = answers.get(question)
        is_keyed = request.headers.get("authorization") == f"Bearer {KEY}"
        if found is None:
            return _response(404, b"", "")
        if not is_keyed and not question[1].endswith(("/", "/status")):
            return _response(401, unauthorized, "application/json" if unauthorized else "")
        return _response(found.status, found.body, found.content_type)

    return Target(name, ORIGIN, prefix, KEY, _world(), httpx.MockTransport(handle))


def _response(status: int, body: bytes, content_type: str) -> httpx.Response:
    headers = {"content-type": content_type} if content_type else {}
    return httpx.Response(status, stream=httpx.ByteStream(body), headers=headers)


def _answers() -> dict[Question, Exchange]:
    """The transcript's answers by what was asked: the first successful one of each."""
    answers: dict[Question, Exchange] = {}
    for exchange in recorded():
        if exchange.name in REJECTED:
            continue
        question = _question(exchange.method, exchange.path)
        if question not in answers or answers[question].status >= 400:
            answers[question] = exchange
    return answers


def _question(method: str, url: str) -> Question:
    parts = urlsplit(url)
    asked = frozenset(pair for pair in parse_qsl(parts.query) if pair[0] not in PAGING)
    return method, parts.path, asked


def _moved(question: Question) -> Question:
    method, path, asked = question
    return method, path.replace("/v1/", "/api/v1/", 1), asked


def _aged(exchange: Exchange) -> Exchange:
    return replace(exchange, json=_without_later_fields(exchange.json))


def _without_later_fields(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_later_fields(item) for item in value]
    if not isinstance(value, dict):
        return value
    later = {name for key, names in LATER_FIELDS.items() if key in value for name in names}
    return {key: _without_later_fields(item) for key, item in value.items() if key not in later}


def _world() -> World:
    run = BY_NAME["run get"].json["data"]
    event = BY_NAME["event get"].json["data"]
    return World(
        project="demo",
        project_id=BY_NAME["project get id"].json["data"]["project_id"],
        idle="billing-two",
        run_id=run["run_id"],
        event_id=event["event_id"],
        stream_id=event["stream_id"],
        build_id=BY_NAME["build deployed"].json["data"]["build_id"],
    )
