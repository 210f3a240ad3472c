"""A browser that complains, and a household for it to look at."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.browser.building import deploy
from tests.browser.conducting import REPORTS, Turns, giving_turns
from tests.browser.watching import LATE, Publisher, publisher, sign_in
from tests.household import Household, household

expect.set_options(timeout=LATE)
_ARGUMENTS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-sync"]
CSP_WATCH = (
    "document.addEventListener('securitypolicyviolation',"
    " e => console.error('CSP: ' + e.violatedDirective + ' ' + e.blockedURI))"
)


@dataclass
class Complaints:
    """What the console said that no page may say."""

    said: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    is_cut_off: bool = False  # the test takes the server away: no connection is no complaint

    def expect(self, status: int) -> None:
        """Let Chromium's own line about an answer of this status pass, and htmx's."""
        self.expected.add(status)

    def hear(self, message: ConsoleMessage) -> None:
        """Note an error of the console, unless the test named its status beforehand."""
        own = ("status of {}", "Response Status Error Code {}")
        expected = (words.format(status) for status in self.expected for words in own)
        if any(words in message.text for words in expected):
            return
        if self.is_cut_off and re.match("htmx:(sendError|afterRequest)|.*net::ERR_", message.text):
            return
        if message.type == "error":
            self.said.append(message.text)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window.

    Not for the whole session: while it is there a loop runs in this thread, in which Django refuses
    its database, and asynchronous tests theirs.
    """
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is missing: sudo apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Household]:
    """`make run` on its first start, up."""
    with household(tmp_path_factory.mktemp("house") / "data") as running:
        running.wait_until_up()
        yield running


@pytest.fixture(scope="module")
def database_beside_a_loop() -> Iterator[None]:
    """Let a test use Django's database in the thread in which Playwright runs its loop."""
    with pytest.MonkeyPatch.context() as patch:  # for the clean-up at the very end too
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """What went wrong in the browser; anything fails the test at its end."""
    heard = Complaints()
    yield heard
    assert heard.said == []


@contextmanager
def profile(chromium: Browser, complaints: Complaints) -> Iterator[BrowserContext]:
    """A fresh browser profile, watched in all its tabs.

    Without motion: a fresh profile has no stylesheet cached, and where it comes a moment late for
    the fade into a page, Chromium reports that as an error which no script can catch.
    """
    size: ViewportSize = {"width": 1440, "height": 900}
    context = chromium.new_context(viewport=size, reduced_motion="reduce")
    context.set_default_timeout(LATE)
    context.add_init_script(CSP_WATCH)
    context.on("console", complaints.hear)
    context.on("weberror", lambda error: complaints.said.append(f"script: {error.error}"))
    yield context
    context.close()


@pytest.fixture
def page(chromium: Browser, complaints: Complaints) -> Iterator[Page]:
    """A fresh browser profile with one tab, watched for CSP violations and errors."""
    with profile(chromium, complaints) as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def reports(house: Household, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let the household have a build whose runs take turns."""
    deploy(publisher(house), "reports", REPORTS, tmp_path_factory.mktemp("builds"))


@pytest.fixture
def api(reports: None, house: Household, page: Page) -> Publisher:
    """A program that publishes, while the owner sits in front of the browser."""
    sign_in(page, house)
    return publisher(house)


@pytest.fixture
def turns() -> Iterator[Turns]:
    """What the runs of a test wait for."""
    with giving_turns() as given:
        yield given
