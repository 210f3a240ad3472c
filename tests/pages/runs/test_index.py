"""The rows of the list of runs, and what it costs to name them."""

from urllib.parse import urljoin

import pytest

from tests import samples
from tests.hostile import HOSTILE
from tests.pages.runs.listing import LIST, answer, platform_run, row_texts
from tests.reading import attribute, one, select, text_of
from tests.samples import ago

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
