"""A household in production behind a proxy, and its visitors."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx

from benchmarks.embedded import development
from tests.guard.serving import PRODUCTION
from tests.household import Household, household
from tests.proxy.front import Front
from tests.sockets import free_port

LOGIN = "/accounts/login/"
PASSWORD = "a lamp in the window"


@dataclass(frozen=True)
class Site:
    """A household in production, and the proxy through which it is reached."""

    house: Household
    front: Front

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"https://localhost:{self.front.https_port}"

    def visitor(self, url: str = "") -> httpx.Client:
        """Return a browser without cookies."""
        return httpx.Client(base_url=url or self.url, verify=self.front.trust, timeout=60)


@contextmanager
def standing(
    data: Path, proxy: Callable[[int, int, int], AbstractContextManager[Front]]
) -> Iterator[Site]:
    """A household in production behind this proxy, up."""
    http_port, https_port = free_port(), free_port()
    settings = PRODUCTION | {
        "HOTDASH_PUBLIC_URL": f"https://localhost:{https_port}",
        "HOTDASH_TRUSTED_PROXIES": "1",
    }
    with (
        household(data, extra=settings) as house,
        proxy(http_port, https_port, house.port) as front,
    ):
        house.wait_until_up()
        yield Site(house, front)


@contextmanager
def claimed(site: Site) -> Iterator[httpx.Client]:
    """A browser in which the owner has claimed the account, and so is signed in."""
    link = (site.house.data / "first-sign-in").read_text().split()[0]
    with site.visitor() as browser:
        assert link.startswith(f"{site.url}/")
        form = browser.get(link, follow_redirects=True)
        answer = submit(browser, form, password1=PASSWORD, password2=PASSWORD)
        assert answer.status_code == 302, answer.text
        yield browser


def submit(browser: httpx.Client, page: httpx.Response, **fields: str) -> httpx.Response:
    """Send a page's form as a browser does: with its token, its cookie and its Origin."""
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert token
    origin = str(page.url.copy_with(raw_path=b"/")).rstrip("/")
    data = {"csrfmiddlewaretoken": token[1], **fields}
    return browser.post(page.url, data=data, headers={"Origin": origin})


def assert_frames_pass(site: Site, owner: httpx.Client) -> None:
    """A live page hears an event while its stream is open, and the answer is guarded."""
    topic = f"env:{environment(site.house)}"
    with (
        development(site.house) as api,
        owner.stream("GET", "/live/", params={"topic": topic}) as stream,
    ):
        assert stream.status_code == 200
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        assert stream.headers["Cache-Control"] == "no-store, private"
        assert stream.headers["X-Content-Type-Options"] == "nosniff"
        assert stream.headers["X-Frame-Options"] == "DENY"
        assert stream.headers["Referrer-Policy"] == "same-origin"
        assert stream.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "default-src 'self'" in stream.headers["Content-Security-Policy"]
        lines = stream.iter_lines()
        heard(lines, "event: refetch")  # the subscription stands
        event = {"event_type": "order:placed", "event_data": {"order_id": "through-the-proxy"}}
        api.post("/events", json=event).raise_for_status()
        heard(lines, "event: nudge")


def assert_attempts_are_counted(site: Site) -> None:
    """A visitor who names another address each time is counted by the one that the proxy saw."""
    statuses: list[int] = []
    # ten within a minute are let pass; a slow machine may need some more until they are
    while 429 not in statuses and len(statuses) < 60:
        with site.visitor() as visitor:
            visitor.headers["X-Forwarded-For"] = f"203.0.113.{len(statuses)}"
            page = visitor.get(LOGIN)
            fields = {"login": f"nobody{len(statuses)}@example.test", "password": "wrong"}
            statuses.append(submit(visitor, page, **fields).status_code)
    assert set(statuses[:-1]) == {422}
    assert statuses[-1] == 429


def heard(lines: Iterator[str], wanted: str) -> None:
    """Read until a line has come; the client's timeout ends a wait in vain."""
    assert any(line == wanted for line in lines)


def environment(house: Household) -> UUID:
    """Return the id of the development environment."""
    with closing(sqlite3.connect(house.data / "hotdash.sqlite3")) as database:
        question = "SELECT id FROM environment WHERE slug = 'development'"
        return UUID(str(database.execute(question).fetchone()[0]))
