"""The page of a run while it is under way, and what arrives on it."""

from uuid import uuid4

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from hotdash.gateway.stream_data import shape_stream_data
from hotdash.gateway.traces import Trace, list_calls
from hotdash.live.renderers import Place, rendered
from hotdash.pages.runs.run_output import LONGEST, NEWEST
from tests import upstream as fakes
from tests.cast import Cast
from tests.pages.runs.visit import address, visit
from tests.reading import attribute, one, said, select, text_of
from tests.samples import Wire, at, call, event, platform, run, stream_data
from tests.upstream import FakeUpstream

HERE = Place("acme", "development", uuid4())


def shown(upstream: FakeUpstream, made: Wire, calls: list[Wire] = [], said: list[Wire] = []):  # noqa: B006  only read
    upstream.show(made, calls, event(event_id=made["event_id"]))
    upstream.many(f"/runs/{made['run_id']}/stream-data", said)


def only(tree: LexborHTMLParser, css: str) -> LexborNode:
    """The first element that the selector names, which has to be there."""
    found = tree.css_first(css)
    assert found is not None, css
    return found


def under_way() -> tuple[Wire, list[Wire]]:
    made = run("running")
    return made, [call(1, stop_time=None, value=None), call(2, 1)]


def grown(upstream: FakeUpstream, calls: list[Wire]) -> list[LexborHTMLParser]:
    """What is appended to a page when these calls began or ended."""
    run_id = uuid4()
    upstream.many(f"/runs/{run_id}/vars", calls, rev=9, execution=1)
    trace: Trace = list_calls(fakes.gateway(), run_id)
    pieces = rendered("trace", HERE, run_id, trace)
    assert {piece.target for piece in pieces} == {"calls"}
    return [LexborHTMLParser(f"<table>{piece.html}</table>") for piece in pieces]


def arrived(piece: Wire) -> tuple[str, LexborHTMLParser]:
    """Where a piece of output is put, and as what."""
    (made,) = rendered("stream:data", HERE, shape_stream_data(piece))
    return made.target, LexborHTMLParser(f"<ol>{made.html}</ol>")


@pytest.mark.parametrize("status", ["pending", "running", "pending_retry"])
def test_a_run_that_is_not_over_is_listened_to(cast: Cast, upstream: FakeUpstream, status: str):
    shown(upstream, made := run(status))
    url = attribute(visit(cast, made), "#live", "data-live-url")
    assert f"run%3A{cast.acme.environments.get(slug='development').pk}%2F{made['run_id']}" in url
    assert f"%2F{made['stream_id']}" in url


@pytest.mark.parametrize("tab", ["", "input/", "result/", "raw/"])
def test_every_tab_of_a_run_under_way_listens(cast: Cast, upstream: FakeUpstream, tab: str):
    shown(upstream, made := run("running"))
    assert len(select(visit(cast, made, tab), "#live, [data-live-pause]")) == 2


@pytest.mark.parametrize("status", ["succeeded", "failed", "cancelled"])
def test_a_run_that_is_over_is_the_same_page_without_a_stream(
    cast: Cast, upstream: FakeUpstream, status: str
):
    shown(upstream, made := run(status), [call()])
    answer = visit(cast, made)
    assert select(answer, "#live, [data-live-pause], [data-is-live], #calls") == []
    assert len(select(answer, ".waterfall tbody tr")) == 1


def test_the_time_so_far_says_since_when_and_the_page_when_it_was_made(
    cast: Cast, upstream: FakeUpstream
):
    shown(upstream, made := run("running", start_time=at()))
    answer = visit(cast, made)
    assert attribute(answer, ".verdict .elapsed", "data-since") == "2026-11-22T12:00:00.000Z"
    assert attribute(answer, "#live", "data-made-at") > "2026-11-22T12:00:00.000Z"
    assert text_of(one(answer, ".verdict strong")).startswith("Running for ")


def test_how_a_run_stands_is_said_when_it_changed_and_not_each_second(
    cast: Cast, upstream: FakeUpstream
):
    shown(upstream, made := run("running", start_time=at()))
    first = visit(cast, made)
    assert select(first, "[role=status] .elapsed, [data-said]") == []
    again = visit(cast, made, part="run")
    assert text_of(one(again, "#run [data-said]")).startswith("Running. Running for ")


def test_a_call_carries_what_its_bar_is_drawn_from(cast: Cast, upstream: FakeUpstream):
    made, calls = under_way()
    shown(upstream, made, calls)
    first, second = select(visit(cast, made), "#calls > tr")
    assert (first.attributes["id"], first.attributes["data-ended"]) == ("call-1", "")
    assert second.attributes["data-parent"] == "call-1"
    assert float(second.attributes["data-began"] or 0) < float(second.attributes["data-ended"] or 0)
    assert (first.attributes["data-indent"], second.attributes["data-indent"]) == ("0", "1")


def test_a_call_that_arrives_replaces_its_own_row_alone(upstream: FakeUpstream):
    first, second = grown(upstream, [call(1, stop_time=None, value=None), call(2, 1, value=7)])
    row = only(first, "tr")
    assert row.attributes["id"] == "call-1"
    assert row.attributes["data-state"] == "open"
    assert only(second, "tr").attributes["data-parent"] == "call-1"
    assert only(second, "svg text").text().strip() == "7"


def test_a_call_that_raised_arrives_as_failed(upstream: FakeUpstream):
    (row,) = grown(upstream, [call(1, error={"type": "E", "msg": "m"}, value=None)])
    assert only(row, "tr").attributes["data-state"] == "raised"
    assert only(row, "rect").attributes["class"] == "t-fail"


def test_text_that_arrives_can_be_joined_and_a_value_cannot():
    piece = stream_data("once upon", data_type="token")
    target, line = arrived(piece)
    assert target == f"said-{piece['run_id']}"
    item = only(line, "li")
    assert item.attributes["id"] == f"piece-{piece['stream_data_id']}"
    assert item.attributes["data-joins"] == "token"
    assert "data-fresh" in item.attributes
    assert only(line, ".said span").text() == "once upon"
    _, line = arrived(stream_data({"day": 3}))
    assert "data-joins" not in only(line, "li").attributes
    assert only(line, "code.said").text() == '{"day": 3}'


def test_hostile_output_is_text():
    _, line = arrived(stream_data("<img src=x onerror=alert(1)>", data_type="<b>"))
    assert line.css("img, b") == []
    assert only(line, ".said").text() == "<img src=x onerror=alert(1)>"


def test_a_piece_without_a_time_has_that_of_its_id():
    piece = stream_data("x", created_at=None, stream_data_id="019aab6f-d940-7000-8000-000000000001")
    _, line = arrived(piece)
    assert (only(line, "time").attributes["datetime"] or "").startswith("2025-11-22T")


def test_a_long_piece_is_cut_and_says_by_how_much():
    _, line = arrived(stream_data("a" * (LONGEST + 1234)))
    assert only(line, ".said").text().endswith("a … 1,234 more characters")


def test_what_a_run_said_is_read_where_the_server_keeps_it(cast: Cast, upstream: FakeUpstream):
    pieces = [
        stream_data("Once ", data_type="token"),
        stream_data("upon a time", data_type="token"),
        stream_data({"day": 1}, data_type="progress"),
        stream_data("done", data_type="log"),
    ]
    shown(upstream, made := run(), [call()], pieces)
    answer = visit(cast, made)
    assert [text_of(node) for node in select(answer, "ol.feed .said")] == [
        "Once upon a time",
        '{"day": 1}',
        "done",
    ]
    assert "What it said" in said(answer)


def test_of_very_much_output_the_newest_is_shown_and_the_rest_counted(
    cast: Cast, upstream: FakeUpstream
):
    pieces = [stream_data({"n": number}) for number in range(NEWEST + 5)]
    shown(upstream, made := run(), [call()], pieces)
    answer = visit(cast, made)
    lines = [text_of(node) for node in select(answer, "ol.feed .said")]
    assert (len(lines), lines[-1]) == (NEWEST, f'{{"n": {NEWEST + 4}}}')
    assert text_of(one(answer, ".said-before")) == "5 earlier, not shown"


def test_a_server_that_keeps_no_output_is_quoted_so(cast: Cast, upstream: FakeUpstream):
    made = run()
    upstream.extensions = ()
    upstream.one(f"/runs/{made['run_id']}", platform(made))
    upstream.refuse(f"/runs/{made['run_id']}/vars", 404)
    upstream.one(f"/events/{made['event_id']}", event(event_id=made["event_id"]))
    upstream.many(f"/projects/{made['project_id']}/event-handlers", [])
    answer = visit(cast, made)
    assert "This server does not keep what a run says" in said(answer)
    made |= {"status": "running", "stop_time": None, "result": None}
    upstream.one(f"/runs/{made['run_id']}", platform(made))
    assert "what was said before cannot be shown" in said(visit(cast, made))


def test_a_run_without_output_says_that_there_is_none(cast: Cast, upstream: FakeUpstream):
    shown(upstream, made := run(), [call()])
    answer = visit(cast, made)
    assert select(answer, "ol.feed") == []
    assert "The server has no output of this run" in said(answer)


def test_output_that_cannot_be_read_leaves_the_page_standing(cast: Cast, upstream: FakeUpstream):
    shown(upstream, made := run(), [call()])
    upstream.refuse(f"/runs/{made['run_id']}/stream-data", 500, "internal", "no")
    answer = visit(cast, made)
    assert answer.status_code == 200
    assert one(answer, "#details .alert .button").attributes["href"] == address(made)


def test_the_part_of_one_call_does_not_read_the_output(cast: Cast, upstream: FakeUpstream):
    shown(upstream, made := run(), [call()])
    visit(cast, made, part="call")
    assert upstream.seen(f"/runs/{made['run_id']}/stream-data") == []


def test_a_run_without_payloads_is_small(cast: Cast, upstream: FakeUpstream):
    made = run("running")
    calls = [call(1, stop_time=None, value=None), *(call(n, 1, value=None) for n in range(2, 13))]
    shown(upstream, made, calls)
    assert len(visit(cast, made).content) <= 40_000
