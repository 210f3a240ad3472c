"""A run whose updates are paused stands still, and misses nothing."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conducting import Turns
from tests.browser.watching import Publisher, expect_all_days_once, report, watch
from tests.household import Household

pytestmark = pytest.mark.browser

# at least three: the count may pass any one number between two looks
SEVERAL_WAIT = re.compile(r"Paused, ([3-9]|\d{2,}) waiting")


def pause(page: Page) -> None:
    page.get_by_role("button", name="Pause updates").click()


def standing(page: Page) -> list[str]:
    """What a run's page says that changes by itself."""
    return page.locator(".verdict, #calls > tr, ol.feed > li").all_inner_texts()


def test_paused_nothing_moves_and_afterwards_nothing_is_missing(
    house: Household, page: Page, api: Publisher, turns: Turns
):
    watch(page, house, report(api, turns, days=12))
    turns.give()
    expect(page.locator("ol.feed > li").first).to_be_visible()
    pause(page)
    still = standing(page)
    turns.give(4)
    expect(page.locator("#live")).to_contain_text(SEVERAL_WAIT)
    assert standing(page) == still
    page.get_by_role("button", name="Resume updates").click()
    turns.give(8)
    expect_all_days_once(page, 12)


def test_an_answer_that_was_under_way_when_updates_were_paused_waits_too(
    house: Household, page: Page, api: Publisher, turns: Turns
):
    run_id = report(api, turns, days=12)
    answers: list[Route] = []
    watch(page, house, run_id)
    page.route(
        lambda address: address.endswith(f"/runs/{run_id}/"), lambda answer: answers.append(answer)
    )
    with page.expect_request(lambda request: request.url.endswith(f"/runs/{run_id}/")):
        page.evaluate("document.dispatchEvent(new CustomEvent('live:refetch', {detail: {}}))")
    pause(page)
    still = standing(page)
    for answer in answers:
        answer.continue_()
    page.unroute_all()
    turns.give(5)
    expect(page.locator("#live")).to_contain_text(SEVERAL_WAIT)
    assert standing(page) == still
    page.get_by_role("button", name="Resume updates").click()
    turns.give(8)
    expect_all_days_once(page, 12)
