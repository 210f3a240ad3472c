"""An environment's first page: what fails, what runs, and how much there is."""

import pytest

from tests import samples
from tests.pages.overview.first_page import PAGE, failed, figures, names, tell
from tests.reading import attribute, one, select, text_of
from tests.samples import OMIT, ago, event, event_handler, failure, platform, run


def test_what_fails_is_shown_newest_first_with_its_reason(mia, upstream):
    newest, older = failed(var="old"), failed(var="new", result=failure("card declined"))
    tell(upstream, older, newest, run("pending_retry", var="parked"))
    response = mia.get(PAGE)
    assert names(response, "#failing") == ["parked", "new", "old"]
    assert "card declined" in text_of(one(response, "#failing"))
    link = select(response, "#failing a.row-link")[1].attributes["href"]
    assert link == f"/acme/development/runs/{older['run_id']}/"


def test_of_many_failures_the_newest_are_shown_and_all_are_counted(mia, upstream):
    tell(upstream, *(failed() for _ in range(60)))
    response = mia.get(PAGE)
    assert len(names(response, "#failing")) == 8
    assert "of 60 failed runs" in text_of(one(response, "#failing .section-head"))
    link = attribute(response, "#failing .section-head a", "href")
    assert link == "/acme/development/runs/?status=failed"


def test_of_several_attempts_the_last_speaks(mia, upstream):
    first = failed(var="first")
    second = failed(var="second", origin_run_id=first["run_id"])
    third = run("running", origin_run_id=second["run_id"])
    other = failed(var="other")
    tell(upstream, other, third, second, first)
    assert names(mia.get(PAGE), "#failing") == ["other"]


def test_what_runs_now_is_shown_with_its_time_so_far(mia, upstream):
    started = run("running", start_time=ago(seconds=75), stop_time=None, var="reindex")
    tell(upstream, started)
    response = mia.get(PAGE)
    assert names(response, "#running") == ["reindex"]
    assert text_of(one(response, "#running .elapsed")).startswith("1")
    assert attribute(response, "#running .rows a", "href").endswith(f"/runs/{started['run_id']}/")


def test_quiet_is_said_in_words(mia, upstream):
    tell(upstream, run())
    response = mia.get(PAGE)
    assert "Nothing runs in Development at this moment." in text_of(one(response, "#running"))
    assert "No run has failed in Development" in text_of(one(response, "#failing"))


def test_the_counts_are_the_servers_own(mia, upstream):
    tell(upstream, total_runs=54218, failed=114, succeeded=54100, running=3, cancelled=1)
    assert figures(mia.get(PAGE)) == {
        "Runs": "54,218",
        "Failed": "114",
        "Succeeded": "54,100",
        "Running": "3",
        "Retry due": "0",
        "Queued": "0",
    }


def test_what_the_server_does_not_count_is_not_shown(mia, upstream):
    tell(upstream, pending=OMIT, pending_retry=OMIT)
    assert list(figures(mia.get(PAGE))) == ["Runs", "Failed", "Succeeded", "Running"]


@pytest.mark.parametrize(
    ("count", "share"), [(0, "0.0 %"), (1, "0.01 %"), (300, "3.0 %"), (10_000, "100.0 %")]
)
def test_shares_have_the_digits_that_matter(mia, upstream, count, share):
    tell(upstream, total_runs=10_000, failed=count)
    assert text_of(select(mia.get(PAGE), ".figures .delta")[1]) == share


def test_each_count_leads_to_its_runs(mia, upstream):
    tell(upstream)
    links = [node.attributes["href"] for node in select(mia.get(PAGE), ".figures a")]
    assert links[:2] == ["/acme/development/runs/", "/acme/development/runs/?status=failed"]


def test_functions_are_named_by_handlers_where_runs_do_not_name_them(mia, upstream):
    upstream.extensions = ()
    made = event()
    tell(upstream, platform(failed(event_id=made["event_id"])))
    upstream.many("/events", [platform(made)])
    handlers = f"/projects/{samples.PROJECT_ID}/event-handlers"
    upstream.many(handlers, [event_handler(var="on-it")])
    assert names(mia.get(PAGE), "#failing") == ["on-it"]


def test_the_page_asks_four_times_and_at_once(mia, upstream):
    tell(upstream, failed(), run("running"))
    mia.get(PAGE)
    assert sorted(call.path for call in upstream.calls) == ["/runs"] * 3 + ["/runs/stats"]


@pytest.mark.parametrize(
    ("part", "paths"),
    [("failing", ["/runs", "/runs"]), ("running", ["/runs"]), ("counts", ["/runs/stats"])],
)
def test_a_part_asks_for_its_own_alone(mia, upstream, part, paths):
    tell(upstream, run("failed"), run("running"))
    response = mia.get(PAGE, headers={"HX-Request": "true", "HX-Target": part})
    assert [call.path for call in upstream.calls] == paths
    assert len(select(response, f"#{part}")) == 1
    assert select(response, "header.topbar, h1") == []


@pytest.mark.parametrize(("runs", "is_offered"), [(199, True), (200, False)])
def test_first_steps_are_loaded_only_where_somebody_may_be_beginning(
    mia, upstream, runs, is_offered
):
    tell(upstream, total_runs=runs)
    links = [node.attributes["href"] for node in select(mia.get(PAGE), "#steps a")]
    assert links == (["/acme/development/overview/steps/"] if is_offered else [])
