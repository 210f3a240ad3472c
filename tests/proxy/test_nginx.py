"""Production as people have it: https by nginx, hotdash and its embedded API behind it."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest

from benchmarks.embedded import development
from tests.guard.serving import PRODUCTION
from tests.household import ROOT, Household, household
from tests.proxy.nginx import Front, nginx
from tests.sockets import free_port

pytestmark = pytest.mark.nginx

LOGIN = "/accounts/login/"
PASSWORD = "a lamp in the window"


@dataclass(frozen=True)
class Site:
    """A household in production, and the proxy through which it is reached."""

    house: Household
    front: Front

    @property
    def url(self) -> str:
        return f"https://localhost:{self.front.https_port}"

    def visitor(self, url: str = "") -> httpx.Client:
        """Return a browser without cookies."""
        return httpx.Client(base_url=url or self.url, verify=self.front.trust, timeout=10)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    http_port, https_port = free_port(), free_port()
    settings = PRODUCTION | {
        "HOTDASH_PUBLIC_URL": f"https://localhost:{https_port}",
        "HOTDASH_TRUSTED_PROXIES": "1",
    }
    with (
        household(tmp_path_factory.mktemp("site") / "data", extra=settings) as house,
        nginx(http_port, https_port, house.port) as front,
    ):
        house.wait_until_up()
        yield Site(house, front)


@pytest.fixture(scope="module")
def owner(site: Site) -> Iterator[httpx.Client]:
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


def test_plain_http_is_sent_to_the_public_address(site: Site) -> None:
    with site.visitor(f"http://localhost:{site.front.http_port}") as visitor:
        answer = visitor.get(LOGIN)
        assert answer.status_code == 301
        assert answer.headers["Location"] == f"{site.url}{LOGIN}"
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "forged",
    [
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Ssl": "on"},
        {"X-Forwarded-Protocol": "ssl"},
        {"Forwarded": "proto=https;host=evil.test"},
        {"X-Forwarded-Host": "evil.test"},
    ],
)
def test_a_visitor_cannot_pose_as_the_proxy(site: Site, forged: dict[str, str]) -> None:
    with site.visitor(f"http://localhost:{site.front.http_port}") as visitor:
        answer = visitor.get(LOGIN, headers=forged)
        assert answer.status_code == 301
        assert answer.headers["Location"] == f"{site.url}{LOGIN}"


def test_another_name_is_refused(site: Site) -> None:
    with site.visitor() as visitor:
        answer = visitor.get(LOGIN, headers={"Host": "evil.test"})
        assert answer.status_code == 400
        assert "the address in HOTDASH_PUBLIC_URL" in answer.text


def test_cookies_are_secure_and_the_browser_is_told_to_come_by_https(site: Site) -> None:
    with site.visitor() as visitor:
        answer = visitor.get(LOGIN)
        assert answer.status_code == 200
        (cookie,) = answer.headers.get_list("Set-Cookie")
        assert cookie.startswith("__Host-hotdash-csrf=")
        assert "; Secure" in cookie
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_form_is_accepted_and_the_session_is_secure(site: Site, owner: httpx.Client) -> None:
    assert owner.get("/").status_code == 302
    secure = {cookie.name: cookie.secure for cookie in owner.cookies.jar}
    assert secure["__Host-hotdash"]


def test_a_form_from_elsewhere_is_refused(site: Site) -> None:
    with site.visitor() as visitor:
        token = visitor.get(LOGIN).cookies["__Host-hotdash-csrf"]
        for origin in (f"http://localhost:{site.front.http_port}", "https://evil.test", "null"):
            headers = {"Origin": origin, "X-CSRFToken": token}
            assert visitor.post(LOGIN, headers=headers).status_code == 403


def test_health_is_told_through_the_proxy_and_past_it(site: Site) -> None:
    with site.visitor() as visitor:
        assert visitor.get("/healthz").text == "ok\n"
        assert visitor.get("/readyz").text == "ready\n"
    check = [sys.executable, "-m", "hotdash.host.healthcheck"]
    environment = {name: value for name, value in os.environ.items() if "HOTDASH" not in name}
    asked = subprocess.run(check, cwd=ROOT, env=environment | site.house.settings, check=False)
    assert asked.returncode == 0


def test_attempts_are_counted_by_the_address_that_nginx_saw(site: Site) -> None:
    statuses = []
    for place in range(11):
        with site.visitor() as visitor:
            visitor.headers["X-Forwarded-For"] = f"203.0.113.{place}"
            page = visitor.get(LOGIN)
            fields = {"login": f"nobody{place}@example.test", "password": "wrong"}
            statuses.append(submit(visitor, page, **fields).status_code)
    assert statuses[0] == 422
    assert statuses[-1] == 429


def test_frames_of_a_live_page_pass_while_its_stream_is_open(
    site: Site, owner: httpx.Client
) -> None:
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


def heard(lines: Iterator[str], wanted: str) -> None:
    """Read until a line has come; the client's timeout ends a wait in vain."""
    assert any(line == wanted for line in lines)


def environment(house: Household) -> UUID:
    """Return the id of the development environment."""
    with closing(sqlite3.connect(house.data / "hotdash.sqlite3")) as database:
        question = "SELECT id FROM environment WHERE slug = 'development'"
        return UUID(str(database.execute(question).fetchone()[0]))
