"""A publish that went wrong, who may, and what is recorded."""

import json

import httpx
import pytest

from hotdash.audit.models import Entry
from tests import samples
from tests.hostile import HOSTILE
from tests.pages.events.form_of_event import (
    FORM,
    PRODUCTION,
    TYPED,
    accept,
    typed_in,
)
from tests.reading import attribute, heading, one, said, select, text_of
from tests.troubles import TROUBLES, bring
from tests.upstream import REQUEST_ID

pytestmark = pytest.mark.usefixtures("listener")

MAYBE = {"slow", "server error", "proxy error", "html", "half a JSON", "another shape"}


def rows_of(cast):
    return [
        (row.phase, row.action, row.outcome, row.person_email, row.environment_slug)
        for row in Entry.objects.filter(organization_id=cast.acme.pk, action="events.publish")
    ]


# --- Trouble -------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_publish_that_fails_says_what_became_of_it_and_keeps_what_was_typed(
    mia, upstream, trouble
):
    request_id = bring(upstream, "/events", trouble, method="POST")
    response = mia.post(FORM, TYPED)
    status, title = TROUBLES[trouble]
    if trouble == "text 422":
        status, title = 422, "The platform did not accept the event"
    assert response.status_code == status
    words = text_of(one(response, "#publish .alert"))
    assert title in words
    assert ("may have arrived" in words) is (trouble in MAYBE)
    assert ("Nothing was published." in words) is (trouble not in MAYBE)
    assert request_id[-12:] in words
    assert typed_in(response) == TYPED
    assert attribute(response, "#publish .alert a", "href") == "/acme/development/events/"
    assert len(upstream.seen("/events", "POST")) == 1


@pytest.mark.parametrize(
    ("error", "is_sent"),
    [
        (httpx.ConnectTimeout(""), False),
        (httpx.PoolTimeout(""), False),
        (httpx.ReadTimeout(""), True),
        (httpx.WriteTimeout(""), True),
        (httpx.ReadError(""), True),
        (httpx.RemoteProtocolError("Server disconnected without sending a response."), True),
    ],
)
def test_only_a_call_that_left_may_have_arrived(mia, upstream, error, is_sent):
    upstream.fail("/events", error, method="POST")
    words = text_of(one(mia.post(FORM, TYPED), "#publish .alert"))
    assert ("may have arrived" in words) is is_sent
    assert len(upstream.seen("/events", "POST")) == 1


def test_a_server_that_has_just_failed_is_not_asked_for_its_handlers(mia, upstream):
    bring(upstream, "/events", "slow", method="POST")
    mia.post(FORM, TYPED)
    assert [call.path for call in upstream.calls] == ["/events"]


def test_a_server_that_asks_to_wait_is_passed_on(mia, upstream):
    bring(upstream, "/events", "429", method="POST")
    assert mia.post(FORM, TYPED)["Retry-After"] == "7"


def test_what_the_server_said_stays_text(mia, upstream):
    upstream.refuse("/events", 400, HOSTILE, HOSTILE, method="POST")
    response = mia.post(FORM, TYPED)
    assert response.status_code == 422
    assert select(response, "img, [hx-get='/x']") == []
    assert not {"\u202e", "\x1b"} & set(response.content.decode())


# --- Who may, and what is recorded ---------------------------------------------------------------


def test_a_viewer_sees_why_the_control_is_off_and_who_may(cast, upstream):
    upstream.many("/events", [])
    upstream.many("/runs", [])
    response = cast.browser(cast.vera).get("/acme/development/events/")
    assert select(response, f"a[href='{FORM}']") == []
    words = "As a viewer you may not publish. It takes an owner, an admin or a member."
    assert words in text_of(one(response, ".page-actions"))


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_viewer_is_refused_and_told_who_may(cast, upstream, method):
    response = getattr(cast.browser(cast.vera), method)(FORM, TYPED)
    assert response.status_code == 403
    assert "It takes an owner, an admin or a member." in said(response)
    assert upstream.calls == []


@pytest.mark.parametrize(
    ("person", "address", "data", "outcome"),
    [
        ("mia", FORM, "{}", "done"),
        ("mia", FORM, "{", "invalid"),
        ("mia", PRODUCTION, "{}", "invalid"),
        ("vera", FORM, "{}", "refused"),
    ],
)
def test_every_try_leaves_its_two_rows(cast, upstream, person, address, data, outcome):
    accept(upstream)
    cast.browser(getattr(cast, person)).post(address, TYPED | {"event_data": data})
    who, where = f"{person}@example.test", address.split("/")[2]
    assert rows_of(cast) == [
        ("opened", "events.publish", "", who, where),
        ("closed", "events.publish", outcome, who, where),
    ]


def test_the_closing_row_names_the_event_and_the_request_and_nothing_of_the_data(
    cast, upstream, mia
):
    made, _ = accept(upstream, runs=0)
    mia.post(FORM, TYPED | {"event_data": '{"card": "4111"}'})
    closing = Entry.objects.get(action="events.publish", phase="closed")
    assert closing.subject["event_type"] == "order:placed"
    assert closing.subject["event_id"] == made["event_id"]
    assert closing.subject["request_id"] == REQUEST_ID
    assert "4111" not in json.dumps(closing.subject)


def test_the_request_that_is_recorded_is_the_one_that_published(cast, upstream, mia):
    made, _ = accept(upstream, runs=0)
    told = {"request_id": "req-of-the-post", "timestamp": samples.at()}
    upstream.respond(
        "POST", "/events", lambda _: httpx.Response(201, json={"data": made, "meta": told})
    )
    mia.post(FORM, TYPED)
    closing = Entry.objects.get(action="events.publish", phase="closed")
    assert closing.subject["request_id"] == "req-of-the-post"


def test_a_publish_that_failed_upstream_is_recorded_as_failed(cast, upstream, mia):
    bring(upstream, "/events", "slow", method="POST")
    mia.post(FORM, TYPED)
    assert rows_of(cast)[-1][2] == "failed: 504"


def test_the_form_is_sent_once_however_often_one_clicks(mia):
    response = mia.get(FORM)
    assert "data-once" in one(response, "#publish").attributes
    assert heading(response) == "Publish an event"
