"""The first steps in an environment: only those that are left, each with its link."""

import pytest

from tests import samples
from tests.reading import attribute, one, said, select, text_of
from tests.samples import event, event_handler, project, stats
from tests.troubles import TROUBLES, bring

STEPS = "/acme/development/overview/steps/"
PART = {"HX-Request": "true", "HX-Target": "steps"}


def tell(upstream, runs=0, events=(), handlers=(), total=None):
    upstream.one("/runs/stats", stats(total_runs=runs))
    upstream.many("/events", list(events), total)
    upstream.many("/projects", [project()] if handlers else [])
    upstream.many(f"/projects/{samples.PROJECT_ID}/event-handlers", list(handlers))


def left(response):
    return [text_of(node) for node in select(response, "#steps h3")]


def test_in_an_empty_environment_every_step_is_left(mia, upstream):
    tell(upstream)
    response = mia.get(STEPS, headers=PART)
    assert left(response) == ["Deploy a build", "Publish an event", "Watch a run"]
    links = [node.attributes["href"] for node in select(response, "#steps .steps a")]
    assert links == [
        "/acme/development/runs/",
        "/acme/development/events/new/",
        "/acme/development/runs/",
    ]


def test_a_step_that_is_taken_is_gone(mia, upstream):
    tell(upstream, handlers=[event_handler()])
    assert left(mia.get(STEPS)) == ["Publish an event", "Watch a run"]
    tell(upstream, handlers=[event_handler()], events=[event()])
    assert left(mia.get(STEPS)) == ["Watch a run"]


def test_what_ran_was_deployed(mia, upstream):
    tell(upstream, runs=1)
    assert left(mia.get(STEPS)) == ["Publish an event"]


@pytest.mark.parametrize("source", ["schedule", "run", "retry"])
def test_events_that_nobody_published_do_not_count_as_published(mia, upstream, source):
    tell(upstream, runs=1, events=[event(source=source)])
    assert left(mia.get(STEPS)) == ["Publish an event"]


def test_where_more_events_exist_than_were_read_nothing_is_claimed(mia, upstream):
    tell(upstream, runs=1, events=[event(source="schedule")], total=900)
    assert left(mia.get(STEPS)) == []


def test_when_no_step_is_left_the_overview_shows_none(mia, upstream):
    tell(upstream, runs=1, events=[event()])
    assert "hidden" in one(mia.get(STEPS, headers=PART), "#steps").attributes
    assert "Every step is taken." in said(mia.get(STEPS))


def test_who_may_connect_servers_is_led_there_until_one_is_connected(cast, upstream, settings):
    tell(upstream, runs=1, events=[event()])
    olive, mia = cast.browser(cast.olive), cast.browser(cast.mia)
    assert left(olive.get(STEPS)) == []
    cast.embed(settings)
    response = olive.get(STEPS)
    assert left(response) == ["Connect another Hot API"]
    assert attribute(response, "#steps .steps a", "href") == "/acme/settings/environments/new/"
    assert left(mia.get(STEPS)) == []


def test_a_viewer_is_told_who_may_publish(cast, upstream):
    tell(upstream, runs=1)
    response = cast.browser(cast.vera).get(STEPS)
    assert "It takes an owner, an admin or a member." in text_of(one(response, "#steps"))


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("headers", [{}, PART], ids=["page", "part"])
def test_where_nothing_can_be_read_the_trouble_is_in_words(mia, upstream, trouble, headers):
    for path in ("/runs/stats", "/events", "/projects"):
        bring(upstream, path, trouble)
    response = mia.get(STEPS, headers=headers)
    assert response.status_code == TROUBLES[trouble][0]
    assert TROUBLES[trouble][1] in said(response)


@pytest.mark.parametrize("path", ["/runs/stats", "/events", "/projects"])
def test_of_what_cannot_be_read_no_step_is_claimed_to_be_left(mia, upstream, path):
    tell(upstream)
    bring(upstream, path, "slow")
    response = mia.get(STEPS)
    assert response.status_code == 200
    hidden = {"/runs/stats": "Watch a run", "/events": "Publish an event", "/projects": "Deploy"}
    assert not any(step.startswith(hidden[path]) for step in left(response))
    assert attribute(response, "#steps .alert a", "href") == STEPS
