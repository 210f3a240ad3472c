"""The Trace tab: rows, bars, the chosen call, and traces that are too long for one page."""

from threading import Event

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.cast import Cast
from tests.pages.runs.visit import visit
from tests.reading import one, said, select, text_of
from tests.samples import Wire, at, call, event, failure, run
from tests.upstream import FakeUpstream, Seen

LATE = {"type": "NoPrice", "msg": "row 1399 has no price"}


def names(response: object, css: str = ".waterfall tbody") -> list[str]:
    return [text_of(node) for node in select(response, f"{css} b")]


def long_trace(count: int = 1400) -> list[Wire]:
    """So many calls below one, the last of which failed the run."""
    first = call(1, error=LATE, value=None, var="import-all", stop_time=at(60), rev=2 * count + 1)
    rows = [
        call(seq, 1, var=f"row-{seq}", start_time=at(seq / 100), stop_time=at(seq / 100 + 0.005))
        for seq in range(2, count)
    ]
    last = call(
        count, 1, error=LATE, value=None, var="price", start_time=at(50), stop_time=at(59.9)
    )
    return [first, *rows, last]


def show_long(upstream: FakeUpstream) -> tuple[Wire, list[Wire]]:
    """A failed run whose long trace can be read by pages, and by what changed last."""
    made = run("failed", stop_time=at(60), result=failure(LATE["msg"], {"type": LATE["type"]}))
    calls = long_trace()
    upstream.show(made, [], event(event_id=made["event_id"]))
    upstream.many(f"/runs/{made['run_id']}/vars", calls, rev=2802, execution=1)
    return made, calls


def test_calls_are_indented_below_those_that_made_them(cast: Cast, upstream: FakeUpstream):
    calls = [call(1), call(2, 1), call(3, 2), call(4, 1)]
    upstream.show(made := run(), calls, event(event_id=made["event_id"]))
    answer = visit(cast, made)
    assert names(answer) == ["step-1", "step-2", "step-3", "step-4"]
    indents = [row.attributes["data-indent"] for row in select(answer, ".waterfall tbody tr")]
    assert indents == ["0", "1", "2", "1"]


def test_a_bar_shows_own_time_apart_from_time_in_calls_below(cast: Cast, upstream: FakeUpstream):
    calls = [
        call(1, start_time=at(0), stop_time=at(1)),
        call(2, 1, start_time=at(0.25), stop_time=at(0.75)),
    ]
    upstream.show(made := run(stop_time=at(1)), calls, event(event_id=made["event_id"]))
    bars = [
        (bar.attributes["class"], bar.attributes["x"], bar.attributes["width"])
        for bar in select(visit(cast, made), ".waterfall tbody rect")
    ]
    assert bars == [
        ("t-span", "0.00%", "100.00%"),
        ("t-self", "0.00%", "25.00%"),
        ("t-self", "75.00%", "25.00%"),
        ("t-self", "25.00%", "50.00%"),
    ]


def test_the_failed_call_is_chosen_unless_another_is_asked_for(cast: Cast, upstream: FakeUpstream):
    error = {"type": "Boom", "msg": "no"}
    calls = [call(1, error=error, value=None), call(2, 1, error=error, value=None), call(3, 1)]
    upstream.show(made := run("failed"), calls, event(event_id=made["event_id"]))
    assert one(visit(cast, made), "#call").attributes["data-seq"] == "2"
    answer = visit(cast, made, query={"call": 3})
    assert one(answer, "#call").attributes["data-seq"] == "3"
    assert text_of(one(answer, "tr[aria-current=true] b")) == "step-3"


def test_the_chosen_call_shows_what_it_was_given_and_what_it_returned(
    cast: Cast, upstream: FakeUpstream
):
    calls = [call(1), call(2, 1, args={"sku": "88-1204"}, value={"left": 3})]
    upstream.show(made := run(), calls, event(event_id=made["event_id"]))
    side = text_of(one(visit(cast, made, part="call", query={"call": 2}), "#call"))
    assert "call 2 of 2" in side
    assert '"88-1204"' in side
    assert "left: 3" in side


def test_a_call_that_raised_shows_its_error_in_place_of_a_value(cast: Cast, upstream: FakeUpstream):
    calls = [call(1, error={"type": "Boom", "msg": "the pot is empty"}, value=None)]
    upstream.show(made := run(), calls, event(event_id=made["event_id"]))
    side = text_of(one(visit(cast, made), "#call"))
    assert "Raised Boom the pot is empty" in side
    assert "Returned" not in side


@pytest.mark.parametrize("asked", ["77", "0", "x", "9" * 30])
def test_a_call_that_does_not_exist_is_said_to_be_none(
    cast: Cast, upstream: FakeUpstream, asked: str
):
    upstream.show(made := run(), [call()], event(event_id=made["event_id"]))
    answer = visit(cast, made, query={"call": asked})
    assert answer.status_code == 200
    assert "There is no such call in this trace." in said(answer)


def test_htmx_gets_only_the_chosen_call(cast: Cast, upstream: FakeUpstream):
    upstream.show(made := run(), [call(1), call(2, 1)], event(event_id=made["event_id"]))
    answer = visit(cast, made, part="call", query={"call": 2})
    assert not select(answer, ".waterfall, h1")
    assert "HX-Target" in answer["Vary"]


def test_a_long_trace_shows_500_calls_and_the_path_of_its_failure(
    cast: Cast, upstream: FakeUpstream
):
    made, _ = show_long(upstream)
    answer = visit(cast, made)
    assert len(names(answer)) == 501
    assert names(answer)[-1] == "price"
    assert text_of(one(answer, "tr[data-state=culprit] b")) == "price"
    assert "Show the next 500 of 900 more calls" in said(answer)
    assert "Raised in ::storefront::orders/price" in text_of(one(answer, ".failure"))
    assert "501" not in text_of(one(answer, ".trace-key"))


def test_the_path_of_a_failure_is_read_beside_the_event(cast: Cast, upstream: FakeUpstream):
    made, _ = show_long(upstream)
    tail_is_asked, was_in_time = Event(), list[bool]()

    def note(call: Seen) -> None:
        if "after_rev" in call.params:
            tail_is_asked.set()

    upstream.before(f"/runs/{made['run_id']}/vars", note)
    upstream.before(
        f"/events/{made['event_id']}", lambda _: was_in_time.append(tail_is_asked.wait(10))
    )
    assert len(names(visit(cast, made))) == 501
    assert was_in_time == [True]


def test_the_rest_is_loaded_on_request_and_stays_in_place(cast: Cast, upstream: FakeUpstream):
    made, _ = show_long(upstream)
    query = one(visit(cast, made), "#more .hidden-calls a").attributes["hx-get"]
    assert query == "?from=501&inside=1&inside=500&execution=1"
    answer = visit(cast, made, part="more", query={"from": 501, "inside": ["1", "500"]})
    # rows alone: outside a table a parser would drop them
    rows = LexborHTMLParser(f"<table>{answer.content.decode()}</table>").css("tr")
    assert "row-501" in text_of(rows[0])
    assert rows[0].attributes["data-indent"] == "1"
    assert "price" in text_of(rows[-1])
    whole = visit(cast, made, query={"from": 1001, "inside": ["1"]})
    assert names(whole)[-1] == "price"
    assert not select(whole, "#more")
    assert "From call 1,001 on: 400 of 1,400 calls" in said(whole)


def test_a_call_far_behind_the_rows_is_read_by_itself(cast: Cast, upstream: FakeUpstream):
    made, _ = show_long(upstream)
    side = one(visit(cast, made, part="call", query={"call": 1200}), "#call")
    assert "row-1200" in text_of(side)
    seen = upstream.seen(f"/runs/{made['run_id']}/vars")
    assert {"limit": "1", "offset": "1199"} in [call.params for call in seen]


def test_own_time_is_not_drawn_where_calls_below_may_be_unread(cast: Cast, upstream: FakeUpstream):
    made, _ = show_long(upstream)
    first = select(visit(cast, made), ".waterfall tbody tr")[0]
    assert [bar.attributes["class"] for bar in first.css("rect")] == ["t-span", "t-end"]


def test_a_trace_whose_execution_changed_says_that_it_starts_over(
    cast: Cast, upstream: FakeUpstream
):
    made = run("running")
    upstream.show(made, [], event(event_id=made["event_id"]))
    calls = [call(1, execution=2, stop_time=None, value=None)]
    upstream.many(f"/runs/{made['run_id']}/vars", calls, rev=3, execution=2)
    answer = visit(cast, made, query={"execution": 1})
    assert "Its trace starts over." in said(answer)
    assert "execution 2, the run was started anew" in said(answer)


def test_rows_of_a_trace_that_is_gone_are_not_continued_with_another(
    cast: Cast, upstream: FakeUpstream
):
    made, _ = show_long(upstream)
    answer = visit(cast, made, part="more", query={"from": 501, "execution": 7})
    assert "these calls are not of the same trace" in said(answer)
    assert "row-501" not in said(answer)


def test_a_page_of_rows_beyond_the_last_says_how_many_there_are(cast: Cast, upstream: FakeUpstream):
    upstream.show(made := run(), [call(1), call(2, 1)], event(event_id=made["event_id"]))
    assert "There are only 2 calls in this trace." in said(visit(cast, made, query={"from": 900}))


def test_without_a_trace_the_tab_is_hidden_and_the_result_stands_there(
    cast: Cast, upstream: FakeUpstream
):
    upstream.show(made := run(result={"charged": 5}), [], event(event_id=made["event_id"]))
    upstream.refuse(f"/runs/{made['run_id']}/vars", 404)
    answer = visit(cast, made)
    assert [text_of(tab) for tab in select(answer, ".tabs a")] == ["Input", "Result", "Raw"]
    assert "This server does not record the calls of a run" in said(answer)
    assert "charged: 5" in said(answer)


def test_a_ring_of_calls_ends(cast: Cast, upstream: FakeUpstream):
    calls = [call(1, 3), call(2, 1), call(3, 2), call(4, 4)]
    upstream.show(made := run(), calls, event(event_id=made["event_id"]))
    assert sorted(names(visit(cast, made))) == ["step-1", "step-2", "step-3", "step-4"]
