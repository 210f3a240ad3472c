"""What a run says in pieces is read as one text, as it comes and afterwards."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.building import deploy
from tests.browser.watching import LATE, publisher, sign_in
from tests.household import Household

pytestmark = pytest.mark.browser

POET = """
import time
from hotbuild import on_event, stream

@on_event("poem:asked")
def recite(data):
    time.sleep(2)
    for piece in ("The sea ", "is <b>calm</b> ", "to-night."):
        stream(piece, "poem")
        time.sleep(0.7)
    stream({"lines": 1}, "count")
    for piece in ("The tide ", "is full."):
        stream(piece, "poem")
        time.sleep(0.7)
    return "done"
"""
LINES = ["The sea is <b>calm</b> to-night.", '{"lines": 1}', "The tide is full."]


def test_consecutive_pieces_of_one_type_join_into_running_text(
    house: Household, page: Page, tmp_path: Path
) -> None:
    sign_in(page, house)
    api = publisher(house)
    deploy(api, "poet", POET, tmp_path)
    page.goto(f"{house.url}/acme/development/runs/{api.publish('poem:asked', None)}/")
    expect(page.locator("#live")).to_have_text("Live", timeout=LATE)
    lines = page.locator("ol.feed > li .said")
    expect(lines).to_have_text(["The sea is <b>calm</b> "], timeout=LATE)
    assert page.evaluate("window.isTheSamePage = true")
    expect(lines).to_have_text(LINES, timeout=LATE)
    expect(page.locator(".status.large")).to_have_attribute(
        "data-status", "succeeded", timeout=LATE
    )
    expect(lines).to_have_text(LINES)
    assert page.evaluate("window.isTheSamePage")
    page.reload()
    expect(lines).to_have_text(LINES)
    assert page.locator("ol.feed b").count() == 0, "it stays text"
