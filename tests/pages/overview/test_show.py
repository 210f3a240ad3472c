"""An environment's first page: what fails, what runs, and how much there is."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import samples
from tests.reading import attribute, heading, one, said, select, text_of
from tests.samples import OMIT, event, event_handler, failure, platform, run, stats
from tests.troubles import TROUBLES, bring

PAGE = "/acme/development/"
PARTS = ["failing", "running", "counts", "verdict"]
HOSTILE = '<img src=x onerror=a()>"><b hx-get=/x hx-trigger=load>{{7*7}}]]>\x1b[2J\u202e'


def ago(**span):
    """A time on the wire, so long before now."""
    return (datetime.now(UTC) - timedelta(**span)).isoformat().replace("+00:00", "Z")


@pytest.fixture
def mia(cast):
    """The browser of a member."""
    return cast.browser(cast.mia)


def tell(upstream, *runs, **counts):
    """Let the fake have these runs, newest first, and these counts."""
    upstream.many("/runs", list(runs))
    upstream.one("/runs/stats", stats(**counts))


def failed(minutes=5, **changes):
    return run("failed", start_time=ago(minutes=minutes), stop_time=ago(minutes=minutes), **changes)


def verdict(response):
    return text_of(one(response, "#verdict"))


def names(response, css):
    return [text_of(node) for node in select(response, f"{css} .name")]


# --- The sentence --------------------------------------------------------------------------------


def test_recent_failures_come_first(mia, upstream):
    tell(upstream, failed(), failed(), failed(minutes=90), run("running"))
    response = mia.get(PAGE)
    assert heading(response) == "Overview"
    assert verdict(response) == "2 runs failed in the last hour. 1 is running now."


def test_failures_that_lie_back_are_said_to(mia, upstream):
    tell(upstream, failed(minutes=150))
    words = "No run failed in the last hour. The last failure was 2 h ago. None is running now."
    assert verdict(mia.get(PAGE)).replace("\N{NARROW NO-BREAK SPACE}", " ") == words


def test_without_any_failure_it_says_so(mia, upstream):
    tell(upstream, run(), run("running"), run("running"))
    assert verdict(mia.get(PAGE)) == "No run has failed. 2 are running now."


def test_when_more_may_have_failed_than_were_read_it_says_at_least(mia, upstream):
    tell(upstream, *(failed() for _ in range(60)))
    assert verdict(mia.get(PAGE)).startswith("At least 25 runs failed in the last hour.")


def test_what_waits_for_another_attempt_is_counted(mia, upstream):
    tell(upstream, run("pending_retry"))
    words = "No run has failed. 1 run waits for the next attempt. None is running now."
    assert verdict(mia.get(PAGE)) == words


def test_what_a_later_attempt_put_right_does_not_fail_any_more(mia, upstream):
    first = failed(attempt=1, retry_max=2, var="on-paid")
    other = failed(attempt=1, retry_max=2, var="on-sent")
    second = run(attempt=2, retry_max=2, origin_run_id=first["run_id"])
    tell(upstream, second, first, other)
    assert names(mia.get(PAGE), "#failing") == ["on-sent"]


def test_later_attempts_are_looked_for_only_where_there_may_be_some(mia, upstream):
    tell(upstream, failed(attempt=3, retry_max=2))
    mia.get(PAGE)
    assert "status" in upstream.seen("/runs")[-1].params


def test_an_empty_environment_is_one(mia, upstream):
    tell(upstream, total_runs=0, running=0, succeeded=0, failed=0)
    assert verdict(mia.get(PAGE)) == "Nothing has run in Development yet."


# --- What fails, what runs, how much -------------------------------------------------------------


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


def figures(response):
    return {
        text_of(figure.css("dt")[0]): text_of(figure.css(".figure")[0])
        for figure in select(response, ".figures > div")
    }


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


# --- Trouble -------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["", *PARTS])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_where_nothing_can_be_read_the_page_is_the_trouble_in_words(mia, upstream, trouble, part):
    bring(upstream, "/runs/stats", trouble)
    request_id = bring(upstream, "/runs", trouble)
    status, title = TROUBLES[trouble]
    headers = {"HX-Request": "true", "HX-Target": part} if part else {}
    response = mia.get(PAGE, headers=headers)
    assert response.status_code == status
    assert title in said(response)
    assert request_id[-12:] in said(response)
    assert bool(select(response, "header.topbar")) is not bool(part)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_counts_is_the_panels_own(mia, upstream, trouble):
    tell(upstream, failed())
    bring(upstream, "/runs/stats", trouble)
    response = mia.get(PAGE)
    assert response.status_code == 200
    assert text_of(one(response, "#counts .alert strong")) == TROUBLES[trouble][1]
    assert attribute(response, "#counts .alert a", "href") == PAGE
    assert attribute(response, "#counts .alert a", "hx-target") == "#counts"
    assert len(names(response, "#failing")) == 1


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_runs_is_their_panels_own(mia, upstream, trouble):
    upstream.one("/runs/stats", stats())
    bring(upstream, "/runs", trouble)
    response = mia.get(PAGE)
    assert response.status_code == 200
    assert verdict(response) == "What fails could not be read."
    for part in ("failing", "running"):
        assert text_of(one(response, f"#{part} .alert strong")) == TROUBLES[trouble][1]
        assert attribute(response, f"#{part} .alert a", "hx-target") == f"#{part}"
    assert figures(response)["Runs"] == "3"


@pytest.mark.parametrize("changes", [{"ns": HOSTILE, "var": HOSTILE}, {"project_name": HOSTILE}])
def test_what_comes_from_outside_stays_text(mia, upstream, changes):
    tell(upstream, failed(result=failure(HOSTILE), **changes), run("running", **changes))
    response = mia.get(PAGE)
    assert select(response, "img, [hx-get='/x']") == []
    assert not {"\u202e", "\x1b"} & set(response.content.decode())


def test_everybody_of_the_organization_may_look_and_nobody_else(cast, upstream):
    tell(upstream)
    for person in (cast.olive, cast.adam, cast.mia, cast.vera):
        assert cast.browser(person).get(PAGE).status_code == 200
    seen = len(upstream.calls)
    assert cast.browser(cast.stan).get(PAGE).status_code == 404
    assert len(upstream.calls) == seen
