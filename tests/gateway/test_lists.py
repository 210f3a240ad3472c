import httpx
import pytest

from hotdash.gateway import reading
from hotdash.gateway.errors import BadAnswer
from hotdash.gateway.runs import RunQuery, list_runs
from tests import samples
from tests.upstream import FakeUpstream, gateway


def test_a_page_knows_its_place(upstream: FakeUpstream) -> None:
    upstream.many("/runs", [samples.run() for _ in range(5)])
    page = list_runs(gateway(), RunQuery(limit=2, offset=2))
    assert (len(page), page.total, page.limit, page.offset, page.has_more) == (2, 5, 2, 2, True)
    last = list_runs(gateway(), RunQuery(limit=2, offset=4))
    assert (len(last), last.has_more) == (1, False)


def test_a_page_beyond_the_end_is_empty_and_keeps_the_total(upstream: FakeUpstream) -> None:
    upstream.many("/runs", [samples.run()])
    page = list_runs(gateway(), RunQuery(limit=2, offset=100))
    assert (len(page), page.total, page.has_more) == (0, 1, False)


@pytest.mark.parametrize(
    ("asked", "sent"), [((0, -5), ("1", "0")), ((9_999, 3), ("500", "3")), ((-1, 0), ("1", "0"))]
)
def test_limits_stay_within_the_contract(
    upstream: FakeUpstream, asked: tuple[int, int], sent: tuple[str, str]
) -> None:
    upstream.many("/runs", [])
    list_runs(gateway(), RunQuery(limit=asked[0], offset=asked[1]))
    params = upstream.calls[0].params
    assert (params["limit"], params["offset"]) == sent


def test_a_list_without_pagination_counts_what_it_has(upstream: FakeUpstream) -> None:
    upstream.one("/runs", [samples.run(), samples.run()])
    page = list_runs(gateway(), RunQuery(limit=50, offset=10))
    assert (page.total, page.has_more) == (12, False)


def test_a_list_too_large_is_asked_again_with_half_the_rows(
    upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BODY_BYTES", 25_000)
    upstream.many("/runs", [samples.run(result="x" * 5_000) for _ in range(50)])
    page = list_runs(gateway(), RunQuery(limit=50))
    assert [call.params["limit"] for call in upstream.calls] == ["50", "25", "12", "6", "3"]
    assert (len(page), page.total, page.limit, page.has_more) == (3, 50, 3, True)


def test_one_row_that_is_too_large_is_said(
    upstream: FakeUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BODY_BYTES", 4_000)
    upstream.many("/runs", [samples.run(result="x" * 5_000)])
    with pytest.raises(BadAnswer) as caught:
        list_runs(gateway(), RunQuery(limit=4))
    assert caught.value.reason == "too_large"
    assert [call.params["limit"] for call in upstream.calls] == ["4", "2", "1"]


def test_other_failures_are_not_asked_again(upstream: FakeUpstream) -> None:
    upstream.fail("/runs", httpx.ReadTimeout(""))
    with pytest.raises(Exception, match="timeout"):
        list_runs(gateway(), RunQuery())
    assert len(upstream.calls) == 1
