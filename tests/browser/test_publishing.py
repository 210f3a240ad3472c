"""Publishing as a person does it: with a mistake first, then with an impatient double click.

The pages are served by Django's live server in this process, so that the fake upstream answers.
"""

import pytest
from playwright.sync_api import Page, expect

from tests import samples
from tests.browser.entering import enter
from tests.cast import Cast
from tests.upstream import FakeUpstream

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("database_beside_a_loop"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def page(page: Page) -> Page:
    """The page, at rest: a busy Chromium gives up a transition between pages with an error."""
    page.emulate_media(reduced_motion="reduce")
    return page


def listening(upstream: FakeUpstream) -> samples.Wire:
    """Let a function listen, and an event be accepted that starts two runs; return the event."""
    made = samples.event()
    upstream.many("/projects", [samples.project()])
    handlers = f"/projects/{samples.PROJECT_ID}/event-handlers"
    upstream.many(handlers, [samples.event_handler()])
    upstream.one("/events", made, status=201, method="POST")
    upstream.one(f"/events/{made['event_id']}", made)
    runs = [samples.run(event_id=made["event_id"]) for _ in range(2)]
    upstream.many(f"/events/{made['event_id']}/runs", runs)
    return made


def test_a_mistake_is_mended_in_place_and_a_double_click_publishes_once(
    cast: Cast, upstream: FakeUpstream, live_server, page, complaints
):
    made = listening(upstream)
    complaints.expect(422)
    enter(page, cast, live_server.url)
    page.goto(f"{live_server.url}/acme/development/events/new/")
    page.get_by_label("Type").fill("order:placed")
    page.get_by_label("Data").fill('{"order_id" 7}')
    publish = page.get_by_role("button", name="Publish to Development")
    publish.click()
    expect(page.get_by_role("alert").filter(has_text="Line 1, column 13")).to_be_visible()
    expect(page.get_by_label("Data")).to_have_value('{"order_id" 7}')
    page.get_by_label("Data").fill('{"order_id": 7}')
    publish.dblclick()
    expect(page).to_have_url(f"{live_server.url}/acme/development/events/{made['event_id']}/")
    expect(page.locator("#listeners .name")).to_have_text("on-placed")
    assert len(upstream.seen("/events", "POST")) == 1


def test_coming_back_to_the_form_one_can_publish_another(
    cast: Cast, upstream: FakeUpstream, live_server, page
):
    listening(upstream)
    enter(page, cast, live_server.url)
    page.goto(f"{live_server.url}/acme/development/events/new/")
    for times in (1, 2):
        page.get_by_label("Type").fill("order:placed")
        page.get_by_label("Data").fill("{}")
        page.get_by_role("button", name="Publish to Development").click()
        expect(page.locator(".verdict")).to_contain_text("It set off 2 runs")
        assert len(upstream.seen("/events", "POST")) == times
        page.go_back()
