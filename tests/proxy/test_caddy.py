"""Production behind Caddy, with the three lines that the documentation gives."""

from collections.abc import Iterator

import httpx
import pytest

from tests.proxy.caddy import caddy
from tests.proxy.site import (
    LOGIN,
    Site,
    assert_attempts_are_counted,
    assert_frames_pass,
    standing,
)

pytestmark = pytest.mark.caddy


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with standing(tmp_path_factory.mktemp("caddy") / "data", caddy) as made:
        yield made


def test_the_account_is_claimed_and_the_session_is_secure(site: Site, owner: httpx.Client) -> None:
    assert owner.get("/").status_code == 302
    secure = {cookie.name: cookie.secure for cookie in owner.cookies.jar}
    assert secure["__Host-hotdash"]


def test_plain_http_is_sent_to_the_public_address(site: Site) -> None:
    with site.visitor(f"http://localhost:{site.front.http_port}") as visitor:
        answer = visitor.get(LOGIN)
        assert answer.status_code in {301, 308}
        assert answer.headers["Location"].startswith("https://localhost")
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "forged",
    [
        {"X-Forwarded-Proto": "http"},
        {"X-Forwarded-Host": "evil.test"},
        {"Forwarded": "proto=http;host=evil.test"},
    ],
)
def test_a_visitor_cannot_pose_as_the_proxy(site: Site, forged: dict[str, str]) -> None:
    with site.visitor() as visitor:
        answer = visitor.get(LOGIN, headers=forged)
        assert answer.status_code == 200
        assert "evil.test" not in answer.text


def test_attempts_are_counted_by_the_address_that_caddy_saw(site: Site) -> None:
    assert_attempts_are_counted(site)


def test_frames_of_a_live_page_pass_while_its_stream_is_open(
    site: Site, owner: httpx.Client
) -> None:
    assert_frames_pass(site, owner)
