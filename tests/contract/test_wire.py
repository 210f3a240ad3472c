"""Status and error code of each call, as the transcript has them."""

import uuid
from typing import Any

import httpx
import pytest

from hotdash.gateway import context
from hotdash.gateway.errors import Refused
from tests.contract.cases import CASES, ENVELOPED, STRICTER, Case
from tests.contract.targets import Target
from tests.contract.transcript import BY_NAME

KEPT, DOOMED = "CONTRACT_KEPT", "CONTRACT_DOOMED"


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_status_and_code_are_the_transcripts(server: Target, case: Case) -> None:
    response = _asked(server, case)
    assert (response.status_code, _code(response)) == _expected(server, case.name)


def test_a_success_comes_in_its_envelope(server: Target) -> None:
    for name in ("env", "run get", "runs list"):
        case = next(case for case in CASES if case.name == name)
        told = _asked(server, case).json()
        assert set(told) >= set(BY_NAME[name].json)
        assert uuid.UUID(told["meta"]["request_id"]).version == 4


@pytest.mark.parametrize(
    "name",
    ["env", "project get slug", "event get", "run get", "handlers", "schedules", "build deployed"],
)
def test_a_resource_has_at_least_the_transcripts_fields(server: Target, name: str) -> None:
    case = next(case for case in CASES if case.name == name)
    assert _fields(BY_NAME[name].json) - {"next_retry_at"} <= _fields(_asked(server, case).json())


def test_the_limit_is_clamped_and_echoed(server: Target) -> None:
    for name in ("projects limit 0", "projects limit big"):
        case = next(case for case in CASES if case.name == name)
        told, recorded = _asked(server, case).json(), BY_NAME[name].json
        assert told["pagination"]["limit"] == recorded["pagination"]["limit"]


def _asked(target: Target, case: Case) -> httpx.Response:
    names = {**vars(target.world), "key": target.key, "fresh": uuid.uuid4().hex[:8]}
    names |= {"kept_key": KEPT, "doomed_key": DOOMED}
    if "_key}" in case.path or "_key}" in str(case.json):
        _make_keys(target)
    prefix = target.prefix if case.is_prefixed else ""
    authorization = case.authorization.format(**names)
    return httpx.request(
        case.method,
        f"{target.origin}{prefix}{case.path.format(**names)}",
        json=_filled(case.json, names),
        content=case.content,
        headers={**case.headers, **({"authorization": authorization} if authorization else {})},
        trust_env=False,
        timeout=10,
    )


def _make_keys(target: Target) -> None:
    for key in (KEPT, DOOMED):
        try:
            context.update_context(target.gateway, target.world.project, key, "v", None)
        except Refused:
            context.create_context(target.gateway, target.world.project, key, "v")


def _filled(body: Any, names: dict[str, str]) -> Any:
    if isinstance(body, str):
        return body.format(**names) if "{" in body else body
    if isinstance(body, dict):
        return {key: _filled(value, names) for key, value in body.items()}
    return body


def _code(response: httpx.Response) -> str | None:
    if not response.headers.get("content-type", "").startswith("application/json"):
        return None
    told = response.json()
    code: str | None = told.get("error", {}).get("code")
    return code


def _expected(target: Target, name: str) -> tuple[int, str | None]:
    recorded = BY_NAME[name]
    if target.kind == "embedded":
        if name in STRICTER:
            return STRICTER[name]
        return recorded.status, recorded.code or ENVELOPED.get(recorded.status)
    return recorded.status, recorded.code


def _fields(told: Any) -> set[str]:
    data = told["data"]
    return set(data[0] if isinstance(data, list) else data)
