"""Publishing an event from the form."""

import json

import pytest

from tests.pages.events.form_of_event import (
    FORM,
    PRODUCTION,
    TYPED,
    accept,
    published,
    typed_in,
)
from tests.reading import one, text_of
from tests.samples import new_id
from tests.troubles import bring

pytestmark = pytest.mark.usefixtures("listener")

# --- Publishing ----------------------------------------------------------------------------------


def test_what_was_typed_is_published_once(mia, upstream):
    accept(upstream)
    mia.post(FORM, TYPED)
    assert published(upstream) == [{"event_type": "order:placed", "event_data": {"order_id": 7}}]


@pytest.mark.parametrize("text", ["null", "0", '""', "[]", '"text"', "12345678901234567890123"])
def test_any_json_value_can_be_published(mia, upstream, text):
    accept(upstream)
    assert mia.post(FORM, TYPED | {"event_data": text}).status_code == 303
    assert published(upstream)[0]["event_data"] == json.loads(text)


def test_an_event_can_be_published_into_a_stream(mia, upstream):
    accept(upstream)
    stream = new_id()
    mia.post(FORM, TYPED | {"stream_id": stream})
    assert published(upstream)[0]["stream_id"] == stream


def test_one_is_taken_to_the_one_run_that_it_triggered(mia, upstream):
    _, (started,) = accept(upstream, runs=1)
    response = mia.post(FORM, TYPED)
    assert response.status_code == 303
    assert response["Location"] == f"/acme/development/runs/{started['run_id']}/"


@pytest.mark.parametrize("runs", [0, 2])
def test_without_exactly_one_run_one_is_taken_to_the_event(mia, upstream, runs):
    made, _ = accept(upstream, runs=runs)
    response = mia.post(FORM, TYPED)
    assert response["Location"] == f"/acme/development/events/{made['event_id']}/"


def test_where_its_runs_cannot_be_read_one_is_taken_to_the_event(mia, upstream):
    made, _ = accept(upstream)
    bring(upstream, f"/events/{made['event_id']}/runs", "slow")
    response = mia.post(FORM, TYPED)
    assert response["Location"] == f"/acme/development/events/{made['event_id']}/"


def test_the_page_one_is_taken_to_says_what_was_done(mia, upstream):
    made, _ = accept(upstream, runs=0)
    upstream.one(f"/events/{made['event_id']}", made)
    response = mia.get(mia.post(FORM, TYPED)["Location"])
    assert text_of(one(response, ".alert.ok")) == "order:placed was published."


# --- Production asks -----------------------------------------------------------------------------


def test_production_asks_before_it_publishes(mia, upstream):
    response = mia.post(PRODUCTION, TYPED)
    assert response.status_code == 422
    question = one(response, "#publish .alert")
    assert text_of(question.css("strong")[0]) == "Publish order:placed to Production?"
    assert "1 function listens for it and will run." in text_of(question)
    assert typed_in(response) == TYPED
    assert published(upstream) == []


def test_production_publishes_once_it_was_answered(mia, upstream):
    accept(upstream)
    asked = mia.post(PRODUCTION, TYPED)
    hidden = one(asked, "#publish input[name=sure]").attributes
    response = mia.post(PRODUCTION, TYPED | {hidden["name"]: hidden["value"]})
    assert response.status_code == 303
    assert len(published(upstream)) == 1


def test_an_answer_for_another_environment_is_none(mia, upstream):
    assert mia.post(PRODUCTION, TYPED | {"sure": "development"}).status_code == 422
    assert published(upstream) == []


def test_the_question_says_when_nobody_listens(mia):
    response = mia.post(PRODUCTION, TYPED | {"event_type": "nobody:listens"})
    assert "No deployed function listens for it." in text_of(one(response, "#publish .alert"))


def test_the_button_names_the_place(mia):
    assert text_of(one(mia.get(PRODUCTION), "#publish .primary")) == "Publish to Production"
