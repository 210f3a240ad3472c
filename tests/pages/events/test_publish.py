"""Publishing an event from the form."""

import json

import httpx
import pytest

from hotdash.audit.models import Entry
from tests import samples
from tests.reading import attribute, heading, one, said, select, text_of
from tests.samples import event, event_handler, new_id, project, run
from tests.troubles import TROUBLES, bring
from tests.upstream import REQUEST_ID

FORM = "/acme/development/events/new/"
PRODUCTION = "/acme/production/events/new/"
TYPED = {"event_type": "order:placed", "event_data": '{"order_id": 7}', "stream_id": ""}
HOSTILE = '<img src=x onerror=a()>"><b hx-get=/x hx-trigger=load>{{7*7}}]]>\x1b[2J\u202e'


@pytest.fixture
def mia(cast):
    """The browser of a member."""
    return cast.browser(cast.mia)


@pytest.fixture(autouse=True)
def _listeners(upstream):
    """One deployed handler listens for order:placed."""
    upstream.many("/projects", [project()])
    upstream.many(f"/projects/{samples.PROJECT_ID}/event-handlers", [event_handler()])


def accept(upstream, runs=1, **changes):
    """Let the fake accept events; return the one that it will answer with."""
    made = event(**changes)
    upstream.one("/events", made, status=201, method="POST")
    started = [run("pending", event_id=made["event_id"]) for _ in range(runs)]
    upstream.many(f"/events/{made['event_id']}/runs", started)
    return made, started


def published(upstream):
    return [call.json for call in upstream.seen("/events", "POST")]


def typed_in(response):
    """What stands in the form."""
    return {
        "event_type": one(response, "#id_event_type").attributes.get("value") or "",
        "event_data": one(response, "#id_event_data").text().lstrip("\r\n"),
        "stream_id": one(response, "#id_stream_id").attributes.get("value") or "",
    }


def mistake(response, field):
    return text_of(one(response, f"#id_{field}_error"))


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


# --- Trouble -------------------------------------------------------------------------------------

MAYBE = {"slow", "server error", "proxy error", "html", "half a JSON", "another shape"}


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
    words = "As a viewer you may not publish. It takes an owner or an admin or a member."
    assert words in text_of(one(response, ".page-actions"))


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_viewer_is_refused_and_told_who_may(cast, upstream, method):
    response = getattr(cast.browser(cast.vera), method)(FORM, TYPED)
    assert response.status_code == 403
    assert "It takes an owner or an admin or a member." in said(response)
    assert upstream.calls == []


def rows_of(cast):
    return [
        (row.phase, row.action, row.outcome, row.person_email, row.environment_slug)
        for row in Entry.objects.filter(organization_id=cast.acme.pk, action="events.publish")
    ]


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
