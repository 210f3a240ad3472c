"""What a run says in pieces is read as one text, as it comes and afterwards."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.building import deploy
from tests.browser.conducting import Turns
from tests.browser.watching import publisher, sign_in, watch
from tests.household import Household

pytestmark = pytest.mark.browser

POET = """
from urllib.request import urlopen
from hotbuild import on_event, stream

PIECES = (
    ("poem", "The sea "),
    ("poem", "is <b>calm</b> "),
    ("poem", "to-night."),
    ("count", {"lines": 1}),
    ("poem", "The tide "),
    ("poem", "is full."),
)

@on_event("poem:asked")
def recite(asked):
    for data_type, piece in PIECES:
        urlopen(asked["turns"])
        stream(piece, data_type)
    urlopen(asked["turns"])
"""
FIRST = ("The sea ", "The sea is <b>calm</b> ", "The sea is <b>calm</b> to-night.")
LINES = [FIRST[-1], '{"lines": 1}', "The tide is full."]


def test_consecutive_pieces_of_one_type_join_into_running_text(
    house: Household, page: Page, turns: Turns, tmp_path: Path
) -> None:
    sign_in(page, house)
    api = publisher(house)
    deploy(api, "poet", POET, tmp_path)
    watch(page, house, api.publish("poem:asked", {"turns": turns.url}))
    lines = page.locator("ol.feed > li .said")
    assert page.evaluate("window.isTheSamePage = true")
    for said in FIRST:
        turns.give()
        expect(lines).to_have_text([said])
    turns.give(3)
    expect(lines).to_have_text(LINES)
    turns.give()
    expect(page.locator(".status.large")).to_have_attribute("data-status", "succeeded")
    expect(lines).to_have_text(LINES)
    assert page.evaluate("window.isTheSamePage")
    page.reload()
    expect(lines).to_have_text(LINES)
    assert page.locator("ol.feed b").count() == 0, "it stays text"
