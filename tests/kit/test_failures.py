"""Trouble in words, and with the status that `docs/architecture.md` gives it."""

from typing import get_args

import pytest

from hotdash.gateway.errors import (
    BadAnswer,
    BadAnswerReason,
    GatewayError,
    NoAnswer,
    NoAnswerKind,
    NotAllowed,
    Refused,
    RouteMissing,
    WrongEnvironment,
)
from hotdash.kit.failures import explain

ALL = [
    *(NoAnswer(kind) for kind in get_args(NoAnswerKind)),
    *(BadAnswer(reason, 500) for reason in get_args(BadAnswerReason)),
    *(Refused(status) for status in (400, 401, 403, 404, 409, 422, 429, 451)),
    NotAllowed("10.0.0.1", "10.0.0.0/8:443"),
    NotAllowed("10.0.0.1", None),
    RouteMissing(),
    WrongEnvironment("env-1", "env-2"),
    GatewayError("new"),
]


@pytest.mark.parametrize("error", ALL, ids=lambda error: f"{type(error).__name__} {error}")
def test_every_error_has_a_title_and_whole_sentences(error):
    failure = explain(error)
    assert failure.title
    assert not failure.title.endswith(".")
    assert failure.sentence.endswith(".")
    assert failure.advice.endswith(".") or not failure.advice
    assert "wrong" not in failure.title.lower()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NoAnswer("timeout"), 504),
        (NoAnswer("refused"), 504),
        (BadAnswer("server_error", 500), 502),
        (BadAnswer("server_error", 503), 502),
        (BadAnswer("server_error", 503, code="service_unavailable"), 503),
        (BadAnswer("server_error", 507, code="insufficient_storage"), 503),
        (BadAnswer("not_json"), 502),
        (Refused(401), 403),
        (Refused(403), 403),
        (Refused(404), 404),
        (RouteMissing(), 404),
        (Refused(422), 502),
        (Refused(429), 503),
        (WrongEnvironment("a", "b"), 403),
        (NotAllowed("h", None), 502),
    ],
)
def test_the_status_is_what_the_page_answers(error, status):
    assert explain(error).status == status


def test_what_the_server_said_is_kept():
    failure = explain(Refused(403, "forbidden", "run:* read is missing", "7091a6be"))
    assert failure.said == "forbidden: run:* read is missing"
    assert failure.request_id == "7091a6be"


def test_a_server_that_asks_to_wait_says_how_long():
    assert explain(Refused(429, retry_after=7)).retry_after == 7
    assert "7 s" in explain(Refused(429, retry_after=7)).advice
    assert explain(Refused(429)).retry_after == 1


def test_an_address_that_may_not_be_called_names_the_setting_and_the_entry():
    failure = explain(NotAllowed("10.0.0.1", "10.0.0.0/8:443"))
    assert "10.0.0.1" in failure.sentence
    assert "add 10.0.0.0/8:443 to HOTDASH_UPSTREAMS" in failure.advice


def test_a_key_of_another_environment_names_both():
    sentence = explain(WrongEnvironment("env-1", "env-2")).sentence
    assert "env-1" in sentence
    assert "env-2" in sentence


def test_a_server_whose_database_is_away_or_whose_disk_is_full_is_told_from_a_broken_one():
    away = explain(
        BadAnswer("server_error", 503, code="service_unavailable", message="It is away.")
    )
    assert away.title == "The platform cannot answer just now"
    assert away.said == "service_unavailable: It is away."
    assert away.retry_after == 5
    full = explain(BadAnswer("server_error", 507, code="insufficient_storage"))
    assert full.title == "The platform's disk is full"
    assert "make room" in full.advice
