"""The first hour of a person: claim the account, look at runs, open one, look elsewhere."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.watching import OWNER, PASSWORD
from tests.household import Household

pytestmark = pytest.mark.browser


def test_from_the_printed_link_to_the_trace_of_a_failed_run(house: Household, page: Page) -> None:
    claim_the_account(page, house)
    sign_out_and_in_again(page, house)
    filter_runs(page, house)
    read_a_failed_run(page)
    walk_the_tabs(page)
    look_into_the_other_environments(page)
    the_link_is_dead(page, house)
    nothing_is_left_after_signing_out(page)


def claim_the_account(page: Page, house: Household) -> None:
    assert house.link
    page.goto(house.link)
    assert house.link != page.url, "the token has left the address"
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same again").fill(PASSWORD)
    page.get_by_role("button", name="Set password and sign in").click()
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.get_by_role("heading", name="Runs", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/acme/development/runs/$"))


def sign_out_and_in_again(page: Page, house: Household) -> None:
    sign_out(page)
    page.goto(f"{house.url}/acme/development/runs/?status=failed")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("E-mail").fill(OWNER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/acme/development/runs/\?status=failed$"))


def filter_runs(page: Page, house: Household) -> None:
    page.goto(f"{house.url}/acme/development/runs/")
    rows = page.locator("#rows > tr")
    assert rows.count() >= 20
    expect(rows.filter(has_text="on-report-requested").first).to_be_visible()
    reload_until_shown(page, page.locator("#rows .status[data-status=succeeded]").first)
    reload_until_shown(page, rows.filter(has_text="price-of").locator("[data-status=failed]"))
    facets = page.get_by_role("group", name="Status")
    facets.get_by_role("link", name="Failed").click()
    expect(page).to_have_url(re.compile(r"[?&]status=failed"))
    expect(page.locator("#rows .status:not([data-status=failed])")).to_have_count(0)
    expect(page.locator("#said")).to_have_text(re.compile(r"^1 to \d+ of \d+ runs$"))
    expect(page.locator("#rows .reason").first).not_to_be_empty()
    page.get_by_role("button", name="Type", exact=True).click()
    page.locator("#menu-type").get_by_role("link", name="call").click()
    expect(page).to_have_url(re.compile("status=failed&type=call"))
    expect(rows).to_have_count(1)
    facets.get_by_role("link", name="Cancelled").click()
    expect(page.locator("#nothing")).to_be_visible()
    page.get_by_role("link", name="Clear filters").click()
    expect(page).to_have_url(re.compile(r"/runs/$"))
    assert rows.count() >= 20


def read_a_failed_run(page: Page) -> None:
    page.get_by_role("group", name="Status").get_by_role("link", name="Failed").click()
    expect(page.locator("#rows .status:not([data-status=failed])")).to_have_count(0)
    row = page.locator("#rows tr", has_text="::storefront::orders").last
    reload_until_shown(page, row)  # its retries come first
    reason = row.locator(".reason").inner_text()
    row.locator(".row-link").click()
    expect(page).to_have_url(re.compile(r"/runs/[0-9a-f-]{36}/$"))
    expect(page.locator(".status.large")).to_have_attribute("data-status", "failed")
    expect(page.locator("p.verdict")).to_contain_text(reason)
    expect(page.locator(".failure")).to_contain_text("Raised in")
    expect(page.locator(".lineage [aria-current=true]")).to_be_visible()
    calls = page.locator("table.waterfall tbody th")
    assert calls.count() >= 2, "the failure lies below the handler"
    calls.first.get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"[?&]call=1$"))
    expect(page.locator("#call")).to_contain_text("call 1 of")


def walk_the_tabs(page: Page) -> None:
    tabs = page.get_by_role("navigation", name="Run")
    for name, address in (("Input", "input/"), ("Result", "result/"), ("Raw", "raw/")):
        tabs.get_by_role("link", name=name).click()
        expect(page).to_have_url(re.compile(rf"/{address}$"))
        expect(tabs.locator("[aria-current=page]")).to_contain_text(name)
        # scripts complete what was swapped in when it has settled: a button to copy, say
        expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
        before = page.locator("#details").inner_text()
        page.reload()
        assert page.locator("#details").inner_text() == before, "a tab is a page of its own"
    page.go_back()
    expect(tabs.locator("[aria-current=page]")).to_contain_text("Result")
    tabs.get_by_role("link", name="Trace").click()
    expect(page.locator("table.waterfall")).to_be_visible()


def look_into_the_other_environments(page: Page) -> None:
    for name in ("staging", "production"):
        page.get_by_role("button", name=re.compile("^Organization acme")).click()
        page.locator("#scope-menu").get_by_role("link", name=name).click()
        expect(page).to_have_url(re.compile(rf"/acme/{name}/$"))
        expect(page.locator("#verdict")).to_have_text(f"Nothing has run in {name} yet.")
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Runs").click()
        expect(page.locator("#nothing-yet")).to_have_text(f"No run yet in {name}")


def the_link_is_dead(page: Page, house: Household) -> None:
    assert house.link
    assert not (house.data / "first-sign-in").exists()
    page.goto(house.link)
    expect(page.get_by_role("heading", name="This link has expired")).to_be_visible()


def nothing_is_left_after_signing_out(page: Page) -> None:
    page.goto(page.url.split("/accounts")[0] + "/acme/development/runs/")
    sign_out(page)
    page.go_back()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []


def reload_until_shown(page: Page, row: Locator) -> None:
    for _ in range(60):
        if row.is_visible():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(row).to_be_visible()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Account: ")).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
