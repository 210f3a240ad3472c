"""Whom hotdash believes of those who say that they are proxies, asked over a socket."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

import pytest

from tests.guard.serving import PRODUCTION, Dashboard, dashboard

LOGIN = "/accounts/login/"
MOST = 10  # attempts a minute from one address


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Dashboard]]:
    """Dashboards in production that trust no proxy, one, and two."""
    with ExitStack() as all_of_them:
        yield [
            all_of_them.enter_context(
                dashboard(
                    tmp_path_factory.mktemp(f"trusting-{number}"),
                    PRODUCTION | {"HOTDASH_TRUSTED_PROXIES": str(number)},
                )
            )
            for number in range(3)
        ]


def forwarded(chain: str, **more: str) -> dict[str, str]:
    """What arrives with a request that came by https through those proxies."""
    says = {"Host": "hot.example", "X-Forwarded-Proto": "https", **more}
    return says | ({"X-Forwarded-For": chain} if chain else {})


def attempt(running: Dashboard, chain: str) -> HTTPResponse:
    """Try to sign in as somebody new with a wrong password."""
    connection = HTTPConnection("127.0.0.1", running.port, timeout=60)
    headers = forwarded(chain, Origin="https://hot.example")
    connection.request("GET", LOGIN, headers=headers)
    page = connection.getresponse()
    cookie = (page.headers["Set-Cookie"] or "").partition(";")[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    assert token
    form = {"csrfmiddlewaretoken": token[1], "login": f"{token[1][:9]}@example.test"}
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    body = urlencode(form | {"password": "wrong"})
    connection.request("POST", LOGIN, body, headers | kind)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_forwarded_name_changes_nothing(trusting: list[Dashboard], number: int) -> None:
    running = trusting[number]
    chain = "192.0.2.1, 192.0.2.2"
    for header in ("X-Forwarded-Host", "X-Forwarded-Server", "X-Original-Host"):
        as_evil = forwarded(chain, **{header: "hot.example"}) | {"Host": "evil.test"}
        # who trusts no proxy took it for plain http, and sends that to https first
        assert running.ask(LOGIN, as_evil).status == (400 if number else 301)
        plain = forwarded(chain, **{header: "evil.test"}) | {"X-Forwarded-Proto": "http"}
        answer = running.ask(LOGIN, plain)
        assert answer.status == 301
        assert answer.headers["Location"] == f"https://hot.example{LOGIN}"


def test_without_a_proxy_nobody_is_believed_to_have_come_by_https(
    trusting: list[Dashboard],
) -> None:
    for claim in (
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Ssl": "on"},
        {"X-Forwarded-Protocol": "ssl"},
        {"Forwarded": "for=192.0.2.1;proto=https"},
        {"X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"},
    ):
        answer = trusting[0].ask(LOGIN, {"Host": "hot.example", **claim})
        assert answer.status == 301
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("number", [1, 2])
def test_a_proxys_word_on_https_is_believed(trusting: list[Dashboard], number: int) -> None:
    chain = "192.0.2.1, 192.0.2.2"
    assert trusting[number].ask(LOGIN, forwarded(chain)).status == 200
    plain = forwarded(chain) | {"X-Forwarded-Proto": "http"}
    assert trusting[number].ask(LOGIN, plain).status == 301


@pytest.mark.parametrize(
    ("number", "chain"),
    [
        (1, "203.0.113.{}, 192.0.2.{}, 198.51.100.1"),
        (2, "203.0.113.{}, 192.0.2.{}, 198.51.100.2, 10.0.0.{}"),
    ],
)
def test_what_stands_further_left_than_the_proxies_wrote_hides_nobody(
    trusting: list[Dashboard], number: int, chain: str
) -> None:
    for place in range(MOST):
        attempt(trusting[number], chain.format(place, place, place))
    assert attempt(trusting[number], chain.format(99, 99, 99)).status == 429


def test_the_nth_from_the_right_is_who_asks(trusting: list[Dashboard]) -> None:
    for number, chain in ((1, "10.0.0.1, 192.0.2.{}"), (2, "10.0.0.1, 192.0.2.{}, 10.0.0.2")):
        for place in range(MOST + 1):
            assert attempt(trusting[number], chain.format(place)).status == 422


@pytest.mark.parametrize(
    ("number", "chain"), [(1, ""), (2, ""), (2, "192.0.2.1"), (1, "nonsense"), (2, " , ,")]
)
def test_a_header_that_is_shorter_than_agreed_is_400(
    trusting: list[Dashboard], number: int, chain: str
) -> None:
    assert attempt(trusting[number], chain).status == 400
