"""The Input tab: what the run was given."""

from tests.cast import Cast
from tests.pages.runs.visit import address, visit
from tests.reading import attribute, one, said, select, text_of
from tests.samples import call, event, run
from tests.upstream import FakeUpstream


def test_the_input_is_the_data_of_the_event(cast: Cast, upstream: FakeUpstream):
    made = run()
    data = {
        "order_id": "A-1",
        "lines": [{"sku": "88"}],
        "at": {"$type": "::hot/Instant", "$val": 7},
    }
    upstream.show(made, [call()], event(event_id=made["event_id"], event_data=data))
    answer = visit(cast, made, "input/")
    assert text_of(one(answer, ".tabs [aria-current=page]")) == "Input"
    lines = [text_of(node) for node in select(answer, "#details .json li")]
    assert 'order_id: "A-1"' in lines
    assert any(line.startswith("at: ::hot/Instant") for line in lines)
    assert attribute(answer, "#details [download]", "href") == address(made, "input/download/")


def test_htmx_gets_the_tab_alone(cast: Cast, upstream: FakeUpstream):
    upstream.show(made := run(), [call()], event(event_id=made["event_id"]))
    answer = visit(cast, made, "input/", part="details")
    assert select(answer, "#details")
    assert not select(answer, "h1, .verdict")


def test_a_schedule_says_that_its_function_is_given_nothing(cast: Cast, upstream: FakeUpstream):
    made = run(run_type="schedule", event_type=None)
    firing = event("hot:schedule", event_id=made["event_id"], event_data={"cron": "* * * * *"})
    upstream.show(made, [], firing)
    answer = visit(cast, made, "input/")
    assert "A schedule started this run; its function is given no input." in said(answer)
    assert 'cron: "* * * * *"' in said(answer)


def test_a_run_without_an_event_says_so(cast: Cast, upstream: FakeUpstream):
    upstream.show(made := run(event_id=None), [])
    answer = visit(cast, made, "input/")
    assert "The server names no event for this run" in said(answer)


def test_null_is_a_value(cast: Cast, upstream: FakeUpstream):
    made = run()
    upstream.show(made, [], event(event_id=made["event_id"], event_data=None))
    assert text_of(one(visit(cast, made, "input/"), "#details .json li")) == "null"


def test_data_of_many_megabytes_is_shown_by_its_beginning(cast: Cast, upstream: FakeUpstream):
    made = run()
    data = {"blob": "x" * 3_000_000}
    upstream.show(made, [], event(event_id=made["event_id"], event_data=data))
    answer = visit(cast, made, "input/")
    assert len(answer.content) < 200_000
    assert '{"blob":' in text_of(one(answer, "#details pre")).replace(" ", "")
    assert attribute(answer, "#details .link", "href") == address(made, "input/download/")
