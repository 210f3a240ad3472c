"""The filters of the list of runs."""

import pytest

from tests import samples
from tests.hostile import HOSTILE
from tests.pages.runs.listing import LIST, answer
from tests.reading import one, select, text_of
from tests.samples import ago


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
