"""Two people act and watch: on the embedded API, and on either generation of the platform."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conducting import Turns
from tests.browser.conftest import Complaints
from tests.browser.stages import Stage, embedded, replayed
from tests.browser.two_people import MEMBER, let_a_member_in, person
from tests.browser.watching import sign_in
from tests.household import Household
from tests.replaying.replayed import Replayed
from tests.replaying.server import KEYS, replaying

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def inhabited(reports: None, house: Household) -> Household:
    """The household with a member beside its owner."""
    let_a_member_in(house)
    return house


@pytest.fixture(autouse=True)
def _refusals(complaints: Complaints) -> None:
    """Let pass what is provoked here: no key yet, and a mistake in a form."""
    complaints.expect(403)
    complaints.expect(422)


@pytest.fixture
def olive(inhabited: Household, chromium: Browser, complaints: Complaints) -> Iterator[Page]:
    """The owner's browser, signed in."""
    with person(chromium, complaints) as page:
        sign_in(page, inhabited)
        yield page


@pytest.fixture
def mia(inhabited: Household, chromium: Browser, complaints: Complaints) -> Iterator[Page]:
    """The member's browser, signed in."""
    with person(chromium, complaints) as page:
        sign_in(page, inhabited, MEMBER)
        yield page


def test_on_the_embedded_api(inhabited: Household, olive: Page, mia: Page, turns: Turns) -> None:
    stage = embedded(inhabited, turns)
    act_and_watch(olive, mia, stage)
    the_record_has(olive, inhabited, "Mia Member", "published", stage.event_type)


@pytest.mark.parametrize("generation", ["platform", "older"])
def test_on_a_replaying_server(
    inhabited: Household, olive: Page, mia: Page, generation: Any
) -> None:
    with replaying(generation) as server:
        stage = replayed(inhabited, server)
        add_the_environment(olive, inhabited, server)
        bring_a_key(mia, stage)
        act_and_watch(olive, mia, stage)
        the_record_has(olive, inhabited, "Owner", "added the environment", generation)
        the_record_has(olive, inhabited, "Mia Member", "stored their key to", generation)
        the_record_has(olive, inhabited, "Mia Member", "published", stage.event_type)
        keys = {key for _, path, key in server.asked if not path.endswith("/status")}
        assert keys - {""} == set(KEYS), "each acts with a key of their own"


def add_the_environment(olive: Page, house: Household, server: Replayed) -> None:
    """By its base URL and the owner's own key, which is tried first."""
    olive.goto(f"{house.url}/acme/settings/environments/new/")
    olive.get_by_label("Base URL").fill(server.base_url)
    olive.get_by_label("Your API key").fill(KEYS[0])
    olive.get_by_label("Name", exact=True).fill(server.generation)
    olive.get_by_label("Short name").fill(server.generation)
    olive.get_by_role("button", name="Try the key and add").click()
    told = "version 2.6.9" if server.generation == "platform" else "of the older generation"
    expect(olive.locator("main")).to_contain_text("The server calls it development")
    expect(olive.locator("main")).to_contain_text(told)
    expect(olive.locator("main")).to_contain_text("curl -sS")


def bring_a_key(mia: Page, stage: Stage) -> None:
    """The member sees that a key is missing, and stores one."""
    mia.goto(stage.home)
    expect(mia.locator("main")).to_contain_text(f"You have no key to {stage.name}")
    mia.get_by_label("Your API key").fill(KEYS[1])
    mia.get_by_role("button", name=re.compile("store", re.IGNORECASE)).click()
    expect(mia.locator("main")).to_contain_text(f"Your key to {stage.name} is stored.")


def act_and_watch(olive: Page, mia: Page, stage: Stage) -> None:
    """One publishes and watches the run, the other watches the lists."""
    look_over(mia, stage)
    shown = watch_the_list(olive, stage)
    overview = watch_the_overview(olive, stage)
    publish(mia, stage)
    running = overview.locator(f"#running a[href*='{mia.url.rstrip('/').rpartition('/')[2]}']")
    expect(running.first).to_be_visible()
    watch_the_run(mia, stage)
    expect(running).to_have_count(0)
    overview.close()
    the_list_announces(olive, shown)
    the_event_is_listed(olive, stage)


def look_over(mia: Page, stage: Stage) -> None:
    """Overview: what fails, what runs, counts."""
    mia.goto(stage.home)
    expect(mia.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    for part in ("#failing", "#counts", "#running"):
        expect(mia.locator(part)).to_be_visible()


def watch_the_list(olive: Page, stage: Stage) -> list[str]:
    """The list says truly how well it hears; returns the runs that it shows."""
    olive.goto(f"{stage.home}runs/")
    expect(olive.locator("#live")).to_contain_text(stage.mark)
    return runs_in(olive)


def runs_in(olive: Page) -> list[str]:
    """Return the addresses of the runs of the list, from the top."""
    links = olive.locator("#rows .row-link")
    return [str(one) for one in links.evaluate_all("all => all.map(one => one.pathname)")]


def watch_the_overview(olive: Page, stage: Stage) -> Page:
    """In a tab of its own, which nobody touches: it tells by itself what runs."""
    overview = olive.context.new_page()
    overview.goto(stage.home)
    expect(overview.locator("#live")).to_contain_text(stage.mark)
    return overview


def publish(mia: Page, stage: Stage) -> None:
    """From a form, which names the place of a mistake and keeps what was typed."""
    mia.get_by_role("link", name="Publish event").first.click()
    mia.get_by_label("Type").fill(stage.event_type)
    mia.get_by_label("Data").fill('{"month" 7}')
    mia.get_by_role("button", name=re.compile("^Publish to")).click()
    expect(mia.locator("#publish")).to_contain_text("Line 1")
    expect(mia.get_by_label("Type")).to_have_value(stage.event_type)
    mia.get_by_label("Data").fill(json.dumps(stage.event_data))
    mia.get_by_role("button", name=re.compile("^Publish to")).click()
    expect(mia).to_have_url(re.compile(r"/runs/[0-9a-f-]{36}/$"))


def watch_the_run(mia: Page, stage: Stage) -> None:
    """From running to its result, without a reload; paused, it waits, and nothing is lost."""
    status = mia.locator(".status.large")
    expect(status).to_have_attribute("data-status", "running")
    expect(mia.locator("#live")).to_contain_text(re.compile("Live|Polling"))
    mia.evaluate("window.isTheSamePage = true")
    stage.go_on()
    stage.go_on()
    pause = mia.get_by_role("button", name="Pause updates")
    pause.click()
    expect(mia.locator("#live")).to_contain_text("Paused")
    stage.go_on()
    mia.get_by_role("button", name="Resume updates").click()
    after_three, after_four = stage.says
    expect(mia.locator(".feed")).to_contain_text(after_three)
    stage.go_on()
    expect(mia.locator(".feed")).to_contain_text(after_four)
    if stage.is_traced:
        expect(mia.locator("table.waterfall tbody tr").nth(2)).to_be_visible()
    else:
        expect(mia.locator("#details")).to_contain_text("does not record the calls of a run")
    stage.go_on()
    expect(status).to_have_attribute("data-status", "succeeded")
    assert mia.evaluate("window.isTheSamePage"), "it was not reloaded"
    mia.get_by_role("navigation", name="Run").get_by_role("link", name="Result").click()
    expect(mia.locator("#details")).to_contain_text(stage.result)


def the_list_announces(olive: Page, shown: list[str]) -> None:
    """What is new is counted in a pill; nothing moved until it is asked for."""
    pill = olive.locator("#listing .arrivals a")
    expect(pill).to_contain_text(re.compile(r"\d+ new run"))
    assert runs_in(olive) == shown
    pill.click()
    expect(pill).to_be_hidden()
    newest = shown[0].rstrip("/").rpartition("/")[2] if shown else "none"
    expect(olive.locator(f"#rows tr:first-child a[href*='{newest}']")).to_have_count(0)
    expect(olive.locator("#rows tr").first).to_be_visible()


def the_event_is_listed(olive: Page, stage: Stage) -> None:
    """The event is there, with the run that it set off."""
    olive.get_by_role("link", name="Events", exact=True).click()
    row = olive.locator("tbody tr", has_text=stage.event_type).first
    row.get_by_role("link").first.click()
    expect(olive.locator("h1")).to_contain_text(stage.event_type)
    expect(olive.locator("#set-off .status").first).to_be_visible()


def the_record_has(olive: Page, house: Household, who: str, did: str, what: str) -> None:
    """The audit log says who did what, and that it was done."""
    olive.goto(f"{house.url}/acme/settings/audit/")
    row = olive.locator("tbody tr", has_text=who).filter(has_text=did).filter(has_text=what).first
    expect(row).to_contain_text("Done")
