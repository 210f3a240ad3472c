"""What a hostile or overloaded server can cost: time, memory, other people's calls."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

import httpx
import pytest

from hotdash.gateway import client, deadline, exchange, pool, reading, slots
from hotdash.gateway.addresses import Policy, parse_policy
from hotdash.gateway.environments import get_environment
from hotdash.gateway.errors import BadAnswer, NoAnswer
from hotdash.gateway.secret import Secret
from hotdash.gateway.together import attempt
from hotdash.gateway.transport import GuardedTransport
from hotdash.gateway.upstream import Gateway, Upstream
from tests.gateway.servers import answer, serving
from tests.sockets import free_port, wait_for
from tests.upstream import FakeUpstream, gateway

ENVIRONMENT = answer(b'{"data": {"env_id": "01a204e8-d8d8-72f2-9a6c-ba4271ff8c59"}}')
ENDLESS = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n"
MIB = 2**20


@pytest.fixture(autouse=True)
def real_connections() -> Iterator[None]:
    with pool.use_transport(GuardedTransport(parse_policy(("loopback",)), Policy())):
        yield


def in_a_hurry(monkeypatch: pytest.MonkeyPatch, seconds: float = 0.4) -> None:
    monkeypatch.setattr(client, "TOTAL_SECONDS", seconds)


@pytest.mark.parametrize(
    "pieces",
    [
        (60.0,),
        (b"HTTP/1.1 200 OK\r\n", *[b"x-a: b\r\n", 0.05] * 1200),
        (b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n", *[b" ", 0.05] * 1200),
    ],
    ids=["silence", "endless headers", "a byte now and then"],
)
def test_a_slow_answer_ends_at_the_deadline(
    monkeypatch: pytest.MonkeyPatch, pieces: tuple[bytes | float, ...]
) -> None:
    in_a_hurry(monkeypatch)
    with serving(*pieces) as server:
        started = time.monotonic()
        with pytest.raises(NoAnswer) as caught:
            get_environment(server.gateway())
        assert caught.value.kind == "timeout"
        assert time.monotonic() - started < (exchange.TIMEOUT.read or 0), "not by one wait's end"


def test_a_closed_port_is_told_from_silence() -> None:
    closed = Gateway(
        Upstream("e", f"http://127.0.0.1:{free_port()}", "/v1"), Secret("hot_key"), "mia"
    )
    with pytest.raises(NoAnswer) as caught:
        get_environment(closed)
    assert caught.value.kind == "refused"


def test_an_answer_cut_off_in_the_middle_is_a_bad_answer() -> None:
    with serving(ENVIRONMENT[:-10]) as server, pytest.raises(BadAnswer) as caught:
        get_environment(server.gateway())
    assert caught.value.reason == "not_json"


def test_a_server_that_speaks_something_else_is_no_hot_api() -> None:
    banner = b"-ERR unknown command 'GET'\r\n\r\n"
    with serving(banner) as server, pytest.raises(BadAnswer) as caught:
        get_environment(server.gateway())
    assert caught.value.reason == "not_hot"
    assert "ERR" not in str(caught.value) + caught.value.message


def test_cookies_of_one_call_are_in_no_other() -> None:
    with serving(answer(b"{}", set_cookie="session=mia; Path=/")) as server:
        for _ in range(2):
            with pytest.raises(BadAnswer):
                get_environment(server.gateway())
        assert len(server.requests) == 2
        assert all(b"cookie" not in request.lower() for request in server.requests)


def test_a_redirect_is_not_followed() -> None:
    with serving(ENVIRONMENT) as inner:
        target = f"http://127.0.0.1:{inner.port}/"
        with (
            serving(answer(b"", "302 Found", location=target)) as server,
            pytest.raises(BadAnswer) as caught,
        ):
            get_environment(server.gateway())
        assert (caught.value.reason, inner.connections) == ("redirect", 0)


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(ENVIRONMENT) as server, serving(ENVIRONMENT) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        pool_of_its_own = GuardedTransport(parse_policy(("loopback",)), Policy())
        with pool.use_transport(pool_of_its_own):
            get_environment(server.gateway())
        assert (server.connections, proxy.connections) == (1, 0)


def test_the_ninth_call_of_an_environment_waits_and_gives_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_a_hurry(monkeypatch, 1.0)
    monkeypatch.setattr(slots, "WAIT_SECONDS", 0.1)
    with serving(30.0) as slow, serving(ENVIRONMENT) as other:
        waiting = [
            threading.Thread(target=attempt, args=(partial(get_environment, slow.gateway()),))
            for _ in range(slots.PER_ENVIRONMENT)
        ]
        for thread in waiting:
            thread.start()
        while slow.connections < slots.PER_ENVIRONMENT:
            time.sleep(0.01)
        with pytest.raises(NoAnswer) as caught:
            get_environment(slow.gateway())
        assert caught.value.kind == "busy"
        assert get_environment(other.gateway()).is_active is False
        for thread in waiting:
            thread.join()


def test_a_slot_is_given_back_when_a_call_fails(upstream: FakeUpstream) -> None:
    upstream.refuse("/env", 500)
    for _ in range(slots.PER_ENVIRONMENT + 1):
        with pytest.raises(BadAnswer):
            get_environment(gateway())


def test_a_body_past_the_limit_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch, upstream: FakeUpstream
) -> None:
    monkeypatch.setattr(reading, "BODY_BYTES", 1_000)
    upstream.raw("/env", b'{"data": "' + b"x" * 2_000 + b'"}', content_type="application/json")
    with pytest.raises(BadAnswer) as caught:
        get_environment(gateway())
    assert caught.value.reason == "too_large"


def test_what_all_threads_read_together_is_bounded_and_given_back(
    monkeypatch: pytest.MonkeyPatch, upstream: FakeUpstream
) -> None:
    body = b'{"data": {"env_id": "01a204e8-d8d8-72f2-9a6c-ba4271ff8c59"}}'
    monkeypatch.setattr(reading, "PROCESS_BYTES", len(body) * 2)
    upstream.raw("/env", body, content_type="application/json")
    for _ in range(5):
        get_environment(gateway())
    monkeypatch.setattr(reading, "PROCESS_BYTES", len(body) - 1)
    with pytest.raises(BadAnswer) as caught:
        get_environment(gateway())
    assert caught.value.reason == "too_large"


def test_256_mib_are_being_read_at_most_and_the_next_is_told_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "TOTAL_SECONDS", 120.0)  # however long the machine reads
    monkeypatch.setattr(exchange, "TIMEOUT", httpx.Timeout(120))
    patient = pool.use_transport(GuardedTransport(parse_policy(("loopback",)), Policy()))
    with patient, ExitStack() as stack:
        held = [stack.enter_context(serving(ENDLESS, b" " * (31 * MIB), 120.0)) for _ in range(8)]
        waiting = [
            threading.Thread(target=attempt, args=(partial(get_environment, server.gateway()),))
            for server in held
        ]
        for thread in waiting:
            thread.start()
        wait_for(lambda: reading._budget._used == 8 * 31 * MIB)
        fine = stack.enter_context(serving(ENVIRONMENT))
        ninth = stack.enter_context(serving(ENDLESS, b" " * (10 * MIB)))
        with pytest.raises(BadAnswer) as caught:
            get_environment(ninth.gateway())
        assert caught.value.reason == "too_large"
        assert get_environment(fine.gateway()).is_active is False
        for server in held:
            server.stop()
        for thread in waiting:
            thread.join()
    assert reading._budget._used == 0


def test_a_body_of_more_than_32_mib_is_not_read_to_its_end() -> None:
    with serving(ENDLESS, *[b" " * MIB] * 200) as server, pytest.raises(BadAnswer) as caught:
        get_environment(server.gateway())
    assert caught.value.reason == "too_large"
    assert reading._budget._used == 0


def test_a_deadline_never_moves_outwards() -> None:
    with deadline.within(0.5), deadline.within(60):
        assert deadline.remaining(10) <= 0.5
    assert deadline.remaining(10) == 10
