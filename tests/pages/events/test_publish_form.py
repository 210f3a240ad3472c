"""What the form of an event offers, and what it says of mistakes."""

import json

import pytest

from tests import samples
from tests.hostile import HOSTILE
from tests.pages.events.form_of_event import (
    FORM,
    TYPED,
    accept,
    mistake,
    published,
    typed_in,
)
from tests.reading import attribute, said, select
from tests.samples import event, event_handler, new_id
from tests.troubles import TROUBLES, bring

pytestmark = pytest.mark.usefixtures("listener")

# --- The form ------------------------------------------------------------------------------------


def test_the_types_that_deployed_functions_listen_for_are_offered(mia, upstream):
    handlers = [event_handler(kind) for kind in ("order:placed", "cart:updated", "order:placed")]
    upstream.many(f"/projects/{samples.PROJECT_ID}/event-handlers", handlers)
    response = mia.get(FORM)
    offered = [node.attributes["value"] for node in select(response, "datalist option")]
    assert offered == ["cart:updated", "order:placed"]
    assert attribute(response, "#id_event_type", "list") == "types"


@pytest.mark.parametrize("path", ["/projects", f"/projects/{samples.PROJECT_ID}/event-handlers"])
def test_without_the_handlers_the_type_is_typed_by_hand_and_the_form_says_why(mia, upstream, path):
    bring(upstream, path, "slow")
    response = mia.get(FORM)
    assert response.status_code == 200
    assert "cannot be offered. hotdash works, but the Hot API" in said(response)
    assert select(response, "#id_event_type")


def test_the_form_can_be_filled_with_a_type(mia):
    assert attribute(mia.get(FORM, {"type": "a:b"}), "#id_event_type", "value") == "a:b"


def test_the_form_can_be_filled_from_an_event(mia, upstream):
    made = event(event_data={"name": "Zoë", "lines": [1]})
    upstream.one(f"/events/{made['event_id']}", made)
    typed = typed_in(mia.get(FORM, {"event": made["event_id"]}))
    assert typed["event_type"] == "order:placed"
    assert json.loads(typed["event_data"]) == made["event_data"]
    assert "Zoë" in typed["event_data"]
    assert typed["stream_id"] == ""


def test_data_that_is_too_large_to_be_edited_is_not_filled_in(mia, upstream):
    made = event(event_data="x" * 300_000)
    upstream.one(f"/events/{made['event_id']}", made)
    response = mia.get(FORM, {"event": made["event_id"]})
    assert typed_in(response)["event_data"] == ""
    assert "too large to be edited here" in said(response)


def test_an_id_that_is_none_fills_nothing_in(mia):
    assert mia.get(FORM, {"event": "nonsense"}).status_code == 200


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_with_the_event_to_fill_in_is_in_words(mia, upstream, trouble):
    made = event()
    bring(upstream, f"/events/{made['event_id']}", trouble)
    response = mia.get(FORM, {"event": made["event_id"]})
    assert response.status_code == TROUBLES[trouble][0]
    assert TROUBLES[trouble][1] in said(response)


# --- What was typed wrongly ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1,\n "b" 2}', "Line 2, column 6: a colon is missing here."),
        ('{"a": 1\n "b": 2}', "Line 2, column 2: a comma or a closing bracket is missing here."),
        ('{"a": }', "Line 1, column 7: a value is missing here."),
        ("{a: 1}", "Line 1, column 2: a key in double quotes is missing here."),
        ('{"a": "b\n"}', "Line 1, column 9: a line break or control character stands inside"),
        ('["a", "b]', "Line 1, column 7: the text that begins here has no closing quote."),
        ('"\\q"', "Line 1, column 2: this backslash begins no escape that JSON knows."),
        ("{} {}", "Line 1, column 4: the value has ended, but something follows."),
        ('["NaN",\n NaN]', "Line 2, column 2: JSON has no NaN."),
        ("[-Infinity]", "Line 1, column 2: JSON has no -Infinity."),
        ('{"a": 1, "a": 2}', "The key “a” stands twice in one object"),
        ('"\\ud800"', "Half of a surrogate pair"),
        ("[" * 100_000, "nested more deeply than can be sent"),
        ("[" * 850 + "]" * 850, "nested more deeply than can be sent"),
        ('{"a": 1.5e400}', "The number 1.5e400 is larger than can be sent."),
        ("[-1e999]", "The number -1e999 is larger than can be sent."),
        ("9" * 5_000, "A number has more digits than can be sent."),
        ("  \n ", "Type a value. For an event without data, type null."),
    ],
)
def test_a_mistake_in_the_data_is_said_with_its_place_and_the_text_is_kept(
    mia, upstream, text, words
):
    response = mia.post(FORM, TYPED | {"event_data": text})
    assert response.status_code == 422
    assert words in mistake(response, "event_data")
    assert typed_in(response)["event_data"].strip() == text.strip()
    assert published(upstream) == []


def test_lines_are_counted_as_browsers_send_them(mia):
    response = mia.post(FORM, TYPED | {"event_data": '{\r\n"a": 1\r\n"b"}'})
    assert mistake(response, "event_data").startswith("Line 3, column 1:")


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("event_type", "", "An event needs a type"),
        ("event_type", "   ", "An event needs a type"),
        ("event_type", "hot:schedule", "the platform's own"),
        ("event_type", "x" * 1025, "at most 1024 characters"),
        ("stream_id", "not-an-id", "This is not the id of a stream."),
    ],
)
def test_other_mistakes_are_said_under_their_field_and_everything_is_kept(
    mia, upstream, field, text, words
):
    sent = TYPED | {field: text}
    response = mia.post(FORM, sent)
    assert response.status_code == 422
    assert words in mistake(response, field)
    assert typed_in(response) == sent
    assert published(upstream) == []


def test_a_call_is_the_one_reserved_type_that_is_open(mia, upstream):
    accept(upstream)
    call = {"event_type": "hot:call", "event_data": '{"fn": "::a/b", "args": []}'}
    assert mia.post(FORM, TYPED | call).status_code == 303


def test_a_stream_of_another_environment_is_a_mistake_in_its_field(mia, upstream):
    upstream.refuse("/events", 404, "not_found", "Stream not found", method="POST")
    response = mia.post(FORM, TYPED | {"stream_id": new_id()})
    assert response.status_code == 422
    assert mistake(response, "stream_id") == "This environment has no such stream."


@pytest.mark.parametrize("field", ["event_type", "event_data", "stream_id"])
def test_what_was_typed_stays_text(mia, field):
    response = mia.post(FORM, TYPED | {field: HOSTILE, "event_data": "{"})
    assert response.status_code == 422
    assert select(response, "img, [hx-get='/x']") == []
