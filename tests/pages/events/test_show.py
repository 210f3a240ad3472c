"""The page of an event: what it carries, what is known about it, trouble."""

import json

import pytest

from tests.hostile import HOSTILE
from tests.pages.events.an_event import run_of, tell, verdict
from tests.reading import attribute, heading, one, said, select, text_of
from tests.samples import OMIT, event, new_id, platform
from tests.troubles import TROUBLES, bring

# --- The event -----------------------------------------------------------------------------------


def test_the_page_names_the_event_and_says_what_it_carries(mia, upstream):
    made = event(event_data={"order": {"id": 7}, "note": "gift"})
    response = mia.get(tell(upstream, made))
    assert heading(response) == "order:placed"
    assert [text_of(key) for key in select(response, ".json .j-key")] == ["order", "id", "note"]


@pytest.mark.parametrize(
    ("source", "words"),
    [("api", "the API"), ("schedule", "a schedule"), ("run", "a run"), ("webhook", "webhook")],
)
def test_the_facts_say_who_published_it(mia, upstream, source, words):
    response = mia.get(tell(upstream, event(source=source)))
    facts = text_of(one(response, ".facts"))
    assert f"By {words}" in facts


@pytest.mark.parametrize(("source", "term"), [("run", "Sent by"), ("retry", "Retry of")])
def test_the_facts_lead_to_the_run_it_comes_from(mia, upstream, source, term):
    origin = new_id()
    response = mia.get(tell(upstream, event(source=source, origin_run_id=origin)))
    assert term in text_of(one(response, ".facts"))
    assert attribute(response, ".facts a", "href") == f"/acme/development/runs/{origin}/"


def test_where_the_server_names_no_source_the_page_names_none(mia, upstream):
    response = mia.get(tell(upstream, platform(event())))
    assert "By" not in text_of(one(response, ".facts")).split()


def test_an_event_without_data_says_so(mia, upstream):
    response = mia.get(tell(upstream, event(event_data=OMIT)))
    assert "The server sends no data of this event." in said(response)


def test_data_that_is_null_is_shown_as_null(mia, upstream):
    response = mia.get(tell(upstream, event(event_data=None)))
    assert text_of(one(response, ".json")) == "null"


def test_large_data_is_begun_and_can_be_downloaded_whole(mia, upstream):
    data = {"text": "x" * 400_000}
    address = tell(upstream, event(event_data=data))
    response = mia.get(address)
    assert "too large to draw as a tree" in said(response)
    file = mia.get(attribute(response, "main a[download]", "href"))
    assert json.loads(b"".join(file.streaming_content)) == data
    assert file["Content-Disposition"].startswith('attachment; filename="event-')


# --- Text from outside, trouble, rights ----------------------------------------------------------


@pytest.mark.parametrize("field", ["event_type", "event_data", "source"])
def test_what_comes_from_outside_stays_text(mia, upstream, field):
    made = event() | {field: {HOSTILE: HOSTILE} if field == "event_data" else HOSTILE}
    response = mia.get(tell(upstream, made))
    assert select(response, "img, [hx-get='/x']") == []
    assert not {"\u202e", "\x1b"} & set(response.content.decode())


@pytest.mark.parametrize("part", ["", "set-off"])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_event_is_in_words_as_a_page_and_as_a_part(mia, upstream, trouble, part):
    made = event()
    address = tell(upstream, made)
    request_id = bring(upstream, f"/events/{made['event_id']}", trouble)
    status, title = TROUBLES[trouble]
    headers = {"HX-Request": "true", "HX-Target": part} if part else {}
    response = mia.get(address, headers=headers)
    assert response.status_code == status
    assert title in said(response)
    assert request_id[-12:] in said(response)
    assert bool(select(response, "header.topbar")) is not bool(part)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_runs_is_the_panels_own(mia, upstream, trouble):
    made = event()
    address = tell(upstream, made)
    bring(upstream, f"/events/{made['event_id']}/runs", trouble)
    response = mia.get(address)
    assert response.status_code == 200
    assert verdict(response) == "What it set off could not be read."
    assert text_of(one(response, "#set-off .alert strong")) == TROUBLES[trouble][1]
    assert attribute(response, "#set-off .alert a", "href") == address
    assert attribute(response, "#set-off .alert a", "hx-target") == "#set-off"
    assert select(response, ".json")


def test_trouble_with_the_retries_leaves_the_runs_alone(mia, upstream):
    made = event()
    address = tell(upstream, made, [run_of(made, "failed", attempt=1, retry_max=2)])
    bring(upstream, "/runs", "slow")
    response = mia.get(address)
    assert len(select(response, "#rows tr")) == 1
    assert text_of(one(response, "#set-off .alert strong")) == "The platform is not answering"


def test_an_unknown_event_is_404_and_a_strangers_too(cast, upstream):
    made = event()
    address = tell(upstream, made)
    upstream.refuse(f"/events/{made['event_id']}", 404, "not_found", "Event not found")
    assert cast.browser(cast.mia).get(address).status_code == 404
    seen = len(upstream.calls)
    assert cast.browser(cast.stan).get(address).status_code == 404
    assert len(upstream.calls) == seen
