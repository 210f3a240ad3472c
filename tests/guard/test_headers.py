"""What every answer carries, however it came about."""

from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast
from tests.upstream import FakeUpstream

POLICY = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


def answers(cast: Cast) -> dict[str, Any]:
    """One answer of every kind: pages, parts, redirects, refusals, faults."""
    mia, nobody, forger = cast.browser(cast.mia), Client(), Client(enforce_csrf_checks=True)
    mia.raise_request_exception = False
    part = {"HX-Request": "true", "HX-Target": "rows"}
    return {
        "page": mia.get("/account/"),
        "sign-in": nobody.get("/accounts/login/"),
        "redirect": mia.get("/"),
        "redirect to sign-in": nobody.get("/account/"),
        "part": nobody.get("/acme/staging/runs/", headers=part),
        "bad host": Client(headers={"Host": "evil.test"}).get("/"),
        "bad form": mia.post("/account/theme/", {"theme": "plaid"}),
        "forged form": forger.post("/accounts/login/"),
        "not found": mia.get("/umbra/production/runs/"),
        "not found part": mia.get("/umbra/production/runs/", headers=part),
        "no method": mia.post("/account/"),
        "no upstream": mia.get("/acme/staging/runs/"),
        "health": nobody.get("/healthz"),
        "missing file": nobody.get("/static/none.css"),
    }


STATUSES = {
    "page": 200,
    "sign-in": 200,
    "redirect": 302,
    "redirect to sign-in": 302,
    "part": 200,
    "bad host": 400,
    "bad form": 400,
    "forged form": 403,
    "not found": 404,
    "not found part": 404,
    "no method": 405,
    "no upstream": 500,
    "health": 200,
    "missing file": 404,
}


@pytest.fixture
def all_answers(cast: Cast, upstream: FakeUpstream) -> dict[str, Any]:
    for path in ("/runs", "/runs/stats"):
        upstream.fail(path, RuntimeError("a fault of ours"))
    return answers(cast)


def test_the_answers_are_of_every_kind(all_answers: dict[str, Any]) -> None:
    assert {kind: answer.status_code for kind, answer in all_answers.items()} == STATUSES


def test_no_answer_is_kept_by_anybody(all_answers: dict[str, Any]) -> None:
    for kind, answer in all_answers.items():
        kept = {word.strip() for word in answer["Cache-Control"].split(",")}
        assert kept == {"no-store", "private"}, kind
        varies = {name.strip().lower() for name in answer["Vary"].split(",")}
        assert varies >= {"cookie", "hx-request", "hx-target"}, kind


def test_every_answer_carries_the_policy_and_its_companions(all_answers: dict[str, Any]) -> None:
    for kind, answer in all_answers.items():
        policy = {rule.strip() for rule in answer["Content-Security-Policy"].split(";")}
        assert policy == POLICY, kind
        assert answer["X-Content-Type-Options"] == "nosniff", kind
        assert answer["X-Frame-Options"] == "DENY", kind
        assert answer["Referrer-Policy"] == "same-origin", kind
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", kind
        assert "Strict-Transport-Security" not in answer, kind
