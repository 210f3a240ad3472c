"""The Raw tab: the run as JSON text, as the server sent it."""

import json

from tests.cast import Cast
from tests.pages.runs.visit import visit
from tests.reading import one, said, select, text_of
from tests.samples import call, event, run
from tests.upstream import FakeUpstream


def test_the_text_is_the_run_with_fields_that_hotdash_does_not_know(
    cast: Cast, upstream: FakeUpstream
):
    made = {**run(result={"a": [1, "ü"]}), "invented_later": {"x": None}}
    upstream.show(made, [call()], event(event_id=made["event_id"]))
    answer = visit(cast, made, "raw/")
    assert text_of(one(answer, ".tabs [aria-current=page]")) == "Raw"
    assert json.loads(one(answer, "#details pre").text()) == made


def test_a_long_text_is_cut_and_says_where_the_whole_is(cast: Cast, upstream: FakeUpstream):
    made = run(result=["line"] * 10_000)
    upstream.show(made, [], event(event_id=made["event_id"]))
    answer = visit(cast, made, "raw/")
    assert len(one(answer, "#details pre").text()) <= 60_000
    assert "Not all of it is shown here." in said(answer)
    assert select(answer, "#details a[download]")


def test_htmx_gets_the_tab_alone(cast: Cast, upstream: FakeUpstream):
    upstream.show(made := run(), [call()], event(event_id=made["event_id"]))
    assert not select(visit(cast, made, "raw/", part="details"), "h1")
