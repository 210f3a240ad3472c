"""What a browser test of live pages needs: somebody signed in, and a Hot API to publish to."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from tests.browser.conducting import Turns
from tests.household import Household
from tests.sockets import wait_for

PASSWORD = "a lamp in the window"
OWNER = "owner@localhost"
ROOM = "/acme/development"
LATE = 30_000  # milliseconds after which what has not come will not
_NOTE_MARKS = """() => {
  const mark = document.getElementById("live");
  window.marks = [];
  const note = () => window.marks.push(mark.textContent);
  new MutationObserver(note).observe(mark, { childList: true, characterData: true, subtree: true });
}"""


def sign_in(page: Page, house: Household, email: str = OWNER) -> None:
    """Let somebody in; the owner sets a password the first time."""
    if email == OWNER and (house.data / "first-sign-in").exists():
        assert house.link
        page.goto(house.link)
        page.get_by_label("New password").fill(PASSWORD)
        page.get_by_label("The same again").fill(PASSWORD)
        page.get_by_role("button", name="Set password and sign in").click()
    else:
        page.goto(f"{house.url}/accounts/login/")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Runs", exact=True)).to_be_visible()


@dataclass(frozen=True)
class Publisher:
    """A program with a key of its own to the household's development environment."""

    url: str
    key: str

    def publish(self, event_type: str, event_data: Any) -> str:
        """Publish an event and return the id of the run that it started."""
        body = {"event_type": event_type, "event_data": event_data}
        event_id = self.call("POST", "/events", body)["event_id"]
        path = f"/events/{event_id}/runs"
        wait_for(lambda: bool(self.call("GET", path)))
        return str(self.call("GET", path)[0]["run_id"])

    def status(self, run_id: str) -> str:
        """Return how far a run is."""
        return str(self.call("GET", f"/runs/{run_id}")["status"])

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Return the data of an answer; raises where it is an error."""
        headers = {"authorization": f"Bearer {self.key}"}
        answer = httpx.request(method, self.url + path, json=body, headers=headers, timeout=30)
        return answer.raise_for_status().json()["data"]


def publisher(house: Household) -> Publisher:
    """Return one for the development environment of the household."""
    url = f"http://127.0.0.1:{house.api_port}/v1"
    operator = Publisher(url, Path(house.data / "operator-key").read_text().strip())
    environments = operator.call("GET", "/envs")
    env_id = next(row["env_id"] for row in environments if row["name"] == "development")
    asked = {"env_id": env_id, "name": "a program", "permissions": {"*:*": ["*"]}}
    return Publisher(url, operator.call("POST", "/api-keys", asked)["token"])


def report(api: Publisher, turns: Turns, days: int) -> str:
    """Start a run that says how far it is, a turn for each day and one to end; return its id."""
    return api.publish("report:asked", {"days": days, "turns": turns.url})


def watch(page: Page, house: Household, run_id: str) -> None:
    """Open the page of a run, and wait until it listens."""
    page.goto(f"{house.url}{ROOM}/runs/{run_id}/")
    expect(page.locator("#live")).to_have_text("Live")


def note_marks(page: Page) -> None:
    """Let the page keep every word of its live mark: one may pass between two looks."""
    page.evaluate(_NOTE_MARKS)


def expect_mark(page: Page, word: str) -> None:
    """Wait until the mark has said this since `note_marks`, if only for a moment."""
    page.wait_for_function("word => window.marks.includes(word)", arg=word)


def days_said(page: Page) -> list[int]:
    """The days that the run has named, as often as they stand on the page."""
    texts = page.locator("ol.feed code.said").all_inner_texts()
    return [int(text.partition('"day": ')[2].partition(",")[0]) for text in texts]


def expect_all_days_once(page: Page, days: int) -> None:
    """Wait for the end of a report; each of its days was said once, in order."""
    expect(page.locator(".status.large")).to_have_attribute("data-status", "succeeded")
    expect(page.locator("ol.feed .said").last).to_have_text(f"{days} days read")
    assert days_said(page) == list(range(1, days + 1))
