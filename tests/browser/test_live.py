"""Pages that tell what happens as it happens, with everything real: `make run` and Chromium."""

import os
import re
import signal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conducting import Turns
from tests.browser.conftest import Complaints
from tests.browser.watching import (
    ROOM,
    Publisher,
    expect_all_days_once,
    expect_mark,
    note_marks,
    report,
    watch,
)
from tests.household import Household

pytestmark = pytest.mark.browser


def test_a_run_is_watched_until_it_is_over(
    house: Household, page: Page, api: Publisher, turns: Turns
):
    watch(page, house, report(api, turns, days=10))
    rows = page.locator("#calls > tr")
    expect(page.locator(".status.large")).to_have_attribute("data-status", "running")
    elapsed = page.locator(".verdict .elapsed")
    before = elapsed.inner_text()
    turns.give(3)
    expect(rows).to_have_count(6)  # three days, the one under way, and two around them
    expect(elapsed).not_to_have_text(before)
    expect(page.locator("#calls > tr[data-indent='2']").first).to_contain_text("load-day")
    expect(page.locator("ol.feed > li")).to_have_count(3)
    turns.give(8)
    expect_all_days_once(page, 10)
    expect(page.locator("#live")).to_have_text("Finished")
    expect(page.get_by_role("button", name="Pause updates")).to_have_count(0)
    expect(page.locator("#call")).to_contain_text("Returned")
    assert page.locator(".waterfall tbody tr").count() == 12
    page.reload()
    expect_all_days_once(page, 10)
    expect(page.locator("#live")).to_have_count(0)


def test_the_page_of_an_event_follows_its_runs_and_keeps_the_keyboards_place(
    house: Household, page: Page, api: Publisher, turns: Turns
):
    watch(page, house, report(api, turns, days=2))
    page.locator(".facts a[href*='/events/']").click()
    verdict, run = page.locator("#verdict"), page.locator("#set-off a.row-link")
    expect(verdict).to_contain_text("which is running")
    expect(page.locator("#live")).to_have_text("Live")
    run.focus()
    turns.give(3)
    expect(verdict).to_contain_text("which succeeded")
    expect(page.locator("#set-off .status")).to_have_text("Succeeded")
    expect(run).to_be_focused()
    expect(page.locator("[data-follows]")).to_have_count(0)


def test_what_was_so_long_ago_ages_while_a_page_stays_open(
    house: Household, page: Page, api: Publisher, turns: Turns
):
    page.clock.install()
    watch(page, house, report(api, turns, days=2))
    elapsed = page.locator(".verdict .elapsed")
    page.clock.fast_forward("05:00")
    expect(elapsed).to_contain_text("5\u202fmin")
    page.locator(".waterfall tbody a").first.click()
    expect(page.locator("#call header")).to_contain_text("call 1")
    page.clock.fast_forward("05:00")
    expect(elapsed).to_contain_text("10\u202fmin")
    page.goto(f"{house.url}{ROOM}/runs/")
    row = page.locator("#rows tr:has(.elapsed)").first
    page.clock.fast_forward("03:00:00")
    expect(row.locator("time")).to_have_text("3\u202fh ago")
    expect(row.locator(".elapsed")).to_contain_text("3\u202fh")
    turns.give(3)


def test_new_runs_are_counted_and_move_nothing(
    house: Household, page: Page, api: Publisher, turns: Turns
):
    page.goto(f"{house.url}{ROOM}/runs/?type=event")
    expect(page.locator("#live")).to_have_text("Live")
    shown = page.locator("#rows code.uid")
    before = shown.all_inner_texts()
    run_id = report(api, turns, days=1)
    pill = page.locator(".arrivals a")
    expect(pill).to_contain_text("new run")
    assert shown.all_inner_texts() == before
    pill.click()
    row = page.locator("#rows > tr", has=page.locator(f"code[title='{run_id}']"))
    expect(row.locator(".status")).to_have_attribute("data-status", "running")
    turns.give(2)
    expect(row.locator(".status")).to_have_attribute("data-status", "succeeded")
    expect(row.locator(".elapsed")).to_have_count(0)


def test_a_run_that_will_be_tried_again_leads_to_its_next_attempt(
    house: Household, page: Page, api: Publisher
):
    run_id = api.publish("order:placed", {"number": "A-1", "lines": []})
    page.goto(f"{house.url}{ROOM}/runs/{run_id}/")
    expect(page.locator(".status.large")).to_have_attribute("data-status", "failed")
    following = page.locator("#lineage a[href*='/runs/']:not([aria-current])").first
    expect(following).to_contain_text("Attempt 2")


def test_a_restart_of_the_api_loses_nothing(
    house: Household, page: Page, api: Publisher, turns: Turns, complaints: Complaints
):
    for status in (502, 503, 504):
        complaints.expect(status)
    watch(page, house, report(api, turns, days=10))
    turns.give(3)
    expect(page.locator("ol.feed > li")).to_have_count(3)
    note_marks(page)
    for process, program in house.programs().items():
        if "hotdash.localapi api" in program:
            os.kill(process, signal.SIGKILL)
    turns.give(3)
    expect_mark(page, "Reconnecting")
    expect(page.locator("#live")).to_have_text("Live")
    turns.give(5)
    expect_all_days_once(page, 10)
    expect(page.locator("#live")).to_have_attribute("title", re.compile("^[1-9].* 0 missed$"))


def test_a_restart_of_the_dashboard_loses_nothing(
    house: Household, page: Page, api: Publisher, turns: Turns, complaints: Complaints
):
    complaints.is_cut_off = True
    watch(page, house, report(api, turns, days=12))
    turns.give(3)
    expect(page.locator("ol.feed > li")).to_have_count(3)
    page.evaluate("window.isTheSamePage = true")
    note_marks(page)
    for process, program in house.programs().items():
        if "hotdash.serve" in program:
            os.kill(process, signal.SIGKILL)
    turns.give(3)
    expect_mark(page, "Reconnecting")
    expect(page.locator("#live")).to_have_text("Live")
    turns.give(7)
    expect_all_days_once(page, 12)
    assert page.evaluate("window.isTheSamePage")
