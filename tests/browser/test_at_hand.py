"""Small things that script does for a reader: copying, the local time, a proposed name, a trace."""

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


def show(upstream: FakeUpstream, calls: int = 1) -> str:
    """Let the fake have a run that made so many calls; return its address."""
    made = samples.run(result={"left": 3}, start_time=samples.at(), stop_time=samples.at(9))
    rows = [samples.call(1), *(samples.call(seq, 1) for seq in range(2, calls + 1))]
    event = samples.event(event_id=made["event_id"])
    upstream.show(made, rows, event)
    upstream.many("/runs", [made])
    upstream.many("/events", [event])
    return f"/acme/development/runs/{made['run_id']}/"


def test_a_value_is_copied_whole(cast: Cast, upstream: FakeUpstream, live_server, page: Page):
    address = show(upstream)
    enter(page, cast, live_server.url)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}{address}result/", wait_until="networkidle")
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "".join(page.evaluate("navigator.clipboard.readText()").split()) == '{"left":3}'

    page.goto(f"{live_server.url}{address}raw/", wait_until="networkidle")
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.inner_text("#raw-text")


def test_a_value_that_cannot_be_had_is_not_said_to_be_copied(
    cast: Cast, upstream: FakeUpstream, live_server, page: Page, complaints
):
    address = show(upstream)
    enter(page, cast, live_server.url)
    page.goto(f"{live_server.url}{address}result/", wait_until="networkidle")
    complaints.expect(502)
    upstream.raw(address.removeprefix("/acme/development").rstrip("/"), b"", 500)
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Not copied")).to_be_visible()


def test_the_tooltip_of_a_moment_says_the_readers_own_time(
    cast: Cast, upstream: FakeUpstream, live_server, page: Page
):
    address = show(upstream)
    assert page.context.browser is not None
    context = page.context.browser.new_context(timezone_id="Europe/Berlin")
    there = context.new_page()
    enter(there, cast, live_server.url)
    there.goto(live_server.url + address, wait_until="networkidle")
    moment = there.locator(".facts time").first
    moment.hover()
    title = moment.get_attribute("title") or ""
    assert title.startswith("22 Nov 2026, 12:00:00.000 UTC\n")
    assert "13:00:00" in title
    context.close()


def test_a_short_name_is_proposed_until_one_is_typed(cast: Cast, live_server, page: Page):
    enter(page, cast, live_server.url)
    page.goto(f"{live_server.url}/organizations/new/")
    page.get_by_label("Name", exact=True).fill("Über Gadgets & Co.")
    expect(page.get_by_label("Short name")).to_have_value("uber-gadgets-co")
    page.get_by_label("Short name").fill("gadgets")
    page.get_by_label("Name", exact=True).fill("Widgets")
    expect(page.get_by_label("Short name")).to_have_value("gadgets")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_chosen_call_is_in_sight_beside_or_below_the_rows(
    cast: Cast, upstream: FakeUpstream, live_server, page: Page, width: int
):
    address = show(upstream, calls=60)
    enter(page, cast, live_server.url)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live_server.url + address, wait_until="networkidle")
    rows = page.locator(".waterfall tbody tr")
    side = page.locator("#call")
    first, panel = rows.first.bounding_box(), side.bounding_box()
    assert first
    assert panel
    assert panel["x"] > first["x"] + first["width"] / 2 or panel["y"] > first["y"] + first["height"]

    rows.nth(30).scroll_into_view_if_needed()
    rows.nth(30).get_by_role("link").click()
    expect(side).to_contain_text("call 31 of 60")
    expect(side).to_be_in_viewport()
    expect(rows.nth(30)).to_have_attribute("aria-current", "true")
    expect(rows.nth(30)).to_be_in_viewport()
    page.go_back()
    expect(page.locator("#call")).to_contain_text("call 1 of 60")
