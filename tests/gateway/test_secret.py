import logging
import pickle
import traceback
from dataclasses import replace

import httpx
import pytest

from hotdash.gateway import pool
from hotdash.gateway.addresses import Policy, parse_policy
from hotdash.gateway.errors import NoAnswer
from hotdash.gateway.runs import get_run_stats
from hotdash.gateway.secret import Secret
from hotdash.gateway.transport import GuardedTransport
from hotdash.gateway.upstream import Gateway, Upstream
from tests import samples
from tests.gateway.servers import answer, serving
from tests.upstream import FakeUpstream

CANARY = "hot_" + "c" * 32 + "_" + "canary" * 10 + "1234"


def test_a_key_shows_its_last_four_and_nothing_else() -> None:
    secret = Secret(CANARY)
    gateway = Gateway(Upstream("e", "https://hot.example"), secret, "mia")
    shown = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r:>20}",
        repr(gateway),
        repr([secret]),
    ]
    assert all("canary" not in text for text in shown)
    assert str(secret) == "…1234"
    assert secret.reveal() == CANARY


def test_a_short_key_shows_nothing() -> None:
    assert str(Secret("12345678")) == "…"


def test_a_key_is_neither_pickled_nor_listed() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret(CANARY))
    assert not hasattr(Secret(CANARY), "__dict__")


def test_keys_compare_by_their_text() -> None:
    assert Secret(CANARY) == Secret(CANARY)
    assert Secret(CANARY) != Secret(CANARY + "x")
    assert len({Secret(CANARY), Secret(CANARY)}) == 1


def test_a_call_carries_the_key_of_its_person_and_no_log_holds_it(
    upstream: FakeUpstream, caplog: pytest.LogCaptureFixture
) -> None:
    upstream.one("/runs/stats", samples.stats())
    origin = Upstream("e", "http://upstream.test:4681", "/v1")
    with caplog.at_level(logging.DEBUG):
        for person in ("mia", "adam"):
            get_run_stats(Gateway(origin, Secret(CANARY + person), person))
    assert [call.key[-4:] for call in upstream.calls] == ["4mia", "adam"]
    assert "canary" not in caplog.text


def test_no_log_of_a_real_connection_holds_the_key(caplog: pytest.LogCaptureFixture) -> None:
    loopback = GuardedTransport(parse_policy(("loopback",)), Policy())
    with (
        caplog.at_level(logging.DEBUG),
        caplog.at_level(logging.DEBUG, "httpcore"),
        caplog.at_level(logging.DEBUG, "httpx"),
        serving(answer(b'{"data": {}}')) as server,
        pool.use_transport(loopback),
    ):
        get_run_stats(replace(server.gateway(), key=Secret(CANARY)))
    assert CANARY.encode() in server.requests[0]
    assert caplog.records
    assert "canary" not in caplog.text


def test_a_failure_holds_no_key(upstream: FakeUpstream) -> None:
    upstream.fail("/runs/stats", httpx.ConnectError("refused"))
    gateway = Gateway(Upstream("e", "http://upstream.test:4681", "/v1"), Secret(CANARY), "mia")
    with pytest.raises(NoAnswer) as caught:
        get_run_stats(gateway)
    assert "canary" not in "".join(traceback.format_exception(caught.value))
