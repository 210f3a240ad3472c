import threading
import time

import pytest

from hotdash.gateway import timing
from hotdash.gateway.environments import get_environment
from hotdash.gateway.errors import GatewayError, Refused
from hotdash.gateway.runs import RunQuery, get_run_stats, list_runs
from hotdash.gateway.together import attempt, close_threads, together
from tests import samples
from tests.upstream import FakeUpstream, gateway


def test_calls_run_at_the_same_time_and_keep_their_order() -> None:
    meeting = threading.Barrier(3, timeout=30)

    def call(name: str) -> str:
        meeting.wait()
        return name

    assert together(lambda: call("a"), lambda: call("b"), lambda: call("c")) == ("a", "b", "c")


def test_an_error_is_raised_after_what_has_begun_has_ended() -> None:
    begun, ended = threading.Event(), []

    def slow() -> str:
        begun.set()
        time.sleep(0.05)
        ended.append("slow")
        return "done"

    def refused() -> str:
        assert begun.wait(30)
        raise Refused(403)

    with pytest.raises(Refused):
        together(refused, slow)
    assert ended == ["slow"]
    with pytest.raises(Refused):
        together(slow, refused)


def test_calls_inside_calls_end_though_the_pool_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotdash.gateway.together.THREADS", 1)
    close_threads()
    meeting = threading.Barrier(2, timeout=30)

    def inner(name: str) -> tuple[str, str]:
        meeting.wait()  # the pool's only thread and this one are both inside
        return together(lambda: name, lambda: name * 2)

    try:
        assert together(lambda: inner("a"), lambda: inner("b")) == (("a", "aa"), ("b", "bb"))
    finally:
        close_threads()


def test_an_attempt_gives_the_error_of_the_gateway_and_no_other() -> None:
    def refused() -> str:
        raise Refused(403)

    assert isinstance(attempt(refused), GatewayError)
    assert attempt(lambda: 5) == 5
    with pytest.raises(ZeroDivisionError):
        attempt(lambda: 1 // 0)


def test_the_timings_of_a_request_hold_all_its_calls(upstream: FakeUpstream) -> None:
    upstream.many("/runs", [samples.run()])
    upstream.one("/runs/stats", samples.stats())
    upstream.refuse("/env", 500)
    with timing.record() as log:
        together(lambda: list_runs(gateway(), RunQuery()), lambda: get_run_stats(gateway()))
        attempt(lambda: get_environment(gateway()))
    assert sorted(entry.path for entry in log) == ["/env", "/runs", "/runs/stats"]
    assert all(entry.duration_ms > 0 for entry in log)
    get_run_stats(gateway())
    assert len(log) == 3
