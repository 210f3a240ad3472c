"""Who may listen no more is told so by the page that is still open."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Complaints
from tests.browser.two_people import MEMBER, let_a_member_in, let_the_member_out, person
from tests.browser.watching import ROOM, sign_in
from tests.household import Household

pytestmark = pytest.mark.browser


def test_the_mark_of_somebody_who_was_let_out_does_not_promise_to_come_back(
    house: Household, chromium: Browser, complaints: Complaints
):
    complaints.expect(404)
    let_a_member_in(house)
    with person(chromium, complaints) as page:
        sign_in(page, house, MEMBER)
        page.goto(f"{house.url}{ROOM}/runs/")
        expect(page.locator("#live")).to_have_text("Live")
        let_the_member_out(house)
        expect(page.locator("#live")).to_have_text("Not allowed to listen")
