import uuid
from datetime import UTC, datetime

import pytest

from hotdash.gateway.errors import BadAnswer, Refused, RouteMissing
from hotdash.gateway.runs import RunQuery, count_runs, get_run, get_run_stats, list_runs
from tests import samples
from tests.upstream import FakeUpstream, gateway


def test_a_run_of_the_embedded_api_is_read_whole(upstream: FakeUpstream) -> None:
    wire = samples.run("failed", start_time="2026-11-22T20:36:22.308167014Z", attempt=2)
    upstream.one(f"/runs/{wire['run_id']}", wire)
    run = get_run(gateway(), wire["run_id"])
    assert run.run_id == uuid.UUID(wire["run_id"])
    assert run.start_time == datetime(2026, 11, 22, 20, 36, 22, 308167, tzinfo=UTC)
    assert run.result is not None
    assert run.result.value["$val"]["msg"] == "card declined"
    assert (run.function, run.attempt, run.retry_max) == ("::storefront::orders/on-placed", 2, 0)


def test_what_the_platform_does_not_say_is_none(upstream: FakeUpstream) -> None:
    wire = samples.platform(samples.run("running"))
    upstream.one(f"/runs/{wire['run_id']}", wire)
    run = get_run(gateway(), wire["run_id"])
    assert (run.function, run.attempt, run.retry_max, run.event_type) == (None, None, None, None)
    assert run.result is None


def test_a_result_of_null_is_a_result(upstream: FakeUpstream) -> None:
    wire = samples.run(result=None)
    upstream.one(f"/runs/{wire['run_id']}", wire)
    run = get_run(gateway(), wire["run_id"])
    assert run.result is not None
    assert run.result.value is None


def test_a_status_nobody_knows_passes_through(upstream: FakeUpstream) -> None:
    upstream.many("/runs", [samples.run("hibernating", result=samples.OMIT)])
    assert list_runs(gateway(), RunQuery()).rows[0].status == "hibernating"


def test_the_filters_go_to_the_server(upstream: FakeUpstream) -> None:
    upstream.many("/runs", [samples.run("failed"), samples.run("running")])
    page = list_runs(gateway(), RunQuery(status="failed", type="event", time_range="P7D", limit=5))
    assert [run.status for run in page] == ["failed"]
    assert upstream.calls[0].params == {
        "status": "failed",
        "type": "event",
        "time_range": "P7D",
        "limit": "5",
        "offset": "0",
    }


def test_rows_before_the_moment_asked_for_are_dropped_and_counted(upstream: FakeUpstream) -> None:
    upstream.many("/runs", [samples.run(start_time=samples.at(5)), samples.run()])
    page = list_runs(gateway(), RunQuery(time_range="PT1H", since=samples.NOON.replace(second=3)))
    assert (len(page), page.dropped, page.is_at_least) == (1, 1, True)


def test_counting_asks_for_one_row(upstream: FakeUpstream) -> None:
    upstream.many("/runs", [samples.run()], total=812)
    assert count_runs(gateway(), RunQuery(limit=50)) == 812
    assert upstream.calls[0].params["limit"] == "1"


def test_stats_that_the_server_does_not_count_are_none(upstream: FakeUpstream) -> None:
    upstream.one("/runs/stats", samples.stats(pending=samples.OMIT, pending_retry=samples.OMIT))
    stats = get_run_stats(gateway())
    assert (stats.total_runs, stats.pending, stats.pending_retry) == (3, None, None)


def test_an_unknown_run_is_refused_with_its_envelope(upstream: FakeUpstream) -> None:
    upstream.refuse(f"/runs/{samples.BUILD_ID}", 404, "not_found", "Run not found")
    with pytest.raises(Refused) as caught:
        get_run(gateway(), samples.BUILD_ID)
    assert (caught.value.status, caught.value.code) == (404, "not_found")
    assert caught.value.request_id
    assert not isinstance(caught.value, RouteMissing)


@pytest.mark.parametrize("text", ["", "..", "%2e%2e", "a/b", "abc", "1'--"])
def test_what_is_no_id_is_not_found_without_a_call(upstream: FakeUpstream, text: str) -> None:
    with pytest.raises(Refused) as caught:
        get_run(gateway(), text)
    assert caught.value.status == 404
    assert upstream.calls == []


def test_a_run_without_an_id_is_a_bad_answer(upstream: FakeUpstream) -> None:
    upstream.many("/runs", [samples.run(run_id=samples.OMIT)])
    with pytest.raises(BadAnswer) as caught:
        list_runs(gateway(), RunQuery())
    assert caught.value.reason == "shape"
