"""Publishing an event again as it was."""

import pytest

from hotdash.audit.models import Entry
from tests.reading import attribute, heading, one, said, select, text_of
from tests.samples import OMIT, event, run
from tests.troubles import TROUBLES, bring


def known(upstream, environment="development", **changes):
    """Let the fake know an event and accept another; return its wire form and the address."""
    made = event(**changes)
    upstream.one(f"/events/{made['event_id']}", made)
    upstream.many(f"/events/{made['event_id']}/runs", [])
    another = event()
    upstream.one("/events", another, status=201, method="POST")
    started = run("pending", event_id=another["event_id"])
    upstream.many(f"/events/{another['event_id']}/runs", [started])
    return made, f"/acme/{environment}/events/{made['event_id']}/", started


def published(upstream):
    return [call.json for call in upstream.seen("/events", "POST")]


def test_it_publishes_the_same_type_and_data_in_a_stream_of_its_own(mia, upstream):
    _, address, started = known(upstream, event_data={"a": [1, None]})
    response = mia.post(f"{address}again/")
    assert response.status_code == 303
    assert response["Location"] == f"/acme/development/runs/{started['run_id']}/"
    assert published(upstream) == [{"event_type": "order:placed", "event_data": {"a": [1, None]}}]


def test_the_events_page_offers_it_with_one_press(mia, upstream):
    made, address, _ = known(upstream)
    response = mia.get(address)
    form = one(response, ".page-actions form").attributes
    assert (form["method"], form["action"]) == ("post", f"{address}again/")
    edit = attribute(response, ".page-actions a", "href")
    assert edit == f"/acme/development/events/new/?event={made['event_id']}"


def test_production_asks_first(mia, upstream):
    _, address, _ = known(upstream, "production")
    assert select(mia.get(address), ".page-actions form") == []
    asked = mia.post(f"{address}again/")
    assert asked.status_code == 422
    assert heading(asked) == "Publish order:placed again?"
    assert published(upstream) == []


def test_the_question_shows_what_would_be_published_and_who_listens(mia, upstream):
    _, address, _ = known(upstream, "production", event_data={"order_id": "A-20418"})
    asked = mia.get(f"{address}again/")
    assert text_of(one(asked, ".json .j-key")) == "order_id"
    assert text_of(one(asked, ".json .j-str")) == '"A-20418"'
    assert attribute(asked, "#listeners a", "hx-get") == f"{address}listeners/"


def test_the_question_names_the_place_and_its_answer_publishes(mia, upstream):
    _, address, _ = known(upstream, "production")
    asked = mia.get(f"{address}again/")
    assert text_of(one(asked, "main form .primary")) == "Publish to Production"
    hidden = one(asked, "main input[name=sure]").attributes
    assert mia.post(f"{address}again/", {hidden["name"]: hidden["value"]}).status_code == 303
    assert len(published(upstream)) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"event_type": "hot:schedule"}, "Only the platform publishes events of this type."),
        ({"event_data": "x" * 400_000}, "too large to be published from here"),
        ({"event_data": OMIT}, "so it cannot be repeated"),
    ],
)
def test_an_event_that_cannot_be_repeated_says_why(mia, upstream, changes, words):
    _, address, _ = known(upstream, **changes)
    for response in (mia.get(f"{address}again/"), mia.post(f"{address}again/")):
        assert words in said(response)
        assert select(response, "main form") == []
    assert published(upstream) == []


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_trouble_with_the_event_publishes_nothing(mia, upstream, trouble, method):
    made, address, _ = known(upstream)
    bring(upstream, f"/events/{made['event_id']}", trouble)
    response = getattr(mia, method)(f"{address}again/")
    assert response.status_code == TROUBLES[trouble][0]
    assert TROUBLES[trouble][1] in said(response)
    assert published(upstream) == []


def test_a_timeout_says_that_it_may_have_arrived_and_where_to_look(mia, upstream):
    _, address, _ = known(upstream)
    bring(upstream, "/events", "slow", method="POST")
    response = mia.post(f"{address}again/")
    assert response.status_code == 504
    assert "may have arrived" in text_of(one(response, "main .alert"))
    assert attribute(response, "main .alert a", "href") == "/acme/development/events/"
    assert len(upstream.seen("/events", "POST")) == 1


def test_it_is_recorded_with_both_events(mia, upstream):
    made, address, _ = known(upstream)
    mia.post(f"{address}again/")
    opened, closed = Entry.objects.filter(action="events.publish")
    assert opened.subject["event_id"] == made["event_id"]
    assert closed.outcome == "done"
    assert closed.subject["event_id"] != made["event_id"]


def test_a_viewer_is_told_who_may_and_can_not(cast, upstream):
    _, address, _ = known(upstream)
    vera = cast.browser(cast.vera)
    assert select(vera.get(address), ".page-actions form, .page-actions a") == []
    assert vera.post(f"{address}again/").status_code == 403
    assert published(upstream) == []
