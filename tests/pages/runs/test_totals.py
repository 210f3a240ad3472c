"""The totals by status under a filter, which the list loads after the page."""

from tests import samples
from tests.reading import one, select, text_of

TOTALS = "/acme/development/runs/totals/"
PART = {"HX-Request": "true", "HX-Target": "facets"}


def counts(response):
    return [text_of(link) for link in select(response, "#facets a")]


def test_a_server_that_filters_its_stats_is_asked_once(mia, upstream):
    upstream.one("/runs/stats", samples.stats(total_runs=9, failed=4))
    response = mia.get(f"{TOTALS}?type=event&time=1h&status=failed", headers=PART)
    (asked,) = upstream.seen("/runs/stats")
    assert asked.params == {"type": "event", "time_range": "PT1H"}
    assert counts(response)[:2] == ["All 9", "Failed 4"]
    assert upstream.seen("/runs") == []


def test_elsewhere_each_status_is_counted_by_one_row(mia, upstream):
    upstream.extensions = ()
    runs = [samples.run(status) for status in ("failed", "failed", "running", "cancelled")]
    upstream.many("/runs", runs)
    response = mia.get(f"{TOTALS}?type=event", headers=PART)
    assert {call.params["limit"] for call in upstream.seen("/runs")} == {"1"}
    assert {call.params["type"] for call in upstream.seen("/runs")} == {"event"}
    assert counts(response) == [
        "All 4",
        "Failed 2",
        "Running 1",
        "Retry due 0",
        "Succeeded 0",
        "Cancelled 1",
    ]


def test_counts_by_day_say_that_they_are_upper_bounds(mia, upstream):
    upstream.extensions = ()
    upstream.many("/runs", [samples.run("failed")])
    response = mia.get(f"{TOTALS}?time=1h", headers=PART)
    assert counts(response)[:3] == ["All up to 1", "Failed up to 1", "Running 0"]


def test_the_part_is_the_facets_alone_and_asks_for_nothing_more(mia, upstream):
    upstream.one("/runs/stats", samples.stats())
    response = mia.get(f"{TOTALS}?type=event&status=failed", headers=PART)
    assert select(response, "main") == []
    assert select(response, "[hx-trigger]") == []
    assert text_of(one(response, "#facets [aria-current]")) == "Failed 1"


def test_without_script_the_totals_are_a_page_of_their_own(mia, upstream):
    upstream.one("/runs/stats", samples.stats())
    response = mia.get(f"{TOTALS}?type=event&status=failed")
    assert text_of(one(response, "h1")) == "Totals"
    back = one(response, ".crumbs a").attributes["href"]
    assert back == "/acme/development/runs/?status=failed&type=event"


def test_counts_that_fail_are_said_where_htmx_puts_them(mia, upstream):
    upstream.raw("/runs/stats", b"", 401)
    response = mia.get(TOTALS, headers=PART)
    assert response.status_code == 403
    assert text_of(one(response, ".alert strong")) == "The platform does not accept your key"
