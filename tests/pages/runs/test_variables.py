"""The Variables tab: plain variables, as the older generation sends them."""

from tests.cast import Cast
from tests.pages.runs.visit import visit
from tests.reading import one, said, select, text_of
from tests.samples import Wire, call, event, platform, run, variable
from tests.upstream import FakeUpstream


def show_older(upstream: FakeUpstream, rows: list[Wire]) -> Wire:
    """A run of the older generation: plain variables, and nothing that a trace needs."""
    made = platform(run())
    upstream.extensions = ()
    upstream.one(f"/runs/{made['run_id']}", made)
    upstream.many(f"/runs/{made['run_id']}/vars", rows)
    upstream.one(f"/events/{made['event_id']}", platform(event(event_id=made["event_id"])))
    upstream.many(f"/projects/{made['project_id']}/event-handlers", [])
    return made


def test_variables_have_a_tab_where_the_server_sends_any(cast: Cast, upstream: FakeUpstream):
    made = show_older(upstream, [variable(var="invoice", value={"id": "inv_42"}), variable()])
    answer = visit(cast, made, "variables/")
    assert text_of(one(answer, ".tabs [aria-current=page]")) == "Variables 2"
    names = [text_of(node) for node in select(answer, "#details dt")]
    assert names[0] == "::billing::handlers/invoice"
    assert 'id: "inv_42"' in said(answer)


def test_no_trace_is_drawn_from_variables(cast: Cast, upstream: FakeUpstream):
    made = show_older(upstream, [variable()])
    answer = visit(cast, made)
    tabs = [text_of(tab) for tab in select(answer, ".tabs a")]
    assert tabs == ["Input", "Result", "Variables 1", "Raw"]
    assert not select(answer, ".waterfall")
    assert "This server does not record the calls of a run" in said(answer)


def test_where_there_are_none_there_is_no_tab(cast: Cast, upstream: FakeUpstream):
    upstream.show(made := run(), [call()], event(event_id=made["event_id"]))
    answer = visit(cast, made)
    assert [text_of(tab) for tab in select(answer, ".tabs a")] == [
        "Trace 1",
        "Input",
        "Result",
        "Raw",
    ]
    assert "This server sends no plain variables" in said(visit(cast, made, "variables/"))


def test_very_many_variables_stay_within_2000_lines(cast: Cast, upstream: FakeUpstream):
    rows = [variable(var=f"v{n}", value=list(range(50))) for n in range(500)]
    answer = visit(cast, show_older(upstream, rows), "variables/")
    assert len(select(answer, "#details .json li")) <= 2000
