"""What really leaves the server: headers of every kind of answer, and cookies in both modes."""

import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPResponse
from pathlib import Path

import pytest

from tests.guard.serving import PRODUCTION, Dashboard, dashboard

LOGIN = "/accounts/login/"


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    with dashboard(tmp_path_factory.mktemp("local"), {}) as running:
        yield running


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    settings = PRODUCTION | {"HOTDASH_TRUSTED_PROXIES": "1"}
    with dashboard(tmp_path_factory.mktemp("public"), settings) as running:
        yield running


def through_a_proxy(scheme: str = "https", host: str = "hot.example") -> dict[str, str]:
    return {"Host": host, "X-Forwarded-Proto": scheme, "X-Forwarded-For": "192.0.2.1"}


def cookies(answer: HTTPResponse) -> dict[str, str]:
    """Each cookie's attributes, by its name."""
    lines = answer.headers.get_all("Set-Cookie") or []
    return {line.partition("=")[0]: line for line in lines}


def assert_guarded(answer: HTTPResponse) -> None:
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = answer.headers["Content-Security-Policy"]
    assert re.search(r"default-src '(self|none)'", policy)
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_pages_redirects_and_refusals_are_guarded(local: Dashboard) -> None:
    statuses = {
        LOGIN: 200,
        "/": 302,
        "/accounts/none/x/y/": 404,
        "/static/none.css": 404,
        "/healthz": 200,
    }
    for path, status in statuses.items():
        answer = local.ask(path)
        assert answer.status == status
        assert_guarded(answer)
        assert answer.headers["Cache-Control"] == "no-store, private"


def test_a_foreign_name_is_refused_and_guarded(local: Dashboard) -> None:
    for host in ("evil.test", "a b", "127.0.0.1.evil.test"):
        answer = local.ask(LOGIN, {"Host": host})
        assert answer.status == 400
        assert_guarded(answer)


def test_what_is_no_http_is_refused_and_guarded(local: Dashboard) -> None:
    for text, status in (
        (b"GARBAGE\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", 431),
    ):
        answer = local.shout(text)
        assert answer.status == status
        assert_guarded(answer)
        assert answer.headers["Cache-Control"] == "no-store, private"


def test_too_long_an_address_is_414_and_guarded(local: Dashboard) -> None:
    for length in (5_000, 9_000):  # in words, and past what the server reads
        answer = local.ask(f"{LOGIN}?q={'x' * length}")
        assert answer.status in {414, 400}
        assert_guarded(answer)
        assert answer.headers["Cache-Control"] == "no-store, private"
    assert "more than 4 kB" in local.page(f"{LOGIN}?q={'x' * 5_000}")


def test_too_large_a_form_is_413_before_it_is_sent(local: Dashboard) -> None:
    head = (
        f"POST {LOGIN} HTTP/1.1",
        "Host: localhost",
        f"Cookie: hotdash_csrf={'t' * 32}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {6 * 2**20}",
    )
    answer = local.shout("\r\n".join(head).encode() + b"\r\n\r\nlogin=")
    assert answer.status == 413
    assert_guarded(answer)


def test_a_fault_of_ours_is_500_and_guarded(local: Dashboard) -> None:
    database = closing(sqlite3.connect(local.data / "hotdash.sqlite3"))
    with database as connection:
        connection.execute("ALTER TABLE django_session RENAME TO elsewhere")
        try:
            answer = local.ask("/", {"Cookie": "hotdash_session=" + "a" * 32})
        finally:
            connection.execute("ALTER TABLE elsewhere RENAME TO django_session")
    assert answer.status == 500
    assert_guarded(answer)
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_a_static_file_is_everybodys_for_ever_and_guarded(local: Dashboard) -> None:
    page = local.page(LOGIN)
    for name in ("css/hotdash.css", "js/hotdash.js", "img/icons.svg"):
        stem, _, suffix = name.partition(".")
        (path,) = set(re.findall(rf"/static/{re.escape(stem)}[^\"#]*\.{suffix}", page))
        answer = local.ask(path)
        assert answer.status == 200
        assert_guarded(answer)
        assert "immutable" in answer.headers["Cache-Control"]
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Cookie" not in answer.headers["Vary"]


def test_in_local_mode_cookies_are_closed_but_for_plain_http(local: Dashboard) -> None:
    line = cookies(local.ask(LOGIN))["hotdash_csrf"]
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Secure" not in line
    assert "Strict-Transport-Security" not in local.ask(LOGIN).headers


def test_in_production_cookies_are_the_hosts_own_and_secure(public: Dashboard) -> None:
    answer = public.ask(LOGIN, through_a_proxy())
    assert answer.status == 200
    line = cookies(answer)["__Host-hotdash-csrf"]
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in line
    assert "Domain" not in line
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert_guarded(answer)


def test_in_production_plain_http_is_sent_to_https(public: Dashboard) -> None:
    answer = public.ask(LOGIN, through_a_proxy("http"))
    assert answer.status == 301
    assert answer.headers["Location"] == "https://hot.example/accounts/login/"
    assert_guarded(answer)


def test_in_production_health_is_told_without_https_and_by_its_exact_path(
    public: Dashboard,
) -> None:
    assert public.ask("/healthz", {"Host": "hot.example"}).status == 200
    for path in ("/healthz/", "/healthz/x", "/healthy", "/x/healthz"):
        assert public.ask(path, {"Host": "hot.example"}).status == 301


def test_in_production_another_name_is_refused(public: Dashboard) -> None:
    for host in ("localhost", f"127.0.0.1:{public.port}", "evil.test"):
        answer = public.ask(LOGIN, through_a_proxy(host=host))
        assert answer.status == 400
        assert_guarded(answer)


def test_in_production_no_secret_stands_on_the_command_line(public: Dashboard) -> None:
    command = Path(f"/proc/{public.pid}/cmdline").read_text(encoding="utf-8")
    assert "hotdash.serve" in command
    assert not any(secret in command for secret in PRODUCTION.values())


def test_it_binds_loopback_alone(local: Dashboard) -> None:
    name = socket.gethostbyname(socket.gethostname())
    if name.startswith("127."):
        name = "127.0.0.2"  # another address of this machine, which a wildcard would answer
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((name, local.port), timeout=2).close()


def test_secrets_are_files_of_the_owner_alone(local: Dashboard) -> None:
    for name in ("secret-key", "keys", "hotdash.sqlite3"):
        assert Path(local.data / name).stat().st_mode & 0o077 == 0, name
