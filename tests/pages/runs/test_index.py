"""The list of runs, through its address."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from hotdash.gateway import reading
from tests import samples
from tests.reading import attribute, one, select, text_of

LIST = "/acme/development/runs/"
PART = {"HX-Request": "true", "HX-Target": "listing"}
HOSTILE = '<img src=x onerror=a()>"><b hx-get=/x hx-trigger=load>{{7*7}}]]>\x1b[2J\u202e'


def ago(**span):
    """A time on the wire, so long before now."""
    return (datetime.now(UTC) - timedelta(**span)).isoformat().replace("+00:00", "Z")


@pytest.fixture
def mia(cast):
    """The browser of a member."""
    return cast.browser(cast.mia)


def answer(upstream, runs, total=None, **counts):
    """Let the fake tell these runs and counts."""
    upstream.many("/runs", runs, total)
    upstream.one("/runs/stats", samples.stats(**counts))


def row_texts(response, css):
    return [text_of(node) for node in select(response, f"#rows {css}")]


# --- Rows ----------------------------------------------------------------------------------------


def test_runs_are_shown_in_the_order_of_the_server_newest_first(mia, upstream):
    answer(upstream, [samples.run(var=name) for name in ("third", "second", "first")])
    assert row_texts(mia.get(LIST), ".name") == ["third", "second", "first"]


def test_a_row_tells_function_trigger_start_and_duration(mia, upstream):
    run = samples.run(start_time=samples.at(), stop_time=samples.at(2.31))
    answer(upstream, [run])
    response = mia.get(LIST)
    assert row_texts(response, ".fn") == ["::storefront::orders/on-placed"]
    assert row_texts(response, ".trigger") == ["order:placed"]
    time = one(response, "#rows time")
    assert time.attributes["title"] == "22 Nov 2026, 12:00:00.000 UTC"
    assert time.attributes["datetime"] == "2026-11-22T12:00:00.000Z"
    assert row_texts(response, ".duration") == ["2.31 s"]


def test_a_row_leads_to_its_run(mia, upstream):
    run = samples.run()
    answer(upstream, [run])
    link = attribute(mia.get(LIST), "#rows a.row-link", "href")
    assert urljoin(LIST, link) == f"{LIST}{run['run_id']}/"


def test_a_failing_row_carries_its_reason_and_stands_out(mia, upstream):
    answer(upstream, [samples.run("failed", result=samples.failure("card declined"))])
    response = mia.get(LIST)
    assert row_texts(response, ".reason") == ["card declined"]
    assert one(response, "#rows tr").attributes["data-tone"] == "fail"


def test_a_failure_of_unknown_shape_is_quoted_as_it_came(mia, upstream):
    answer(upstream, [samples.run("failed", result={"oops": [1, 2]})])
    assert row_texts(mia.get(LIST), ".reason") == ['{"oops":[1,2]}']


def test_a_long_reason_is_cut_to_one_line(mia, upstream):
    answer(upstream, [samples.run("failed", result=samples.failure("no\nway " * 200))])
    (reason,) = row_texts(mia.get(LIST), ".reason")
    assert "\n" not in reason
    assert len(reason) <= 200
    assert reason.endswith("…")


def test_a_run_that_waits_for_its_retry_says_when(mia, upstream):
    due = "2026-11-22T14:07:30Z"
    answer(upstream, [samples.run("pending_retry", next_retry_at=due, attempt=2, retry_max=2)])
    response = mia.get(LIST)
    assert row_texts(response, ".status") == ["Retry 14:07"]
    assert row_texts(response, ".tag") == ["2/3"]
    assert row_texts(response, ".reason") == ["upstream 503"]


@pytest.mark.parametrize(
    ("status", "attempt", "retry_max", "shown"),
    [
        ("succeeded", 1, 2, []),
        ("succeeded", 2, 2, ["2/3"]),
        ("succeeded", 2, None, ["2"]),
        ("failed", 1, 0, []),
        ("failed", 1, None, []),
        ("failed", 1, 2, ["1/3"]),
        ("failed", 3, 2, ["3/3"]),
    ],
)
def test_the_attempt_is_shown_where_it_is_not_the_only_one(
    mia, upstream, status, attempt, retry_max, shown
):
    answer(upstream, [samples.run(status, attempt=attempt, retry_max=retry_max)])
    assert row_texts(mia.get(LIST), ".tag") == shown


def test_a_running_run_shows_the_time_so_far_and_a_queued_one_waits(mia, upstream):
    running = samples.run("running", start_time=ago(minutes=4, seconds=12))
    answer(upstream, [running, samples.run("pending", start_time=ago(seconds=3))])
    so_far, waiting = row_texts(mia.get(LIST), ".duration")
    assert so_far.startswith("4 min 1")
    assert waiting == "waiting"


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("succeeded", "Succeeded"),
        ("failed", "Failed"),
        ("running", "Running"),
        ("cancelled", "Cancelled"),
        ("pending", "Queued"),
        ("exploded", "exploded"),
    ],
)
def test_every_status_has_a_word_and_an_unknown_one_is_shown_as_it_is(mia, upstream, status, word):
    answer(upstream, [samples.run(status)])
    badge = one(mia.get(LIST), "#rows .status")
    assert text_of(badge) == word
    assert badge.attributes["data-status"] == (status if status != "exploded" else "")


def test_outside_text_stays_text_in_every_field(mia, upstream):
    texts = dict.fromkeys(("ns", "var", "event_type", "project_name", "run_type"), HOSTILE)
    answer(upstream, [samples.run("failed", result=samples.failure(HOSTILE), **texts)])
    upstream.many("/runs", [samples.run(HOSTILE, **texts), samples.run("failed", **texts)])
    response = mia.get(LIST)
    assert select(response, "#rows img, #rows b, #rows [onerror], #rows [hx-get]") == []
    assert "49" not in row_texts(response, ".name")[0]
    assert "\x1b" not in response.content.decode()
    assert "\u202e" not in response.content.decode()
    assert row_texts(response, ".trigger")[0].startswith("<img src=x onerror=a()>")
    assert "hx-disable" in one(response, "#rows").attributes


# --- Names, where the server tells none ----------------------------------------------------------


def platform_run(event, **changes):
    return samples.platform(samples.run(event_id=event["event_id"], **changes))


def test_a_run_is_named_by_the_only_handler_of_its_build(mia, upstream):
    event = samples.platform(samples.event("order:placed"))
    answer(upstream, [platform_run(event)])
    upstream.many("/events", [event])
    handlers = f"/projects/{samples.PROJECT_ID}/event-handlers"
    upstream.many(handlers, [samples.event_handler(), samples.event_handler("cart:left")])
    response = mia.get(LIST)
    assert row_texts(response, ".fn") == ["::storefront::orders/on-placed"]
    assert row_texts(response, ".trigger") == ["order:placed"]
    assert len(upstream.calls) == 4


@pytest.mark.parametrize("build_ids", [(samples.BUILD_ID, samples.BUILD_ID), (samples.new_id(),)])
def test_a_run_is_not_named_by_a_guess(mia, upstream, build_ids):
    event = samples.platform(samples.event("order:placed"))
    answer(upstream, [platform_run(event)])
    upstream.many("/events", [event])
    handlers = [samples.event_handler(build_id=build_id) for build_id in build_ids]
    upstream.many(f"/projects/{samples.PROJECT_ID}/event-handlers", handlers)
    response = mia.get(LIST)
    assert row_texts(response, ".fn") == ["order:placed"]
    assert row_texts(response, ".ns") == [""]


def test_a_run_whose_event_was_not_read_shows_its_type(mia, upstream):
    answer(upstream, [platform_run(samples.event(), run_type="schedule")])
    upstream.many("/events", [])
    upstream.many(f"/projects/{samples.PROJECT_ID}/event-handlers", [])
    assert row_texts(mia.get(LIST), ".fn") == ["schedule"]


def test_failing_names_leave_the_list_standing_and_say_so(mia, upstream):
    answer(upstream, [platform_run(samples.event())])
    upstream.raw("/events", b"", 500)
    upstream.many(f"/projects/{samples.PROJECT_ID}/event-handlers", [])
    response = mia.get(LIST)
    assert response.status_code == 200
    assert len(select(response, "#rows tr")) == 1
    assert "Some functions are not named." in text_of(one(response, ".pager"))


def test_runs_that_name_themselves_cost_two_calls(mia, upstream):
    answer(upstream, [samples.run() for _ in range(50)])
    mia.get(LIST)
    assert sorted(call.path for call in upstream.calls) == ["/runs", "/runs/stats"]


# --- Filters -------------------------------------------------------------------------------------


def test_filters_of_the_address_are_asked_of_the_server(mia, upstream):
    answer(upstream, [samples.run("failed", start_time=ago(minutes=5))])
    mia.get(f"{LIST}?status=failed&type=event&time=1h")
    (asked,) = upstream.seen("/runs")
    assert asked.params["status"] == "failed"
    assert asked.params["type"] == "event"
    assert asked.params["time_range"] == "PT1H"


def test_a_status_is_chosen_by_a_link_that_keeps_the_other_filters(mia, upstream):
    answer(upstream, [samples.run(start_time=ago(minutes=5))])
    response = mia.get(f"{LIST}?time=1h")
    link = one(response, "#facet-failed")
    assert link.attributes["href"] == f"{LIST}?status=failed&time=1h"
    assert link.attributes["hx-get"] == link.attributes["href"]


def test_a_chip_says_its_condition_and_takes_it_off(mia, upstream):
    answer(upstream, [samples.run(start_time=ago(minutes=5))])
    response = mia.get(f"{LIST}?status=succeeded&time=1h&type=event")
    chips = [text_of(chip) for chip in select(response, "span.chip")]
    assert chips == ["time is last hour", "type is event"]
    off = [link.attributes["href"] for link in select(response, ".chip-off")]
    assert off == [f"{LIST}?status=succeeded&type=event", f"{LIST}?status=succeeded&time=1h"]


def test_counts_stand_beside_the_statuses(mia, upstream):
    answer(upstream, [samples.run()], total_runs=2318, failed=51)
    response = mia.get(LIST)
    assert text_of(one(response, "#facet-all")) == "All 2,318"
    assert text_of(one(response, "#facet-failed")) == "Failed 51"


def test_queued_is_offered_only_where_the_server_counts_it(mia, upstream):
    answer(upstream, [samples.run()], pending=samples.OMIT, pending_retry=samples.OMIT)
    response = mia.get(LIST)
    assert select(response, "#facet-pending") == []
    assert text_of(one(response, "#facet-pending_retry")) == "Retry due"


def test_failing_counts_leave_the_list_standing_and_say_so(mia, upstream):
    answer(upstream, [samples.run()])
    upstream.raw("/runs/stats", b"", 500)
    response = mia.get(LIST)
    assert response.status_code == 200
    assert len(select(response, "#rows tr")) == 1
    assert text_of(one(response, "#facet-failed")) == "Failed"
    again = one(response, ".filter p a")
    assert again.attributes["href"] == f"{LIST}totals/"


def test_counts_under_a_filter_of_time_or_type_come_after_the_page(mia, upstream):
    answer(upstream, [samples.run(start_time=ago(minutes=5))])
    response = mia.get(f"{LIST}?type=event&status=succeeded")
    due = one(response, "#facets a.facets-due")
    assert due.attributes["hx-trigger"] == "load"
    assert due.attributes["hx-get"] == f"{LIST}totals/?status=succeeded&type=event"
    assert due.attributes["href"] == due.attributes["hx-get"]
    assert text_of(one(response, "#facet-failed")) == "Failed"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("status=exploded", "There is no status “exploded”."),
        ("type=Event", "There is no type “Event”."),
        ("time=7", "There is no time “7”."),
        ("from=zero", "“zero” is no position in the list; a page begins at 1 to 100,001."),
        ("from=0", "“0” is no position in the list; a page begins at 1 to 100,001."),
        ("from=-1", "“-1” is no position in the list; a page begins at 1 to 100,001."),
    ],
)
def test_a_filter_that_does_not_exist_is_said_and_left_out(mia, upstream, query, sentence):
    answer(upstream, [samples.run("failed"), samples.run()])
    response = mia.get(f"{LIST}?{query}")
    assert response.status_code == 200
    assert sentence in text_of(one(response, ".alert"))
    assert len(select(response, "#rows tr")) == 2


def test_a_hostile_filter_value_stays_text(mia, upstream):
    answer(upstream, [samples.run()])
    response = mia.get(LIST, {"status": HOSTILE * 20, "time": "\x00", "first": HOSTILE})
    assert response.status_code == 200
    assert select(response, "main img, main b[hx-get]") == []
    assert len(text_of(select(response, ".alert strong")[0])) < 100


def test_rows_older_than_asked_are_left_out_and_the_count_says_at_least(mia, upstream):
    answer(upstream, [samples.run(start_time=ago(minutes=1)), samples.run(start_time=ago(hours=3))])
    response = mia.get(f"{LIST}?time=1h")
    assert len(select(response, "#rows tr")) == 1
    assert "1\N{EN DASH}1 of at least 1" in text_of(one(response, ".pager"))
    assert "href" not in one(response, "#older").attributes


# --- Pages ---------------------------------------------------------------------------------------


def test_the_first_page_leads_to_the_next_and_carries_its_first_row(mia, upstream):
    runs = [samples.run() for _ in range(120)]
    answer(upstream, runs)
    response = mia.get(LIST)
    older = one(response, "#older").attributes["href"]
    assert older == f"{LIST}?from=51&first={runs[0]['run_id']}"
    assert "href" not in one(response, "#newer").attributes
    assert "1\N{EN DASH}50 of 120" in text_of(one(response, ".pager"))


def test_pages_follow_each_other_without_gap_or_repetition(mia, upstream):
    runs = [samples.run() for _ in range(120)]
    answer(upstream, runs)
    seen: list[str | None] = []
    address: str | None = LIST
    while address:
        response = mia.get(address)
        seen += [code.attributes["title"] for code in select(response, "#rows code.uid")]
        address = one(response, "#older").attributes.get("href")
    assert seen == [run["run_id"] for run in runs]


def test_runs_that_came_in_meanwhile_shift_nothing(mia, upstream):
    runs = [samples.run() for _ in range(120)]
    answer(upstream, runs)
    older = one(mia.get(LIST), "#older").attributes["href"]
    answer(upstream, [samples.run() for _ in range(7)] + runs)
    response = mia.get(older)
    shown = [code.attributes["title"] for code in select(response, "#rows code.uid")]
    assert shown == [run["run_id"] for run in runs[50:100]]
    assert "51\N{EN DASH}100 of 120, and 7 newer" in text_of(one(response, ".pager"))


def test_a_list_that_moved_too_far_says_so_and_offers_the_newest(mia, upstream):
    runs = [samples.run() for _ in range(120)]
    answer(upstream, [samples.run() for _ in range(60)] + runs)
    response = mia.get(f"{LIST}?status=&from=51&first={runs[0]['run_id']}")
    assert "The list has moved on" in text_of(one(response, ".alert"))
    assert one(response, ".alert a").attributes["href"] == LIST


def test_a_later_page_costs_two_calls_and_counts_come_after_it(mia, upstream):
    runs = [samples.run() for _ in range(120)]
    answer(upstream, runs)
    response = mia.get(f"{LIST}?from=51&first={runs[0]['run_id']}")
    assert [call.path for call in upstream.calls] == ["/runs", "/runs"]
    assert attribute(response, "#facets a.facets-due", "hx-get") == f"{LIST}totals/"


def test_a_page_beyond_the_end_says_so_and_leads_back(mia, upstream):
    answer(upstream, [samples.run() for _ in range(120)])
    response = mia.get(f"{LIST}?from=951")
    assert response.status_code == 200
    assert "The list ends before this page" in text_of(one(response, ".empty"))
    back = [link.attributes["href"] for link in select(response, ".empty a")]
    assert back == [f"{LIST}?from=101", LIST]


def test_a_page_shortened_by_the_server_is_followed_from_where_it_ended(mia, upstream, monkeypatch):
    monkeypatch.setattr(reading, "BODY_BYTES", 150_000)
    answer(upstream, [samples.run(result="x" * 5_000) for _ in range(60)])
    response = mia.get(LIST)
    assert "1\N{EN DASH}25 of 60" in text_of(one(response, ".pager"))
    assert "from=26" in attribute(response, "#older", "href")


# --- Nothing to show -----------------------------------------------------------------------------


def test_an_environment_without_runs_says_that_there_is_nothing_yet(mia, upstream):
    answer(upstream, [], total_runs=0)
    response = mia.get(LIST)
    assert text_of(one(response, "#nothing-yet")) == "No run yet in Development"
    assert [text_of(link) for link in select(response, ".rows a")] == [
        "Look in Staging",
        "Look in Production",
    ]


def test_an_empty_embedded_environment_says_how_the_first_run_comes_about():
    staging = SimpleNamespace(name="staging", is_embedded=True)
    shell = SimpleNamespace(environment=staging, environments=(staging,))
    html = render_to_string("runs/_nothing_yet.html", {"shell": shell})
    assert ">.venv/bin/python -m hotdash.localapi pack hello</code>" in html
    guide = settings.BASE_DIR / "docs" / "embedded-api.md"
    assert "docs/embedded-api.md" in html
    assert ".venv/bin/python -m hotdash.localapi pack" in guide.read_text()


def test_an_empty_list_says_nothing_yet_even_while_counts_fail(mia, upstream):
    answer(upstream, [])
    upstream.raw("/runs/stats", b"", 500)
    assert len(select(mia.get(LIST), "#nothing-yet")) == 1


def test_runs_that_are_there_are_shown_whatever_the_counts_say(mia, upstream):
    answer(upstream, [samples.run()], total_runs=0)
    response = mia.get(LIST)
    assert len(select(response, "#rows tr")) == 1
    assert select(response, "#nothing-yet") == []


def test_a_filter_that_does_not_exist_is_said_in_an_empty_environment_too(mia, upstream):
    answer(upstream, [], total_runs=0)
    response = mia.get(f"{LIST}?status=exploded")
    assert "There is no status" in text_of(one(response, ".alert"))
    assert len(select(response, "#nothing-yet")) == 1


def test_filters_that_leave_nothing_are_told_from_an_empty_environment(mia, upstream):
    answer(upstream, [], total_runs=2318)
    response = mia.get(f"{LIST}?status=failed&type=call&time=1h")
    expected = "No failed run started by a call in the last hour"
    assert text_of(one(response, "#nothing")) == expected
    assert "2,318 runs in Development without these filters." in text_of(one(response, ".empty"))
    assert one(response, ".empty a").attributes["href"] == LIST


# --- As a part -----------------------------------------------------------------------------------


def test_htmx_gets_the_listing_alone_and_hears_what_is_shown(mia, upstream):
    answer(upstream, [samples.run("failed")])
    response = mia.get(f"{LIST}?status=failed", headers=PART)
    assert select(response, "header, nav.nav") == []
    assert len(select(response, "#listing #rows tr")) == 1
    said = one(response, "#listing [data-said]")
    assert text_of(said) == "1 to 1 of 1 runs"
    assert {"HX-Request", "HX-Target"} <= set(response.headers["Vary"].split(", "))


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_boosted_and_restored_pages_come_whole(mia, upstream, header):
    answer(upstream, [samples.run()])
    response = mia.get(LIST, headers={**PART, header: "true"})
    assert len(select(response, "html header.topbar")) == 1


def test_a_page_of_fifty_runs_stays_small(mia, upstream):
    reason = 'currency must be one of EUR, GBP, USD; got "usd"'
    runs = [
        samples.run("failed", result=samples.failure(reason), attempt=3, retry_max=2)
        if place % 5 == 0
        else samples.run()
        for place in range(50)
    ]
    answer(upstream, runs, total=2000)
    assert len(mia.get(LIST).content) <= 60_000
    assert len(mia.get(LIST, headers={"Accept-Encoding": "gzip, br"}).content) <= 10_000
