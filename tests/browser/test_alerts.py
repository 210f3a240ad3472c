"""A click that came to nothing says so, and leaves page and address as they were."""

import pytest

from tests import samples
from tests.browser.conftest import Complaints
from tests.browser.entering import enter
from tests.cast import Cast
from tests.upstream import FakeUpstream

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("database_beside_a_loop"),
    pytest.mark.django_db(transaction=True),
]

LIST = "/acme/development/runs/"


def test_what_failed_is_said_until_the_next_try(
    cast: Cast, upstream: FakeUpstream, live_server, page, complaints: Complaints
):
    upstream.many("/runs", [samples.run()])
    upstream.one("/runs/stats", samples.stats())
    enter(page, cast, live_server.url)
    page.goto(live_server.url + LIST, wait_until="networkidle")

    upstream.raw("/runs", b"", 500)
    page.click("#facet-failed")
    page.wait_for_selector("#alerts strong")
    assert page.url == live_server.url + LIST
    assert page.locator("#rows tr").count() == 1

    page.context.set_offline(True)
    page.click("#facet-failed")
    page.wait_for_selector("#alerts strong:text('hotdash does not answer')")
    assert page.url == live_server.url + LIST

    page.context.set_offline(False)
    upstream.many("/runs", [])
    page.click("#facet-failed")
    page.wait_for_url(f"**{LIST}?status=failed")
    assert page.locator("#alerts strong").count() == 0

    # htmx and Chromium write both troubles to the console as well
    assert all("htmx" in said or "Response" in said or "Failed" in said for said in complaints.said)
    complaints.said.clear()
