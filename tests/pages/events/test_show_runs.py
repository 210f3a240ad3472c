"""What an event set off, on its page."""

from datetime import UTC, datetime

import pytest

from tests import samples
from tests.pages.events.an_event import run_of, tell, verdict
from tests.reading import attribute, one, select, text_of
from tests.samples import event, event_handler, new_id, platform, run


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("succeeded", "It set off 1 run, which succeeded."),
        ("failed", "It set off 1 run, which failed."),
        ("running", "It set off 1 run, which is running."),
        ("pending", "It set off 1 run, which waits to start."),
        ("pending_retry", "It set off 1 run, which failed and will be tried again."),
        ("cancelled", "It set off 1 run, which was cancelled."),
        ("odd", "It set off 1 run, which the server calls “odd”."),
    ],
)
def test_the_verdict_says_how_the_one_run_went(mia, upstream, status, sentence):
    made = event()
    assert verdict(mia.get(tell(upstream, made, [run_of(made, status)]))) == sentence


def test_the_verdict_counts_several_runs(mia, upstream):
    made = event()
    runs = [run_of(made), run_of(made, "failed"), run_of(made)]
    sentence = "It set off 3 runs: 2 succeeded, 1 failed."
    assert verdict(mia.get(tell(upstream, made, runs))) == sentence


def test_an_event_without_runs_says_so(mia, upstream):
    response = mia.get(tell(upstream, event()))
    assert verdict(response) == "It has set off no run."
    assert select(response, "#rows") == []


def test_each_run_is_a_row_that_leads_to_its_page(mia, upstream):
    made = event()
    started = run_of(made, "failed", result=samples.failure("card declined"))
    response = mia.get(tell(upstream, made, [started]))
    assert text_of(one(response, "#rows .name")) == "on-placed"
    assert text_of(one(response, "#rows .reason")) == "card declined"
    link = attribute(response, "#rows a.row-link", "href")
    assert link == f"/acme/development/runs/{started['run_id']}/"


def test_later_attempts_are_shown_although_they_have_events_of_their_own(mia, upstream):
    made = event()
    first = run_of(made, "failed", attempt=1, retry_max=2)
    second = run("failed", origin_run_id=first["run_id"], attempt=2, retry_max=2)
    third = run("succeeded", origin_run_id=second["run_id"], attempt=3, retry_max=2)
    stranger = run("succeeded", origin_run_id=new_id())
    response = mia.get(tell(upstream, made, [first], [second, third, stranger]))
    assert [text_of(tag) for tag in select(response, "#rows .tag")] == ["3/3", "2/3", "1/3"]
    assert verdict(response) == "It set off 1 run, which succeeded on its third attempt."
    assert "among all runs of its stream" in text_of(one(response, "#set-off"))


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ({"attempt": 3, "retry_max": 2}, 0),
        ({"attempt": 1, "retry_max": 0}, 0),
        ({"attempt": 2, "retry_max": 2}, 1),
        ({"attempt": None, "retry_max": None}, 1),
    ],
)
def test_later_attempts_are_looked_for_only_where_there_can_be_any(mia, upstream, told, asked):
    made = event()
    address = tell(upstream, made, [run_of(made, "succeeded"), run_of(made, "failed", **told)])
    response = mia.get(address)
    assert len(upstream.seen("/runs")) == asked
    assert ("Later attempts were looked for" in text_of(one(response, "#set-off"))) == bool(asked)


def test_attempts_that_retry_each_other_end_somewhere(mia, upstream):
    made = event()
    first = run_of(made, "failed", attempt=1, retry_max=2)
    second = run("failed", origin_run_id=first["run_id"])
    first["origin_run_id"] = second["run_id"]
    response = mia.get(tell(upstream, made, [first], [second]))
    assert len(select(response, "#rows tr")) == 2


def test_without_the_filter_by_stream_the_newest_runs_are_searched_and_it_says_so(mia, upstream):
    upstream.extensions = ()
    made = platform(event())
    started = platform(run_of(made, "failed"))
    address = tell(upstream, made, [started])
    upstream.many("/runs", [started], total=900)
    upstream.many(f"/projects/{started['project_id']}/event-handlers", [])
    response = mia.get(address)
    assert "among the newest 1 runs of the environment" in text_of(one(response, "#set-off"))
    assert "stream_id" not in upstream.seen("/runs")[0].params


def test_a_function_is_named_by_the_only_handler_of_its_build(mia, upstream):
    upstream.extensions = ()
    made = platform(event())
    started = platform(run_of(made))
    address = tell(upstream, made, [started])
    handlers = f"/projects/{started['project_id']}/event-handlers"
    upstream.many(handlers, [event_handler(var="on-it")])
    assert text_of(one(mia.get(address), "#rows .name")) == "on-it"
    upstream.many(handlers, [event_handler(var="on-it"), event_handler(var="on-it-too")])
    assert text_of(one(mia.get(address), "#rows .name")) == "order:placed"


def test_more_runs_than_are_drawn_are_counted(mia, upstream):
    made = event()
    address = tell(upstream, made, [run_of(made) for _ in range(53)])
    assert "3 more runs are not drawn." in text_of(one(mia.get(address), "#set-off"))


@pytest.mark.parametrize("status", ["running", "pending", "pending_retry"])
def test_while_a_run_goes_on_the_page_listens_and_follows(mia, upstream, status):
    made = event()
    response = mia.get(tell(upstream, made, [run_of(made), run_of(made, status)]))
    assert "topic=env%3A" in attribute(response, "#live", "data-live-url")
    assert [node.id for node in select(response, "[data-follows=run]")] == ["verdict", "set-off"]


def test_an_event_just_published_waits_for_its_first_run(mia, upstream):
    response = mia.get(tell(upstream, event(event_time=datetime.now(UTC).isoformat())))
    assert len(select(response, "#live")) == 1


@pytest.mark.parametrize("runs", [["succeeded", "failed", "cancelled"], []])
def test_once_all_is_over_the_page_is_still(mia, upstream, runs):
    made = event(event_time="2026-08-22T20:36:38Z")
    response = mia.get(tell(upstream, made, [run_of(made, status) for status in runs]))
    assert select(response, "#live, [data-follows]") == []
