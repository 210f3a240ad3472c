"""Pages that tell what happens as it happens, with everything real: `make run` and Chromium."""

import os
import re
import signal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints
from tests.browser.watching import LATE, ROOM, Publisher, expect_all_days_once, report, watch
from tests.household import Household
from tests.sockets import wait_for

pytestmark = pytest.mark.browser


def test_a_run_is_watched_until_it_is_over(house: Household, page: Page, api: Publisher):
    watch(page, house, report(api, days=10))
    rows = page.locator("#calls > tr")
    expect(page.locator(".status.large")).to_have_attribute("data-status", "running")
    elapsed = page.locator(".verdict .elapsed")
    before = elapsed.inner_text()
    seen = rows.count()
    expect(rows.nth(seen + 1)).to_be_visible(timeout=LATE)
    expect(elapsed).not_to_have_text(before)
    expect(page.locator("#calls > tr[data-indent='2']").first).to_contain_text("load-day")
    expect(page.locator("ol.feed > li").nth(2)).to_be_visible(timeout=LATE)
    expect_all_days_once(page, 10)
    expect(page.locator("#live")).to_have_text("Finished", timeout=LATE)
    expect(page.get_by_role("button", name="Pause updates")).to_have_count(0)
    expect(page.locator("#call")).to_contain_text("Returned")
    assert page.locator(".waterfall tbody tr").count() == 12
    page.reload()
    expect_all_days_once(page, 10)
    expect(page.locator("#live")).to_have_count(0)


def test_new_runs_are_counted_and_move_nothing(house: Household, page: Page, api: Publisher):
    page.goto(f"{house.url}{ROOM}/runs/?type=event")
    expect(page.locator("#live")).to_have_text("Live", timeout=LATE)
    shown = page.locator("#rows code.uid")
    before = shown.all_inner_texts()
    run_id = report(api, days=8)
    pill = page.locator(".arrivals a")
    expect(pill).to_contain_text("new run", timeout=LATE)
    assert shown.all_inner_texts() == before
    pill.click()
    row = page.locator("#rows > tr", has=page.locator(f"code[title='{run_id}']"))
    expect(row.locator(".status")).to_have_attribute("data-status", "running")
    expect(row.locator(".status")).to_have_attribute("data-status", "succeeded", timeout=LATE)
    expect(row.locator(".elapsed")).to_have_count(0, timeout=LATE)


def test_a_run_that_will_be_tried_again_leads_to_its_next_attempt(
    house: Household, page: Page, api: Publisher
):
    run_id = api.publish("order:placed", {"number": "A-1", "lines": []})
    page.goto(f"{house.url}{ROOM}/runs/{run_id}/")
    expect(page.locator(".status.large")).to_have_attribute("data-status", "failed", timeout=LATE)
    following = page.locator("#lineage a[href*='/runs/']:not([aria-current])").first
    expect(following).to_contain_text("Attempt 2", timeout=LATE)


def test_a_restart_of_the_api_loses_nothing(
    house: Household, page: Page, api: Publisher, complaints: Complaints
):
    for status in (502, 503, 504):
        complaints.expect(status)
    run_id = report(api, days=10)
    watch(page, house, run_id)
    expect(page.locator("ol.feed > li").first).to_be_visible(timeout=LATE)
    for process, program in house.programs().items():
        if "hotdash.localapi api" in program:
            os.kill(process, signal.SIGKILL)
    expect(page.locator("#live")).not_to_have_text("Live", timeout=LATE)
    expect(page.locator("#live")).to_have_text("Live", timeout=LATE)
    wait_for(lambda: api.status(run_id) == "succeeded", 30)
    expect_all_days_once(page, 10)
    expect(page.locator("#live")).to_have_attribute("title", re.compile("^[1-9].* 0 missed$"))


def test_a_restart_of_the_dashboard_loses_nothing(
    house: Household, page: Page, api: Publisher, complaints: Complaints
):
    complaints.is_cut_off = True
    run_id = report(api, days=12)
    watch(page, house, run_id)
    expect(page.locator("ol.feed > li").first).to_be_visible(timeout=LATE)
    page.evaluate("window.isTheSamePage = true")
    for process, program in house.programs().items():
        if "hotdash.serve" in program:
            os.kill(process, signal.SIGKILL)
    expect(page.locator("#live")).not_to_have_text("Live", timeout=LATE)
    expect(page.locator("#live")).to_have_text(re.compile("Live|Finished"), timeout=LATE)
    expect_all_days_once(page, 12)
    assert page.evaluate("window.isTheSamePage")
