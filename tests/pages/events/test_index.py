"""The list of events, through its address."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

import pytest

from tests import samples
from tests.hostile import HOSTILE
from tests.reading import attribute, one, said, select, text_of
from tests.troubles import TROUBLES, bring

LIST = "/acme/development/events/"
PART = {"HX-Request": "true", "HX-Target": "listing"}


def answer(upstream, events, runs=(), total=None, runs_total=None):
    upstream.many("/events", events, total)
    upstream.many("/runs", list(runs), runs_total)


def run_of(event, status="succeeded", **changes):
    return samples.run(status, event_id=event["event_id"], **changes)


def texts(response, css):
    return [text_of(node) for node in select(response, f"#rows {css}")]


def outcomes(response):
    return texts(response, "td:nth-of-type(2)")


# --- Rows ----------------------------------------------------------------------------------------


def test_events_are_shown_in_the_order_of_the_server_newest_first(mia, upstream):
    answer(upstream, [samples.event(name) for name in ("third", "second", "first")])
    assert texts(mia.get(LIST), ".event-name") == ["third", "second", "first"]


def test_a_row_tells_type_data_source_and_time(mia, upstream):
    data = {"order_id": 7, "lines": [1, 2], "customer": {"id": 3}, "note": None}
    answer(upstream, [samples.event(event_data=data, source="schedule")])
    response = mia.get(LIST)
    assert texts(response, "td.mono") == ["{ order_id: 7, lines: [2], customer: {…}, note: null }"]
    assert texts(response, "td.p4.soft") == ["a schedule"]
    assert one(response, "#rows time").attributes["title"] == "22 Nov 2026, 12:00:00.000 UTC"


def test_a_row_leads_to_its_event(mia, upstream):
    event = samples.event()
    answer(upstream, [event])
    link = attribute(mia.get(LIST), "#rows a.row-link", "href")
    assert urljoin(LIST, link) == f"{LIST}{event['event_id']}/"


def test_an_event_without_a_type_can_still_be_opened(mia, upstream):
    answer(upstream, [samples.event("")])
    assert texts(mia.get(LIST), ".event-name") == ["(no type)"]


def test_where_the_server_names_no_source_there_is_no_such_column(mia, upstream):
    answer(upstream, [samples.platform(samples.event())])
    assert "Published by" not in [text_of(head) for head in select(mia.get(LIST), "thead th")]


def test_large_data_is_quoted_by_its_beginning(mia, upstream):
    answer(upstream, [samples.event(event_data={"text": "x" * 400_000})])
    (line,) = texts(mia.get(LIST), "td.mono")
    assert line.startswith('{"text":"xxx')
    assert len(line) == 160


@pytest.mark.parametrize("field", ["event_type", "event_data", "source"])
def test_what_comes_from_outside_stays_text(mia, upstream, field):
    answer(upstream, [samples.event(**{field: HOSTILE})])
    response = mia.get(LIST)
    assert select(response, "img, main [hx-trigger]") == []
    assert not {"\u202e", "\x1b"} & set(response.content.decode())
    assert "hx-disable" in one(response, "#rows").attributes


# --- Outcomes ------------------------------------------------------------------------------------


def test_an_event_tells_how_its_run_went(mia, upstream):
    events = [samples.event() for _ in range(2)]
    answer(upstream, events, [run_of(events[0], "failed"), run_of(events[1], "running")])
    response = mia.get(LIST)
    assert outcomes(response) == ["Failed", "Running"]
    statuses = [node.attributes["data-status"] for node in select(response, "#rows .status")]
    assert statuses == ["failed", "running"]


def test_of_several_runs_the_loudest_speaks_and_the_others_are_counted(mia, upstream):
    event, other = samples.event(), samples.event()
    runs = [run_of(event), run_of(event, "failed"), run_of(event), run_of(other), run_of(other)]
    answer(upstream, [event, other], runs)
    assert outcomes(mia.get(LIST)) == ["Failed, 2 more", "2 succeeded"]


def test_an_event_is_said_to_have_no_run_only_where_every_run_was_read(mia, upstream):
    event = samples.event()
    answer(upstream, [event], [samples.run()])
    assert outcomes(mia.get(LIST)) == ["No run"]
    answer(upstream, [event], [samples.run(start_time=samples.at(60))], runs_total=500)
    response = mia.get(LIST)
    assert outcomes(response) == [""]
    assert "Outcomes as the newest 1 runs tell them" in text_of(one(response, ".pager"))


def test_trouble_with_the_runs_only_costs_the_outcomes(mia, upstream):
    answer(upstream, [samples.event()])
    bring(upstream, "/runs", "slow")
    response = mia.get(LIST)
    assert response.status_code == 200
    assert outcomes(response) == [""]
    assert "Outcomes are missing." in text_of(one(response, ".pager"))


# --- Pages ---------------------------------------------------------------------------------------


def test_pages_follow_each_other_without_a_gap_or_a_repetition(mia, upstream):
    events = [samples.event(f"type:{n}") for n in range(120)]
    answer(upstream, events)
    first = mia.get(LIST)
    assert len(select(first, "#rows tr")) == 50
    answer(upstream, [samples.event("newer") for _ in range(3)] + events)
    second = mia.get(LIST + attribute(first, "#older", "href").removeprefix(LIST))
    assert texts(second, ".event-name")[0] == "type:50"
    assert "and 3 newer" in text_of(one(second, ".pager"))


def test_a_list_that_cannot_be_continued_says_so(mia, upstream):
    answer(upstream, [samples.event() for _ in range(60)])
    response = mia.get(f"{LIST}?from=51&first={samples.new_id()}")
    assert text_of(one(response, ".alert strong")).startswith("The list has moved on")


def test_a_page_behind_the_end_leads_back(mia, upstream):
    answer(upstream, [samples.event() for _ in range(60)])
    response = mia.get(f"{LIST}?from=101")
    assert text_of(one(response, "#nothing")) == "The list ends before this page"
    links = [node.attributes["href"] for node in select(response, ".empty a")]
    assert links == [f"{LIST}?from=51", LIST]


@pytest.mark.parametrize("odd", ["x", "-1", "0", "9" * 30, "\u0661"])
def test_a_position_that_cannot_be_is_said_and_left_out(mia, upstream, odd):
    answer(upstream, [samples.event()])
    response = mia.get(LIST, {"from": odd})
    assert "is no position in the list" in text_of(one(response, ".alert strong"))
    assert len(select(response, "#rows tr")) == 1


def test_an_environment_without_events_says_what_would_be_here(mia, upstream):
    answer(upstream, [])
    assert text_of(one(mia.get(LIST), "#nothing")) == "No event yet in Development"


def test_htmx_gets_the_listing_alone_and_is_told_what_it_is(mia, upstream):
    answer(upstream, [samples.event()])
    response = mia.get(LIST, headers=PART)
    assert select(response, "header.topbar") == []
    assert len(select(response, "#listing")) == 1
    assert "1 to 1 of 1 events" in said(response)


def test_the_list_asks_twice_and_at_once(mia, upstream):
    answer(upstream, [samples.event()])
    mia.get(LIST)
    assert sorted(call.path for call in upstream.calls) == ["/events", "/runs"]


def test_the_first_row_may_be_younger_than_this_machines_clock(mia, upstream):
    soon = (datetime.now(UTC) + timedelta(seconds=30)).isoformat().replace("+00:00", "Z")
    answer(upstream, [samples.event(event_time=soon)])
    assert texts(mia.get(LIST), "time")[0].startswith("in ")


# --- Trouble and rights --------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, PART], ids=["page", "part"])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_is_in_words_as_a_page_and_as_a_part(mia, upstream, trouble, headers):
    answer(upstream, [])
    request_id = bring(upstream, "/events", trouble)
    status, title = TROUBLES[trouble]
    response = mia.get(LIST, headers=headers)
    assert response.status_code == status
    assert title in said(response)
    assert request_id[-12:] in said(response)
    assert bool(select(response, "header.topbar")) is not bool(headers)


def test_everybody_of_the_organization_may_look_and_nobody_else(cast, upstream):
    answer(upstream, [])
    for person in (cast.olive, cast.adam, cast.mia, cast.vera):
        assert cast.browser(person).get(LIST).status_code == 200
    seen = len(upstream.calls)
    assert cast.browser(cast.stan).get(LIST).status_code == 404
    assert len(upstream.calls) == seen
