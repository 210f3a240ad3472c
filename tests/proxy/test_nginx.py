"""Production as people have it: https by nginx, hotdash and its embedded API behind it."""

import os
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from tests.household import ROOT
from tests.proxy.nginx import nginx
from tests.proxy.site import (
    LOGIN,
    Site,
    assert_attempts_are_counted,
    assert_frames_pass,
    standing,
)

pytestmark = pytest.mark.nginx


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with standing(tmp_path_factory.mktemp("nginx") / "data", nginx) as made:
        yield made


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
    assert_attempts_are_counted(site)


def test_frames_of_a_live_page_pass_while_its_stream_is_open(
    site: Site, owner: httpx.Client
) -> None:
    assert_frames_pass(site, owner)
